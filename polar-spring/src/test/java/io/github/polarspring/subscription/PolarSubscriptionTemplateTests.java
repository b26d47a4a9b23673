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

package io.github.polarspring.subscription;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.Subscription.CancellationReason;
import io.github.polarspring.model.SubscriptionStatus;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.subscription.SubscriptionQuery.SortProperty;
import io.github.polarspring.testsupport.FaultyServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarSubscriptionTemplate}.
 */
@Timeout(30)
class PolarSubscriptionTemplateTests {

	private static final UUID ID = SubscriptionAtPolar.ID;

	private static final UUID UNKNOWN_ID = SubscriptionAtPolar.UNKNOWN_ID;

	private static final UUID CUSTOMER = SubscriptionAtPolar.CUSTOMER;

	private static final UUID BASIC = SubscriptionAtPolar.BASIC;

	private static final UUID PRO = SubscriptionAtPolar.PRO;

	private static final UUID TEAM = SubscriptionAtPolar.TEAM;

	private static final UUID DISCOUNT = SubscriptionAtPolar.DISCOUNT;

	private final SubscriptionAtPolar polar = new SubscriptionAtPolar();

	private @Nullable PolarIdentity user = PolarIdentity.of("alice");

	private final PolarSubscriptionTemplate subscriptions = template(() -> this.user);

	private PolarSubscriptionTemplate template(@Nullable CurrentPayer payer) {
		return PolarSubscriptionTemplate.builder(this.polar.client().build())
			.products(new PolarProducts(Map.of("basic", BASIC, "pro", PRO)))
			.currentPayer(() -> payer)
			.build();
	}

	@AfterEach
	void close() throws IOException {
		this.polar.close();
	}

	@ParameterizedTest
	@EnumSource
	void changeIsSentOnce(Change change) {
		change.prepare(this.polar);
		assertThat(change.make(this.subscriptions, ID).id()).isEqualTo(ID);
		assertThat(this.polar.changes()).containsExactly(change.body());
		assertThat(this.polar.requests()).last().isEqualTo("PATCH /v1/subscriptions/" + ID);
	}

	@ParameterizedTest
	@EnumSource
	void changeOfTheUsersOwnSubscriptionIsSentOnce(Change change) {
		change.prepare(this.polar);
		assertThat(change.make(this.subscriptions.ofCurrentUser(), ID).id()).isEqualTo(ID);
		assertThat(this.polar.changes()).containsExactly(change.body());
		assertThat(this.polar.requests()).containsExactly("GET /v1/subscriptions/" + ID,
				"PATCH /v1/subscriptions/" + ID);
	}

