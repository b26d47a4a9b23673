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
 * Exception thrown when a customer has not enough units left on a meter. In a web
 * request, a browser is redirected to the upgrade page of the meter, and other callers
 * get the status 402.
 *
 * @since 0.1.0
 */
public class PolarQuotaExceededException extends PolarException {

	private final UsageMeter meter;

	/**
	 * Create an exception.
	 * @param meter the meter on which not enough is left
	 */
	public PolarQuotaExceededException(UsageMeter meter) {
		super("Not enough is left on the meter '%s'".formatted(meter.name()), null);
		this.meter = meter;
	}

	/**
	 * Return the meter on which not enough is left.
	 * @return the meter
	 */
	public UsageMeter getMeter() {
		return this.meter;
	}

}
