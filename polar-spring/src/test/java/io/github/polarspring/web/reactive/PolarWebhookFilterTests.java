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

package io.github.polarspring.web.reactive;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import io.github.polarspring.webhook.PolarWebhookReceipt;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarWebhookFilter} without a server: threads, cancellation, and
 * bodies that arrive slowly.
 */
@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class PolarWebhookFilterTests {

	private static final String BODY = "{\"type\":\"order.paid\",\"data\":{\"description\":\"café\"}}";

	private static final Duration LONG = Duration.ofMinutes(1);

	private final TestObservationRegistry observations = TestObservationRegistry.create();

	private final List<String> accepted = new ArrayList<>();

	private PolarWebhookReceiver receiver(PolarWebhookInbox inbox) {
		return PolarWebhookReceiver
			.builder(PolarWebhookVerifier.of(List.of(Signed.SECRET), Duration.ofMinutes(5), Clock.systemUTC()), inbox)
			.observations(this.observations)
			.maxBodySize(DataSize.ofKilobytes(1))
			.build();
	}

	private PolarWebhookReceiver receiver() {
		return receiver((event) -> {
			this.accepted.add(event.id());
			return Receipt.ACCEPTED;
		});
	}

	private static PolarWebhookFilter filter(PolarWebhookReceiver receiver) {
		return filter(receiver, Schedulers.boundedElastic()::schedule, LONG);
	}

	private static PolarWebhookFilter filter(PolarWebhookReceiver receiver, Executor executor, Duration timeout) {
		return new PolarWebhookFilter(() -> receiver, "/webhooks/polar", executor, timeout);
	}

	private static MockServerHttpRequest.BodyBuilder signed() {
		return MockServerHttpRequest.post("/webhooks/polar").headers(Signed.of(Signed.SECRET, "1", BODY).httpHeaders());
	}

	private static DataBuffer buffer(String text) {
		return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private static Flux<DataBuffer> whole() {
		return Flux.just(buffer(BODY));
	}

	private static MockServerWebExchange exchange(Flux<DataBuffer> body) {
		return MockServerWebExchange.from(signed().body(body));
	}

	private static Mono<Void> run(PolarWebhookFilter filter, MockServerWebExchange exchange) {
		return filter.filter(exchange, (unexpected) -> Mono.error(new AssertionError("The chain must not be called")));
	}

	private static MockServerHttpResponse respond(PolarWebhookFilter filter, MockServerWebExchange exchange) {
		run(filter, exchange).block();
		return exchange.getResponse();
	}

	private static void assertReceipt(MockServerHttpResponse response, PolarWebhookReceipt receipt) {
		assertThat(response.getStatusCode()).isEqualTo(HttpStatus.valueOf(receipt.status()));
		assertThat(response.getBodyAsString().block()).isEqualTo(receipt.text() + "\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/webhooks/polar", "/webhooks/polar/", "/webhooks/polar;a=b" })
	void webhookIsReceivedOffTheEventLoop(String path) {
		List<Thread> threads = new ArrayList<>();
		PolarWebhookFilter filter = filter(receiver((event) -> {
			threads.add(Thread.currentThread());
			return Receipt.ACCEPTED;
		}));
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.post(path)
			.headers(Signed.of(Signed.SECRET, "1", BODY).httpHeaders())
			.body(whole().publishOn(Schedulers.parallel())));
		MockServerHttpResponse response = respond(filter, exchange);
		assertReceipt(response, PolarWebhookReceipt.ACCEPTED);
		assertThat(response.getHeaders().getFirst("Content-Type")).isEqualTo("text/plain;charset=US-ASCII");
		assertThat(response.getHeaders().getCacheControl()).isEqualTo("no-store");
		assertThat(response.getHeaders().getContentLength()).isEqualTo("Accepted\n".length());
		assertThat(threads).singleElement().satisfies((thread) -> {
			assertThat(thread).isNotInstanceOf(NonBlocking.class);
			assertThat(thread.getName()).startsWith("boundedElastic");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/webhooks", "/webhooks/polar/more", "/webhooks/polarx", "/x/webhooks/polar" })
	void otherPathsBelongToTheApplication(String path) {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.post(path));
		AtomicBoolean called = new AtomicBoolean();
		filter(receiver()).filter(exchange, (same) -> {
			called.set(true);
			return Mono.empty();
		}).block();
		assertThat(called).isTrue();
	}

	@Test
	void pathIsRelativeToTheBasePath() {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.post("/shop/webhooks/polar")
			.contextPath("/shop")
			.headers(Signed.of(Signed.SECRET, "1", BODY).httpHeaders())
			.body(whole()));
		assertReceipt(respond(filter(receiver()), exchange), PolarWebhookReceipt.ACCEPTED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH" })
	void onlyPostIsAllowed(String method) {
		MockServerWebExchange exchange = MockServerWebExchange
			.from(MockServerHttpRequest.method(org.springframework.http.HttpMethod.valueOf(method), "/webhooks/polar"));
		MockServerHttpResponse response = respond(filter(receiver()), exchange);
		assertThat(response.getStatusCode()).isEqualTo(HttpStatus.METHOD_NOT_ALLOWED);
		assertThat(response.getHeaders().getFirst("Allow")).isEqualTo("POST");
		assertThat(response.getHeaders().getCacheControl()).isEqualTo("no-store");
	}

	@Test
	void noMoreThanTheLimitIsRead() {
		List<DataBuffer> read = new ArrayList<>();
		Flux<DataBuffer> endless = Flux.<DataBuffer>generate((sink) -> sink.next(buffer("x".repeat(100))))
			.doOnNext(read::add);
		assertReceipt(respond(filter(receiver()), exchange(endless)), PolarWebhookReceipt.TOO_LARGE);
		assertThat(read).hasSize(11);
	}

	@Test
	void bodyThatIsAnnouncedTooLargeIsNotRead() {
		MockServerWebExchange exchange = MockServerWebExchange
			.from(signed().contentLength(1025).body(Flux.error(new AssertionError("The body must not be read"))));
		assertReceipt(respond(filter(receiver()), exchange), PolarWebhookReceipt.TOO_LARGE);
	}

	@Test
	void bodyThatDoesNotArriveInTimeIsMalformed() {
		PolarWebhookFilter filter = filter(receiver(), Schedulers.boundedElastic()::schedule, Duration.ofMillis(50));
		assertReceipt(respond(filter, exchange(Flux.concat(Flux.just(buffer("{")), Flux.never()))),
				PolarWebhookReceipt.MALFORMED);
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasSingleObservationThat()
			.hasNameEqualTo("polar.webhook")
			.hasLowCardinalityKeyValue("outcome", "malformed");
	}

	@ParameterizedTest
	@CsvSource({ "true,FAILED", "false,MALFORMED" })
	void bodyThatBreaksOffIsMalformedAndOneThatWasReadBeforeIsAFailure(boolean readBefore, PolarWebhookReceipt expected,
			CapturedOutput output) {
		RuntimeException failure = readBefore ? new IllegalStateException("Only one receive subscriber is allowed")
				: new RuntimeException("Connection closed");
		assertReceipt(respond(filter(receiver()), exchange(Flux.error(failure))), expected);
		assertThat(output.toString().contains("was read by another filter")).isEqualTo(readBefore);
	}

	@Test
	void bodyThatAnotherFilterReadAndReplacedIsAFailure() {
		MockServerWebExchange exchange = MockServerWebExchange
			.from(signed().contentLength(BODY.length()).body(Flux.empty()));
		assertReceipt(respond(filter(receiver()), exchange), PolarWebhookReceipt.FAILED);
	}

	@Test
	void requestThatIsCanceledWhileTheBodyIsReadFreesItsPlace() {
		PolarWebhookFilter filter = filter(receiver());
		respond(filter, exchange(whole()));
		for (int i = 0; i < 20; i++) {
			AtomicBoolean canceled = new AtomicBoolean();
			run(filter, exchange(Flux.<DataBuffer>never().doOnCancel(() -> canceled.set(true)))).subscribe().dispose();
			assertThat(canceled).isTrue();
		}
		assertReceipt(respond(filter, exchange(whole())), PolarWebhookReceipt.ACCEPTED);
	}

	@Test
	void largeBodiesThatAreBeingReadAreLimited() {
		PolarWebhookFilter filter = filter(receiver());
		respond(filter, exchange(whole()));
		List<Sinks.One<DataBuffer>> bodies = new ArrayList<>();
		List<MockServerWebExchange> reading = new ArrayList<>();
		List<CompletableFuture<Void>> running = new ArrayList<>();
		for (int i = 0; i < 16; i++) {
			bodies.add(Sinks.one());
			reading.add(exchange(bodies.get(i).asMono().flux()));
			running.add(run(filter, reading.get(i)).toFuture());
		}
		assertReceipt(respond(filter, exchange(whole())), PolarWebhookReceipt.LATER);
		bodies.forEach((body) -> body.tryEmitValue(buffer(BODY)));
		running.forEach(CompletableFuture::join);
		assertThat(reading)
			.allSatisfy((exchange) -> assertReceipt(exchange.getResponse(), PolarWebhookReceipt.ACCEPTED));
		assertReceipt(respond(filter, exchange(whole())), PolarWebhookReceipt.ACCEPTED);
	}

	@Test
	void requestThatIsCanceledDoesNotInterruptTheInbox() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch canceled = new CountDownLatch(1);
		CompletableFuture<Boolean> undisturbed = new CompletableFuture<>();
		PolarWebhookFilter filter = filter(receiver((event) -> {
			entered.countDown();
			try {
				canceled.await();
				undisturbed.complete(!Thread.currentThread().isInterrupted());
			}
			catch (InterruptedException ex) {
				undisturbed.complete(false);
			}
			return Receipt.ACCEPTED;
		}));
		Disposable request = run(filter, exchange(whole())).subscribe();
		entered.await();
		request.dispose();
		canceled.countDown();
		assertThat(undisturbed.get()).isTrue();
	}

	@Test
	void webhookIsPartOfTheRequestWhoseNameIsThePath() {
		MockServerWebExchange exchange = exchange(whole());
		ServerRequestObservationContext context = new ServerRequestObservationContext(exchange.getRequest(),
				exchange.getResponse(), exchange.getAttributes());
		exchange.getAttributes().put(ServerRequestObservationContext.CURRENT_OBSERVATION_CONTEXT_ATTRIBUTE, context);
		Observation request = Observation.start("request", () -> context, this.observations);
		run(filter(receiver()), exchange)
			.contextWrite((values) -> values.put(ObservationThreadLocalAccessor.KEY, request))
			.block();
		request.stop();
		assertThat(context.getPathPattern()).isEqualTo("/webhooks/polar");
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasObservationWithNameEqualTo("polar.webhook")
			.that()
			.hasParentObservationContextMatching((parent) -> parent == context);
	}

	@Test
	void receiverThatCannotBeCreatedIsAFailureAndIsCreatedLater(CapturedOutput output) {
		AtomicBoolean broken = new AtomicBoolean(true);
		PolarWebhookFilter filter = new PolarWebhookFilter(() -> {
			assertThat(Schedulers.isInNonBlockingThread()).isFalse();
			if (broken.get()) {
				throw new IllegalStateException("There is no token");
			}
			return receiver();
		}, "/webhooks/polar", Schedulers.boundedElastic()::schedule, LONG);
		assertReceipt(respond(filter, exchange(whole())), PolarWebhookReceipt.FAILED);
		assertThat(output).contains("The webhook endpoint failed", "There is no token");
		broken.set(false);
		assertReceipt(respond(filter, exchange(whole())), PolarWebhookReceipt.ACCEPTED);
	}

	@Test
	void webhookWithoutAThreadIsRedelivered(CapturedOutput output) {
		Executor full = (task) -> {
			throw new RejectedExecutionException("full");
		};
		assertReceipt(respond(filter(receiver(), full, LONG), exchange(whole())), PolarWebhookReceipt.LATER);
		Scheduler stopped = Schedulers.newBoundedElastic(1, 1, "stopped");
		stopped.dispose();
		assertReceipt(respond(filter(receiver(), stopped::schedule, LONG), exchange(whole())),
				PolarWebhookReceipt.LATER);
		assertThat(output).contains("no thread is available");
	}

}
