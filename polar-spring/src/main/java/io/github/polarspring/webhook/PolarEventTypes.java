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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.polarspring.model.BenefitGrant;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Product;
import io.github.polarspring.model.Refund;
import io.github.polarspring.model.Subscription;
import tools.jackson.databind.JsonNode;

/**
 * The types of Polar's events, as of its API version 2026-10.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/integrate/webhooks/events">Polar on webhook
 * events</a>
 */
public final class PolarEventTypes {

	/**
	 * A checkout session was created.
	 */
	public static final String CHECKOUT_CREATED = "checkout.created";

	/**
	 * A checkout session changed: opened, confirmed, paid ({@code succeeded}) or declined
	 * (back to {@code open}).
	 */
	public static final String CHECKOUT_UPDATED = "checkout.updated";

	/**
	 * A checkout session was not paid in time.
	 */
	public static final String CHECKOUT_EXPIRED = "checkout.expired";

	/**
	 * There is a new customer.
	 */
	public static final String CUSTOMER_CREATED = "customer.created";

	/**
	 * A customer changed.
	 */
	public static final String CUSTOMER_UPDATED = "customer.updated";

	/**
	 * A customer was deleted.
	 */
	public static final String CUSTOMER_DELETED = "customer.deleted";

	/**
	 * What a customer has changed: subscriptions, benefits or usage.
	 */
	public static final String CUSTOMER_STATE_CHANGED = "customer.state_changed";

	/**
	 * A seat was assigned to somebody.
	 */
	public static final String CUSTOMER_SEAT_ASSIGNED = "customer_seat.assigned";

	/**
	 * Somebody took his seat.
	 */
	public static final String CUSTOMER_SEAT_CLAIMED = "customer_seat.claimed";

	/**
	 * A seat was taken back.
	 */
	public static final String CUSTOMER_SEAT_REVOKED = "customer_seat.revoked";

	/**
	 * There is a new member of a team.
	 */
	public static final String MEMBER_CREATED = "member.created";

	/**
	 * A member of a team changed.
	 */
	public static final String MEMBER_UPDATED = "member.updated";

	/**
	 * A member of a team was deleted.
	 */
	public static final String MEMBER_DELETED = "member.deleted";

	/**
	 * There is a new order, paid or not.
	 */
	public static final String ORDER_CREATED = "order.created";

	/**
	 * An order changed.
	 */
	public static final String ORDER_UPDATED = "order.updated";

	/**
	 * An order is paid: the event for giving what was bought. Also comes for a total of
	 * 0.
	 */
	public static final String ORDER_PAID = "order.paid";

	/**
	 * An order was paid back, wholly or in part.
	 */
	public static final String ORDER_REFUNDED = "order.refunded";

	/**
	 * There is a new subscription.
	 */
	public static final String SUBSCRIPTION_CREATED = "subscription.created";

	/**
	 * A subscription changed in any way.
	 */
	public static final String SUBSCRIPTION_UPDATED = "subscription.updated";

	/**
	 * A subscription became active, or active again.
	 */
	public static final String SUBSCRIPTION_ACTIVE = "subscription.active";

	/**
	 * A subscription was canceled. It may go on until the end of its period, and the
	 * event comes again then.
	 */
	public static final String SUBSCRIPTION_CANCELED = "subscription.canceled";

	/**
	 * A cancellation was undone.
	 */
	public static final String SUBSCRIPTION_UNCANCELED = "subscription.uncanceled";

	/**
	 * A new period began.
	 */
	public static final String SUBSCRIPTION_CYCLED = "subscription.cycled";

	/**
	 * A subscription ended: the event for taking away what was bought.
	 */
	public static final String SUBSCRIPTION_REVOKED = "subscription.revoked";

	/**
	 * A renewal was not paid.
	 */
	public static final String SUBSCRIPTION_PAST_DUE = "subscription.past_due";

	/**
	 * A subscription was paused.
	 */
	public static final String SUBSCRIPTION_PAUSED = "subscription.paused";

	/**
	 * A subscription goes on.
	 */
	public static final String SUBSCRIPTION_RESUMED = "subscription.resumed";

	/**
	 * A subscription came from another provider.
	 */
	public static final String SUBSCRIPTION_MIGRATED = "subscription.migrated";

	/**
	 * There is a refund.
	 */
	public static final String REFUND_CREATED = "refund.created";

	/**
	 * A refund changed.
	 */
	public static final String REFUND_UPDATED = "refund.updated";

	/**
	 * There is a new product.
	 */
	public static final String PRODUCT_CREATED = "product.created";

	/**
	 * A product changed.
	 */
	public static final String PRODUCT_UPDATED = "product.updated";

	/**
	 * There is a new discount.
	 */
	public static final String DISCOUNT_CREATED = "discount.created";

	/**
	 * A discount changed.
	 */
	public static final String DISCOUNT_UPDATED = "discount.updated";

