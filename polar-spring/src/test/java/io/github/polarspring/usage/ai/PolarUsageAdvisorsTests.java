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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.usage.LlmUsage;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.PolarUsageQueueFullException;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.RecordingUsage;
import io.github.polarspring.usage.UsageEvent;
import io.github.polarspring.usage.ai.ScriptedChatModel.AnthropicChatOptions;
import io.github.polarspring.usage.ai.ScriptedChatModel.OpenAiChatOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.AdvisorChain;
import org.springframework.ai.chat.client.advisor.api.BaseAdvisor;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarUsageAdvisors}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarUsageAdvisorsTests {

	private static final String SECRET_PROMPT = "Why did I get this diagnosis?";

	private final ThreadLocal<@Nullable PolarIdentity> user = ThreadLocal.withInitial(() -> PolarIdentity.of("alice"));

	private final List<UsageEvent> events = new CopyOnWriteArrayList<>();

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private final ScriptedChatModel model = new ScriptedChatModel(new OpenAiChatOptions());

	private final PolarUsage usage = new RecordingUsage((event) -> {
		this.threads.add(Thread.currentThread());
		this.events.add(event);
	});

	private final PolarUsageAdvisors.Builder builder = PolarUsageAdvisors
		.builder(new RecordingUsage((event) -> this.usage.record(event)))
		.currentPayer(() -> this.user::get);

	private ChatClient client() {
		return client(this.builder.build(), this.model);
	}

	private static ChatClient client(PolarUsageAdvisors advisors, ScriptedChatModel model) {
		ChatClient.Builder client = ChatClient.builder(model);
		advisors.customize(client);
		return client.build();
	}

	private static void await(BooleanSupplier condition) {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - until).as("time is up").isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
		}
	}

	private UsageEvent event() {
		assertThat(this.events).hasSize(1);
		return this.events.get(0);
	}

	@Test
	void callIsOneEvent() {
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5)));
		assertThat(client().prompt(SECRET_PROMPT).call().content()).isEqualTo("Hello");
		assertThat(event().name()).isEqualTo("llm");
		assertThat(event().externalCustomerId()).isEqualTo("alice");
		assertThat(event().externalMemberId()).isNull();
		assertThat(event().key()).as("an id of our own").isNull();
		assertThat(event().llm()).isEqualTo(new LlmUsage("openai", "small-2026", 10, 5, 15, null));
		assertThat(event().cost()).isNull();
		assertThat(event().metadata()).containsExactlyInAnyOrderEntriesOf(Map.of("vendor", "openai", "model",
				"small-2026", "response_id", "r-1", "input_tokens", 10L, "output_tokens", 5L, "total_tokens", 15L));
	}

	@Test
	void payerDoesNotLeaveTheChain() {
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5)))
			.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5)));
		ChatClientResponse call = client().prompt("Go").call().chatClientResponse();
		ChatClientResponse stream = client().prompt("Go").stream().chatClientResponse().blockLast();
		assertThat(List.of(call, stream)).allSatisfy(
				(response) -> assertThat(response.context().keySet()).noneMatch((key) -> key.contains("polar")));
		assertThat(this.events).hasSize(2);
	}

	@Test
	void eventIsSentWithoutPromptAndResponse() {
		try (UsageAtPolar polar = new UsageAtPolar()) {
			PolarClient client = PolarClient.builder().accessToken("polar_oat_test").baseUrl(polar.url()).build();
			PolarUsageTemplate template = PolarUsageTemplate.builder(client)
				.pollInterval(Duration.ofMillis(10))
				.build();
			template.start(template::check);
			try {
				PolarUsageAdvisors advisors = PolarUsageAdvisors.builder(template)
					.event("assistant")
					.prices((tokens) -> new BigDecimal("0.42"))
					.build();
				this.model
					.then(ScriptedChatModel.response("Confidential", ScriptedChatModel.tokens(10, 5, 15, 4L, null)));
				client(advisors, this.model).prompt(SECRET_PROMPT)
					.advisors((params) -> params.param(PolarUsageAdvisors.EXTERNAL_CUSTOMER_ID, "team-1")
						.param(PolarUsageAdvisors.EXTERNAL_MEMBER_ID, "bob"))
					.call()
					.content();
				await(() -> template.sent() == 1);
			}
			finally {
				template.stop();
			}
			JsonNode event = polar.events().values().iterator().next();
			assertThat(event.path("external_id").asString()).hasSize(36);
			assertThat(event.path("name").asString()).isEqualTo("assistant");
			assertThat(event.path("external_customer_id").asString()).isEqualTo("team-1");
			assertThat(event.path("external_member_id").asString()).isEqualTo("bob");
			assertThat(event.path("metadata").path("_cost").path("amount").asString()).isEqualTo("0.42");
			assertThat(event.path("metadata").path("_cost").path("currency").asString()).isEqualTo("usd");
			assertThat(event.path("metadata").path("_llm"))
				.hasToString("{\"vendor\":\"openai\",\"model\":\"small-2026\",\"input_tokens\":10,\"output_tokens\":5,"
						+ "\"total_tokens\":15,\"cached_input_tokens\":4}");
			assertThat(event.path("metadata").properties()).extracting(Map.Entry::getKey)
				.containsExactlyInAnyOrder("vendor", "model", "response_id", "input_tokens", "output_tokens",
						"total_tokens", "cached_input_tokens", "_cost", "_llm");
			assertThat(event.path("metadata").path("total_tokens").isIntegralNumber()).as("a meter can add it up")
				.isTrue();
			assertThat(event.toString()).doesNotContain("diagnosis").doesNotContain("Confidential");
		}
	}

	@Test
	void eachRoundOfToolsIsOneEvent() {
		this.model.then(ScriptedChatModel.toolCall("weather", ScriptedChatModel.tokens(10, 5)))
			.then(ScriptedChatModel.response("Sunny", ScriptedChatModel.tokens(30, 7)));
		assertThat(client().prompt("How is the weather?").tools(new Weather()).call().content()).isEqualTo("Sunny");
		assertThat(this.events).extracting((event) -> requireTokens(event).totalTokens()).containsExactly(15L, 37L);
		assertThat(this.events).extracting((event) -> event.metadata().get("response_id")).containsOnly("r-1");
	}

	@Test
	void eachRoundOfToolsInAStreamIsOneEventOfTheUserWhoSubscribed() {
		this.user.set(PolarIdentity.of("bob"));
		this.model.then(ScriptedChatModel.toolCall("weather", ScriptedChatModel.tokens(10, 5)))
			.then(ScriptedChatModel.response("Sun", null),
					ScriptedChatModel.response("ny", ScriptedChatModel.tokens(30, 7)));
		Flux<String> stream = client().prompt("How is the weather?").tools(new Weather()).stream().content();
		assertThat(stream.collectList().block()).containsExactly("Sun", "ny");
		assertThat(this.events).extracting((event) -> requireTokens(event).totalTokens()).containsExactly(15L, 37L);
		assertThat(this.events).extracting(UsageEvent::externalCustomerId).containsOnly("bob");
	}

	@Test
	void structuredOutputThatIsRetriedIsSeveralEvents() {
		this.model.then(ScriptedChatModel.response("{\"city\":", ScriptedChatModel.tokens(10, 5)))
			.then(ScriptedChatModel.response("{\"city\":\"Oslo\"}", ScriptedChatModel.tokens(20, 6)));
		Place place = client().prompt("Where?").call().entity(Place.class, (entity) -> entity.validateSchema());
		assertThat(place).isEqualTo(new Place("Oslo"));
		assertThat(this.events).extracting((event) -> requireTokens(event).totalTokens()).containsExactly(15L, 26L);
	}

	@Test
	void structuredOutputIsOneEvent() {
		this.model.then(ScriptedChatModel.response("{\"city\":\"Oslo\"}", ScriptedChatModel.tokens(20, 6)));
		assertThat(client().prompt("Where?").call().entity(Place.class)).isEqualTo(new Place("Oslo"));
		assertThat(requireTokens(event()).totalTokens()).isEqualTo(26);
	}

	@Test
	void streamIsOneEventWithTheTokensOfTheLastChunk() {
		this.model.then(ScriptedChatModel.response("a", ScriptedChatModel.tokens(10, 0)),
				ScriptedChatModel.response("b", ScriptedChatModel.tokens(10, 3, 13, 4L, null)),
				ScriptedChatModel.response("c", ScriptedChatModel.tokens(0, 7)),
				ScriptedChatModel.response("d", new EmptyUsage()));
		assertThat(client().prompt("Go").stream().content().collectList().block()).containsExactly("a", "b", "c", "d");
		assertThat(event().llm()).isEqualTo(new LlmUsage("openai", "small-2026", 10, 7, 17, 4L));
	}

	@Test
	void chunksDoNotWaitForTheEndOfTheStream() {
		Sinks.Many<ChatResponse> chunks = Sinks.many().unicast().onBackpressureBuffer();
		this.model.then(chunks.asFlux());
		List<String> received = new CopyOnWriteArrayList<>();
		Disposable subscription = client().prompt("Go").stream().content().subscribe(received::add);
		chunks.tryEmitNext(ScriptedChatModel.response("a", null));
		await(() -> received.size() == 1);
		assertThat(this.events).isEmpty();
		chunks.tryEmitNext(ScriptedChatModel.response("b", ScriptedChatModel.tokens(10, 5)));
		chunks.tryEmitComplete();
		await(() -> this.events.size() == 1 && subscription.isDisposed());
		assertThat(received).containsExactly("a", "b");
	}

	@Test
	void canceledStreamIsRecordedAsFarAsItIsKnown() {
		this.model.then(Flux.just(ScriptedChatModel.response("a", ScriptedChatModel.tokens(10, 1)),
				ScriptedChatModel.response("b", ScriptedChatModel.tokens(10, 2)))
			.concatWith(Flux.never()));
		client().prompt("Go").stream().content().take(2).blockLast();
		await(() -> this.events.size() == 1);
		assertThat(requireTokens(event()).totalTokens()).isEqualTo(12);
	}

	@Test
	void canceledStreamWithoutTokensIsNotRecorded(CapturedOutput output) {
		this.model.then(Flux.just(ScriptedChatModel.response("a", null)).concatWith(Flux.never()));
		client().prompt("Go").stream().content().take(1).blockLast();
		assertThat(this.events).isEmpty();
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void failedStreamIsRecordedAsFarAsItIsKnown() {
		this.model.then(Flux.just(ScriptedChatModel.response("a", ScriptedChatModel.tokens(10, 1)))
			.concatWith(Mono.error(new IllegalStateException("Disconnected"))));
		assertThatIllegalStateException().isThrownBy(() -> client().prompt("Go").stream().content().blockLast())
			.withMessage("Disconnected");
		assertThat(requireTokens(event()).totalTokens()).isEqualTo(11);
	}

	@Test
	void failedCallIsNotRecorded() {
		this.model.then(Flux.error(new IllegalStateException("Overloaded")));
		assertThatIllegalStateException().isThrownBy(() -> client().prompt("Go").call().content());
		assertThat(this.events).isEmpty();
	}

	@Test
	void missingUsageIsWarnedAboutOncePerModel(CapturedOutput output) {
		ChatClient client = client();
		for (int i = 0; i < 2; i++) {
			this.model.then(ScriptedChatModel.response("a", null), ScriptedChatModel.response("b", null))
				.then(ScriptedChatModel.response("r-2", "large", "c", new EmptyUsage()));
			client.prompt(SECRET_PROMPT).stream().content().blockLast();
			client.prompt(SECRET_PROMPT).stream().content().blockLast();
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).hasSize(2)
			.allSatisfy((line) -> assertThat(line).contains("reported no tokens", "stream_options.include_usage"));
		assertThat(output).contains("small-2026", "large").doesNotContain("alice").doesNotContain("diagnosis");
		assertThat(this.events).as("a meter can count the calls").hasSize(4).allSatisfy((event) -> {
			assertThat(event.llm()).isNull();
			assertThat(event.metadata()).containsOnlyKeys("vendor", "model", "response_id");
		});
	}

	@Test
	void guestDoesNotReachTheModel() {
		this.user.set(null);
		ChatClient client = client();
		assertThatExceptionOfType(PolarLoginRequiredException.class)
			.isThrownBy(() -> client.prompt("Go").call().content());
		assertThatExceptionOfType(PolarLoginRequiredException.class)
			.isThrownBy(() -> client.prompt("Go").stream().content().blockLast());
		assertThat(this.model.prompts()).isEmpty();
	}

	@Test
	void unknownCallerDoesNotReachTheModel() {
		this.builder.currentPayer(CurrentPayer::unknown);
		assertThatIllegalStateException().isThrownBy(() -> client().prompt("Go").call().content())
			.withMessageContaining("CurrentPayer");
		assertThat(this.model.prompts()).isEmpty();
	}

	@Test
	void invalidParameterDoesNotReachTheModel() {
		ChatClient client = client();
		assertThatIllegalArgumentException().isThrownBy(() -> client.prompt("Go")
			.advisors((params) -> params.param(PolarUsageAdvisors.EXTERNAL_CUSTOMER_ID, " "))
			.call()
			.content());
		assertThatIllegalArgumentException()
			.isThrownBy(() -> client.prompt("Go")
				.advisors((params) -> params.param(PolarUsageAdvisors.EXTERNAL_MEMBER_ID, "bob"))
				.call()
				.content())
			.withMessageContaining("EXTERNAL_CUSTOMER_ID");
		assertThat(this.model.prompts()).isEmpty();
	}

	@Test
	void parameterReplacesTheUser() {
		this.user.set(null);
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5)));
		client().prompt("Go")
			.advisors((params) -> params.param(PolarUsageAdvisors.EXTERNAL_CUSTOMER_ID, 42))
			.stream()
			.content()
			.blockLast();
		assertThat(event().externalCustomerId()).isEqualTo("42");
	}

	@Test
	void memberOfTheUserIsRecorded() {
		this.user.set(PolarIdentity.of("team-1").withMemberId("alice"));
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5)));
		client().prompt("Go").call().content();
		assertThat(event().externalCustomerId()).isEqualTo("team-1");
		assertThat(event().externalMemberId()).isEqualTo("alice");
	}

	@Test
	void payerIsTheOneWhoSubscribesEvenIfOtherAdvisorsChangeTheThread() {
		this.user.set(PolarIdentity.of("bob"));
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5)));
		client().prompt("Go").advisors(new ThreadChangingAdvisor()).stream().content().blockLast();
		assertThat(event().externalCustomerId()).isEqualTo("bob");
	}

	@Test
	void advisorsThatAreAddedTwiceRecordOnce() {
		PolarUsageAdvisors advisors = this.builder.build();
		ChatClient client = client(advisors, this.model);
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5)))
			.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5)));
		client.prompt("Go").advisors(advisors.advisors()).call().content();
		assertThat(this.events).hasSize(1);
		client.prompt("Go").advisors(this.builder.build().advisors()).stream().content().blockLast();
		assertThat(this.events).hasSize(2);
	}

	@Test
	void cachedTokensAreIncludedInTheInput() {
		ScriptedChatModel anthropic = new ScriptedChatModel(new AnthropicChatOptions());
		anthropic.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5, 15, 1000L, 200L)));
		client(this.builder.build(), anthropic).prompt("Go").call().content();
		assertThat(event().llm()).isEqualTo(new LlmUsage("anthropic", "small-2026", 1210, 5, 1215, 1000L));
		assertThat(event().metadata()).containsEntry("cached_input_tokens", 1000L);
	}

	@Test
	void tokensThatTheVendorCountsInAdditionAreInTheTotal() {
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(10, 5, 40, null, null)));
		client().prompt("Go").call().content();
		assertThat(event().llm()).isEqualTo(new LlmUsage("openai", "small-2026", 10, 5, 40, null));
	}

	@Test
	void strangeMetadataDoesNotLoseTheEvent() {
		Usage usage = new Usage() {

			@Override
			@SuppressWarnings("NullAway")
			public Integer getPromptTokens() {
				return null;
			}

			@Override
			public Integer getCompletionTokens() {
				return -1;
			}

			@Override
			public Integer getTotalTokens() {
				return 7;
			}

			@Override
			public Object getNativeUsage() {
				return Map.of();
			}

		};
		this.model.then(ScriptedChatModel.response("x\u0000".repeat(600), " ", "Hello", usage));
		client().prompt("Go").call().content();
		assertThat(event().llm()).isEqualTo(new LlmUsage("openai", "small", 0, 0, 7, null));
		assertThat(event().metadata()).containsEntry("response_id", "x".repeat(500));
	}

	@Test
	void vendorAndModelCanBeUnknown() {
		ScriptedChatModel unknown = new ScriptedChatModel(ChatOptions.builder().build());
		unknown.then(ScriptedChatModel.response("", "", "Hello", ScriptedChatModel.tokens(1, 2)))
			.then(ScriptedChatModel.response("", "", "Hello", ScriptedChatModel.tokens(1, 2)));
		client(this.builder.build(), unknown).prompt("Go").call().content();
		assertThat(event().llm()).isEqualTo(LlmUsage.of("unknown", "unknown", 1, 2));
		assertThat(event().metadata()).doesNotContainKey("response_id");
		this.events.clear();
		client(this.builder.vendor("deepinfra").build(), unknown).prompt("Go").call().content();
		assertThat(event().llm()).isEqualTo(LlmUsage.of("deepinfra", "unknown", 1, 2));
	}

	@Test
	void costIsRounded() {
		this.builder
			.prices((tokens) -> new BigDecimal(tokens.inputTokens()).multiply(new BigDecimal("0.00000000000051")));
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(1, 2)));
		client().prompt("Go").call().content();
		assertThat(event().cost()).isEqualByComparingTo("0.000000000001");
	}

	@Test
	void failingPriceDoesNotLoseTheEvent(CapturedOutput output) {
		this.builder.prices((tokens) -> {
			throw new IllegalStateException("No price");
		});
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(1, 2)));
		assertThat(client().prompt("Go").call().content()).isEqualTo("Hello");
		assertThat(event().cost()).isNull();
		assertThat(output).contains("ERROR").contains("No price");
	}

	@Test
	void responseIsReturnedIfTheEventCannotBeRecorded(CapturedOutput output) {
		PolarUsageAdvisors advisors = PolarUsageAdvisors.builder(new RecordingUsage((event) -> {
			throw new PolarUsageQueueFullException("Too many");
		})).currentPayer(() -> this.user::get).build();
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(1, 2)))
			.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(1, 2)));
		assertThat(client(advisors, this.model).prompt(SECRET_PROMPT).call().content()).isEqualTo("Hello");
		assertThat(client(advisors, this.model).prompt(SECRET_PROMPT).stream().content().blockLast())
			.isEqualTo("Hello");
		assertThat(advisors.lost()).isEqualTo(2);
		assertThat(output).contains("ERROR", "not billed: 2").doesNotContain("alice").doesNotContain("diagnosis");
	}

	@Test
	void eventInMemoryIsRecordedOnTheThreadOfTheCall() {
		this.model.then(ScriptedChatModel.response("Hello", ScriptedChatModel.tokens(1, 2)));
		client().prompt("Go").call().content();
		assertThat(this.threads).containsExactly(Thread.currentThread());
	}

	@Test
	void databaseIsNotUsedOnAnEventLoop() {
		this.builder.transactions(TransactionOperations.withoutTransaction());
		ChatClient client = client();
		this.model.then(Flux.just(ScriptedChatModel.response("a", ScriptedChatModel.tokens(1, 2)))
			.publishOn(Schedulers.parallel()));
		Mono.defer(() -> client.prompt("Go")
			.advisors((params) -> params.param(PolarUsageAdvisors.EXTERNAL_CUSTOMER_ID, "bob"))
			.stream()
			.content()
			.publishOn(Schedulers.parallel())
			.last()).subscribeOn(Schedulers.parallel()).block();
		assertThat(this.threads).hasSize(1);
		this.model.then(Flux.just(ScriptedChatModel.response("a", ScriptedChatModel.tokens(1, 2)))
			.concatWith(Flux.never())
			.publishOn(Schedulers.parallel()));
		client.prompt("Go").stream().content().publishOn(Schedulers.parallel()).take(1).blockLast();
		await(() -> this.threads.size() == 2);
		this.model.then(Flux.just(ScriptedChatModel.response("a", ScriptedChatModel.tokens(1, 2))));
		Mono.fromRunnable(() -> client.prompt("Go")
			.advisors((params) -> params.param(PolarUsageAdvisors.EXTERNAL_CUSTOMER_ID, "bob"))
			.call()
			.content()).subscribeOn(Schedulers.parallel()).block();
		await(() -> this.threads.size() == 3);
		assertThat(this.threads).noneMatch((thread) -> thread instanceof NonBlocking);
	}

	private static LlmUsage requireTokens(UsageEvent event) {
		LlmUsage tokens = event.llm();
		assertThat(tokens).isNotNull();
		return tokens;
	}

	record Place(String city) {

	}

	static class Weather {

		@Tool(description = "Returns the weather")
		String weather() {
			return "sunny";
		}

	}

	/**
	 * Like advisors with memory, it continues on another thread.
	 */
	static class ThreadChangingAdvisor implements BaseAdvisor {

		@Override
		public ChatClientRequest before(ChatClientRequest request, AdvisorChain chain) {
			return request;
		}

		@Override
		public ChatClientResponse after(ChatClientResponse response, AdvisorChain chain) {
			return response;
		}

		@Override
		public int getOrder() {
			return 0;
		}

	}

}
