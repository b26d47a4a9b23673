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

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.client.PolarJson;
import io.github.polarspring.model.BenefitGrant;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.PolarResource;
import io.github.polarspring.model.Product;
import io.github.polarspring.model.Refund;
import io.github.polarspring.model.Subscription;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.util.Assert;

/**
 * Builders of resources for tests of code that handles events or responses of Polar. Each
 * builder starts with a complete payload, so that a test only sets the relevant
 * properties:
 *
 * <pre class="code">
 * Order order = PolarTestData.order()
 *     .with("status", OrderStatus.REFUNDED)
 *     .with("customer.external_id", "42")
 *     .with("metadata.plan", "pro")
 *     .with("items.0.amount", 1900)
 *     .without("subscription")
 *     .build();
 * </pre>
 *
 * Properties have the names of Polar's JSON, so that a test can also set unexpected
 * values: {@code with("current_period_end", "2026-09-22T09:31:40")}. All payloads refer
 * to the same customer, product, subscription and order.
 *
 * @since 0.1.0
 */
public final class PolarTestData {

	private static final Instant CREATED = Instant.parse("2026-08-22T09:31:40.118250Z");

	private static final UUID ORGANIZATION = UUID.fromString("6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34");

	private static final UUID BENEFIT = UUID.fromString("c4d5e6f7-0819-4a2b-8c3d-4e5f60718293");

	private static final UUID GRANT = UUID.fromString("8e1f2a3b-4c5d-4e6f-9a7b-8c9d0e1f2a3b");

	private static final UUID REFUND = UUID.fromString("5d4c3b2a-1908-4f6e-8d7c-6b5a49382716");

	private static final FakeProduct PRODUCT = new FakeProduct(UUID.fromString("0d3b9c1a-7e54-4f7d-b1c8-5a92e6d0f483"),
			"Pro", "month", CREATED);

	static {
		PRODUCT.addPrice(Map.of("id", UUID.fromString("9a7f3e15-6c2d-4b80-9f14-d8e5c7b60a21"), "amount_type", "fixed",
				"price_currency", "usd", "price_amount", 2900L), null, CREATED);
	}

	private static final FakeCustomer CUSTOMER = new FakeCustomer(
			UUID.fromString("3b5e7d92-0c4f-4e18-a7b6-f2d19c8e5a03"),
			Map.of("external_id", "user_1042", "email", "ada@example.com", "name", "Ada Okafor"), Map.of(), CREATED);

	private static final FakeSession SESSION = new FakeSession("https://sandbox.polar.sh",
			FakeCheckoutSchema.create(PolarJson.MAPPER.readTree("""
					{"products":["0d3b9c1a-7e54-4f7d-b1c8-5a92e6d0f483"],
					"external_customer_id":"user_1042","metadata":{"external_customer_id":"user_1042"},
					"customer_billing_address":{"country":"US","state":"US-NY","line1":"5 Broadway","city":"New York",
					"postal_code":"10004"}}""")).values(), List.of(PRODUCT), Map.of(PRODUCT.id(), PRODUCT.prices()),
			CUSTOMER, null, new FakeTaxes(), CREATED);

	private static final FakeSubscription SUBSCRIPTION = new FakeSubscription(SESSION, CUSTOMER, CREATED);

	private static final FakeOrder ORDER = new FakeOrder(SESSION, CUSTOMER, SUBSCRIPTION, "subscription_create",
			SESSION.amounts(), null, "Pro", CREATED);

	static {
		ORDER.paid = true;
	}

	private PolarTestData() {
	}

	/**
	 * Create a paid order, the first one of a monthly subscription: 2900 net, and 257
	 * tax.
	 * @return a builder
	 */
	public static Builder<Order> order() {
		return new Builder<>(Order.class, ORDER.toJson(ORGANIZATION));
	}

	/**
	 * Create an active monthly subscription.
	 * @return a builder
	 */
	public static Builder<Subscription> subscription() {
		return new Builder<>(Subscription.class, SUBSCRIPTION.toJson(ORGANIZATION));
	}

	/**
	 * Create an open checkout session for a known user and a recurring product.
	 * @return a builder
	 */
	public static Builder<CheckoutSession> checkoutSession() {
		return new Builder<>(CheckoutSession.class, SESSION.toJson(ORGANIZATION));
	}

	/**
	 * Create an individual customer with an external ID.
	 * @return a builder
	 */
	public static Builder<Customer> customer() {
		return new Builder<>(Customer.class, CUSTOMER.toJson(ORGANIZATION));
	}

	/**
	 * Create the state of a customer with a subscription and a benefit.
	 * @return a builder
	 */
	public static Builder<CustomerState> customerState() {
		Map<String, @Nullable Object> json = CUSTOMER.toJson(ORGANIZATION);
		json.put("active_subscriptions", List.of(SUBSCRIPTION.toStateJson(ORGANIZATION)));
		Map<String, @Nullable Object> grant = new LinkedHashMap<>();
		grant.put("id", GRANT);
		grant.put("created_at", CREATED);
		grant.put("modified_at", null);
		grant.put("granted_at", CREATED);
		grant.put("benefit_id", BENEFIT);
		grant.put("benefit_type", "feature_flag");
		grant.put("benefit_metadata", Map.of());
		grant.put("properties", Map.of());
		json.put("granted_benefits", List.of(grant));
		json.put("active_meters", List.of());
		return new Builder<>(CustomerState.class, json);
	}

	/**
	 * Create a succeeded refund of the full net amount of an order, with its tax.
	 * @return a builder
	 */
	public static Builder<Refund> refund() {
		Map<String, @Nullable Object> json = FakeRefunds.toJson(ORDER, ORDER.refundable(), "customer_request", Map.of(),
				ORGANIZATION, CREATED);
		json.put("id", REFUND);
		return new Builder<>(Refund.class, json);
	}

