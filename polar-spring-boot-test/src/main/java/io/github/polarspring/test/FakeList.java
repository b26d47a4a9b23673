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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * A page of a list, with the filters, sorting and limits of a query.
 */
final class FakeList {

	/**
	 * Field that {@code query} searches by its start.
	 */
	static final String START = "#start";

	private static final int MAX_LIMIT = 100;

	private final List<Map<String, @Nullable Object>> newestFirst;

	private final Map<String, Filter> filters;

	private final @Nullable String searched;

	private final List<String> sorting;

	private final MultiValueMap<String, String> query;

	private final boolean byMetadata;

	/**
	 * Create a list.
	 * @param newestFirst all items, newest first
	 * @param filters the parameters and what they filter by
	 * @param searched the field that is searched for {@code query}, or {@code null} for
	 * none
	 * @param sorting the fields that can be sorted by; none if the list has no such
	 * parameter, and no filter by metadata
	 * @param url the URL with the parameters
	 */
	FakeList(List<Map<String, @Nullable Object>> newestFirst, Map<String, Filter> filters, @Nullable String searched,
			List<String> sorting, String url) {
		this.newestFirst = newestFirst;
		this.filters = filters;
		this.searched = searched;
		this.sorting = sorting;
		this.byMetadata = !sorting.isEmpty() && !sorting.contains("expires_at");
		this.query = UriComponentsBuilder.fromUriString(url.replace("+", "%20")).build().getQueryParams();
	}

	/**
	 * Return the decoded parameters of a URL.
	 */
	static MultiValueMap<String, String> query(String url) {
		MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
		UriComponentsBuilder.fromUriString(url.replace("+", "%20"))
			.build()
			.getQueryParams()
			.forEach((name, values) -> values.stream()
				.map((value) -> UriUtils.decode(String.valueOf(value), StandardCharsets.UTF_8))
				.forEach((value) -> query.add(name, value)));
		return query;
	}

	static FakeList ofCheckouts(FakeState state, String url) {
		List<Map<String, @Nullable Object>> all = state.allJson();
		all.forEach((session) -> {
			Object customerId = session.get("customer_id");
			session.put("#external_customer_id", (customerId != null) ? state.externalIdOfCustomer(customerId) : null);
		});
		return new FakeList(all,
				Map.of("product_id", Filter.id("product_id"), "customer_id", Filter.id("customer_id"),
						"organization_id", Filter.id("organization_id"), "status",
						Filter.oneOf("status", "CheckoutStatus", "open", "expired", "confirmed", "succeeded", "failed"),
						"external_customer_id", Filter.text("#external_customer_id")),
				"customer_email", List.of("created_at", "expires_at", "status"), url);
	}

	List<Map<String, @Nullable Object>> errors() {
		FakeErrors errors = new FakeErrors("query");
		for (String name : List.of("page", "limit")) {
			String value = first(name);
			if (value != null) {
				FakeSchema.positive().read(json(value), errors.at(name));
			}
		}
		if (!this.sorting.isEmpty()) {
			checkSorting(errors.at("sorting"));
		}
		this.filters.forEach((name, filter) -> filter.check(values(name), errors.at(name)));
		return errors.items();
	}

	private void checkSorting(FakeErrors errors) {
		FakeType property = FakeSchema
			.oneOf(this.sorting.stream().flatMap((name) -> Stream.of(name, "-" + name)).toList(), (name) -> name);
		List<String> properties = values("sorting");
		for (int i = 0; i < properties.size(); i++) {
			property.read(json(properties.get(i)), errors.at(i));
		}
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().getNodeFactory().stringNode(text);
	}

	/**
	 * Return the items on all pages.
	 */
	List<Map<String, @Nullable Object>> matching() {
		List<Map<String, @Nullable Object>> matching = new ArrayList<>(
				this.newestFirst.stream().filter(this::matches).toList());
		List<String> sorting = this.sorting.isEmpty() ? List.of() : values("sorting");
		for (int i = sorting.size() - 1; i >= 0; i--) {
			matching.sort(order(sorting.get(i)));
		}
		return matching;
	}

	Map<String, @Nullable Object> toJson() {
		List<Map<String, @Nullable Object>> matching = matching();
		int limit = Math.min(number("limit", 10), MAX_LIMIT);
		int maxPage = (matching.size() + limit - 1) / limit;
		int from = (int) Math.min((number("page", 1) - 1L) * limit, matching.size());
		matching.forEach((item) -> item.keySet().removeIf((field) -> field.startsWith("#")));
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("items", matching.subList(from, Math.min(from + limit, matching.size())));
		json.put("pagination", Map.of("total_count", matching.size(), "max_page", maxPage));
		return json;
	}

	private boolean matches(Map<String, @Nullable Object> item) {
		String part = first("query");
		return this.filters.entrySet()
			.stream()
			.allMatch((filter) -> matches(filter.getKey(), item.get(filter.getValue().field())))
				&& hasMetadata(item)
				&& (part == null || this.searched == null
						|| lowerCase(item.get(this.searched)).contains(lowerCase(part))
						|| lowerCase(item.getOrDefault(START, "")).startsWith(lowerCase(part)));
	}

