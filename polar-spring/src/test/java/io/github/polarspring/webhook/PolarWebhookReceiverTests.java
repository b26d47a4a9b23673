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

package io.github.polarspring.webhook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import io.github.polarspring.webhook.PolarWebhookReceiver.Admission;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.InputStreamSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PolarWebhookReceiver}, as an endpoint of an application uses it.
 */
@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class PolarWebhookReceiverTests {

	private static final String ORGANIZATION = "6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34";

	private static final String BODY = """
			{"type":"order.paid","data":{"description":"café","customer":{"organization_id":"%s"},"metadata":{"checkout_buyer":"guest"}}}"""
		.formatted(ORGANIZATION);

	private static final String ANOTHER_SECRET = "another secret of at least 32 characters";

	private final List<PolarEvent<?>> accepted = new ArrayList<>();

	private final TestObservationRegistry observations = TestObservationRegistry.create();

	private PolarWebhookReceiver.Builder builder(PolarWebhookInbox inbox) {
		PolarWebhookVerifier verifier = PolarWebhookVerifier.of(List.of(Signed.SECRET), Duration.ofMinutes(5),
				Clock.systemUTC());
		return PolarWebhookReceiver.builder(verifier, inbox).observations(this.observations);
	}

	private PolarWebhookReceiver.Builder builder() {
		return builder((event) -> {
			this.accepted.add(event);
			return Receipt.ACCEPTED;
		});
	}

	private static HttpHeaders headers(String body) {
		return Signed.of(Signed.SECRET, "1", body).httpHeaders();
	}

	private static byte[] bytes(String body) {
		return body.getBytes(StandardCharsets.UTF_8);
	}

	private static InputStreamSource stream(String body) {
		return () -> new ByteArrayInputStream(bytes(body));
	}

	private static InputStreamSource unread() {
		return () -> {
			throw new AssertionError("The body must not be read");
		};
	}

	private void assertObserved(PolarWebhookReceipt receipt, String reason) {
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasNumberOfObservationsWithNameEqualTo("polar.webhook", 1)
			.hasSingleObservationThat()
			.hasLowCardinalityKeyValue("outcome", receipt.name().toLowerCase())
			.hasLowCardinalityKeyValue("reason", reason)
			.hasBeenStopped();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void signedWebhookIsAccepted(boolean bytes) {
		PolarWebhookReceiver receiver = builder().build();
		PolarWebhookReceipt receipt = bytes ? receiver.receive(headers(BODY), bytes(BODY))
				: receiver.receive(headers(BODY), stream(BODY));
		assertThat(receipt).isEqualTo(PolarWebhookReceipt.ACCEPTED);
		assertThat(this.accepted).singleElement().satisfies((event) -> {
			assertThat(event.id()).isEqualTo("1");
			assertThat(event.type()).isEqualTo("order.paid");
		});
		assertObserved(receipt, "none");
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasSingleObservationThat()
			.hasLowCardinalityKeyValue("type", "order.paid")
			.hasLowCardinalityKeyValue("buyer", "guest");
	}

	@ParameterizedTest
	@CsvSource({ "webhook-id,,HEADERS", "webhook-signature,,HEADERS", "webhook-timestamp,,HEADERS",
			"webhook-timestamp,now,MALFORMED", "webhook-id,' ',MALFORMED", "webhook-timestamp,1000000000,TIMESTAMP" })
	void bodyIsNotReadIfTheHeadersAreWrong(String header, String value, String reason) {
		HttpHeaders headers = headers(BODY);
		headers.remove(header);
		if (value != null) {
			headers.set(header, value);
		}
		PolarWebhookReceipt expected = reason.equals("TIMESTAMP") ? PolarWebhookReceipt.REJECTED
				: PolarWebhookReceipt.MALFORMED;
		assertThat(builder().build().receive(headers, unread())).isEqualTo(expected);
		assertObserved(expected, reason.toLowerCase());
		assertThat(builder().build().admit(headers).rejection()).contains(expected);
		assertThat(builder().build().receive(headers, bytes(BODY))).isEqualTo(expected);
		assertThat(this.accepted).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			{"content":"order.paid","embeds":[{"title":"ada@example.com"}]} | is a message for Discord or Slack
			{"text":"order.paid","blocks":[{"type":"section"}]} | is a message for Discord or Slack
			{"type":"order.paid"} | is not an event
			<html> | is not JSON
			""")
	void bodyThatIsNoEventIsExplainedByTheFormatOfTheEndpoint(String body, String problem, CapturedOutput output) {
		assertThat(builder().build().receive(headers(body), bytes(body))).isEqualTo(PolarWebhookReceipt.MALFORMED);
		assertThat(output)
			.contains("The body of the webhook " + problem,
					"check that the format of the endpoint in Polar's dashboard is 'Raw'")
			.doesNotContain("ada@example.com");
	}

	@Test
	void headerThatIsThereTwiceIsMalformed() {
		HttpHeaders headers = headers(BODY);
		headers.add("Webhook-Signature", headers.getFirst("webhook-signature"));
		assertThat(builder().build().receive(headers, unread())).isEqualTo(PolarWebhookReceipt.MALFORMED);
	}

	@Test
	void bodyThatIsAnnouncedTooLargeIsNotRead() {
		HttpHeaders headers = headers(BODY);
		headers.setContentLength(1001);
		PolarWebhookReceiver receiver = builder().maxBodySize(DataSize.ofBytes(1000)).build();
		assertThat(receiver.receive(headers, unread())).isEqualTo(PolarWebhookReceipt.TOO_LARGE);
		assertObserved(PolarWebhookReceipt.TOO_LARGE, "none");
		assertThat(receiver.admit(headers).rejection()).contains(PolarWebhookReceipt.TOO_LARGE);
	}

	@Test
	void admissionIsNotObserved() {
		assertThat(builder().build().admit(headers(BODY)).rejection()).isEmpty();
		TestObservationRegistryAssert.assertThat(this.observations).doesNotHaveAnyObservation();
	}

	@Test
	void bodyOfUnknownLengthIsReadUpToTheLimit() {
		int size = bytes(BODY).length;
		assertThat(builder().maxBodySize(DataSize.ofBytes(size)).build().receive(headers(BODY), stream(BODY)))
			.isEqualTo(PolarWebhookReceipt.ACCEPTED);
		PolarWebhookReceiver receiver = builder().maxBodySize(DataSize.ofBytes(size - 1)).build();
		assertThat(receiver.receive(headers(BODY), bytes(BODY))).isEqualTo(PolarWebhookReceipt.TOO_LARGE);
		assertThat(receiver.receive(headers(BODY), () -> new InputStream() {

			private int count;

			@Override
			public int read() {
				assertThat(++this.count).isLessThanOrEqualTo(size);
				return 'x';
			}

		})).isEqualTo(PolarWebhookReceipt.TOO_LARGE);
	}

	@Test
	void largeBodiesThatAreNotVerifiedAreLimited() throws Exception {
		CountDownLatch reading = new CountDownLatch(16);
		CountDownLatch end = new CountDownLatch(1);
		PolarWebhookReceiver receiver = builder().build();
		ExecutorService executor = Executors.newFixedThreadPool(16);
		List<Future<PolarWebhookReceipt>> receipts = new ArrayList<>();
		for (int i = 0; i < 16; i++) {
			receipts.add(executor.submit(() -> receiver.receive(headers(BODY), () -> {
				reading.countDown();
				awaitUninterruptibly(end);
				throw new IOException("broken off");
			})));
		}
		reading.await();
		assertThat(receiver.receive(headers(BODY), unread())).isEqualTo(PolarWebhookReceipt.LATER);
		HttpHeaders small = headers(BODY);
		small.setContentLength(bytes(BODY).length);
		assertThat(receiver.receive(small, stream(BODY))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
		end.countDown();
		for (Future<PolarWebhookReceipt> receipt : receipts) {
			assertThat(receipt.get()).isEqualTo(PolarWebhookReceipt.MALFORMED);
		}
		assertThat(receiver.receive(headers(BODY), stream(BODY))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
		executor.shutdown();
	}

	@Test
	void admissionOfALargeBodyCountsUntilItIsClosed() {
		PolarWebhookReceiver receiver = builder().build();
		List<Admission> admissions = Stream.generate(() -> receiver.admit(headers(BODY))).limit(16).toList();
		assertThat(admissions).allSatisfy((admission) -> assertThat(admission.rejection()).isEmpty());
		Admission late = receiver.admit(headers(BODY));
		assertThat(late.rejection()).contains(PolarWebhookReceipt.LATER);
		assertThat(late.receive(unread())).isEqualTo(PolarWebhookReceipt.LATER);
		assertObserved(PolarWebhookReceipt.LATER, "none");
		late.close();
		admissions.get(0).close();
		admissions.get(0).close();
		assertThat(receiver.admit(headers(BODY)).rejection()).isEmpty();
		assertThat(receiver.admit(headers(BODY)).rejection()).contains(PolarWebhookReceipt.LATER);
		assertThat(admissions.get(1).receive(stream(BODY))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
		admissions.get(1).close();
		assertThat(receiver.admit(headers(BODY)).rejection()).isEmpty();
		assertThat(receiver.admit(headers(BODY)).rejection()).contains(PolarWebhookReceipt.LATER);
	}

	@Test
	void readLimitShowsWhetherABodyIsTooLarge() {
		PolarWebhookReceiver receiver = builder().maxBodySize(DataSize.ofBytes(1000)).build();
		assertThat(receiver.admit(headers(BODY)).readLimit()).isEqualTo(1001);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void largeBodyIsCountedOnlyUntilItIsVerified() {
		AtomicReference<PolarWebhookReceiver> receiver = new AtomicReference<>();
		List<PolarWebhookReceipt> nested = new ArrayList<>();
		receiver.set(builder((event) -> {
			if (nested.size() < 20) {
				nested.add(PolarWebhookReceipt.ACCEPTED);
				assertThat(receiver.get().receive(headers(BODY), stream(BODY))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
			}
			return Receipt.ACCEPTED;
		}).build());
		assertThat(receiver.get().receive(headers(BODY), stream(BODY))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
		assertThat(nested).hasSize(20);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void bodyThatWasReadBeforeIsAFailure(boolean reader, CapturedOutput output) {
		HttpHeaders headers = headers(BODY);
		headers.setContentLength(bytes(BODY).length);
		InputStreamSource body = reader ? () -> {
			throw new IllegalStateException("getReader() has been called");
		} : stream("");
		assertThat(builder().build().receive(headers, body)).isEqualTo(PolarWebhookReceipt.FAILED);
		assertThat(output).contains("was read by another filter before it could be verified");
	}

	@ParameterizedTest
	@CsvSource({ "unknown,ACCEPTED", "-5,ACCEPTED", "99999999999999999999,ACCEPTED" })
	void announcedLengthThatIsNoneIsUnknown(String length, PolarWebhookReceipt expected) {
		HttpHeaders headers = headers(BODY);
		headers.set("Content-Length", length);
		assertThat(builder().build().receive(headers, stream(BODY))).isEqualTo(expected);
	}

	@Test
	void forgedWebhookIsRejected(CapturedOutput output) {
		HttpHeaders headers = Signed.of(ANOTHER_SECRET, "1", BODY).httpHeaders();
		PolarWebhookReceiver receiver = builder().build();
		assertThat(receiver.admit(headers).rejection()).isEmpty();
		assertThat(receiver.receive(headers, stream(BODY))).isEqualTo(PolarWebhookReceipt.REJECTED);
		assertObserved(PolarWebhookReceipt.REJECTED, "signature");
		assertThat(this.accepted).isEmpty();
		assertThat(output)
			.contains("A webhook was rejected", "Check that 'polar.webhook.secret' is the secret of this endpoint")
			.doesNotContain(Signed.SECRET, "café");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{\"type\":\"order.paid\"}", "nonsense" })
	void signedNonsenseIsMalformed(String body) {
		assertThat(builder().build().receive(headers(body), bytes(body))).isEqualTo(PolarWebhookReceipt.MALFORMED);
		assertObserved(PolarWebhookReceipt.MALFORMED, "body");
	}

	@Test
	void eventOfAnotherOrganizationIsRejected() {
		PolarWebhookReceiver receiver = builder().organizationId(UUID.fromString(ORGANIZATION)).build();
		assertThat(receiver.receive(headers(BODY), bytes(BODY))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
		String other = BODY.replace("6f0c1f52", "00000000");
		assertThat(receiver.receive(headers(other), bytes(other))).isEqualTo(PolarWebhookReceipt.REJECTED);
		String none = "{\"type\":\"x.y\",\"data\":{}}";
		assertThat(receiver.receive(headers(none), bytes(none))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
	}

	@Test
	void inboxThatCannotAcceptTheEventIsLater() {
		assertThat(builder((event) -> Receipt.LATER).build().receive(headers(BODY), bytes(BODY)))
			.isEqualTo(PolarWebhookReceipt.LATER);
		assertObserved(PolarWebhookReceipt.LATER, "none");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void inboxThatFailsIsAFailure(boolean error, CapturedOutput output) {
		PolarWebhookReceiver receiver = builder((event) -> {
			if (error) {
				throw new NoClassDefFoundError("x");
			}
			throw new IllegalStateException("the database is down");
		}).build();
		assertThat(receiver.receive(headers(BODY), bytes(BODY))).isEqualTo(PolarWebhookReceipt.FAILED);
		assertObserved(PolarWebhookReceipt.FAILED, "none");
		TestObservationRegistryAssert.assertThat(this.observations).hasSingleObservationThat().hasError();
		assertThat(output).contains("could not be accepted, so it is not acknowledged").doesNotContain("café");
	}

	@Test
	void rejectionsAreLoggedOnceAMinuteForEachReason(CapturedOutput output) {
		AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
		PolarWebhookReceiver receiver = builder().clock(new Clock() {

			@Override
			public Instant instant() {
				return now.get();
			}

			@Override
			public java.time.ZoneId getZone() {
				return java.time.ZoneOffset.UTC;
			}

			@Override
			public Clock withZone(java.time.ZoneId zone) {
				return this;
			}

		}).build();
		for (int seconds : List.of(0, 59, 60)) {
			now.set(now.get().plusSeconds(seconds));
			receiver.receive(new HttpHeaders(), bytes(BODY));
			receiver.receive(Signed.of(ANOTHER_SECRET, "1", BODY).httpHeaders(), bytes(BODY));
		}
		assertThat(output.toString().split("A webhook was rejected")).hasSize(5);
	}

	@Test
	void limitsThatMakeNoSenseAreRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().maxBodySize(DataSize.ofBytes(0)));
		assertThatIllegalArgumentException().isThrownBy(() -> builder().maxBodySize(DataSize.ofGigabytes(2)));
	}

	@ParameterizedTest
	@EnumSource(PolarWebhookReceipt.class)
	void receiptTellsHowToRespond(PolarWebhookReceipt receipt) {
		ResponseEntity<String> response = receipt.toResponseEntity();
		assertThat(response.getStatusCode().value()).isEqualTo(receipt.status());
		assertThat(response.getBody()).isEqualTo(receipt.text() + "\n");
		assertThat(response.getHeaders().getCacheControl()).isEqualTo("no-store");
		assertThat(receipt.isAccepted()).isEqualTo(receipt.status() < 300);

		assertThat(Map.of(PolarWebhookReceipt.MALFORMED, "Malformed webhook", PolarWebhookReceipt.REJECTED, "Rejected")
			.getOrDefault(receipt, receipt.text())).isEqualTo(receipt.text());
	}

}
