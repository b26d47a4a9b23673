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
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Handles exports of orders, customers, and subscriptions as CSV.
 */
final class FakeExports {

	private static final Pattern EXPORT = Pattern.compile("/v1/(orders|customers|subscriptions)/export");

	/**
	 * Columns, as title and JSON pointer.
	 */
	private static final Map<String, List<String>> COLUMNS = Map.of("customers",
			List.of("ID /id", "External ID /external_id", "Created At /created_at", "Email /email", "Name /name",
					"Tax ID /tax_id/0", "Billing Address Line 1 /billing_address/line1",
					"Billing Address Line 2 /billing_address/line2", "Billing Address City /billing_address/city",
					"Billing Address State /billing_address/state", "Billing Address Zip /billing_address/postal_code",
					"Billing Address Country /billing_address/country", "Metadata /metadata"),
			"orders",
			List.of("Email /customer/email", "Created At /created_at", "Product /product/name", "Amount /net_amount",
					"Currency /currency", "Status /status", "Invoice number /invoice_number"),
			"subscriptions", List.of("Email /customer/email", "Started At /started_at", "Product /product/name",
					"Amount /amount", "Currency /currency", "Status /status", "Billing Interval /recurring_interval"));

	/**
	 * Columns of subscriptions that can be chosen, and their JSON pointers.
	 */
	private static final Map<String, String> CHOICE = new LinkedHashMap<>();

	static {
		for (String name : List.of("email", "started_at", "product", "amount", "currency", "status",
				"recurring_interval", "customer_name", "billing_name", "billing_country", "net_amount", "discount",
				"seats", "current_period_start", "current_period_end", "cancel_at_period_end", "canceled_at", "ends_at",
				"ended_at", "cancellation_reason", "trial_start", "trial_end")) {
			CHOICE.put(name, "/" + name);
		}
		CHOICE.putAll(Map.of("email", "/customer/email", "product", "/product/name", "customer_name", "/customer/name",
				"billing_name", "/customer/billing_name", "billing_country", "/customer/billing_address/country",
				"net_amount", "/amount", "discount", "/discount/name", "cancellation_reason",
				"/customer_cancellation_reason"));
	}

	private final FakeTransformer transformer;

	private final FakeResources resources;

	FakeExports(FakeTransformer transformer, FakeResources resources) {
		this.transformer = transformer;
		this.resources = resources;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher export = EXPORT.matcher(path);
		if (!export.matches()) {
			return null;
		}
		return method.equals("GET") ? this.transformer.authorized(request,
				FakeResources.scopes(export.group(1) + ":read"), () -> export(request, export.group(1)))
				: FakeTransformer.methodNotAllowed("GET");
	}

	private ResponseDefinitionBuilder export(Request request, String name) {
		MultiValueMap<String, String> query = UriComponentsBuilder.fromUriString(request.getUrl())
			.build()
			.getQueryParams();
		FakeErrors errors = new FakeErrors("query");
		String zone = UriUtils.decode(query.getOrDefault("timezone", List.of("UTC")).get(0), StandardCharsets.UTF_8);
		if (!ZoneId.getAvailableZoneIds().contains(zone)) {
			errors.at("timezone").addValueError("'%s' is not a valid IANA time zone".formatted(zone), zone);
		}
		List<String> chosen = name.equals("subscriptions") ? query.getOrDefault("columns", List.of()) : List.of();
		FakeList.Filter.oneOf("columns", "SubscriptionExportColumn", CHOICE.keySet().toArray(String[]::new))
			.check(chosen, errors.at("columns"));
		if (name.equals("subscriptions")) {
			List.of("started_after", "started_before")
				.forEach((time) -> checkZone(query.getFirst(time), errors.at(time)));
		}
		FakeList list = this.resources.list(request, name);
		errors.items().addAll(list.errors());
		if (!errors.isEmpty()) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		List<String> columns = chosen.isEmpty() ? COLUMNS.getOrDefault(name, List.of())
				: chosen.stream().map(FakeExports::column).toList();
		StringBuilder csv = new StringBuilder();
		csv.append(columns.stream().map((column) -> column.split(" /")[0]).collect(Collectors.joining(",")))
			.append("\r\n");
		for (Map<String, @Nullable Object> item : list.matching()) {
			JsonNode json = JsonMapper.shared().valueToTree(item);
			csv.append(columns.stream()
				.map((column) -> value(json, column.substring(column.indexOf(" /") + 1)))
				.collect(Collectors.joining(","))).append("\r\n");
		}
		return new ResponseDefinitionBuilder().withStatus(200)
			.withHeader("Content-Type", "text/csv; charset=utf-8")
			.withHeader("Content-Disposition", "attachment; filename=%s.csv".formatted(name))
			.withBody(csv.toString().getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Check that a time has a zone, which only exports require.
	 */
	private static void checkZone(@Nullable String value, FakeErrors errors) {
		String time = (value != null) ? UriUtils.decode(value, StandardCharsets.UTF_8) : "";
		if (time.matches("\\d{4}-\\d\\d-\\d\\d([Tt _][\\d:.]+)?")) {
			errors.add("timezone_aware", "Input should have timezone info", time);
		}
	}

	private static String column(String name) {
		String title = name.equals("recurring_interval") ? "Billing Interval"
				: Arrays.stream(name.split("_")).map(StringUtils::capitalize).collect(Collectors.joining(" "));
		return title + " " + CHOICE.get(name);
	}

	/**
	 * Return a value. Amounts are in major units.
	 */
	private static String value(JsonNode json, String pointer) {
		JsonNode value = json.at(pointer);
		String text = value.isObject() ? python(value) : value.asString("");
		if (pointer.endsWith("amount")) {
			BigDecimal major = BigDecimal.valueOf(value.asLong(), 2).stripTrailingZeros();
			text = major.setScale(Math.max(major.scale(), 1)).toPlainString();
		}
		return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
	}

	/**
	 * Return an object without objects in it as Python writes it.
	 */
	private static String python(JsonNode json) {
		return json.properties()
			.stream()
			.map((entry) -> JsonMapper.shared().writeValueAsString(entry.getKey()) + ": " + entry.getValue())
			.collect(Collectors.joining(", ", "{", "}"));
	}

}