	private static String lowerCase(@Nullable Object text) {
		return Objects.toString(text, "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Filter by {@code metadata[key]=value}, which Polar ignores for sessions.
	 */
	private boolean hasMetadata(Map<String, @Nullable Object> item) {
		return !this.byMetadata || this.query.keySet().stream().allMatch((parameter) -> hasMetadata(item, parameter));
	}

	private boolean hasMetadata(Map<String, @Nullable Object> item, String parameter) {
		String name = UriUtils.decode(parameter, StandardCharsets.UTF_8);
		return !name.matches("metadata\\[.*]") || (item.get("metadata") instanceof Map<?, ?> metadata
				&& values(parameter).contains(String.valueOf(metadata.get(name.substring(9, name.length() - 1)))));
	}

	private boolean matches(String filter, @Nullable Object value) {
		List<String> wanted = values(filter);
		if (value instanceof Instant time && !filter.endsWith("_at")) {
			return wanted.stream()
				.map(FakeTime::toInstant)
				.allMatch((limit) -> filter.matches("start_.*|.*_after") ? time.isAfter(limit) : time.isBefore(limit));
		}
		if (value instanceof Boolean flag) {
			return wanted.stream()
				.allMatch((each) -> flag.equals(FakeSchema.bool().read(json(each), new FakeErrors("query"))));
		}
		return wanted.isEmpty() || (value != null && wanted.stream()
			.anyMatch((each) -> filter.equals("email") ? each.equalsIgnoreCase(value.toString())
					: each.equals(value.toString())));
	}

	private static Comparator<Map<String, @Nullable Object>> order(String property) {
		String name = property.replaceFirst("^-", "");
		Comparator<Map<String, @Nullable Object>> ascending;
		if (name.matches(".*_at|.*_end|timestamp|.*_seen")) {
			// what has no time comes last
			ascending = Comparator.comparing((item) -> (item.get(name) instanceof Instant time) ? time : Instant.MAX);
		}
		else if (name.matches(".*amount|.*_units|balance|occurrences")) {
			ascending = Comparator
				.comparingDouble((item) -> (item.get(name) instanceof Number number) ? number.doubleValue() : 0);
		}
		else {
			ascending = Comparator.comparing((item) -> sortKey(item.get(name)));
		}
		return property.startsWith("-") ? ascending.reversed() : ascending;
	}

	/**
	 * Return the text that a field is sorted by: other resources by their name, a
	 * customer by the email address.
	 */
	private static String sortKey(@Nullable Object value) {
		if (value instanceof Map<?, ?> resource) {
			Object email = resource.get("email");
			Object key = (email != null) ? email : resource.get("name");
			return String.valueOf((key != null) ? key : resource.get("started_at"));
		}
		return String.valueOf(value);
	}

	private int number(String name, int fallback) {
		String value = first(name);
		return (value != null) ? Integer.parseInt(value) : fallback;
	}

	private @Nullable String first(String name) {
		List<String> values = values(name);
		return values.isEmpty() ? null : values.get(0);
	}

	private List<String> values(String name) {
		return this.query.getOrDefault(name, List.of())
			.stream()
			.map((value) -> UriUtils.decode(value, StandardCharsets.UTF_8))
			.toList();
	}

	/**
	 * A parameter that filters a list.
	 *
	 * @param field the field that it filters by. A field with a {@code #} is not part of
	 * the response
	 * @param label the name of the type in Polar's messages about a list of values, or
	 * {@code null} for a parameter that has one value
	 * @param type the type
	 */
	record Filter(String field, @Nullable String label, FakeType type) {

		static Filter text(String field) {
			return new Filter(field, null, FakeSchema.text());
		}

		static Filter id(String field) {
			return new Filter(field, "uuid", FakeSchema.uuid());
		}

		/**
		 * Filter by a time. The parameter ends with {@code _after} or {@code _before}.
		 */
		static Filter time(String field) {
			return single(field, FakeSchema.time());
		}

		/**
		 * Filter by whether something is the case.
		 */
		static Filter flag(String field) {
			return single(field, FakeSchema.bool());
		}

		/**
		 * Filter by a parameter that cannot be repeated.
		 */
		static Filter single(String field, FakeType type) {
			return new Filter(field, null, type);
		}

		static Filter oneOf(String field, String enumeration, String... values) {
			return new Filter(field, "str-enum[%s]".formatted(enumeration), FakeSchema.oneOf(values));
		}

		/**
		 * Polar accepts one value or a list of values, and reports the problems of both.
		 */
		void check(List<String> values, FakeErrors errors) {
			if (this.label == null) {
				values.forEach((value) -> this.type.read(json(value), errors));
				return;
			}
			for (int i = 0; i < values.size(); i++) {
				FakeErrors ofList = errors.separate(
						"json-or-python[json=list[%s],python=chain[is-instance[Sequence],function-wrap[sequence_validator()]]]"
							.formatted(this.label))
					.at(i);
				this.type.read(json(values.get(i)), ofList);
				if (!ofList.isEmpty()) {
					if ("uuid".equals(this.label)) {
						errors.at("uuid")
							.add("uuid_type", "UUID input should be a string, bytes or UUID object", values);
					}
					else {
						FakeErrors ofValue = errors.separate(String.valueOf(this.label));
						this.type.read(json(values.get(i)), ofValue);
						ofValue.items().forEach((item) -> item.put("input", values));
						errors.addAll(ofValue);
					}
					errors.addAll(ofList);
				}
			}
		}

	}

}
