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

package io.github.polarspring.order;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.Refund;
import io.github.polarspring.order.OrdersAtPolar.RefundMode;
import io.github.polarspring.testsupport.MutableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for refunds: each is made once, whatever happens.
 */
class RefundTests {

	private static final Duration PATIENT = Duration.ofSeconds(20);

	private static final Duration BRIEF = Duration.ofMillis(100);

	private final OrdersAtPolar polar = new OrdersAtPolar();

	private final MutableClock clock = new MutableClock();

	private final UUID order = this.polar.order("alice", "alice", 1000);

	@AfterEach
	void close() {
		this.polar.close();
	}

	private PolarOrderTemplate orders(Duration outcomeTimeout) {
		return PolarOrderTemplate.builder(this.polar.client(outcomeTimeout)).clock(this.clock).build();
	}

	@Test
	void amountIsRefundedOnceForEachKey() {
		PolarOrderTemplate orders = orders(PATIENT);
		Refund refund = orders.refund(this.order, RefundRequest.of(300, "return-1"));
		assertThat(refund.amount()).isEqualTo(300);
		assertThat(refund.status()).isEqualTo(Refund.Status.SUCCEEDED);
		assertThat(orders.refund(this.order, RefundRequest.of(300, "return-1"))).isEqualTo(refund);
		assertThat(orders.refund(this.order, RefundRequest.of(300, "return-2"))).isNotEqualTo(refund);
		assertThat(this.polar.refundedAmounts()).containsExactly(300L, 300L);
		assertThat(orders.refunds(this.order)).hasSize(2).contains(refund);
	}

	@Test
	void requestContainsWhatPolarTakes() {
		orders(PATIENT).refund(this.order,
				RefundRequest.of(1, "a").reason(Refund.Reason.SERVICE_DISRUPTION).comment("down").revokingBenefits());
		orders(PATIENT).refund(this.order, RefundRequest.of(2, "b"));
		assertThat(this.polar.requests()).filteredOn((request) -> request.startsWith("POST"))
			.containsExactly(
					"POST /v1/refunds/ {\"order_id\":\"%s\",\"reason\":\"service_disruption\",\"amount\":1,\"comment\":\"down\",\"revoke_benefits\":true,\"metadata\":{\"refund_key\":\"a\"}}"
						.formatted(this.order),
					"POST /v1/refunds/ {\"order_id\":\"%s\",\"reason\":\"customer_request\",\"amount\":2,\"metadata\":{\"refund_key\":\"b\"}}"
						.formatted(this.order));
	}

	@Test
	void remainderIsWhatIsNeitherRefundedNorPending() {
		this.polar.refund(this.order, 300, "succeeded", "a");
		this.polar.refund(this.order, 200, "pending", "b");
		this.polar.refund(this.order, 100, "failed", "c");
		Refund refund = orders(PATIENT).refund(this.order, RefundRequest.ofRemainder("rest"));
		assertThat(refund.amount()).isEqualTo(500);
		assertThatExceptionOfType(PolarConflictException.class)
			.isThrownBy(() -> orders(PATIENT).refund(this.order, RefundRequest.ofRemainder("more")))
			.withMessage("Only 0 can be refunded of the order " + this.order);
		assertThat(orders(PATIENT).refund(this.order, RefundRequest.ofRemainder("rest"))).isEqualTo(refund);
	}

	@Test
	void moreThanIsLeftIsRejectedWithoutARefund() {
		this.polar.refund(this.order, 400, "pending", "b");
		PolarOrderTemplate orders = orders(PATIENT);
		assertThatExceptionOfType(PolarConflictException.class)
			.isThrownBy(() -> orders.refund(this.order, RefundRequest.of(601, "too much")))
			.withMessage("Only 600 can be refunded of the order " + this.order);
		assertThat(orders.refund(this.order, RefundRequest.of(600, "the rest")).amount()).isEqualTo(600);
	}

	@Test
	void pendingAndFailedRefundsAreReturnedAsTheyAre() {
		this.polar.refundStatus = "pending";
		PolarOrderTemplate orders = orders(PATIENT);
		assertThat(orders.refund(this.order, RefundRequest.of(10, "a")).status()).isEqualTo(Refund.Status.PENDING);
		this.polar.refund(this.order, 10, "failed", "b");
		assertThat(orders.refund(this.order, RefundRequest.of(10, "b")).status()).isEqualTo(Refund.Status.FAILED);
		assertThat(this.polar.refundedAmounts()).containsExactly(10L, 10L);
	}

