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
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * A page of a list, with the filters, sorting and limits of a query.
 */
final class FakeList {

	private static final int MAX_LIMIT = 100;

	private final List<Map<String, Object>> newestFirst;

	private final Map<String, String> filters;

	private final @Nullable String searched;

	private final Set<String> sorting;

	private final MultiValueMap<String, String> query;

	/**
	 * Create a list.
	 * @param newestFirst all items, newest first
	 * @param filters the parameters and the fields that they filter by. Fields with a
	 * {@code #} are not part of the response
	 * @param searched the field that is searched for {@code query}, or {@code null} for
	 * none
	 * @param sorting the fields that can be sorted by
	 * @param url the URL with the parameters
	 */
	FakeList(List<Map<String, Object>> newestFirst, Map<String, String> filters, @Nullable String searched,
			Set<String> sorting, String url) {
		this.newestFirst = newestFirst;
		this.filters = filters;
		this.searched = searched;
		this.sorting = sorting;
		this.query = UriComponentsBuilder.fromUriString(url.replace("+", "%20")).build().getQueryParams();
	}

	static FakeList ofCheckouts(FakeState state, String url) {
		List<Map<String, Object>> all = state.allJson();
		all.forEach((session) -> {
			Object customerId = session.get("customer_id");
			session.put("#external_customer_id", (customerId != null) ? state.externalIdOfCustomer(customerId) : null);
		});
		return new FakeList(all,
				Map.of("product_id", "product_id", "customer_id", "customer_id", "organization_id", "organization_id",
						"status", "status", "external_customer_id", "#external_customer_id"),
				"customer_email", Set.of("created_at", "expires_at", "status"), url);
	}

	List<Map<String, Object>> errors() {
		List<Map<String, Object>> errors = new ArrayList<>();
		for (String name : List.of("page", "limit")) {
			String value = first(name);
			if (value != null && !value.matches("0*[1-9]\\d{0,8}")) {
				errors.add(Map.of("type", "greater_than", "loc", List.of("query", name), "msg",
						"Input should be greater than 0", "input", value));
			}
		}
		for (String property : values("sorting")) {
			if (!this.sorting.contains(property.replaceFirst("^-", ""))) {
				errors.add(Map.of("type", "enum", "loc", List.of("query", "sorting"), "msg",
						"Input should be one of " + this.sorting, "input", property));
			}
		}
		return errors;
	}

	Map<String, Object> toJson() {
		List<Map<String, Object>> matching = new ArrayList<>(this.newestFirst.stream().filter(this::matches).toList());
		List<String> sorting = new ArrayList<>(values("sorting"));
		for (int i = sorting.size() - 1; i >= 0; i--) {
			matching.sort(order(sorting.get(i)));
		}
		int limit = Math.min(number("limit", 10), MAX_LIMIT);
		int maxPage = (matching.size() + limit - 1) / limit;
		int from = (int) Math.min((number("page", 1) - 1L) * limit, matching.size());
		matching.forEach((item) -> item.keySet().removeIf((field) -> field.startsWith("#")));
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("items", matching.subList(from, Math.min(from + limit, matching.size())));
		json.put("pagination", Map.of("total_count", matching.size(), "max_page", maxPage));
		return json;
	}

	private boolean matches(Map<String, Object> item) {
		String part = first("query");
		return this.filters.entrySet()
			.stream()
			.allMatch((filter) -> matches(filter.getKey(), item.get(filter.getValue())))
				&& (part == null || this.searched == null
						|| Objects.toString(item.get(this.searched), "").contains(part));
	}

	private boolean matches(String filter, @Nullable Object value) {
		List<String> wanted = values(filter);
		return wanted.isEmpty() || (value != null && wanted.stream()
			.anyMatch((each) -> filter.equals("email") ? each.equalsIgnoreCase(value.toString())
					: each.equals(value.toString())));
	}

	private static Comparator<Map<String, Object>> order(String property) {
		String name = property.replaceFirst("^-", "");
		Comparator<Map<String, Object>> ascending = !name.endsWith("_at")
				? Comparator.comparing((session) -> String.valueOf(session.get(name)))
				: Comparator.comparing((session) -> (session.get(name) instanceof Instant time) ? time : Instant.EPOCH);
		return property.startsWith("-") ? ascending.reversed() : ascending;
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

}
