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

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.MultiValueMap;

/**
 * Handles requests for the quantities of a meter, which are always up to date.
 */
final class FakeQuantities {

	private static final Pattern PATH = Pattern.compile("/v1/meters/([^/]*)/quantities(/)?");

	private static final Set<String> READ = Set.of("meters:read", "meters:write");

	private static final List<String> FUNCTIONS = List.of("count", "sum", "max", "min", "avg", "unique");

	/**
	 * How many intervals a response has at most.
	 */
	private static final int MAX_INTERVALS = 2000;

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeQuantities(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher matcher = PATH.matcher(path);
		if (!matcher.matches()) {
			return null;
		}
		if (matcher.group(2) != null) {
			return this.transformer.temporaryRedirect(request, path.substring(0, path.length() - 1));
		}
		return !method.equals("GET") ? FakeTransformer.methodNotAllowed("GET")
				: this.transformer.authorized(request, READ, () -> FakeTransformer.withId(matcher.group(1),
						(id) -> quantities(id, FakeList.query(request.getUrl()))));
	}

	private ResponseDefinitionBuilder quantities(UUID id, MultiValueMap<String, String> query) {
		FakeErrors errors = new FakeErrors("query");
		Map<String, @Nullable Object> values = schema().read(json(query), errors);
		if (values == null || !errors.isEmpty()) {
			errors.items()
				.stream()
				.filter((item) -> "missing".equals(item.get("type")))
				.forEach((item) -> item.put("input", null));
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		Map<String, @Nullable Object> meter = this.state.catalog().meter(id.toString());
		if (meter == null) {
			return FakeCustomers.notFound();
		}
		ZoneId zone = ZoneId.of(String.valueOf(values.get("timezone")));
		ZonedDateTime start = FakeTime.toInstant(String.valueOf(values.get("start_timestamp"))).atZone(zone);
		ZonedDateTime end = FakeTime.toInstant(String.valueOf(values.get("end_timestamp"))).atZone(zone);
		ChronoUnit unit = ChronoUnit.valueOf(String.valueOf(values.get("interval")).toUpperCase(Locale.ROOT) + "S");
		if (unit.between(start, end) > MAX_INTERVALS) {
			errors.at("interval")
				.add("value_error", "The interval is too short for this period.", values.get("interval"));
			return FakeTransformer.validation("PolarRequestValidationError", errors.items());
		}
		List<FakeUsageEvent> events = this.state.usage()
			.newestFirst()
			.stream()
			.filter((event) -> isBetween(event.timestamp(), start, end) && isWanted(event, query))
			.toList();
		return FakeTransformer.json(200, toJson(new FakeMeter(meter), events, start, end, unit,
				(String) values.get("customer_aggregation_function")));
	}

	private static JsonNode json(MultiValueMap<String, String> query) {
		return JsonMapper.shared().valueToTree(query.toSingleValueMap());
	}

	private static FakeFields schema() {
		return new FakeFields().required("start_timestamp", FakeUsageSchema.zonedTime())
			.required("end_timestamp", FakeUsageSchema.zonedTime())
			.required("interval", FakeSchema.oneOf("year", "month", "week", "day", "hour"))
			.withDefault("timezone", "UTC", FakeQuantities::timezone)
			.optional("customer_id", FakeSchema.uuid())
			.withDefault("customer_aggregation_function", null, FakeSchema.oneOf(FUNCTIONS, (name) -> name));
	}

	private static @Nullable Object timezone(JsonNode value, FakeErrors errors) {
		try {
			return ZoneId.of(value.asString()).getId();
		}
		catch (DateTimeException ex) {
			return errors.add("zoneinfo_str", "invalid timezone: " + value.asString(), value);
		}
	}

	private static boolean isBetween(Instant time, ZonedDateTime start, ZonedDateTime end) {
		return !time.isBefore(start.toInstant()) && !time.isAfter(end.toInstant());
	}

	private boolean isWanted(FakeUsageEvent event, MultiValueMap<String, String> query) {
		FakeCustomer customer = this.state.usage().customerOf(event);
		List<String> ids = query.get("customer_id");
		List<String> externalIds = query.get("external_customer_id");
		String externalId = (customer != null) ? customer.externalId() : event.externalCustomerId();
		return (ids == null || (customer != null && ids.stream().anyMatch(customer.id().toString()::equalsIgnoreCase)))
				&& (externalIds == null || externalIds.contains(externalId))
				&& query.keySet()
					.stream()
					.filter((name) -> name.matches("metadata\\[.+]"))
					.allMatch((name) -> Objects.requireNonNull(query.get(name))
						.contains(String.valueOf(event.metadata().get(name.substring(9, name.length() - 1)))));
	}

	/**
	 * Return a quantity for each interval. As at Polar, the first one is shown with the
	 * start of the query, but contains what happened in the same year, month, week, day,
	 * or hour.
	 */
	private static Map<String, Object> toJson(FakeMeter meter, List<FakeUsageEvent> events, ZonedDateTime start,
			ZonedDateTime end, ChronoUnit unit, @Nullable String ofCustomers) {
		Map<ZonedDateTime, List<FakeUsageEvent>> byInterval = events.stream()
			.collect(Collectors.groupingBy((event) -> truncate(event.timestamp().atZone(start.getZone()), unit)));
		List<Map<String, Object>> quantities = new ArrayList<>();
		List<BigDecimal> numbers = new ArrayList<>();
		for (int i = 0; !start.plus(i, unit).isAfter(end); i++) {
			ZonedDateTime time = start.plus(i, unit);
			List<FakeUsageEvent> own = byInterval.getOrDefault(truncate(time, unit), List.of());
			BigDecimal quantity = quantity(meter, own, ofCustomers);
			numbers.add(quantity);
			Map<String, Object> json = new LinkedHashMap<>();
			json.put("timestamp", time.toInstant());
			json.put("quantity", quantity.doubleValue());
			quantities.add(json);
		}
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("quantities", quantities);
		json.put("total",
				((ofCustomers != null) ? FakeMeter.aggregate("sum", numbers) : meter.consumed(events)).doubleValue());
		return json;
	}

	private static BigDecimal quantity(FakeMeter meter, List<FakeUsageEvent> events, @Nullable String ofCustomers) {
		if (ofCustomers == null) {
			return meter.consumed(events);
		}
		Map<String, List<FakeUsageEvent>> byCustomer = events.stream()
			.filter(meter::matches)
			.collect(Collectors.groupingBy((event) -> event.externalCustomerId() + " " + event.customerId()));
		return FakeMeter.aggregate(ofCustomers, byCustomer.values().stream().map(meter::consumed).toList());
	}

	private static ZonedDateTime truncate(ZonedDateTime time, ChronoUnit unit) {
		return switch (unit) {
			case YEARS -> time.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
			case MONTHS -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
			case WEEKS -> time.truncatedTo(ChronoUnit.DAYS).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
			default -> time.truncatedTo(unit);
		};
	}

}
