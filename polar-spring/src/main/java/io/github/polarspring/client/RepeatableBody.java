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

package io.github.polarspring.client;

import io.github.polarspring.PolarException;
import org.jspecify.annotations.Nullable;

/**
 * Body of a POST that may be sent again although the first one may have been processed.
 *
 * @since 0.1.0
 * @see PolarClient#post(Class, String, RepeatableBody, Object...)
 */
@FunctionalInterface
public interface RepeatableBody {

	/**
	 * Return what to send.
	 * @return an object to write as JSON
	 */
	Object content();

	/**
	 * Return what to send instead after a failure. Called in the thread of the call, and
	 * at most one alternative is sent in a call: at once, also when the failure would not
	 * lead to a repetition. If Polar gave no answer it counts as one of the attempts.
	 * @param failure why the last attempt failed
	 * @return an alternative, or {@code null} to leave it at that
	 */
	default @Nullable RepeatableBody after(PolarException failure) {
		return null;
	}

}
