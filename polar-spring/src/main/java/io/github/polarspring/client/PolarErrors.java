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

package io.github.polarspring.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarApiVersionException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarPaymentFailedException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.PolarValidationException.FieldError;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Converter from error responses to exceptions. The body can have any form: Polar uses
 * several, and the platform in front of it responds with HTML.
 */
final class PolarErrors {

	private static final int MAX_TEXT_LENGTH = 300;

	private static final int MAX_CLEANED_LENGTH = 1000;

	private static final int MAX_FIELD_ERRORS = 50;

	private static final int MIN_QUOTED_LENGTH = 3;

	private static final Pattern EMAIL = Pattern.compile("[^\\s@<>\"'(),;:]+@[^\\s@<>\"'(),;:]+");

	private static final Pattern IP_ADDRESS = Pattern.compile(
			"(?i)\\b\\d{1,3}(\\.\\d{1,3}){3}\\b|(?<![\\w:])(?!\\d\\d:\\d\\d:\\d\\d\\b)([0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\\w:])");

	private static final Pattern TOKEN = Pattern.compile("\\b(polar_[A-Za-z]+_|whsec_)[\\w-]+");

	/**
	 * Name of an error: a class, or a code of OAuth2.
	 */
	private static final Pattern ERROR = Pattern.compile("\\w+");

	/**
	 * Name of an error that is a class.
	 */
	private static final Pattern CLASS = Pattern.compile("[A-Z]\\w*");

	private static final Set<String> FIELDS = Set.of("error", "detail", "error_description");

	/**
	 * Errors of calls that Polar does not permit to the organization, whatever their
	 * object.
	 */
	private static final Set<String> NOT_ENABLED = Set.of("FeatureNotEnabled", "OffSessionChargesNotEnabled");

	private static final Pattern SCOPE = Pattern.compile("scope=\"([^\"]*)\"");

	/**
	 * Names of alternatives and types that Polar's validation inserts: classes, and types
	 * such as {@code str-enum[CheckoutStatus]}.
	 */
	private static final Pattern LABEL = Pattern
		.compile("function-.*|[A-Z]\\w*|[a-z-]*\\[.*]|constrained-.*|str|int|float|bool");

	/**
	 * Names of types that Polar's validation inserts at the end of a location, after a
	 * field that permits several.
	 */
	private static final Set<String> TYPES = Set.of("datetime", "date", "uuid");

	/**
	 * Kinds of an object that Polar's validation inserts before its fields: of the object
	 * that is created, of a price, and of the aggregation of a meter.
	 */
	private static final Set<String> KINDS = Set.of("individual", "team", "fixed", "percentage", "custom", "discord",
			"downloadables", "feature_flag", "github_repository", "license_keys", "meter_credit",
			"slack_shared_channel", "text", "number", "date", "checkbox", "select");

	private static final Set<String> PRICE_KINDS = Set.of("fixed", "custom", "free", "seat_based", "unit_based",
			"metered_unit", "metered_tiers");

	private static final Set<String> AGGREGATIONS = Set.of("count", "sum", "max", "min", "avg", "unique");

	/**
	 * Fields whose keys are chosen by the application, so that they are not labels.
	 */
	private static final Set<String> MAPS = Set.of("metadata", "customer_metadata", "custom_field_data", "prices");

	private static final String FOREIGN = "The response is not one of Polar's API: a proxy, a firewall or another server"
			+ " sent it. Check 'polar.base-url' and the proxy.";

	private static final String UNKNOWN_SERVER = "The response is not one of Polar's API, so 'polar.base-url' is"
			+ " probably wrong. A proxy or a gateway can also send it.";

	private static final String UNKNOWN_PRODUCT = " (Production and sandbox have separate products. Check"
			+ " 'polar.products' and 'polar.environment'.)";

	/**
	 * Errors with the status 400 that are due to the state of seats.
	 */
	private static final Set<String> SEATS = Set.of("MemberEmailMismatch", "SeatAlreadyAssigned", "SeatNotAvailable",
			"SeatNotPending", "SeatsAlreadyAssigned");

	private final PolarEndpoint endpoint;

