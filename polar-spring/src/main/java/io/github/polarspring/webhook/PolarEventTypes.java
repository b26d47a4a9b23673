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
 * Types of Polar's events, as of API version 2026-10.
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
	 * A checkout session expired before it was paid.
	 */
	public static final String CHECKOUT_EXPIRED = "checkout.expired";

	/**
	 * A customer was created.
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
	 * The state of a customer changed: subscriptions, benefits or usage.
	 */
	public static final String CUSTOMER_STATE_CHANGED = "customer.state_changed";

	/**
	 * A seat was assigned.
	 */
	public static final String CUSTOMER_SEAT_ASSIGNED = "customer_seat.assigned";

	/**
	 * A seat was claimed.
	 */
	public static final String CUSTOMER_SEAT_CLAIMED = "customer_seat.claimed";

	/**
	 * A seat was revoked.
	 */
	public static final String CUSTOMER_SEAT_REVOKED = "customer_seat.revoked";

	/**
	 * A member of a team was created.
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
	 * An order was created, paid or not.
	 */
	public static final String ORDER_CREATED = "order.created";

	/**
	 * An order changed.
	 */
	public static final String ORDER_UPDATED = "order.updated";

	/**
	 * An order is paid. Use this event to grant access. It is also sent for a total of 0.
	 */
	public static final String ORDER_PAID = "order.paid";

	/**
	 * An order was refunded, completely or partially.
	 */
	public static final String ORDER_REFUNDED = "order.refunded";

	/**
	 * A subscription was created.
	 */
	public static final String SUBSCRIPTION_CREATED = "subscription.created";

	/**
	 * A subscription changed in any way, see also the more specific types.
	 */
	public static final String SUBSCRIPTION_UPDATED = "subscription.updated";

	/**
	 * A subscription became active, for the first time or again.
	 */
	public static final String SUBSCRIPTION_ACTIVE = "subscription.active";

	/**
	 * A subscription was canceled. It can continue until the end of its period, when the
	 * event is sent again.
	 */
	public static final String SUBSCRIPTION_CANCELED = "subscription.canceled";

	/**
	 * A cancellation was reversed.
	 */
	public static final String SUBSCRIPTION_UNCANCELED = "subscription.uncanceled";

	/**
	 * A new period of a subscription started.
	 */
	public static final String SUBSCRIPTION_CYCLED = "subscription.cycled";

	/**
	 * A subscription ended. Use this event to revoke access.
	 */
	public static final String SUBSCRIPTION_REVOKED = "subscription.revoked";

	/**
	 * The payment of a renewal failed.
	 */
	public static final String SUBSCRIPTION_PAST_DUE = "subscription.past_due";

	/**
	 * A subscription was paused.
	 */
	public static final String SUBSCRIPTION_PAUSED = "subscription.paused";

	/**
	 * A subscription was resumed.
	 */
	public static final String SUBSCRIPTION_RESUMED = "subscription.resumed";

	/**
	 * A subscription was migrated from another provider.
	 */
	public static final String SUBSCRIPTION_MIGRATED = "subscription.migrated";

	/**
	 * A refund was created.
	 */
	public static final String REFUND_CREATED = "refund.created";

	/**
	 * A refund changed.
	 */
	public static final String REFUND_UPDATED = "refund.updated";

	/**
	 * A product was created.
	 */
	public static final String PRODUCT_CREATED = "product.created";

	/**
	 * A product changed.
	 */
	public static final String PRODUCT_UPDATED = "product.updated";

	/**
	 * A discount was created.
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
	 * A benefit was created.
	 */
	public static final String BENEFIT_CREATED = "benefit.created";

	/**
	 * A benefit changed.
	 */
	public static final String BENEFIT_UPDATED = "benefit.updated";

	/**
	 * A benefit was granted to a customer, or could not be granted: check {@code
	 * isGranted}.
	 */
	public static final String BENEFIT_GRANT_CREATED = "benefit_grant.created";

	/**
	 * A benefit grant changed.
	 */
	public static final String BENEFIT_GRANT_UPDATED = "benefit_grant.updated";

	/**
	 * A benefit grant continues in a new period.
	 */
	public static final String BENEFIT_GRANT_CYCLED = "benefit_grant.cycled";

	/**
	 * A benefit grant was revoked.
	 */
	public static final String BENEFIT_GRANT_REVOKED = "benefit_grant.revoked";

	/**
	 * The seller's organization changed.
	 */
	public static final String ORGANIZATION_UPDATED = "organization.updated";

	private static final Map<String, Class<?>> PAYLOADS;

	static {
		Map<String, Class<?>> payloads = new LinkedHashMap<>();
		put(payloads, CheckoutSession.class, CHECKOUT_CREATED, CHECKOUT_UPDATED, CHECKOUT_EXPIRED);
		put(payloads, Customer.class, CUSTOMER_CREATED, CUSTOMER_UPDATED, CUSTOMER_DELETED);
		put(payloads, CustomerState.class, CUSTOMER_STATE_CHANGED);
		put(payloads, JsonNode.class, CUSTOMER_SEAT_ASSIGNED, CUSTOMER_SEAT_CLAIMED, CUSTOMER_SEAT_REVOKED,
				MEMBER_CREATED, MEMBER_UPDATED, MEMBER_DELETED);
		put(payloads, Order.class, ORDER_CREATED, ORDER_UPDATED, ORDER_PAID, ORDER_REFUNDED);
		put(payloads, Subscription.class, SUBSCRIPTION_CREATED, SUBSCRIPTION_UPDATED, SUBSCRIPTION_ACTIVE,
				SUBSCRIPTION_CANCELED, SUBSCRIPTION_UNCANCELED, SUBSCRIPTION_CYCLED, SUBSCRIPTION_REVOKED,
				SUBSCRIPTION_PAST_DUE, SUBSCRIPTION_PAUSED, SUBSCRIPTION_RESUMED, SUBSCRIPTION_MIGRATED);
		put(payloads, Refund.class, REFUND_CREATED, REFUND_UPDATED);
		put(payloads, Product.class, PRODUCT_CREATED, PRODUCT_UPDATED);
		put(payloads, JsonNode.class, DISCOUNT_CREATED, DISCOUNT_UPDATED, DISCOUNT_DELETED, BENEFIT_CREATED,
				BENEFIT_UPDATED);
		put(payloads, BenefitGrant.class, BENEFIT_GRANT_CREATED, BENEFIT_GRANT_UPDATED, BENEFIT_GRANT_CYCLED,
				BENEFIT_GRANT_REVOKED);
		put(payloads, JsonNode.class, ORGANIZATION_UPDATED);
		PAYLOADS = Collections.unmodifiableMap(payloads);
	}

	private PolarEventTypes() {
	}

	private static void put(Map<String, Class<?>> payloads, Class<?> payload, String... types) {
		for (String type : types) {
			payloads.put(type, payload);
		}
	}

	/**
	 * Return the payload classes by event type.
	 * @return an unmodifiable map, with {@link JsonNode} for types without a dedicated
	 * class
	 */
	public static Map<String, Class<?>> payloads() {
		return PAYLOADS;
	}

}
