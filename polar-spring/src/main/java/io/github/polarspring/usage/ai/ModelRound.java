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

import java.util.Locale;
import java.util.Set;

import io.github.polarspring.usage.LlmUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.util.StringUtils;

/**
 * What is known about a call of a model. The numbers of the chunks of a stream are totals
 * up to the chunk. Safe for use by multiple threads, because a stream can be canceled at
 * any time.
 */
final class ModelRound {

	private static final int MAX_TEXT_LENGTH = 500;

	private static final String UNKNOWN = "unknown";

	private static final String OPTIONS = "ChatOptions";

	/**
	 * Vendors that do not include cached tokens in the tokens of the prompt.
	 */
	private static final Set<String> CACHE_IS_SEPARATE = Set.of("anthropic", "bedrock");

	private final String vendor;

	private final boolean cacheIsSeparate;

	private String id = "";

	private String model;

	private long input;

	private long output;

	private long total;

	private @Nullable Long cacheReads;

	private long cacheWrites;

	ModelRound(@Nullable ChatOptions options, @Nullable String vendor) {
		String adapter = adapter(options);
		this.cacheIsSeparate = CACHE_IS_SEPARATE.contains(adapter);
		this.vendor = text((vendor != null) ? vendor : adapter, UNKNOWN);
		this.model = text((options != null) ? options.getModel() : null, UNKNOWN);
	}

	private static String adapter(@Nullable ChatOptions options) {
		String type = (options != null) ? options.getClass().getSimpleName() : "";
		boolean known = type.endsWith(OPTIONS) && type.length() > OPTIONS.length() && !type.startsWith("Default");
		return known ? type.substring(0, type.length() - OPTIONS.length()).toLowerCase(Locale.ROOT) : UNKNOWN;
	}

	synchronized void add(@Nullable ChatResponse response) {
		if (response == null) {
			return;
		}
		ChatResponseMetadata metadata = response.getMetadata();
		this.id = text(metadata.getId(), this.id);
		this.model = text(metadata.getModel(), this.model);
		Usage usage = metadata.getUsage();
		if (usage != null) {
			this.input = latest(usage.getPromptTokens(), this.input);
			this.output = latest(usage.getCompletionTokens(), this.output);
			this.total = latest(usage.getTotalTokens(), this.total);
			Long reads = usage.getCacheReadInputTokens();
			this.cacheReads = (reads != null && reads >= 0) ? reads : this.cacheReads;
			this.cacheWrites = latest(usage.getCacheWriteInputTokens(), this.cacheWrites);
		}
	}

	private static long latest(@Nullable Number tokens, long previous) {
		return (tokens != null && tokens.longValue() > 0) ? tokens.longValue() : previous;
	}

	/**
	 * Return a text that Polar accepts, at most 500 characters without those that it
	 * cannot store.
	 */
	private static String text(@Nullable String text, String fallback) {
		if (!StringUtils.hasText(text)) {
			return fallback;
		}
		StringBuilder valid = new StringBuilder();
		text.codePoints()
			.filter((c) -> c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE))
			.limit(MAX_TEXT_LENGTH)
			.forEach(valid::appendCodePoint);
		return valid.isEmpty() ? fallback : valid.toString();
	}

	/**
	 * Return the id of the response, empty if the model has not sent one.
	 */
	synchronized String id() {
		return this.id;
	}

	synchronized String model() {
		return this.model;
	}

	String vendor() {
		return this.vendor;
	}

	/**
	 * Return the tokens, or {@code null} if the model has not reported any.
	 */
	synchronized @Nullable LlmUsage usage() {
		long cached = (this.cacheReads != null) ? this.cacheReads : 0;
		long input = this.cacheIsSeparate ? this.input + cached + this.cacheWrites : Math.max(this.input, cached);
		long total = Math.max(this.total, input + this.output);
		return (total > 0) ? new LlmUsage(this.vendor, this.model, input, this.output, total, this.cacheReads) : null;
	}

}