	/**
	 * A discount was deleted.
	 */
	public static final String DISCOUNT_DELETED = "discount.deleted";

	/**
	 * There is a new benefit.
	 */
	public static final String BENEFIT_CREATED = "benefit.created";

	/**
	 * A benefit changed.
	 */
	public static final String BENEFIT_UPDATED = "benefit.updated";

	/**
	 * A benefit was given to a customer, or could not be: look at {@code isGranted}.
	 */
	public static final String BENEFIT_GRANT_CREATED = "benefit_grant.created";

	/**
	 * A grant changed.
	 */
	public static final String BENEFIT_GRANT_UPDATED = "benefit_grant.updated";

	/**
	 * A grant goes on in a new period.
	 */
	public static final String BENEFIT_GRANT_CYCLED = "benefit_grant.cycled";

	/**
	 * A benefit was taken back.
	 */
	public static final String BENEFIT_GRANT_REVOKED = "benefit_grant.revoked";

	/**
	 * The seller's organization changed.
	 */
	public static final String ORGANIZATION_UPDATED = "organization.updated";

	private static final Map<String, Class<?>> PAYLOADS;

	static {
		Map<String, Class<?>> payloads = new LinkedHashMap<>();
		payloads.put(CHECKOUT_CREATED, CheckoutSession.class);
		payloads.put(CHECKOUT_UPDATED, CheckoutSession.class);
		payloads.put(CHECKOUT_EXPIRED, CheckoutSession.class);
		payloads.put(CUSTOMER_CREATED, Customer.class);
		payloads.put(CUSTOMER_UPDATED, Customer.class);
		payloads.put(CUSTOMER_DELETED, Customer.class);
		payloads.put(CUSTOMER_STATE_CHANGED, CustomerState.class);
		payloads.put(CUSTOMER_SEAT_ASSIGNED, JsonNode.class);
		payloads.put(CUSTOMER_SEAT_CLAIMED, JsonNode.class);
		payloads.put(CUSTOMER_SEAT_REVOKED, JsonNode.class);
		payloads.put(MEMBER_CREATED, JsonNode.class);
		payloads.put(MEMBER_UPDATED, JsonNode.class);
		payloads.put(MEMBER_DELETED, JsonNode.class);
		payloads.put(ORDER_CREATED, Order.class);
		payloads.put(ORDER_UPDATED, Order.class);
		payloads.put(ORDER_PAID, Order.class);
		payloads.put(ORDER_REFUNDED, Order.class);
		payloads.put(SUBSCRIPTION_CREATED, Subscription.class);
		payloads.put(SUBSCRIPTION_UPDATED, Subscription.class);
		payloads.put(SUBSCRIPTION_ACTIVE, Subscription.class);
		payloads.put(SUBSCRIPTION_CANCELED, Subscription.class);
		payloads.put(SUBSCRIPTION_UNCANCELED, Subscription.class);
		payloads.put(SUBSCRIPTION_CYCLED, Subscription.class);
		payloads.put(SUBSCRIPTION_REVOKED, Subscription.class);
		payloads.put(SUBSCRIPTION_PAST_DUE, Subscription.class);
		payloads.put(SUBSCRIPTION_PAUSED, Subscription.class);
		payloads.put(SUBSCRIPTION_RESUMED, Subscription.class);
		payloads.put(SUBSCRIPTION_MIGRATED, Subscription.class);
		payloads.put(REFUND_CREATED, Refund.class);
		payloads.put(REFUND_UPDATED, Refund.class);
		payloads.put(PRODUCT_CREATED, Product.class);
		payloads.put(PRODUCT_UPDATED, Product.class);
		payloads.put(DISCOUNT_CREATED, JsonNode.class);
		payloads.put(DISCOUNT_UPDATED, JsonNode.class);
		payloads.put(DISCOUNT_DELETED, JsonNode.class);
		payloads.put(BENEFIT_CREATED, JsonNode.class);
		payloads.put(BENEFIT_UPDATED, JsonNode.class);
		payloads.put(BENEFIT_GRANT_CREATED, BenefitGrant.class);
		payloads.put(BENEFIT_GRANT_UPDATED, BenefitGrant.class);
		payloads.put(BENEFIT_GRANT_CYCLED, BenefitGrant.class);
		payloads.put(BENEFIT_GRANT_REVOKED, BenefitGrant.class);
		payloads.put(ORGANIZATION_UPDATED, JsonNode.class);
		PAYLOADS = Collections.unmodifiableMap(payloads);
	}

	private PolarEventTypes() {
	}

	/**
	 * Return the classes of the payloads by the types of the events.
	 * @return an unmodifiable map, with {@link JsonNode} for types without a class of
	 * their own
	 */
	public static Map<String, Class<?>> payloads() {
		return PAYLOADS;
	}

}
