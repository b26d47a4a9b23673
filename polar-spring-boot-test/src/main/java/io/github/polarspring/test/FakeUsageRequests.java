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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.MultiValueMap;

/**
 * Handles requests for usage events. As at Polar, a list with a wrong event is rejected
 * as a whole.
 */
final class FakeUsageRequests {

	private static final Pattern PATH = Pattern.compile("/v1/events(?:/([^/]*)(/)?)?");

	private static final Set<String> READ = Set.of("events:read", "events:write");

	private static final Set<String> WRITE = Set.of("events:write");

	private static final int MAX_DEPTH = 5;

	private final FakeState state;

	private final FakeTransformer transformer;

	private final FakeUsageSchema schema;

	FakeUsageRequests(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
		this.schema = new FakeUsageSchema(state::now);
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher matcher = PATH.matcher(path);
		if (!matcher.matches()) {
			return null;
		}
		String id = matcher.group(1);
		if (id == null) {
			return this.transformer.temporaryRedirect(request, path + "/");
		}
		if (matcher.group(2) != null) {
			return this.transformer.temporaryRedirect(request, path.substring(0, path.length() - 1));
		}
		if (id.equals("ingest")) {
			return method.equals("POST")
					? this.transformer.authorized(request, WRITE,
							() -> this.transformer.withJson(request, this::ingest))
					: FakeTransformer.methodNotAllowed("POST");
		}
		if (!method.equals("GET")) {
			return FakeTransformer.methodNotAllowed("GET");
		}
		return this.transformer.authorized(request, READ, () -> switch (id) {
			case "" -> list(request);
			case "names" -> names(request.getUrl());
			default -> FakeTransformer.withId(id, this::read);
		});
	}

	private ResponseDefinitionBuilder read(UUID id) {
		FakeUsageEvent event = this.state.usage().find(id);
		return (event != null) ? FakeTransformer.json(200, this.state.usage().toJson(event)) : FakeCustomers.notFound();
	}

	private ResponseDefinitionBuilder ingest(JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		this.schema.read(json, errors);
		if (!errors.isEmpty()) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		List<JsonNode> events = new ArrayList<>(json.path("events").values());
		FakeErrors problems = new FakeErrors("body").at("events");
		for (int i = 0; i < events.size(); i++) {
			check(events.get(i), problems.at(i));
		}
		if (!problems.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", problems.items());
		}
		long inserted = events.stream().filter(this.state.usage()::ingest).count();
		this.state.meters().countWithoutDelay();
		Map<String, Object> response = new LinkedHashMap<>();
		response.put("inserted", inserted);
		response.put("duplicates", events.size() - inserted);
		return FakeTransformer.json(200, response);
	}

	private void check(JsonNode event, FakeErrors errors) {
		int before = errors.size();
		String sent = event.path("customer_id").asString("");
		String customerId = (FakeUuid.problem(sent) == null) ? FakeUuid.normalize(sent) : null;
		FakeCustomer customer = (customerId != null) ? this.state.customer(UUID.fromString(customerId)) : null;
		if (customerId != null && customer == null) {
			errors.at("customer_id").add("customer_id", "Customer not found.", customerId);
		}
		if (event.hasNonNull("organization_id")) {
			errors.at("organization_id")
				.add("organization_token", "Setting organization_id is disallowed when using an organization token.",
						event.path("organization_id").asString());
		}
		String member = event.path("member_id").asString("");
		if (errors.size() == before && customer != null && !member.isEmpty()
				&& customer.members().stream().noneMatch((each) -> each.id.toString().equalsIgnoreCase(member))) {
			errors.at("member_id").add("member_id", "Member not found.", member);
		}
	}

	private ResponseDefinitionBuilder list(Request request) {
		String url = request.getUrl();
		MultiValueMap<String, String> query = FakeList.query(url);
		FakeErrors errors = new FakeErrors("query");
		Map<?, ?> filter = filter(query.getFirst("filter"), errors.at("filter"));
		FakeList list = list(url, query, filter);
		errors.items().addAll(list.errors());
		if (errors.isEmpty() && query.getFirst("query") != null && !query.containsKey("organization_id")) {
			errors.at("query")
				.add("value_error", "Query is only supported when organization_id is provided.",
						query.getFirst("query"));
		}
		return errors.isEmpty() ? FakeTransformer.json(200, list.toJson())
				: FakeTransformer.validation("RequestValidationError", errors.items());
	}