	@ParameterizedTest
	@EnumSource(value = RefundMode.class, names = "WORKS_BUT_.*", mode = Mode.MATCH_ALL)
	void refundIsFoundIfTheResponseIsMissing(RefundMode mode) {
		this.polar.mode = mode;
		PolarOrderTemplate orders = orders(PATIENT);
		Refund refund = orders.refund(this.order, RefundRequest.of(300, "return-1"));
		assertThat(refund.amount()).isEqualTo(300);
		assertThat(orders.refund(this.order, RefundRequest.of(300, "return-1"))).isEqualTo(refund);
		this.polar.mode = RefundMode.SUCCEEDS;
		assertThat(orders.refund(this.order, RefundRequest.ofRemainder("rest")).amount()).as("next turn")
			.isEqualTo(700);
		assertThat(this.polar.refundedAmounts()).containsExactly(700L, 300L);
	}

	@ParameterizedTest
	@EnumSource(value = RefundMode.class, names = { "HANGS", "FAILS" })
	void outcomeIsUnknownIfTheRefundDoesNotAppear(RefundMode mode) {
		this.polar.mode = mode;
		PolarOrderTemplate orders = orders(BRIEF);
		RefundRequest request = RefundRequest.of(300, "return-1");
		assertThatExceptionOfType(PolarOutcomeUnknownException.class)
			.isThrownBy(() -> orders.refund(this.order, request));
		this.polar.mode = RefundMode.SUCCEEDS;
		for (RefundRequest next : List.of(request, RefundRequest.ofRemainder("rest"))) {
			assertThatExceptionOfType(PolarOutcomeUnknownException.class).as("Polar may still be processing it")
				.isThrownBy(() -> orders.refund(this.order, next))
				.withMessageContaining("outcome is not known");
		}
		assertThat(this.polar.refundedAmounts()).isEmpty();
		this.clock.advance(Duration.ofMinutes(2));
		assertThat(orders.refund(this.order, request).amount()).isEqualTo(300);
		assertThat(this.polar.refundedAmounts()).containsExactly(300L);
	}

	@Test
	void refundThatAppearsLaterIsReturned() {
		this.polar.mode = RefundMode.HANGS;
		PolarOrderTemplate orders = orders(BRIEF);
		RefundRequest request = RefundRequest.of(300, "return-1");
		assertThatExceptionOfType(PolarOutcomeUnknownException.class)
			.isThrownBy(() -> orders.refund(this.order, request));
		this.polar.refund(this.order, 300, "succeeded", "return-1");
		assertThat(orders.refund(this.order, request).amount()).isEqualTo(300);
		assertThat(this.polar.refundedAmounts()).containsExactly(300L);
	}

	@ParameterizedTest
	@EnumSource(value = RefundMode.class, names = { "SUCCEEDS", "WORKS_BUT_HANGS" })
	void refundWhoseMetadataIsLostIsFoundByItsAttempt(RefundMode mode) {
		this.polar.mode = mode;
		this.polar.losesMetadata = true;
		this.polar.refund(this.order, 100, "succeeded", null);
		PolarOrderTemplate orders = orders(PATIENT);
		RefundRequest request = RefundRequest.of(300, "return-1");
		Refund refund = orders.refund(this.order, request);
		assertThat(orders.refund(this.order, request).id()).isEqualTo(refund.id());
		assertThat(orders.refund(this.order, RefundRequest.of(300, "return-2")).id()).isNotEqualTo(refund.id());
		assertThat(orders.refund(this.order, request).id()).isEqualTo(refund.id());
		assertThat(this.polar.refundedAmounts()).containsExactly(300L, 300L, 100L);
	}

