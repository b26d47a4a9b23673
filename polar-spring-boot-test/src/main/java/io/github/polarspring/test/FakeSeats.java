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

package io.github.polarspring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Assigns, claims, and revokes seats, with their events in Polar's order. Guarded by the
 * lock of {@link FakeState}.
 */
final class FakeSeats {

	private final FakeState state;

	/**
	 * All seats, those that were changed last at the end.
	 */
	private final List<FakeSeat> seats = new ArrayList<>();

	FakeSeats(FakeState state) {
		this.state = state;
	}

	void reset() {
		this.seats.clear();
	}

	@Nullable FakeSeat seat(UUID id) {
		return first((seat) -> seat.id.equals(id));
	}

	@Nullable FakeSeat invited(String token) {
		return first((seat) -> token.equals(seat.token()) && seat.canBeClaimed(this.state.now()));
	}

	/**
	 * Return the token of the last invitation.
	 */
	@Nullable String lastInvitation() {
		return this.seats.stream()
			.map(FakeSeat::token)
			.filter(Objects::nonNull)
			.reduce((first, second) -> second)
			.orElse(null);
	}

	private @Nullable FakeSeat first(Predicate<FakeSeat> predicate) {
		return this.seats.stream().filter(predicate).findFirst().orElse(null);
	}

	/**
	 * Return the seats of a subscription or an order, including the revoked ones.
	 */
	List<FakeSeat> of(@Nullable FakeSubscription subscription, @Nullable FakeOrder order) {
		return this.seats.stream().filter((seat) -> seat.isOf(subscription, order)).toList();
	}

	boolean isClaimed(FakeSubscription subscription, FakeMember member) {
		return of(subscription, null).stream()
			.anyMatch((seat) -> seat.isOf(member) && !seat.isPending() && !seat.isRevoked());
	}

	/**
	 * Assign a seat.
	 * @param claimed whether the member has the seat at once, without an invitation
	 */
	FakeSeat assign(@Nullable FakeSubscription subscription, @Nullable FakeOrder order, FakeMember member,
			Map<String, ? extends @Nullable Object> metadata, boolean claimed) {
		FakeSeat seat = of(subscription, order).stream()
			.filter(FakeSeat::isRevoked)
			.findFirst()
			.orElseGet(() -> new FakeSeat(subscription, order, this.state.now()));
		seat.assign(member, metadata, claimed, this.state.now());
		moveToEnd(seat);
		this.state.send(claimed ? "customer_seat.claimed" : "customer_seat.assigned", seat.toJson());
		return seat;
	}

	private void moveToEnd(FakeSeat seat) {
		this.seats.remove(seat);
		this.seats.add(seat);
	}

	void claim(FakeSeat seat) {
		seat.claim(this.state.now());
		moveToEnd(seat);
		this.state.send("customer_seat.claimed", seat.toJson());
		grant(seat);
	}

	/**
	 * Grant the benefits of the product to the member who has claimed a seat.
	 */
	void grant(FakeSeat seat) {
		FakeSales sales = this.state.sales();
		List<FakeGrant> grants = new ArrayList<>();
		for (Map<String, @Nullable Object> benefit : seat.product().benefits()) {
			grants.add(sales.grants.stream()
				.filter((grant) -> grant.isOf(seat, seat.member()) && grant.isOf(benefit))
				.findFirst()
				.orElseGet(() -> new FakeGrant(seat, benefit, sales.grantJobs.time())));
		}
		if (sales.grantJobs.grant(grants)) {
			this.state.sendState(seat.member().customer);
		}
	}

	/**
	 * Grant the benefits of the product that the members with a seat do not have yet.
	 */
	void grantMissing(FakeSubscription subscription) {
		FakeSales sales = this.state.sales();
		List<FakeGrant> missing = new ArrayList<>();
		for (FakeSeat seat : of(subscription, null)) {
			if (seat.isPending() || seat.isRevoked()) {
				continue;
			}
			for (Map<String, @Nullable Object> benefit : seat.product().benefits()) {
				if (sales.grants.stream()
					.noneMatch((grant) -> grant.isOf(seat, seat.member()) && grant.isOf(benefit))) {
					missing.add(new FakeGrant(seat, benefit, sales.grantJobs.time()));
				}
			}
		}
		sales.grantJobs.grant(missing);
	}

	/**
	 * Revoke a seat and its benefits.
	 * @return the JSON of the seat, which still contains the member
	 */
	Map<String, @Nullable Object> revoke(FakeSeat seat) {
		FakeMember member = seat.member();
		Map<String, @Nullable Object> json = end(seat);
		if (this.state.sales().revokeGrants((grant) -> grant.isOf(seat, member))) {
			this.state.sendState(member.customer);
		}
		return json;
	}

	private Map<String, @Nullable Object> end(FakeSeat seat) {
		Map<String, @Nullable Object> json = seat.revoke(this.state.now());
		moveToEnd(seat);
		this.state.send("customer_seat.revoked", json);
		return json;
	}

	/**
	 * Revoke the seats of a subscription that ends, whose benefits are revoked later.
	 */
	void end(FakeSubscription subscription) {
		of(subscription, null).stream().filter((seat) -> !seat.isRevoked()).forEach(this::end);
	}

	/**
	 * Revoke the seats of a member.
	 */
	void revokeAll(FakeMember member) {
		this.seats.stream().filter((seat) -> !seat.isRevoked() && seat.isOf(member)).toList().forEach(this::revoke);
	}

}