	/**
	 * Read a filter, which has the format of the filter of a meter.
	 */
	private static @Nullable Map<?, ?> filter(@Nullable String text, FakeErrors errors) {
		if (text == null) {
			return null;
		}
		try {
			return (Map<?, ?>) FakeMeterSchema.filter().read(JsonMapper.shared().readTree(text), errors);
		}
		catch (JacksonException ex) {
			errors.add("json_invalid", "Invalid JSON", text);
			return null;
		}
	}

	private FakeList list(String url, MultiValueMap<String, String> query, @Nullable Map<?, ?> filter) {
		String meterId = query.getFirst("meter_id");
		Map<String, @Nullable Object> meter = (meterId != null) ? this.state.catalog().meter(meterId) : null;
		Predicate<FakeUsageEvent> matches = (event) -> (filter == null || FakeMeter.matches(event, filter))
				&& (meterId == null || (meter != null && new FakeMeter(meter).matches(event)))
				&& isBelow(event, query.getFirst("parent_id"), query.getFirst("depth"));
		List<Map<String, @Nullable Object>> all = this.state.usage()
			.newestFirst()
			.stream()
			.filter(matches)
			.map(this.state.usage()::toJson)
			.toList();
		Map<String, Filter> filters = filters();
		filters.put("start_timestamp", Filter.time("timestamp"));
		filters.put("end_timestamp", Filter.time("timestamp"));
		filters.put("name", Filter.text("name"));
		Map.of("meter_id", FakeSchema.uuid(), "parent_id", FakeSchema.uuid(), "depth", FakeSchema.integer(0, MAX_DEPTH))
			.forEach((name, type) -> {
				// they have been applied
				all.forEach((json) -> json.put("#" + name, query.getFirst(name)));
				filters.put(name, Filter.single("#" + name, type));
			});
		return new FakeList(all, filters, "name", List.of("timestamp"), url);
	}

	/**
	 * Return whether an event is a child of another one. With a depth, it can also be the
	 * other one itself, or a descendant that is at most so many levels below. Without a
	 * parent, the levels are counted from the events that have none.
	 */
	private boolean isBelow(FakeUsageEvent event, @Nullable String parentId, @Nullable String depth) {
		if (parentId == null && depth == null) {
			return true;
		}
		int levels = (depth != null && depth.matches("\\d")) ? Integer.parseInt(depth) : 1;
		FakeUsageEvent ancestor = event;
		for (int level = 0; ancestor != null && level <= levels; level++) {
			FakeUsageEvent next = this.state.usage().parentOf(ancestor);
			if ((parentId != null) ? ancestor.id().toString().equalsIgnoreCase(parentId) : next == null) {
				return depth != null || level == 1;
			}
			ancestor = next;
		}
		return false;
	}

	private static Map<String, Filter> filters() {
		return new LinkedHashMap<>(Map.of("organization_id", Filter.id("organization_id"), "customer_id",
				Filter.id("customer_id"), "external_customer_id", Filter.text("external_customer_id"), "source",
				Filter.oneOf("source", "EventSource", "system", "user")));
	}

	/**
	 * Return the names of the events that match, each with its occurrences.
	 */
	private ResponseDefinitionBuilder names(String url) {
		FakeList events = new FakeList(
				this.state.usage().newestFirst().stream().map(this.state.usage()::toJson).toList(), filters(), null,
				List.of(), url);
		if (!events.errors().isEmpty()) {
			return FakeTransformer.validation("RequestValidationError", events.errors());
		}
		Map<String, Map<String, @Nullable Object>> names = new LinkedHashMap<>();
		events.matching().forEach((Map<String, @Nullable Object> event) -> addTo(names, event));
		return this.transformer.list(new FakeList(new ArrayList<>(names.values()), Map.of(), "name",
				List.of("name", "occurrences", "first_seen", "last_seen"), url));
	}

	private static void addTo(Map<String, Map<String, @Nullable Object>> names, Map<String, @Nullable Object> event) {
		Instant time = (Instant) event.get("timestamp");
		String key = event.get("source") + " " + event.get("name");
		Map<String, @Nullable Object> name = names.get(key);
		if (name == null) {
			name = new LinkedHashMap<>();
			for (String field : List.of("name", "label", "source")) {
				name.put(field, event.get(field));
			}
			name.put("last_seen", time);
			names.put(key, name);
		}
		name.merge("occurrences", 1, (before, one) -> (Integer) before + 1);
		name.put("first_seen", time);
	}

}
