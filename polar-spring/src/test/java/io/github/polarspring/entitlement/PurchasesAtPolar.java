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

package io.github.polarspring.entitlement;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.polarspring.client.PolarClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Polar with purchases, which lists them as Polar does, records the requests, and can
 * fail or hang.
 */
final class PurchasesAtPolar {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Set<String> PATHS = Set.of("subscriptions", "orders", "benefit-grants", "products");

	static final Instant LONG_AGO = Instant.parse("2026-01-05T12:00:00Z");

	private final Map<String, List<Item>> items = new ConcurrentHashMap<>();

	private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

	private volatile Consumer<String> onRequest = (request) -> {
	};

	private volatile @Nullable CountDownLatch hanging;

	private volatile int status = 200;

	private volatile @Nullable String retryAfter;

	private volatile int missing;

	PurchasesAtPolar() {
		PATHS.forEach((path) -> this.items.put(path, Collections.synchronizedList(new ArrayList<>())));
	}

	PolarClient client() {
		return PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(URI.create("https://sandbox-api.polar.sh"))
			.retry(1, Duration.ofMillis(1), Duration.ofMillis(1))
			.maxConcurrentCalls(1000)
			.requestFactory((uri, method) -> new MockClientHttpRequest(method, uri) {

				@Override
				protected ClientHttpResponse executeInternal() {
					return respond(method, uri, getBodyAsString(StandardCharsets.UTF_8));
				}

			})
			.build();
	}

	private ClientHttpResponse respond(HttpMethod method, URI uri, String body) {
		String path = uri.getPath().replace("/v1/", "");
		MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
		UriComponentsBuilder.fromUri(uri)
			.build()
			.getQueryParams()
			.forEach((name, values) -> values.forEach((value) -> query.add(decode(name), decode(value))));
		String request = method + " " + uri.getPath() + ((uri.getQuery() != null) ? "?" + uri.getQuery() : "");
		this.requests.add(request);
		this.onRequest.accept(request);
		await(this.hanging);
		if (this.status != 200) {
			MockClientHttpResponse response = response("", this.status);
			if (this.retryAfter != null) {
				response.getHeaders().set("Retry-After", this.retryAfter);
			}
			return response;
		}
		String[] segments = path.split("/");
		List<Item> all = this.items.getOrDefault(segments[0], List.of());
		if (segments.length == 1) {
			return response(list(segments[0], all, query, this.missing), 200);
		}
		return all.stream().filter((item) -> item.id().toString().equals(segments[1])).findFirst().map((item) -> {
			if (method == HttpMethod.PATCH) {
				item.json.setAll((ObjectNode) JSON.readTree(body));
			}
			return response(item.json.toString(), 200);
		}).orElseGet(() -> response("{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}", 404));
	}

	private static String decode(String text) {
		return UriUtils.decode(text, StandardCharsets.UTF_8);
	}