	@ParameterizedTest
	@EnumSource
	void changeOfTheSubscriptionOfAnotherUserIsNotSent(Change change) {
		change.prepare(this.polar);
		UserSubscriptions mallory = this.subscriptions.of("mallory");
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(() -> change.make(mallory, ID))
			.withMessageContaining(ID.toString())
			.withMessageNotContainingAny("mallory", "alice")
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(404));
		assertThat(this.polar.requests()).containsExactly("GET /v1/subscriptions/" + ID);
	}

	@ParameterizedTest
	@EnumSource
	void changeOfAnUnknownSubscriptionIsNotFoundInTheSameWay(Change change) {
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> change.make(this.subscriptions.of("mallory"), UNKNOWN_ID))
			.withMessage("There is no subscription " + UNKNOWN_ID + " that the user is proven to have bought");
		assertThat(this.polar.changes()).isEmpty();
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> change.make(this.subscriptions, UNKNOWN_ID));
	}

	/**
	 * Polar assigned the purchase of a guest, or of a user with the same e-mail address,
	 * to the customer.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"checkout_buyer\":\"guest\"}", "{\"external_customer_id\":\"bob\"}" })
	void subscriptionOfTheUsersCustomerThatIsNotProvenIsNotFound(String metadata) {
		this.polar.with((state) -> state.set("metadata", PolarJson.MAPPER.readTree(metadata)));
		UserSubscriptions alice = this.subscriptions.ofCurrentUser();
		assertThat(alice.list()).isEmpty();
		assertThat(alice.find(ID)).isEmpty();
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(() -> alice.cancelAtPeriodEnd(ID));
		assertThat(this.polar.changes()).isEmpty();
	}

	@Test
	void subscriptionsOfAUserAreLookedForByMetadataAndByCustomer() {
		List<Subscription> list = this.subscriptions.ofCurrentUser().list();
		assertThat(list).extracting(Subscription::id).containsExactly(ID);
		assertThat(this.polar.requests()).containsExactly(
				"GET /v1/subscriptions/?metadata%5Bexternal_customer_id%5D=alice&page=1&limit=100",
				"GET /v1/subscriptions/?external_customer_id=alice&page=1&limit=100");
		assertThat(this.subscriptions.of("mallory").list()).isEmpty();
		assertThat(this.subscriptions.of("alice").find(ID)).isPresent();
		assertThat(this.subscriptions.of("alice").find(UNKNOWN_ID)).isEmpty();
		assertThat(this.subscriptions.of("mallory").find(ID)).isEmpty();
	}

	@Test
	void runningSubscriptionIsTheOneThatHasNotEnded() {
		UserSubscriptions alice = this.subscriptions.ofCurrentUser();
		assertThat(alice.findRunning()).map(Subscription::id).contains(ID);
		this.polar.with((state) -> state.put("ended_at", "2026-11-01T00:00:00Z"));
		assertThat(alice.findRunning()).isEmpty();
	}

	@Test
	void guestHasToLogIn() {
		this.user = null;
		assertThatExceptionOfType(PolarLoginRequiredException.class).isThrownBy(this.subscriptions::ofCurrentUser);
		assertThat(this.polar.requests()).isEmpty();
	}

	@Test
	void userWhoCannotBeIdentifiedIsRejected() {
		PolarSubscriptionTemplate template = template(() -> {
			throw new PolarIdentityException("Unknown class");
		});
		assertThatExceptionOfType(PolarIdentityException.class).isThrownBy(template::ofCurrentUser)
			.withMessage("Unknown class");
	}

	@Test
	void memberOfATeamDoesNotManageTheTeam() {
		PolarSubscriptionTemplate template = template(() -> PolarIdentity.of("alice").withMemberId("bob"));
		assertThat(template.ofCurrentUser().find(ID)).isEmpty();
		assertThat(template.of("alice").find(ID)).isPresent();
	}

	@Test
	void applicationWithoutAPayerIsToldWhatToDo() {
		assertThatIllegalStateException().isThrownBy(template(CurrentPayer.unknown())::ofCurrentUser)
			.withMessageContaining("Declare a bean of type CurrentPayer, or name the user");
	}

	@ParameterizedTest
	@EnumSource(names = { "PRODUCT", "PRODUCT_NOW", "PRODUCT_PRORATED", "PRODUCT_WITH_NEW_PERIOD", "PRODUCT_LATER",
			"PRODUCT_WITH_DISCOUNT", "SEATS", "SEATS_NOW", "SEATS_LATER", "METADATA" })
	void changeThatIsAlreadyMadeIsNotSent(Change change) {
		change.make(this.subscriptions, ID);
		String after = this.polar.current();
		assertThat(change.make(this.subscriptions, ID).id()).isEqualTo(ID);
		assertThat(change.make(this.subscriptions.ofCurrentUser(), ID).id()).isEqualTo(ID);
		assertThat(this.polar.changes()).hasSize(1);
		assertThat(this.polar.current()).isEqualTo(after);
	}

	@ParameterizedTest
	@EnumSource(names = { "APPLY_DISCOUNT", "REMOVE_DISCOUNT", "END_TRIAL", "CANCEL", "CANCEL_WITH_REASON", "UNCANCEL",
			"PAUSE", "PAUSE_UNTIL", "UNPAUSE", "RESUME", "CLEAR_PENDING", "REVOKE", "REVOKE_WITH_REASON" })
	void whatIsAlreadySoReturnsTheSubscription(Change change) {
		change.prepare(this.polar);
		change.make(this.subscriptions, ID);
		String after = this.polar.current();
		int charges = this.polar.charges();
		assertThat(change.make(this.subscriptions, ID).json()).hasToString(after);
		assertThat(change.make(this.subscriptions.ofCurrentUser(), ID).json()).hasToString(after);
		assertThat(this.polar.current()).isEqualTo(after);
		assertThat(this.polar.charges()).isEqualTo(charges);
	}

	static Stream<Arguments> stateThatDoesNotPermitTheChangeIsAConflict() {
		return Stream.of(Arguments.of(Change.CANCEL, "status", "paused", "AlreadyCanceledSubscription"),
				Arguments.of(Change.UNCANCEL, "status", "canceled", "ResourceUnavailable"),
				Arguments.of(Change.PRODUCT_NOW, "status", "canceled", "AlreadyCanceledSubscription"),
				Arguments.of(Change.PRODUCT_LATER, "status", "canceled", "AlreadyCanceledSubscription"),
				Arguments.of(Change.TRIAL_END, "status", "canceled", "InactiveSubscription"),
				Arguments.of(Change.END_TRIAL, "status", "canceled", "InactiveSubscription"),
				Arguments.of(Change.END_TRIAL, "status", "paused", "InactiveSubscription"),
				Arguments.of(Change.PAUSE, "status", "trialing", "CannotPauseSubscription"),
				Arguments.of(Change.PAUSE_UNTIL, "status", "paused", "CannotPauseSubscription"),
				Arguments.of(Change.UNPAUSE, "status", "paused", "NoScheduledPause"),
				Arguments.of(Change.UNPAUSE, "status", "canceled", "NoScheduledPause"),
				Arguments.of(Change.RESUME, "status", "canceled", "NotPausedSubscription"),
				Arguments.of(Change.RESUME, "pause_at_period_end", "true", "NotPausedSubscription"));
	}

	@ParameterizedTest
	@MethodSource
	void stateThatDoesNotPermitTheChangeIsAConflict(Change change, String field, String value, String error) {
		if (value.equals("true")) {
			this.polar.with((state) -> state.put(field, true));
		}
		else {
			this.polar.with(field, value);
		}
		assertThatExceptionOfType(PolarConflictException.class).isThrownBy(() -> change.make(this.subscriptions, ID))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo(error));
		assertThat(this.polar.changes()).hasSize(1);
		assertThat(this.polar.charges()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "PRODUCT", "PRODUCT_NOW", "PRODUCT_LATER" })
	void productOfASubscriptionThatEndsIsNotTakenForAChange(Change change) {
		this.polar.with("product_id", PRO.toString()).with((state) -> state.put("cancel_at_period_end", true));
		assertThatExceptionOfType(PolarConflictException.class).isThrownBy(() -> change.make(this.subscriptions, ID));
		this.polar.with((state) -> state.put("cancel_at_period_end", false)).with("status", "canceled");
		assertThatExceptionOfType(PolarConflictException.class).isThrownBy(() -> change.make(this.subscriptions, ID));
		this.polar.with("status", "paused");
		assertThat(change.make(this.subscriptions, ID).productId()).isEqualTo(PRO);
	}

	@Test
	void otherEndOfAPauseIsAConflict() {
		Instant march = Instant.parse("2027-03-01T09:00:00.123456Z");
		this.subscriptions.pauseAtPeriodEnd(ID, march);
		// Polar stores microseconds
		assertThat(this.subscriptions.pauseAtPeriodEnd(ID, march.plusNanos(789)).resumesAt()).isEqualTo(march);
		assertThatExceptionOfType(PolarConflictException.class)
			.isThrownBy(() -> this.subscriptions.pauseAtPeriodEnd(ID, march.plusSeconds(1)));
		assertThatExceptionOfType(PolarConflictException.class)
			.isThrownBy(() -> this.subscriptions.pauseAtPeriodEnd(ID));
	}

	@Test
	void pausedSubscriptionIsPaused() {
		this.polar.with("status", "paused");
		assertThat(this.subscriptions.pauseAtPeriodEnd(ID).status()).isEqualTo(SubscriptionStatus.PAUSED);
	}

	@Test
	void revokedSubscriptionIsCanceled() {
		this.subscriptions.revoke(ID);
		assertThat(this.subscriptions.cancelAtPeriodEnd(ID).status()).isEqualTo(SubscriptionStatus.CANCELED);
	}

	@Test
	void endOfATrialThatIsSetToCancelEndsTheSubscription() {
		this.polar.with("status", "trialing").with((state) -> state.put("cancel_at_period_end", true));
		assertThat(this.subscriptions.endTrial(ID).status()).isEqualTo(SubscriptionStatus.CANCELED);
	}

	@Test
	void rejectionIsThrownIfTheSubscriptionCannotBeReadAfterward() {
		this.polar.fault(() -> SubscriptionAtPolar.error("403 Forbidden", "AlreadyCanceledSubscription"));
		assertThatExceptionOfType(PolarConflictException.class)
			.isThrownBy(() -> this.subscriptions.cancelAtPeriodEnd(UNKNOWN_ID))
			.satisfies(
					(ex) -> assertThat(ex.getSuppressed()).singleElement().isInstanceOf(PolarNotFoundException.class));
	}

	@Test
	void missingScopeIsNotAState() {
		this.polar.with((state) -> state.put("cancel_at_period_end", true));
		this.polar.fault(() -> SubscriptionAtPolar.error("403 Forbidden", "insufficient_scope"));
		assertThatExceptionOfType(PolarPermissionException.class)
			.isThrownBy(() -> this.subscriptions.cancelAtPeriodEnd(ID));
		assertThat(this.polar.reads()).isZero();
	}

	@Test
	void valueThatPolarRejectsNamesTheField() {
		this.polar.fault(() -> SubscriptionAtPolar.invalid("product_id", "Product is archived."));
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> this.subscriptions.changeProduct(ID, "pro"))
			.satisfies((ex) -> assertThat(ex.getFieldErrors()).extracting("field").containsExactly("product_id"));
	}

	@Test
	void unknownProductIsNotSent() {
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> this.subscriptions.changeProduct(ID, "gold"))
			.withMessageContaining("Known products: basic, pro");
		assertThat(this.polar.requests()).isEmpty();
	}

	@Test
	void productThatIsPendingCanBeHadNow() {
		this.subscriptions.changeProduct(ID, "pro", Proration.NEXT_PERIOD);
		assertThat(this.subscriptions.changeProduct(ID, "pro", Proration.INVOICE).productId()).isEqualTo(PRO);
		assertThat(this.polar.charges()).isOne();
	}

	@Test
	void productThatIsPendingIsSentAgainWithoutAProration() {
		this.subscriptions.changeProduct(ID, "pro", Proration.NEXT_PERIOD);
		assertThat(this.subscriptions.changeProduct(ID, "pro").productId()).isEqualTo(PRO);
		assertThat(this.polar.changes()).hasSize(2);
	}

	@Test
	void currentProductReplacesAPendingOne() {
		this.subscriptions.changeProduct(ID, "pro", Proration.NEXT_PERIOD);
		Subscription kept = this.subscriptions.changeProduct(ID, "basic", Proration.INVOICE);
		assertThat(kept.productId()).isEqualTo(BASIC);
		assertThat(kept.pendingUpdate()).isNull();
		assertThat(this.polar.charges()).isZero();
	}

	@Test
	void currentNumberOfSeatsCancelsAPendingOne() {
		this.subscriptions.changeSeats(ID, 5, Proration.NEXT_PERIOD);
		assertThat(this.subscriptions.changeSeats(ID, 3, Proration.NEXT_PERIOD).pendingUpdate()).isNull();
		this.subscriptions.changeSeats(ID, 5, Proration.NEXT_PERIOD);
		assertThat(this.subscriptions.changeSeats(ID, 3).pendingUpdate()).isNull();
		assertThat(this.polar.changes()).hasSize(4);
	}

	@Test
	void discountOfAPendingProductIsSentAgainBecauseItIsNotVisible() {
		PlanChange change = PlanChange.to("pro").proration(Proration.NEXT_PERIOD);
		this.subscriptions.changeProduct(ID, change);
		this.subscriptions.changeProduct(ID, change.discountId(DISCOUNT));
		assertThat(this.polar.changes()).hasSize(2);
	}

	@Test
	void discountIsAppliedToTheCurrentProduct() {
		this.subscriptions.changeProduct(ID, PlanChange.to(BASIC).discountId(DISCOUNT));
		assertThat(this.polar.changes())
			.containsExactly("{\"product_id\":\"%s\",\"discount_id\":\"%s\"}".formatted(BASIC, DISCOUNT));
	}

	@Test
	void metadataOfTheBuyerIsRetainedAndCannotBeChanged() {
		for (String reserved : List.of("external_customer_id", "checkout_buyer", "browser_hash")) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.subscriptions.changeMetadata(ID, Map.of(reserved, "mallory")))
				.withMessage("metadata key '" + reserved + "' is reserved");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> SubscriptionRequest.forUser("pro", "alice").metadata(reserved, "mallory"));
			assertThatIllegalArgumentException().as("what a checkout reserves")
				.isThrownBy(() -> CheckoutRequest.forProducts(PRO).metadata(reserved, "mallory"));
		}
		assertThat(this.polar.requests()).isEmpty();
		assertThat(this.subscriptions.changeMetadata(ID, Map.of("note", "b")).metadata())
			.containsEntry("external_customer_id", "alice")
			.containsEntry("browser_hash", "h")
			.containsEntry("note", "b");
	}

	@Test
	void metadataThatIsTheSameIsNotSent() {
		this.polar.with((state) -> state.putObject("metadata").put("n", 2).put("f", 1.5).put("t", true).put("s", "2"));
		this.subscriptions.changeMetadata(ID, Map.of("n", 2L, "f", 1.5, "t", true, "s", "2"));
		assertThat(this.polar.changes()).isEmpty();
		this.subscriptions.changeMetadata(ID, Map.of("n", "2"));
		assertThat(this.polar.changes())
			.containsExactly("{\"metadata\":{\"n\":\"2\",\"f\":1.5,\"t\":true,\"s\":\"2\"}}");
	}

	@Test
	void valuesThatPolarWouldRejectAreNotSent() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.subscriptions.changeSeats(ID, 0));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.subscriptions.changeMetadata(ID, Map.of("list", List.of())))
			.withMessage("metadata value of 'list' must be a string, a number or a boolean");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.subscriptions.cancelAtPeriodEnd(ID, CancellationReason.UNKNOWN, null));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.subscriptions.revoke(ID, CancellationReason.UNKNOWN, null));
		assertThatIllegalArgumentException().isThrownBy(() -> this.subscriptions.changeProduct(ID, " "));
		assertThatIllegalArgumentException().isThrownBy(() -> this.subscriptions.of(" "));
		assertThat(this.polar.requests()).isEmpty();
	}

	@Test
	void subscriptionIsFound() {
		assertThat(this.subscriptions.find(ID)).map(Subscription::id).hasValue(ID);
		assertThat(this.subscriptions.find(UNKNOWN_ID)).isEmpty();
	}

	@Test
	void listSendsEveryFilter() {
		PolarPage<Subscription> page = this.subscriptions.list(SubscriptionQuery.builder()
			.productId(PRO, TEAM)
			.customerId(CUSTOMER)
			.externalCustomerId("alice", "a b")
			.discountId(DISCOUNT)
			.status(SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE)
			.cancelAtPeriodEnd(true)
			.cancellationReason(CancellationReason.TOO_EXPENSIVE)
			.canceledAfter(Instant.EPOCH)
			.canceledBefore(Instant.EPOCH)
			.startedAfter(Instant.EPOCH)
			.startedBefore(Instant.EPOCH)
			.metadata("plan", "gold")
			.descending(SortProperty.CURRENT_PERIOD_END)
			.ascending(SortProperty.AMOUNT)
			.page(2)
			.limit(5)
			.build());
		assertThat(page.items()).hasSize(1);
		assertThat(this.polar.requests())
			.containsExactly("GET /v1/subscriptions/?product_id=" + PRO + "&product_id=" + TEAM + "&customer_id="
					+ CUSTOMER + "&external_customer_id=alice&external_customer_id=a%20b&discount_id=" + DISCOUNT
					+ "&status=active&status=past_due&cancel_at_period_end=true"
					+ "&customer_cancellation_reason=too_expensive&canceled_at_after=1970-01-01T00%3A00%3A00Z"
					+ "&canceled_at_before=1970-01-01T00%3A00%3A00Z&started_after=1970-01-01T00%3A00%3A00Z"
					+ "&started_before=1970-01-01T00%3A00%3A00Z&metadata%5Bplan%5D=gold"
					+ "&sorting=-current_period_end&sorting=amount&page=2&limit=5");
		assertThat(this.subscriptions.stream(SubscriptionQuery.all())).hasSize(1);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SubscriptionQuery.builder().status(SubscriptionStatus.UNKNOWN));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SubscriptionQuery.builder().cancellationReason(CancellationReason.UNKNOWN));
	}

	@Test
	void subscriptionOfAUserIsCreatedWithItsProof() {
		this.polar.fault(this::created);
		Subscription created = this.subscriptions
			.create(SubscriptionRequest.forUser("basic", "alice").metadata("source", "signup"));
		assertThat(created.isBoughtBy("alice")).isTrue();
		assertThat(this.polar.requests()).containsExactly("POST /v1/subscriptions/");
		assertThat(this.polar.changes()).containsExactly("{\"product_id\":\"" + BASIC
				+ "\",\"external_customer_id\":\"alice\",\"metadata\":{\"source\":\"signup\",\"external_customer_id\":\"alice\"}}");
	}

	@Test
	void subscriptionOfACustomerIsCreatedWithItsProof() {
		this.polar.with((state) -> state.putObject("metadata").put("checkout_buyer", "customer:" + CUSTOMER));
		this.polar.fault(this::created);
		Subscription created = this.subscriptions.create(SubscriptionRequest.forCustomer(PRO.toString(), CUSTOMER));
		assertThat(created.isBoughtBy("alice")).isTrue();
		assertThat(created.isBoughtBy("mallory")).isFalse();
		assertThat(this.polar.changes()).containsExactly("{\"product_id\":\"" + PRO + "\",\"customer_id\":\"" + CUSTOMER
				+ "\",\"metadata\":{\"checkout_buyer\":\"customer:" + CUSTOMER + "\"}}");
	}

	private FaultyServer.Response created() {
		return FaultyServer.response("201 Created", "Polar-Version: 2026-10", this.polar.current());
	}

	@Test
	void creationIsNotRetried() {
		this.polar.fault(() -> SubscriptionAtPolar.error("503 Service Unavailable", "Down"));
		assertThatExceptionOfType(PolarException.class)
			.isThrownBy(() -> this.subscriptions.create(SubscriptionRequest.forUser("basic", "alice")));
		assertThat(this.polar.changes()).hasSize(1);
	}

	@Test
	void textsContainNoPersonalData() {
		assertThat(SubscriptionRequest.forUser("basic", "alice").metadata("name", "Alice"))
			.hasToString("SubscriptionRequest[product=basic, metadata=[name]]");
		assertThat(SubscriptionQuery.builder().externalCustomerId("alice").build())
			.hasToString("SubscriptionQuery[page=1, filters=[external_customer_id]]");
		assertThat(PlanChange.to("pro").proration(Proration.INVOICE))
			.hasToString("PlanChange[product=pro, proration=INVOICE, discountId=null]");
	}

	@Test
	void requestsAreValues() {
		SubscriptionRequest request = SubscriptionRequest.forUser("basic", "alice");
		assertThat(request).isEqualTo(SubscriptionRequest.forUser("basic", "alice"))
			.hasSameHashCodeAs(SubscriptionRequest.forUser("basic", "alice"))
			.isNotEqualTo(SubscriptionRequest.forUser("basic", "bob"))
			.isNotEqualTo(request.metadata("a", 1))
			.isNotEqualTo(SubscriptionRequest.forCustomer("basic", UUID.randomUUID()));
		assertThatIllegalArgumentException().isThrownBy(() -> SubscriptionRequest.forUser(" ", "alice"));
		assertThatIllegalArgumentException().isThrownBy(() -> SubscriptionRequest.forUser("basic", ""));
	}

}
