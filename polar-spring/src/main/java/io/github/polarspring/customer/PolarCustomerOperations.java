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

package io.github.polarspring.customer;

import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarPage;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerSession;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Member;
import io.github.polarspring.model.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Operations on customers. A purchase creates its customer. Therefore, someone who has
 * never bought is not a customer, and an empty result is a normal one.
 * <p>
 * The methods with an external id accept any id, also one that contains a slash. They
 * return only the customer that has exactly this id. Whose purchases a customer has is
 * another question: Polar assigns a purchase to the customer with the e-mail address that
 * the buyer entered. Who bought is in the events, see
 * {@link io.github.polarspring.webhook.PolarEvent#buyer()}.
 * <p>
 * Methods throw a {@link io.github.polarspring.PolarException} if they fail, and are safe
 * for use by multiple threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/customer-management">Polar on
 * customers</a>
 */
public interface PolarCustomerOperations {

	/**
	 * Find a customer.
	 * @param id Polar's id of the customer
	 * @return the customer, empty if there is none or the customer was deleted
	 */
	Optional<Customer> find(UUID id);

	/**
	 * Find the customer with an external id.
	 * @param externalId the application's own id
	 * @return the customer, empty if there is none or the customer was deleted
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	Optional<Customer> findByExternalId(String externalId);

	/**
	 * Get one page of the organization's customers.
	 * @param query filters, order and page
	 * @return the page
	 */
	PolarPage<Customer> list(CustomerQuery query);

	/**
	 * Get all of the organization's customers that match, starting with the page of the
	 * query. Pages are requested as the stream is consumed, so that a short-circuiting
	 * operation ends early, and consuming the stream can throw an exception.
	 * @param query filters and order
	 * @return a sequential stream, which need not be closed
	 */
	Stream<Customer> stream(CustomerQuery query);

	/**
	 * Create a customer.
	 * @param request the customer
	 * @return the created customer
	 * @throws io.github.polarspring.PolarValidationException if a value is invalid, or
	 * another customer has the e-mail address ({@code email}) or the external id
	 * ({@code external_id})
	 */
	Customer create(CustomerRequest request);

	/**
	 * Return the customer of an identity, and create the customer if necessary. Two calls
	 * at the same time return the same customer.
	 * <p>
	 * A customer with the same e-mail address who has no external id becomes the customer
	 * of the identity only if the application has
	 * {@linkplain PolarIdentity#withVerifiedEmail verified} the address. Otherwise, a
	 * stranger could inherit the purchases by entering it.
	 * @param identity the identity, which needs an e-mail address if there is no customer
	 * yet
	 * @return the customer with the external id of the identity
	 * @throws io.github.polarspring.PolarIdentityException if another customer has the
	 * e-mail address
	 * @throws IllegalArgumentException if there is no customer, and the identity has no
	 * e-mail address
	 */
	Customer ensure(PolarIdentity identity);

	/**
	 * Change a customer.
	 * @param id Polar's id of the customer
	 * @param update what to change
	 * @return the changed customer
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such customer
	 * @throws io.github.polarspring.PolarValidationException if a value is invalid
	 */
	Customer update(UUID id, CustomerUpdate update);

	/**
	 * Change the customer with an external id.
	 * @param externalId the application's own id
	 * @param update what to change
	 * @return the changed customer, empty if there is none
	 * @throws io.github.polarspring.PolarValidationException if a value is invalid
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	Optional<Customer> updateByExternalId(String externalId, CustomerUpdate update);

	/**
	 * Delete a customer. Polar ends all subscriptions immediately and revokes the
	 * benefits, without a refund. Orders remain. E-mail address and external id can be
	 * used again. The events that follow do not contain the external id any more: keep
	 * Polar's id to recognize them, or {@link #anonymize anonymize} the customer instead.
	 * Does nothing if there is no such customer.
	 * @param id Polar's id of the customer
	 */
	void delete(UUID id);

	/**
	 * Delete a customer, and remove or hash name, e-mail address and billing address. As
	 * an exception, the external id remains in the events. Otherwise like
	 * {@link #delete}.
	 * @param id Polar's id of the customer
	 */
	void anonymize(UUID id);

	/**
	 * Get what a customer currently has. Polar updates it after a delay, which is seconds
	 * after a payment and at least 15 seconds after usage. Its fields about the customer
	 * can be older than those of {@link #find}.
	 * @param id Polar's id of the customer
	 * @return the state, empty if there is no such customer
	 */
	Optional<CustomerState> state(UUID id);

	/**
	 * Get what the customer with an external id currently has, see {@link #state(UUID)}.
	 * @param externalId the application's own id
	 * @return the state, empty if there is no such customer
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	Optional<CustomerState> stateByExternalId(String externalId);

	/**
	 * Return the user as a member of the team that is the customer of the identity, and
	 * add the member if necessary. Members open a portal of their own and can get a seat.
	 * A customer becomes a team when it buys seats.
	 * @param identity the identity of the team, with the
	 * {@linkplain PolarIdentity#memberId() member id}, the e-mail address and the name of
	 * the user
	 * @param role role of a member who is added. A member who exists keeps their role
	 * @return the member, empty if there is no such customer
	 * @throws io.github.polarspring.PolarIdentityException if another member has the
	 * e-mail address
	 * @throws io.github.polarspring.PolarApiException if the customer is not a team
	 * @throws IllegalArgumentException if the member has to be added, and the identity
	 * has no e-mail address
	 */
	Optional<Member> ensureMember(PolarIdentity identity, Member.Role role);

	/**
	 * Find a subscription of a user that is active, in its trial, or past due, also if
	 * Polar assigned it to another customer. Unless the organization allows several
	 * subscriptions for each customer, Polar rejects a second one when the buyer confirms
	 * the checkout.
	 * @param externalId the application's own id
	 * @return a subscription, empty if there is none
	 */
	Optional<Subscription> findBillableSubscription(String externalId);

	/**
	 * Create a session of the customer portal for a customer, without checking whose
	 * purchases it shows. For a user who is signed in, use {@link #openPortal}.
	 * @param id Polar's id of the customer
	 * @param returnUrl absolute URL for the back link of the portal, {@code null} for
	 * none
	 * @return the session, empty if there is no such customer
	 * @throws io.github.polarspring.PolarValidationException if the customer is a team,
	 * whose members have sessions of their own
	 */
	Optional<CustomerSession> createSession(UUID id, @Nullable String returnUrl);

	/**
	 * Create a session of the customer portal for the customer with an external id, see
	 * {@link #createSession(UUID, String)}.
	 * @param externalId the application's own id
	 * @param returnUrl absolute URL for the back link of the portal, {@code null} for
	 * none
	 * @return the session, empty if there is no such customer
	 * @throws io.github.polarspring.PolarValidationException if the customer is a team,
	 * whose members have sessions of their own
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	Optional<CustomerSession> createSessionByExternalId(String externalId, @Nullable String returnUrl);

	/**
	 * Open the customer portal for a user who is signed in.
	 * <p>
	 * Polar assigns a purchase to the customer with the e-mail address that the buyer
	 * entered. Therefore, a customer can have purchases of another user. The portal,
	 * which shows purchases and cards, opens only if no purchase of the customer was made
	 * by another user of the application or by a guest, or if the customer's address is
	 * the {@linkplain PolarIdentity#withVerifiedEmail verified} address of the user. With
	 * such an address, the portal of a customer without an external id opens, too.
	 * <p>
	 * If the customer is a team, it opens for the member with the
	 * {@linkplain PolarIdentity#memberId() member id} of the identity, and never for
	 * another one.
	 * @param identity the user
	 * @param returnUrl absolute URL for the back link of the portal, {@code null} for
	 * none
	 * @return the session, or why there is none
	 */
	PortalAccess openPortal(PolarIdentity identity, @Nullable String returnUrl);

}