	@Test
	void refundWithoutMetadataThatAppearsLaterIsReturned() {
		this.polar.mode = RefundMode.HANGS;
		PolarOrderTemplate orders = orders(BRIEF);
		RefundRequest request = RefundRequest.of(300, "return-1");
		assertThatExceptionOfType(PolarOutcomeUnknownException.class)
			.isThrownBy(() -> orders.refund(this.order, request));
		this.polar.refund(this.order, 300, "succeeded", null);
		this.polar.mode = RefundMode.SUCCEEDS;
		this.clock.advance(Duration.ofMinutes(2));
		assertThat(orders.refund(this.order, request).amount()).isEqualTo(300);
		assertThat(this.polar.refundedAmounts()).containsExactly(300L);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void refundMadeInTheDashboardIsNotTakenForTheOneOfTheRequest(boolean again) {
		this.polar.refund(this.order, 300, "succeeded", null, this.clock.instant().minusMillis(1).plusNanos(1000));
		this.polar.mode = RefundMode.HANGS;
		RefundRequest request = RefundRequest.of(300, "return-1");
		PolarOrderTemplate orders = orders(BRIEF);
		for (int i = 0; i < (again ? 2 : 1); i++) {
			assertThatExceptionOfType(PolarOutcomeUnknownException.class)
				.isThrownBy(() -> orders.refund(this.order, request));
		}
		this.clock.advance(Duration.ofMinutes(2));
		this.polar.mode = RefundMode.SUCCEEDS;
		assertThat(orders.refund(this.order, request).amount()).isEqualTo(300);
		assertThat(this.polar.refundedAmounts()).containsExactly(300L, 300L);
	}

	@Test
	void refundsAreListedOnceForEachRefund() {
		orders(PATIENT).refund(this.order, RefundRequest.of(300, "return-1"));
		assertThat(this.polar.requests()).filteredOn((request) -> request.startsWith("GET /v1/refunds/")).hasSize(1);
	}

	@Test
	void keyStandsForOneAmount() {
		PolarOrderTemplate orders = orders(PATIENT);
		orders.refund(this.order, RefundRequest.of(300, "return-1"));
		assertThatExceptionOfType(PolarConflictException.class)
			.isThrownBy(() -> orders.refund(this.order, RefundRequest.of(400, "return-1")))
			.withMessage("The order %s has a refund of 300 with the same key", this.order);
	}

	@Test
	void rejectionAndUnreachablePolarEndTheTurn() {
		this.polar.mode = RefundMode.REJECTED;
		PolarOrderTemplate orders = orders(PATIENT);
		RefundRequest request = RefundRequest.of(300, "return-1");
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> orders.refund(this.order, request))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo("RefundDisputedPayment"));
		this.polar.mode = RefundMode.SUCCEEDS;
		assertThat(orders.refund(this.order, request).amount()).isEqualTo(300);
		UUID unknown = UUID.randomUUID();
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(() -> orders.refund(unknown, request));
		PolarClient client = this.polar.client(BRIEF);
		this.polar.close();
		assertThatExceptionOfType(PolarConnectionException.class)
			.isThrownBy(() -> PolarOrderTemplate.builder(client).build().refund(this.order, request));
	}

	@Test
	void buttonThatIsPressedTwiceRefundsOnce() throws Exception {
		PolarOrderTemplate orders = orders(PATIENT);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<Refund>> pressed = threads
				.invokeAll(Collections.nCopies(8, () -> orders.refund(this.order, RefundRequest.of(100, "x"))));
			int refunded = 0;
			for (Future<Refund> future : pressed) {
				try {
					assertThat(future.get().amount()).isEqualTo(100);
					refunded++;
				}
				catch (ExecutionException ex) {
					assertThat(ex).hasCauseInstanceOf(PolarOutcomeUnknownException.class);
				}
			}
			assertThat(refunded).isPositive();
			assertThat(this.polar.refundedAmounts()).containsExactly(100L);
		}
		finally {
			threads.shutdown();
		}
	}

	@Test
	void requestIsChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> RefundRequest.of(0, "a"));
		assertThatIllegalArgumentException().isThrownBy(() -> RefundRequest.of(1, " "));
		assertThatIllegalArgumentException().isThrownBy(() -> RefundRequest.of(1, "x".repeat(501)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RefundRequest.of(1, "a").reason(Refund.Reason.DISPUTE_PREVENTION));
		assertThat(RefundRequest.of(1, "alice@example.com").comment("alice@example.com")).asString()
			.doesNotContain("alice");
	}

}