	PolarErrors(PolarEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	PolarApiException exception(String operation, boolean anonymous, int status, HttpHeaders headers, byte[] body) {
		JsonNode json = PolarJson.readLeniently(body);
		String error = text(json, "error");
		String detail = text(json, "detail");
		if (detail == null) {
			detail = text(json, "error_description");
		}
		String summary = "%s failed: Polar (%s) responded with %s".formatted(operation, this.endpoint.name(),
				describe(status, error));
		Duration retryAfter = retryAfter(headers);
		if (status < 500 && status != 429 && !isOfPolar(json, headers, body)) {
			return new PolarApiException(summary + ". " + ((status == 404) ? UNKNOWN_SERVER : FOREIGN), status, null,
					null, retryAfter);
		}
		if (status == 401) {
			return new PolarAuthenticationException(
					anonymous ? summary + because(detail) : summary + ". " + unauthorized(error), status, error,
					detail);
		}
		if (status == 403) {
			Set<String> scopes = requiredScopes(headers);
			if (!scopes.isEmpty()) {
				return new PolarPermissionException(summary + ". The access token lacks a scope. Add '"
						+ String.join("' or '", scopes) + "' to it in Polar's dashboard, under Settings.", status,
						error, detail, scopes);
			}
			if (error == null || error.equals("insufficient_scope") || error.equals("NotPermitted")) {
				return new PolarPermissionException(summary + because(detail, forbidden(error, detail)), status, error,
						detail, scopes);
			}
		}
		if (status == 402) {
			return new PolarPaymentFailedException(summary + because(detail), status, error, detail);
		}
		if (status == 403 && NOT_ENABLED.contains(String.valueOf(error))) {
			return new PolarPermissionException(summary + because(detail), status, error, detail, Set.of());
		}
		if (error != null
				&& (status == 403 || status == 409 || status == 410 || status == 400 && SEATS.contains(error))) {
			return new PolarConflictException(summary + because(detail), status, error, detail);
		}
		if (status == 404 && error != null && CLASS.matcher(error).matches()) {
			return new PolarNotFoundException(
					summary + because(detail, "It does not exist, or belongs to another organization or environment."),
					status, error, detail);
		}
		if (status == 404 && !headers.containsHeader(PolarEndpoint.VERSION_HEADER)) {
			return new PolarApiVersionException(summary + " without naming a version. It no longer serves API version '"
					+ this.endpoint.apiVersion() + "' ('polar.api-version'), or the base URL is not that of Polar's API"
					+ " ('polar.base-url').", status, error, detail);
		}
		if (status == 422) {
			List<FieldError> fieldErrors = fieldErrors(json);
			String reasons = fieldErrors.stream().map(FieldError::toString).collect(Collectors.joining("; "));
			String hint = fieldErrors.stream().anyMatch(PolarErrors::isUnknownProduct) ? UNKNOWN_PRODUCT : "";
			return new PolarValidationException(summary + because(reasons.isEmpty() ? detail : reasons) + hint, status,
					error, detail, fieldErrors);
		}
		if (status == 429) {
			return new PolarRateLimitException(
					summary + ((retryAfter != null) ? ". Retry after " + retryAfter.toSeconds() + " s." : "."), status,
					error, detail, retryAfter);
		}
		return new PolarApiException(summary + because(detail, hint(status, error, detail)), status, error, detail,
				retryAfter);
	}

	/**
	 * Return whether Polar's API sent a response, rather than a gateway, a firewall or
	 * another server. Polar names the version, except in a response to an unknown
	 * version; a fake or a proxy can omit it.
	 */
	private static boolean isOfPolar(@Nullable JsonNode json, HttpHeaders headers, byte[] body) {
		if (headers.containsHeader(PolarEndpoint.VERSION_HEADER)) {
			return body.length == 0 || (json != null && json.isObject());
		}
		if (body.length == 0) {
			return true;
		}
		return json != null && json.isObject() && FIELDS.containsAll(json.propertyNames())
				&& (!json.has("error") || ERROR.matcher(json.path("error").asString("")).matches());
	}

	private static String unauthorized(@Nullable String error) {
		return "Unauthorized".equals(error)
				? """
						Polar received no access token, or one of another kind. Check that neither an interceptor, the HTTP client \
						nor a proxy removes the header Authorization, and that 'polar.access-token' is an organization access \
						token."""
				: """
						The access token is wrong, expired or revoked, or belongs to another environment: tokens are not shared \
						between production and sandbox. Check 'polar.access-token' and 'polar.environment'. Polar responds in the \
						same way if it has blocked the organization: Polar's dashboard shows whether it has.""";
	}

	private static @Nullable String forbidden(@Nullable String error, @Nullable String detail) {
		if ("insufficient_scope".equals(error)) {
			return "The access token lacks a scope that the call requires.";
		}
		return ("NotPermitted".equals(error) && (detail == null || detail.equals("Not permitted")))
				? "Polar may have blocked the organization, or the role of the token's owner does not permit the call."
				: null;
	}

	private @Nullable String hint(int status, @Nullable String error, @Nullable String detail) {
		return switch (status) {
			case 400 -> (error == null && detail != null)
					? "An interceptor or a proxy may have changed the body of the request." : null;
			case 404 -> this.endpoint.baseUrl().getRawPath().endsWith("/v1")
					? "The path is unknown, because 'polar.base-url' ends in '/v1'. Remove that part from it."
					: "The path is unknown. Check the path of the call, and that 'polar.base-url' does not contain a part"
							+ " of it.";
			case 405 -> "The path does not support the method. Check the method and the path of the call.";
			case 411 -> "The client sends the length, so an interceptor, the HTTP client or a proxy removes it.";
			default -> null;
		};
	}

	private static String because(@Nullable String text, @Nullable String hint) {
		if (hint == null) {
			return because(text);
		}
		boolean ended = text == null || text.isEmpty() || text.endsWith(".");
		return because(text) + (ended ? " " : ". ") + hint;
	}

	private static boolean isUnknownProduct(FieldError error) {
		return error.field().startsWith("products") && error.message().contains("not exist");
	}

	private static String describe(int status, @Nullable String error) {
		HttpStatus known = HttpStatus.resolve(status);
		String description = (known != null) ? status + " " + known.getReasonPhrase() : String.valueOf(status);
		return (error != null) ? description + " (" + error + ")" : description;
	}

	private static String because(@Nullable String text) {
		return (text != null && !text.isEmpty()) ? ": " + text : ".";
	}

	private static @Nullable String text(@Nullable JsonNode json, String field) {
		JsonNode value = (json != null) ? json.get(field) : null;
		return (value != null && value.isString()) ? clean(value.stringValue()) : null;
	}

	private static Set<String> requiredScopes(HttpHeaders headers) {
		Set<String> scopes = new TreeSet<>();
		for (String header : headers.getOrEmpty(HttpHeaders.WWW_AUTHENTICATE)) {
			Matcher matcher = SCOPE.matcher(header);
			while (matcher.find()) {
				for (String scope : matcher.group(1).split(" ")) {
					if (!scope.isBlank()) {
						scopes.add(clean(scope));
					}
				}
			}
		}
		return scopes;
	}

	/**
	 * Return the value of {@code Retry-After}. Polar sends seconds; a proxy can also send
	 * a date (RFC 9110, section 10.2.3).
	 */
	private static @Nullable Duration retryAfter(HttpHeaders headers) {
		String value = headers.getFirst(HttpHeaders.RETRY_AFTER);
		if (value == null || value.matches("\\d{1,9}")) {
			return (value != null) ? Duration.ofSeconds(Long.parseLong(value)) : null;
		}
		try {
			Duration duration = Duration.between(Instant.now(),
					DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
			return duration.isNegative() ? Duration.ZERO : duration;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * Reduce Polar's list to one entry per invalid field. Polar reports a schema error
	 * once for each alternative of a union, and includes the names of alternatives and
	 * types in the location of the field.
	 */
	private static List<FieldError> fieldErrors(@Nullable JsonNode json) {
		JsonNode detail = (json != null) ? json.get("detail") : null;
		if (detail == null || !detail.isArray()) {
			return List.of();
		}
		List<JsonNode> items = new ArrayList<>();
		detail.forEach(items::add);
		if (items.stream().anyMatch(PolarErrors::isOfProductsShape)) {
			items.removeIf((item) -> !isOfProductsShape(item));
		}
		removeOtherAlternatives(items);
		Map<String, FieldError> errors = new LinkedHashMap<>();
		for (JsonNode item : items.subList(0, Math.min(items.size(), MAX_FIELD_ERRORS))) {
			String type = text(item, "type");
			String field = field(item.get("loc"), type);
			String message = text(item, "msg");
			// errors of the whole request have no field in common
			errors.putIfAbsent(field.isEmpty() ? ":" + message : field, new FieldError(field,
					(type != null) ? type : "", (message != null) ? withoutValue(message, text(item, "input")) : ""));
		}
		return List.copyOf(errors.values());
	}

	/**
	 * Replace the rejected value, such as a name, which a message can quote.
	 */
	private static String withoutValue(String message, @Nullable String value) {
		return (value != null && value.length() >= MIN_QUOTED_LENGTH && !value.startsWith("("))
				? message.replaceAll("(?<![\\p{L}\\p{N}])" + Pattern.quote(value) + "(?![\\p{L}\\p{N}])", "(value)")
				: message;
	}

	/**
	 * Remove the errors of the alternatives of a union that were not meant: those in
	 * which more fields are missing or unknown than in others.
	 */
	private static void removeOtherAlternatives(List<JsonNode> items) {
		Map<String, Long> misfits = items.stream()
			.filter((item) -> alternative(item) != null)
			.collect(Collectors.groupingBy((item) -> String.valueOf(alternative(item)),
					Collectors.filtering(PolarErrors::isMisfit, Collectors.counting())));
		long fewest = misfits.values().stream().mapToLong(Long::longValue).min().orElse(0);
		items.removeIf((item) -> alternative(item) != null
				&& misfits.getOrDefault(String.valueOf(alternative(item)), fewest) > fewest);
	}

	private static @Nullable String alternative(JsonNode item) {
		JsonNode label = item.path("loc").path(1);
		return (label.isString() && CLASS.matcher(label.stringValue()).matches()) ? label.stringValue() : null;
	}

	private static boolean isMisfit(JsonNode item) {
		String type = item.path("type").asString("");
		return item.path("loc").size() == 3 && (type.equals("missing") || type.equals("extra_forbidden"));
	}

	private static boolean isOfProductsShape(JsonNode item) {
		JsonNode label = item.path("loc").path(1);
		return label.isString() && label.stringValue().contains("CheckoutProductsCreate");
	}

	private static String field(@Nullable JsonNode location, @Nullable String type) {
		StringBuilder field = new StringBuilder();
		boolean inPrices = false;
		JsonNode previous = null;
		// the first element is the part of the request
		for (int i = 1; location != null && i < location.size() && !"json_invalid".equals(type); i++) {
			JsonNode element = location.get(i);
			if (element.isNumber()) {
				field.append('[').append(element.asInt()).append(']');
			}
			else {
				String name = clean(element.asString());
				boolean key = previous != null && MAPS.contains(previous.asString());
				boolean ofType = i > 1 && i == location.size() - 1 && TYPES.contains(name);
				if (key || !(ofType || isKind(location, i, inPrices) || LABEL.matcher(name).matches())) {
					field.append(field.isEmpty() ? "" : ".").append(name);
				}
				inPrices |= name.equals("prices");
			}
			previous = element;
		}
		return field.toString();
	}

	private static boolean isKind(JsonNode location, int index, boolean inPrices) {
		String name = location.get(index).asString();
		JsonNode previous = location.get(index - 1);
		if (index == 1) {
			return previous.asString().equals("body") && KINDS.contains(name);
		}
		return previous.isNumber() ? inPrices && PRICE_KINDS.contains(name)
				: previous.asString().equals("aggregation") && AGGREGATIONS.contains(name);
	}

	/**
	 * Remove what must not be logged: personal data, tokens, line breaks and excess
	 * length.
	 */
	private static String clean(String text) {
		// truncate first, because the patterns take quadratic time
		String clean = ((text.length() > MAX_CLEANED_LENGTH) ? text.substring(0, MAX_CLEANED_LENGTH) : text)
			.replaceAll("\\p{Cntrl}+", " ");
		clean = EMAIL.matcher(clean).replaceAll("(e-mail)");
		clean = IP_ADDRESS.matcher(clean).replaceAll("(address)");
		clean = TOKEN.matcher(clean).replaceAll("(token)");
		return (clean.length() > MAX_TEXT_LENGTH) ? clean.substring(0, MAX_TEXT_LENGTH) + "…" : clean;
	}

}
