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

package io.github.polarspring.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.ai.PolarUsageAdvisors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * Call of a language model that responds immediately, with and without recording its
 * usage in memory. The events are not sent.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 8, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LlmUsageBenchmark {

	private ChatClient plain;

	private ChatClient advised;

	private ChatClient recorded;

	/**
	 * Create the clients, with an empty queue.
	 */
	@Setup(Level.Iteration)
	public void start() {
		this.plain = ChatClient.builder(new Model()).build();
		this.advised = this.plain.mutate().defaultAdvisors(new NoOpAdvisor("first"), new NoOpAdvisor("second")).build();
		PolarUsageTemplate usage = PolarUsageTemplate
			.builder(PolarClient.builder().accessToken("polar_oat_benchmark").build())
			.queueCapacity(Integer.MAX_VALUE)
			.build();
		PolarUsageAdvisors advisors = PolarUsageAdvisors.builder(usage)
			.currentPayer(() -> () -> PolarIdentity.of("alice"))
			.build();
		this.recorded = this.plain.mutate().defaultAdvisors(advisors.advisors()).build();
	}

	/**
	 * Spring AI.
	 */
	@Benchmark
	public @Nullable String plain() {
		return this.plain.prompt("Hello").call().content();
	}

	/**
	 * Spring AI with as many advisors as the starter has.
	 */
	@Benchmark
	public @Nullable String advised() {
		return this.advised.prompt("Hello").call().content();
	}

	/**
	 * The starter.
	 */
	@Benchmark
	public @Nullable String recorded() {
		return this.recorded.prompt("Hello").call().content();
	}

	/**
	 * Spring AI.
	 */
	@Benchmark
	public @Nullable String plainStream() {
		return this.plain.prompt("Hello").stream().content().blockLast();
	}

	/**
	 * Spring AI with as many advisors as the starter has.
	 */
	@Benchmark
	public @Nullable String advisedStream() {
		return this.advised.prompt("Hello").stream().content().blockLast();
	}

	/**
	 * The starter.
	 */
	@Benchmark
	public @Nullable String recordedStream() {
		return this.recorded.prompt("Hello").stream().content().blockLast();
	}

	private record NoOpAdvisor(String name) implements CallAdvisor, StreamAdvisor {

		@Override
		public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
			return chain.nextCall(request);
		}

		@Override
		public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
			return chain.nextStream(request);
		}

		@Override
		public String getName() {
			return this.name;
		}

		@Override
		public int getOrder() {
			return 0;
		}

	}

	private static final class Model implements ChatModel {

		private final ChatOptions options = ToolCallingChatOptions.builder().model("small").build();

		private final ChatResponse response = new ChatResponse(List.of(new Generation(new AssistantMessage("Hello"))),
				ChatResponseMetadata.builder().id("r-1").model("small-2026").usage(new DefaultUsage(10, 5)).build());

		@Override
		public ChatResponse call(Prompt prompt) {
			return this.response;
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return Flux.just(this.response);
		}

		@Override
		public ChatOptions getOptions() {
			return this.options;
		}

	}

}
