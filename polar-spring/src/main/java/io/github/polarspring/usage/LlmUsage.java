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

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Tokens that a call of a large language model used. Prompts and responses are not
 * included, because they can contain personal data.
 *
 * @param vendor the vendor of the model, such as {@code openai}
 * @param model the name of the model
 * @param inputTokens tokens of the prompt, including cached ones
 * @param outputTokens tokens of the response
 * @param totalTokens tokens in total, as the vendor counts them
 * @param cachedInputTokens tokens of the prompt that the vendor had cached, {@code null}
 * if unknown
 * @since 0.1.0
 */
public record LlmUsage(String vendor, String model, long inputTokens, long outputTokens, long totalTokens,
		@Nullable Long cachedInputTokens) {

	public LlmUsage {
		UsageFields.text("vendor", vendor);
		UsageFields.text("model", model);
		Assert.isTrue(
				inputTokens >= 0 && outputTokens >= 0 && totalTokens >= 0
						&& (cachedInputTokens == null || cachedInputTokens >= 0),
				"numbers of tokens must not be negative");
	}

	/**
	 * Create the usage of a call.
	 * @param vendor the vendor of the model
	 * @param model the name of the model
	 * @param inputTokens tokens of the prompt
	 * @param outputTokens tokens of the response; the total is the sum of both
	 * @return the usage
	 * @throws IllegalArgumentException if a text is empty or too long, or a number
	 * negative
	 */
	public static LlmUsage of(String vendor, String model, long inputTokens, long outputTokens) {
		return new LlmUsage(vendor, model, inputTokens, outputTokens, inputTokens + outputTokens, null);
	}

}
