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

package io.github.polarspring.usage.ai;

import java.math.BigDecimal;

import io.github.polarspring.usage.LlmUsage;
import org.jspecify.annotations.Nullable;

/**
 * Strategy that determines what a call of a large language model costs the application,
 * for Polar's cost analysis. Implementations must be safe for use by multiple threads,
 * and must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LlmPrices {

	/**
	 * Return the cost of a call.
	 * @param usage the tokens of the call
	 * @return the cost in US cents, which is rounded to 12 decimal places, or
	 * {@code null} if it is not known
	 */
	@Nullable BigDecimal cost(LlmUsage usage);

}