	static void await(@Nullable CountDownLatch latch) {
		try {
			if (latch != null) {
				latch.await();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static MockClientHttpResponse response(String body, int status) {
		MockClientHttpResponse response = new MockClientHttpResponse(body.getBytes(StandardCharsets.UTF_8),
				HttpStatus.valueOf(status));
		response.getHeaders().set("Polar-Version", "2026-10");
		return response;
	}

	private static String list(String path, List<Item> all, MultiValueMap<String, String> query, int missing) {
		boolean subscriptions = path.equals("subscriptions");
		List<Item> found = List.copyOf(all)
			.stream()
			.filter(filter(query, "metadata[external_customer_id]", "/metadata/external_customer_id"))
			.filter(filter(query, "external_customer_id", "/customer/external_id"))
			.filter(filter(query, "customer_id", "/customer_id"))
			.filter(filter(query, "status", "/status"))
			.filter(filter(query, "subscription_id", "/subscription_id"))
			.filter((item) -> !"one_time".equals(query.getFirst("product_billing_type"))
					|| item.json.path("subscription_id").isNull())
			.sorted(Comparator.comparing((Item item) -> item.json
				.path((subscriptions && query.containsKey("sorting")) ? "started_at" : "created_at")
				.asString()))
			.collect(Collectors.toCollection(ArrayList::new));
		if (!query.containsKey("sorting")) {
			Collections.reverse(found);
		}
		int limit = Integer.parseInt(query.getFirst("limit"));
		int page = Integer.parseInt(query.getFirst("page"));
		ObjectNode list = JSON.createObjectNode();
		ArrayNode items = list.putArray("items");
		found.stream().skip((page - 1L) * limit).limit(limit).forEach((item) -> items.add(item.json));
		list.putObject("pagination")
			.put("total_count", found.size() + missing)
			.put("max_page", (found.size() + limit - 1) / limit);
		return list.toString();
	}

	private static Predicate<Item> filter(MultiValueMap<String, String> query, String name, String pointer) {
		List<String> values = query.get(name);
		return (item) -> values == null
				|| values.contains(item.json.at(pointer).isNull() ? null : item.json.at(pointer).asString());
	}

	/**
	 * Return the requests so far.
	 */
	List<String> requests() {
		synchronized (this.requests) {
			return List.copyOf(this.requests);
		}
	}

	void onRequest(Consumer<String> onRequest) {
		this.onRequest = onRequest;
	}

	/**
	 * Make all requests wait.
	 * @return ends it
	 */
	Runnable hang() {
		CountDownLatch latch = new CountDownLatch(1);
		this.hanging = latch;
		return () -> {
			this.hanging = null;
			latch.countDown();
		};
	}

	/**
	 * Make all lists lack items that they count.
	 */
	void missing(int missing) {
		this.missing = missing;
	}

	void fail(int status) {
		this.status = status;
	}

	void limit(@Nullable String retryAfter) {
		this.status = 429;
		this.retryAfter = retryAfter;
	}

	void recover() {
		this.status = 200;
	}

	/**
	 * Return the id of the customer of a user.
	 */
	static UUID customer(String user) {
		return id("customer of " + user);
	}

	static UUID id(String name) {
		UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
		return new UUID(id.getMostSignificantBits() & ~0xf000L | 0x4000L, id.getLeastSignificantBits());
	}

	/**
	 * Add a product with benefits.
	 */
	Item product(UUID id, UUID... benefits) {
		ObjectNode json = JSON.createObjectNode().put("id", id.toString()).put("name", "A product");
		json.putObject("metadata");
		ArrayNode all = json.putArray("benefits");
		for (UUID benefit : benefits) {
			all.add(benefit(benefit));
		}
		return add("products", json);
	}

	private static ObjectNode benefit(UUID id) {
		ObjectNode json = JSON.createObjectNode().put("id", id.toString()).put("type", "feature_flag");
		json.putObject("metadata");
		return json;
	}

	/**
	 * Add an active subscription that a user bought long ago as the customer who belongs
	 * to them.
	 */
	Item subscription(String user, Item product) {
		ObjectNode json = purchase(user, product).put("status", "active").put("cancel_at_period_end", false);
		json.put("started_at", LONG_AGO.toString());
		return add("subscriptions", json);
	}

	/**
	 * Add a one-time order that a user paid long ago.
	 */
	Item order(String user, Item product) {
		ObjectNode json = purchase(user, product).put("status", "paid").put("paid", true);
		json.putNull("subscription_id");
		((ObjectNode) json.path("product")).remove("benefits");
		return add("orders", json);
	}

	private static ObjectNode purchase(String user, Item product) {
		ObjectNode json = JSON.createObjectNode()
			.put("id", UUID.randomUUID().toString())
			.put("created_at", LONG_AGO.toString())
			.put("customer_id", customer(user).toString())
			.put("product_id", product.id().toString());
		json.putNull("modified_at");
		json.putNull("seats");
		json.putObject("metadata").put("external_customer_id", user);
		json.putObject("customer").put("id", customer(user).toString()).put("external_id", user).putNull("deleted_at");
		json.set("product", product.json.deepCopy());
		return json;
	}

	/**
	 * Add the grant of a benefit with a purchase.
	 */
	Item grant(Item purchase, UUID benefit) {
		boolean order = purchase.json.has("paid");
		ObjectNode json = JSON.createObjectNode()
			.put("id", UUID.randomUUID().toString())
			.put("created_at", LONG_AGO.toString())
			.put("is_granted", true)
			.put("is_revoked", false)
			.put("customer_id", purchase.json.path("customer_id").asString())
			.put("benefit_id", benefit.toString())
			.put(order ? "order_id" : "subscription_id", purchase.id().toString())
			.putNull(order ? "subscription_id" : "order_id");
		json.set("customer", purchase.json.path("customer").deepCopy());
		json.putNull("member");
		json.set("benefit", benefit(benefit));
		return add("benefit-grants", json);
	}

	private Item add(String path, ObjectNode json) {
		Item item = new Item(json);
		this.items.getOrDefault(path, List.of()).add(item);
		return item;
	}

	void remove(Item item) {
		this.items.values().forEach((items) -> items.remove(item));
	}

	/**
	 * Something that Polar lists.
	 */
	static final class Item {

		private final ObjectNode json;

		Item(ObjectNode json) {
			this.json = json;
		}

		UUID id() {
			return UUID.fromString(this.json.path("id").asString());
		}

		/**
		 * Return a copy of the JSON.
		 */
		JsonNode json() {
			return this.json.deepCopy();
		}

		/**
		 * Set a property, for example {@code customer.external_id}.
		 */
		Item with(String path, @Nullable Object value) {
			String[] names = path.split("\\.");
			ObjectNode target = this.json;
			for (int i = 0; i < names.length - 1; i++) {
				target = (target.path(names[i]) instanceof ObjectNode child) ? child : target.putObject(names[i]);
			}
			target.set(names[names.length - 1],
					JSON.valueToTree((value instanceof Instant) ? value.toString() : value));
			return this;
		}

		Item without(String path) {
			int dot = path.lastIndexOf('.');
			((ObjectNode) ((dot < 0) ? this.json : this.json.path(path.substring(0, dot))))
				.remove(path.substring(dot + 1));
			return this;
		}

		/**
		 * Make the purchase that of a customer of another user, as if the buyer had
		 * entered their e-mail address.
		 */
		Item assignedTo(@Nullable String user) {
			with("customer_id", customer(String.valueOf(user)).toString());
			with("customer.id", customer(String.valueOf(user)).toString());
			return with("customer.external_id", user);
		}

		Item revoked() {
			return with("is_granted", false).with("is_revoked", true);
		}

	}

}
