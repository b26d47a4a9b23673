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
 * A page of checkout sessions, as a query asks for it.
 */
final class FakeList {

	private static final int MAX_LIMIT = 100;

	private static final Set<String> SORTING = Set.of("created_at", "expires_at", "status");

	private final FakeState state;

	private final MultiValueMap<String, String> query;

	FakeList(FakeState state, String url) {
		this.state = state;
		this.query = UriComponentsBuilder.fromUriString(url.replace("+", "%20")).build().getQueryParams();
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
			if (!SORTING.contains(property.replaceFirst("^-", ""))) {
				errors.add(Map.of("type", "enum", "loc", List.of("query", "sorting"), "msg",
						"Input should be one of " + SORTING, "input", property));
			}
		}
		return errors;
	}

	Map<String, Object> toJson() {
		List<Map<String, Object>> matching = new ArrayList<>(
				this.state.allJson().stream().filter(this::matches).toList());
		List<String> sorting = new ArrayList<>(values("sorting"));
		for (int i = sorting.size() - 1; i >= 0; i--) {
			matching.sort(order(sorting.get(i)));
		}
		int limit = Math.min(number("limit", 10), MAX_LIMIT);
		int maxPage = (matching.size() + limit - 1) / limit;
		int from = (int) Math.min((number("page", 1) - 1L) * limit, matching.size());
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("items", matching.subList(from, Math.min(from + limit, matching.size())));
		json.put("pagination", Map.of("total_count", matching.size(), "max_page", maxPage));
		return json;
	}

	private boolean matches(Map<String, Object> session) {
		Object customerId = session.get("customer_id");
		String externalId = (customerId != null) ? this.state.externalIdOfCustomer(customerId) : null;
		String part = first("query");
		return matches("product_id", session.get("product_id")) && matches("customer_id", customerId)
				&& matches("organization_id", session.get("organization_id"))
				&& matches("status", session.get("status")) && matches("external_customer_id", externalId)
				&& (part == null || Objects.toString(session.get("customer_email"), "").contains(part));
	}

	private boolean matches(String filter, @Nullable Object value) {
		List<String> wanted = values(filter);
		return wanted.isEmpty() || (value != null && wanted.contains(value.toString()));
	}

	private static Comparator<Map<String, Object>> order(String property) {
		String name = property.replaceFirst("^-", "");
		Comparator<Map<String, Object>> ascending = name.equals("status")
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
