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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;

/**
 * {@link ChatModel} that returns prepared responses.
 */
final class ScriptedChatModel implements ChatModel {

	private final Queue<Flux<ChatResponse>> script = new ArrayDeque<>();

	private final List<Prompt> prompts = new ArrayList<>();

	private final ChatOptions options;

	ScriptedChatModel(ChatOptions options) {
		this.options = options;
	}

	/**
	 * Add a response, with several chunks if it is a stream.
	 */
	ScriptedChatModel then(ChatResponse... chunks) {
		return then(Flux.fromIterable(Arrays.asList(chunks)));
	}

	ScriptedChatModel then(Flux<ChatResponse> response) {
		this.script.add(response);
		return this;
	}

	List<Prompt> prompts() {
		return this.prompts;
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		AtomicReference<@Nullable ChatResponse> response = new AtomicReference<>();
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		stream(prompt).subscribe(response::set, failure::set);
		if (response.get() == null) {
			throw new IllegalStateException(failure.get());
		}
		return response.get();
	}

	@Override
	public synchronized Flux<ChatResponse> stream(Prompt prompt) {
		this.prompts.add(prompt);
		return this.script.remove();
	}

	@Override
	public ChatOptions getOptions() {
		return this.options;
	}

	static ChatResponse response(String text, @Nullable Usage usage) {
		return response("r-1", "small-2026", text, usage);
	}

	static ChatResponse response(String id, String model, String text, @Nullable Usage usage) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text))), metadata(id, model, usage));
	}

	static ChatResponse toolCall(String tool, @Nullable Usage usage) {
		AssistantMessage message = AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new AssistantMessage.ToolCall("call-1", "function", tool, "{}")))
			.build();
		return new ChatResponse(List.of(new Generation(message)), metadata("r-1", "small-2026", usage));
	}

	static Usage tokens(int input, int output) {
		return new DefaultUsage(input, output);
	}

	static Usage tokens(int input, int output, int total, @Nullable Long cacheReads, @Nullable Long cacheWrites) {
		return new DefaultUsage(input, output, total, Map.of(), cacheReads, cacheWrites);
	}

	private static ChatResponseMetadata metadata(String id, String model, @Nullable Usage usage) {
		ChatResponseMetadata.Builder metadata = ChatResponseMetadata.builder().id(id).model(model);
		if (usage != null) {
			metadata.usage(usage);
		}
		return metadata.build();
	}

	/**
	 * Options with the name of those of Spring AI's module.
	 */
	static class OpenAiChatOptions extends DefaultToolCallingChatOptions {

		OpenAiChatOptions() {
			this(new Builder());
		}

		private OpenAiChatOptions(Builder builder) {
			super(builder.tools(), Map.of(), "small", null, null, null, null, null, null, null);
		}

		@Override
		public Builder mutate() {
			return new Builder().toolCallbacks(getToolCallbacks());
		}

		static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder> {

			private List<ToolCallback> tools() {
				return (this.toolCallbacks != null) ? this.toolCallbacks : List.of();
			}

			@Override
			public OpenAiChatOptions build() {
				return new OpenAiChatOptions(this);
			}

		}

	}

	/**
	 * Options with the name of those of Spring AI's module.
	 */
	static class AnthropicChatOptions extends DefaultToolCallingChatOptions {

		AnthropicChatOptions() {
			super(List.of(), Map.of(), "small", null, null, null, null, null, null, null);
		}

		@Override
		public Builder mutate() {
			return new Builder();
		}

		static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder> {

			@Override
			public AnthropicChatOptions build() {
				return new AnthropicChatOptions();
			}

		}

	}

}