	/**
	 * Create a benefit grant of a feature flag for a subscription.
	 * @return a builder
	 */
	public static Builder<BenefitGrant> benefitGrant() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", CREATED);
		json.put("modified_at", null);
		json.put("id", GRANT);
		json.put("granted_at", CREATED);
		json.put("is_granted", true);
		json.put("revoked_at", null);
		json.put("is_revoked", false);
		json.put("subscription_id", SUBSCRIPTION.id);
		json.put("order_id", null);
		json.put("customer_id", CUSTOMER.id());
		json.put("member_id", CUSTOMER.owner().id);
		json.put("benefit_id", BENEFIT);
		json.put("error", null);
		json.put("customer", CUSTOMER.toJson(ORGANIZATION));
		json.put("member", CUSTOMER.owner().toJson());
		json.put("benefit", benefit());
		json.put("properties", Map.of());
		json.put("previous_properties", null);
		return new Builder<>(BenefitGrant.class, json);
	}

	/**
	 * Create a monthly subscription product with a fixed price.
	 * @return a builder
	 */
	public static Builder<Product> product() {
		return new Builder<>(Product.class, PRODUCT.toFullJson(ORGANIZATION));
	}

	private static Map<String, @Nullable Object> benefit() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", BENEFIT);
		json.put("created_at", CREATED);
		json.put("modified_at", null);
		json.put("type", "feature_flag");
		json.put("description", "Team features");
		json.put("selectable", true);
		json.put("deletable", true);
		json.put("is_deleted", false);
		json.put("organization_id", ORGANIZATION);
		json.put("metadata", Map.of());
		json.put("visibility", "private");
		json.put("properties", Map.of());
		json.put("visibility_configurable", true);
		return json;
	}

	/**
	 * Builder of a resource. Not thread-safe.
	 *
	 * @param <T> the type of the resource
	 */
	public static final class Builder<T extends PolarResource> {

		/**
		 * Objects with arbitrary properties.
		 */
		private static final Set<String> OPEN = Set.of("metadata", "customer_metadata", "benefit_metadata",
				"custom_field_data", "payment_processor_metadata", "properties", "previous_properties", "prices",
				"amounts", "unit_label");

		private final Class<T> type;

		private final JsonNode known;

		private final ObjectNode json;

		private Builder(Class<T> type, Map<String, @Nullable Object> payload) {
			this.type = type;
			this.known = tree(payload);
			this.json = (ObjectNode) tree(payload);
		}

		/**
		 * Set a property.
		 * @param path the path of the property in Polar's JSON, separated by dots, with
		 * the indexes of lists: {@code items.0.amount}
		 * @param value the value to write as JSON: text, number, boolean, enum value,
		 * time, ID, list, map, JSON, another resource, or {@code null}
		 * @return this builder
		 * @throws IllegalArgumentException if the payload has no such property
		 */
		public Builder<T> with(String path, @Nullable Object value) {
			Place place = place(path);
			JsonNode tree = tree(value);
			if (place.parent instanceof ArrayNode array) {
				array.set(Integer.parseInt(place.name), tree);
			}
			else {
				((ObjectNode) place.parent).set(place.name, tree);
			}
			return this;
		}

		/**
		 * Remove a property, as if Polar had not sent it.
		 * @param path the path of the property, see {@link #with}
		 * @return this builder
		 * @throws IllegalArgumentException if the payload has no such property
		 */
		public Builder<T> without(String path) {
			Place place = place(path);
			if (place.parent instanceof ArrayNode array) {
				array.remove(Integer.parseInt(place.name));
			}
			else {
				((ObjectNode) place.parent).remove(place.name);
			}
			return this;
		}

		/**
		 * Create the resource.
		 * @return the resource
		 */
		public T build() {
			return PolarJson.MAPPER.readValue(this.json.toString(), this.type);
		}

		private Place place(String path) {
			Assert.hasText(path, "path must not be blank");
			String[] names = path.split("\\.", -1);
			JsonNode parent = this.json;
			JsonNode known = this.known;
			for (int i = 0; i < names.length; i++) {
				boolean open = i > 0 && OPEN.contains(names[i - 1]) && parent.isObject();
				JsonNode child = child(parent, names[i]);
				JsonNode knownChild = child(known, names[i]);
				if (!open && child.isMissingNode() && (knownChild.isMissingNode() || !parent.isObject())) {
					throw new IllegalArgumentException(
							"Payload of %s has no property '%s' (in '%s')%s".formatted(this.type.getSimpleName(),
									names[i], path, suggestion((i > 0) ? names[i - 1] : null, parent)));
				}
				if (i == names.length - 1) {
					return new Place(parent, names[i]);
				}
				parent = child;
				known = knownChild;
			}
			throw new IllegalStateException(path);
		}

		private static JsonNode child(JsonNode parent, String name) {
			return (parent.isArray() && name.matches("\\d{1,9}")) ? parent.path(Integer.parseInt(name))
					: parent.path(name);
		}

		private static String suggestion(@Nullable String parentName, JsonNode parent) {
			return parent.isObject() ? ". Available properties: " + String.join(", ", parent.propertyNames())
					: ". Set '%s' to an object first, for example to a map".formatted(parentName);
		}

		private static JsonNode tree(@Nullable Object value) {
			return (value != null) ? PolarJson.MAPPER.readTree(PolarJson.MAPPER.writeValueAsString(value))
					: JsonNodeFactory.instance.nullNode();
		}

		private record Place(JsonNode parent, String name) {

		}

	}

}
