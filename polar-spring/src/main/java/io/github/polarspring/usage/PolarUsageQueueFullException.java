/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.polarspring.usage;

import io.github.polarspring.PolarException;

/**
 * Exception thrown when usage is not recorded because too many events wait in memory.
 * Most likely Polar has not been available for some time. Set the limit with
 * {@code polar.usage.queue-capacity}, or store events in the database.
 *
 * @since 0.1.0
 */
public class PolarUsageQueueFullException extends PolarException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 */
	public PolarUsageQueueFullException(String message) {
		super(message, null);
	}

}
