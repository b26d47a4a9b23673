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

package io.github.polarspring.seat;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CustomerSeat;
import io.github.polarspring.model.CustomerSeats;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Subscription;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * {@link PolarSeatOperations} that use the Polar API. Assigning a seat is retried even if
 * the outcome of the first attempt is unknown.
 * <p>
 * Instances are immutable and safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarSeatTemplate implements PolarSeatOperations {

	private static final String SEATS = "/v1/customer-seats";

	private static final String BY_ID = "/v1/customer-seats/{id}";

	/**
	 * Errors that can mean that the person has a seat: Polar checks first whether one is
	 * available.
	 */
	private static final Set<String> TAKEN = Set.of("SeatAlreadyAssigned", "SeatNotAvailable");

	private final PolarClient client;

	private final Supplier<CurrentPayer> currentPayer;

	private final @Nullable String owner;

	/**
	 * Create a template.
	 * @param client the client that calls Polar
	 * @param currentPayer supplies who the caller of the current request is
	 */
	public PolarSeatTemplate(PolarClient client, Supplier<CurrentPayer> currentPayer) {
		this(client, currentPayer, null);
	}

	private PolarSeatTemplate(PolarClient client, Supplier<CurrentPayer> currentPayer, @Nullable String owner) {
		Assert.notNull(client, "client must not be null");
		Assert.notNull(currentPayer, "currentPayer must not be null");
		this.client = client;
		this.currentPayer = currentPayer;
		this.owner = owner;
	}

	@Override
	public PurchasedSeats ofSubscription(UUID subscriptionId) {
		Assert.notNull(subscriptionId, "subscriptionId must not be null");
		if (this.owner != null && !this.client.get(Subscription.class, "/v1/subscriptions/{id}", subscriptionId)
			.isBoughtBy(this.owner)) {
			throw notOwned("subscription", subscriptionId);
		}
		return new Seats("subscription_id", subscriptionId);
	}

	@Override
	public PurchasedSeats ofOrder(UUID orderId) {
		Assert.notNull(orderId, "orderId must not be null");
		if (this.owner != null && !this.client.get(Order.class, "/v1/orders/{id}", orderId).isBoughtBy(this.owner)) {
			throw notOwned("order", orderId);
		}
		return new Seats("order_id", orderId);
	}

	private static PolarNotFoundException notOwned(String kind, UUID id) {
		return new PolarNotFoundException("The %s %s is not one of the user's".formatted(kind, id), 404, null, null);
	}

	@Override
	public UserSeats ofCurrentUser() {
		return of(this.currentPayer.get().requireIdentity().memberId());
	}

	@Override
	public UserSeats of(String externalId) {
		return new PolarSeatTemplate(this.client, this.currentPayer, PolarIdentity.requireExternalId(externalId));
	}

	private final class Seats implements PurchasedSeats {

		private final String purchase;

		private final UUID purchaseId;

		private Seats(String purchase, UUID purchaseId) {
			this.purchase = purchase;
			this.purchaseId = purchaseId;
		}

		private PolarClient client() {
			return PolarSeatTemplate.this.client;
		}

		@Override
		public CustomerSeats read() {
			return client().call(HttpMethod.GET, SEATS)
				.query(this.purchase, this.purchaseId)
				.retrieve(CustomerSeats.class);
		}

		@Override
		public CustomerSeat assign(SeatAssignment assignment) {
			Assert.notNull(assignment, "assignment must not be null");
			try {
				return requireUser(assignment,
						client().call(HttpMethod.POST, SEATS)
							.body(assignment.body(this.purchase, this.purchaseId))
							.retryable()
							.retrieve(CustomerSeat.class));
			}
			catch (PolarApiException ex) {
				if (!TAKEN.contains(String.valueOf(ex.getError()))) {
					throw ex;
				}
				return read().seats().stream().filter(assignment::isOf).findFirst().orElseThrow(() -> ex);
			}
		}

		/**
		 * If Polar does not know the user, it takes the member with the email address,
		 * who can be another user.
		 */
		private CustomerSeat requireUser(SeatAssignment assignment, CustomerSeat seat) {
			if (assignment.isOfAnotherUser(seat)) {
				client().call(HttpMethod.DELETE, BY_ID, seat.id()).retrieve(CustomerSeat.class);
				throw new PolarConflictException(
						"The seat was taken back, because Polar had assigned it to another member with the email address of the user",
						409, "MemberEmailMismatch", null);
			}
			return seat;
		}

		@Override
		public Optional<CustomerSeat> revoke(UUID memberId) {
			return seatOf(memberId)
				.map((seat) -> client().call(HttpMethod.DELETE, BY_ID, seat.id()).retrieve(CustomerSeat.class));
		}

		@Override
		public CustomerSeat resendInvitation(UUID memberId) {
			CustomerSeat seat = seatOf(memberId).orElseThrow(
					() -> new PolarNotFoundException("The member %s has no seat".formatted(memberId), 404, null, null));
			return client().call(HttpMethod.POST, BY_ID + "/resend", seat.id()).retrieve(CustomerSeat.class);
		}

		private Optional<CustomerSeat> seatOf(UUID memberId) {
			SeatAssignment member = SeatAssignment.toMember(memberId);
			return read().seats().stream().filter(member::isOf).findFirst();
		}

	}

}
