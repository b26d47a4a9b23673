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
import java.util.UUID;

import io.github.polarspring.model.CustomerSeat;
import io.github.polarspring.model.CustomerSeats;

/**
 * Seats of a purchase.
 * <p>
 * Methods throw a {@link io.github.polarspring.PolarException} if they fail, and are safe
 * for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface PurchasedSeats {

	/**
	 * Read the seats.
	 * @return the seats, and how many are available
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such purchase
	 */
	CustomerSeats read();

	/**
	 * Assign a seat to a person. If the person already has one of this purchase, it is
	 * returned, so that the call can be repeated.
	 * @param assignment the person
	 * @return the seat, which is pending until the person accepts the invitation
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such purchase,
	 * or no such member
	 * @throws io.github.polarspring.PolarConflictException with the error
	 * {@code SeatNotAvailable} if no seat is available or the order was not paid, and
	 * {@code MemberEmailMismatch} if the member has another e-mail address, or another
	 * member has the e-mail address
	 */
	CustomerSeat assign(SeatAssignment assignment);

	/**
	 * Take the seat of a member away. Polar revokes its benefits. Does nothing if the
	 * member has none. The id of a seat does not say whose it is, because Polar gives the
	 * seat to the next person under the same id.
	 * @param memberId Polar's id of the member
	 * @return the seat, empty if the member had none
	 */
	Optional<CustomerSeat> revoke(UUID memberId);

	/**
	 * Send the invitation of a member again. It remains valid only for a day since the
	 * seat was assigned: afterwards, revoke the seat, and assign it again.
	 * @param memberId Polar's id of the member
	 * @return the seat
	 * @throws io.github.polarspring.PolarNotFoundException if the member has no seat
	 * @throws io.github.polarspring.PolarConflictException with the error
	 * {@code SeatNotPending} if the invitation was accepted
	 */
	CustomerSeat resendInvitation(UUID memberId);

}
