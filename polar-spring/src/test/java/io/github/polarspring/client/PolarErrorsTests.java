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

import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarApiVersionException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarEnvironment;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarPaymentFailedException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.PolarValidationException.FieldError;
import io.github.polarspring.testsupport.FaultyServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for the exceptions that answers with an error become.
 */
@Timeout(30)
class PolarErrorsTests {

	private static final String TOKEN = "polar_oat_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

	private static <T extends PolarApiException> T failure(Class<T> type, String status, String... headersAndBody)
			throws Exception {
		try (FaultyServer server = FaultyServer.responding(status, headersAndBody)) {
			PolarClient client = PolarClient.builder().accessToken(TOKEN).baseUrl(server.url()).build();
			T exception = catchThrowableOfType(type,
					() -> client.post(Map.class, "/v1/checkouts/", Map.of("customer_email", "buyer@example.com")));
			assertThat(exception).isExactlyInstanceOf(type);
			assertThat(exception.getStatus()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
			assertThat(exception.getMessage())
				.startsWith("POST /v1/checkouts/ failed: Polar (" + server.url() + ") responded with ")
				.contains(status.substring(0, 3))
				.doesNotContain(TOKEN, "buyer@example.com", "\n", "\r");
			assertThat(exception).hasNoCause();
			return exception;
		}
	}

	@Test
	void wrongTokenNamesTheEnvironmentAndSaysThatTokensDiffer() {
		for (PolarEnvironment environment : PolarEnvironment.values()) {
			MockClientHttpResponse response = new MockClientHttpResponse(
					"{\"error\":\"invalid_token\",\"error_description\":\"expired\"}".getBytes(),
					HttpStatus.UNAUTHORIZED);
			PolarClient client = PolarClient.builder()
				.accessToken(TOKEN)
				.environment(environment)
				.restClient((builder) -> builder.requestInterceptor((request, body, execution) -> response))
				.build();
			PolarAuthenticationException ex = catchThrowableOfType(PolarAuthenticationException.class,
					() -> client.get(Map.class, "/v1/checkouts/{id}", 1));
			assertThat(ex).hasMessageContaining("Polar (" + environment.name().toLowerCase() + ") responded with 401")
				.hasMessageContaining("tokens are not shared between production and sandbox")
				.hasMessageNotContaining(TOKEN);
			assertThat(ex.getError()).isEqualTo("invalid_token");
			assertThat(ex.getDetail()).isEqualTo("expired");
		}
	}

	@Test
	void missingTokenIsAnAuthenticationException() throws Exception {
		PolarAuthenticationException ex = failure(PolarAuthenticationException.class, "401 Unauthorized",
				"{\"error\":\"Unauthorized\",\"detail\":\"Unauthorized\"}");
		assertThat(ex.getError()).isEqualTo("Unauthorized");
	}

	@Test
	void missingScopeNamesTheScopes() throws Exception {
		PolarPermissionException ex = failure(PolarPermissionException.class, "403 Forbidden",
				"WWW-Authenticate: Bearer realm=\"polar\", error=\"insufficient_scope\", scope=\"checkouts:write checkouts:read\"",
				"{\"error\":\"insufficient_scope\",\"error_description\":\"The request requires higher privileges.\"}");
		assertThat(ex.getRequiredScopes()).containsExactlyInAnyOrder("checkouts:write", "checkouts:read");
		assertThat(ex)
			.hasMessageEndingWith("responded with 403 Forbidden (insufficient_scope). The access token lacks a"
					+ " scope. Add 'checkouts:read' or 'checkouts:write' to it in Polar's dashboard, under Settings.");
	}

	@Test
	void blockedOrganizationIsAPermissionException() throws Exception {
		PolarPermissionException ex = failure(PolarPermissionException.class, "403 Forbidden",
				"{\"error\":\"NotPermitted\",\"detail\":\"Organization is blocked.\"}");
		assertThat(ex.getRequiredScopes()).isEmpty();
		assertThat(ex).hasMessageEndingWith("responded with 403 Forbidden (NotPermitted): Organization is blocked.");
	}

	@Test
	void rejectionThatIsNoMatterOfPermissionKeepsItsName() throws Exception {
		PolarConflictException ex = failure(PolarConflictException.class, "403 Forbidden",
				"{\"error\":\"NotOpenCheckout\",\"detail\":\"Checkout is not open.\"}");
		assertThat(ex.getError()).isEqualTo("NotOpenCheckout");
		assertThat(ex.getDetail()).isEqualTo("Checkout is not open.");
	}

	@ParameterizedTest
	@CsvSource({ "403 Forbidden,AlreadyCanceledSubscription", "409 Conflict,NoScheduledPause",
			"410 Gone,ResourceUnavailable" })
	void stateThatDoesNotPermitTheCallIsAConflictException(String status, String error) throws Exception {
		PolarConflictException ex = failure(PolarConflictException.class, status,
				"{\"error\":\"%s\",\"detail\":\"It is not possible.\"}".formatted(error));
		assertThat(ex.getError()).isEqualTo(error);
		assertThat(ex).hasMessageEndingWith("(" + error + "): It is not possible.");
	}

	@Test
	void conflictOfAnotherServerIsNone() throws Exception {
		failure(PolarApiException.class, "409 Conflict", "Polar-Version: 2026-10", "{\"detail\":\"Conflict\"}");
		failure(PolarApiException.class, "410 Gone", "<html>");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "null",
			value = { "Payment failed with reason: missing_payment_method.,missing_payment_method",
					"Payment failed with reason: card_error.,card_error", "Payment required,null" })
	void failedChargeNamesTheReason(String detail, @Nullable String reason) throws Exception {
		PolarPaymentFailedException ex = failure(PolarPaymentFailedException.class, "402 Payment Required",
				"{\"error\":\"PaymentFailed\",\"detail\":\"%s\"}".formatted(detail));
		assertThat(ex.getReason()).isEqualTo(reason);
		assertThat(ex.getError()).isEqualTo("PaymentFailed");
		assertThat(ex.getDetail()).isEqualTo(detail);
	}

	@Test
	void failedChargeWithoutADescriptionHasNoReason() throws Exception {
		assertThat(failure(PolarPaymentFailedException.class, "402 Payment Required", "{\"error\":\"PaymentFailed\"}")
			.getReason()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"SubscriptionUpdateBase,trial_end,datetime,datetime_future SubscriptionUpdateSeats,seats,missing"
					+ " SubscriptionUpdateSeats,trial_end,extra_forbidden | trial_end",
			"SubscriptionUpdateBase,colour,extra_forbidden SubscriptionUpdateSeats,seats,missing"
					+ " SubscriptionUpdateSeats,metadata,extra_forbidden SubscriptionUpdateSeats,colour,extra_forbidden"
					+ " | colour",
			"CustomerSessionCustomerIDCreate,customer_id,missing"
					+ " CustomerSessionCustomerExternalIDCreate,external_customer_id,missing"
					+ " | customer_id external_customer_id" })
	void errorsOfOtherShapesOfARequestAreLeftOut(String items, String fields) throws Exception {
		String detail = Arrays.stream(items.split(" ")).map((item) -> {
			int type = item.lastIndexOf(',');
			return "{\"type\":\"%s\",\"loc\":[\"body\",\"%s\"],\"msg\":\"no\",\"input\":null}"
				.formatted(item.substring(type + 1), item.substring(0, type).replace(",", "\",\""));
		}).collect(Collectors.joining(","));
		PolarValidationException ex = failure(PolarValidationException.class, "422 Unprocessable Entity",
				"{\"error\":\"RequestValidationError\",\"detail\":[%s]}".formatted(detail));
		assertThat(ex.getFieldErrors()).extracting(FieldError::field).containsExactly(fields.split(" "));
	}

	@Test
	void missingObjectIsANotFoundException() throws Exception {
		failure(PolarNotFoundException.class, "404 Not Found", "Polar-Version: 2026-10",
				"{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}");
	}

	/**
	 * The error formats of Spring Boot, RFC 9457, and common gateways and proxies.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			{"timestamp":"2026-11-29T10:00:00Z","status":%d,"error":"%s","path":"/v1/orders/x"}
			{"timestamp":"2026-11-29T10:00:00Z","path":"/v1/orders/x","status":%d,"error":"%s","requestId":"a-1"}
			{"type":"about:blank","title":"x","status":%d,"detail":"No static resource v1/orders.","instance":"/v1"}
			{"message":"no Route matched with those values"}
			{"error":"NotFound","message":"There is nothing here"}
			{"error":"Unauthorized","status":401}
			{"error":"Forbidden","detail":"Blocked","status":403}
			{"error":{"code":"NotFound","detail":"There is nothing here"}}
			{"errors":[{"status":"404","detail":"There is nothing here"}]}
			["NotFound"]
			"NotFound"
			<html>nginx</html>
			404 page not found
			""")
	void responseOfAnotherServerSaysNothingAboutTheObjectOrTheToken(String body) throws Exception {
		for (HttpStatus status : List.of(HttpStatus.UNAUTHORIZED, HttpStatus.FORBIDDEN, HttpStatus.NOT_FOUND,
				HttpStatus.UNPROCESSABLE_CONTENT)) {
			String sent = body.replace("%d", String.valueOf(status.value())).replace("%s", status.getReasonPhrase());
			PolarApiException ex = failure(PolarApiException.class, status.value() + " " + status.getReasonPhrase(),
					"Content-Type: application/json", sent);
			assertThat(ex).hasMessageContaining("The response is not one of Polar's API")
				.hasMessageContaining("'polar.base-url'");
			assertThat(ex.getError()).isNull();
			assertThat(ex.getDetail()).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"error\":\"not_found\",\"detail\":\"Nothing\"}",
			"{\"error\":\"Not Found\",\"detail\":\"Nothing\"}",
			"{\"error\":\"not_found\",\"error_description\":\"Nothing\"}" })
	void notFoundOfAnotherServerIsNotThatOfTheObject(String body) throws Exception {
		try (FaultyServer server = FaultyServer.responding("404 Not Found", body)) {
			PolarClient client = PolarClient.builder().accessToken(TOKEN).baseUrl(server.url()).build();
			assertThat(catchThrowableOfType(PolarApiException.class, () -> client.get(Map.class, "/v1/products/")))
				.isNotInstanceOf(PolarNotFoundException.class)
				.hasMessageContaining("'polar.base-url'");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-", textBlock = """
			404 | {"error":"ResourceNotFound"} | PolarNotFoundException
			401 | {"error":"invalid_token"} | PolarAuthenticationException
			401 | - | PolarAuthenticationException
			403 | - | PolarPermissionException
			422 | {"detail":[]} | PolarValidationException
			""")
	void responseNeedsNothingButWhatPolarAlwaysSends(int status, @Nullable String body, String type) throws Exception {
		try (FaultyServer server = FaultyServer.responding(status + " x", (body != null) ? body : "")) {
			PolarClient client = PolarClient.builder().accessToken(TOKEN).baseUrl(server.url()).build();
			assertThat(catchThrowableOfType(PolarApiException.class, () -> client.get(Map.class, "/v1/products/")))
				.extracting((ex) -> ex.getClass().getSimpleName())
				.isEqualTo(type);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "InvoiceDoesNotExist", "MemberNotFound", "ReceiptNotAllocated" })
	void everyClassOfPolarIsANotFoundException(String error) throws Exception {
		failure(PolarNotFoundException.class, "404 Not Found", "Polar-Version: 2026-10",
				"{\"error\":\"" + error + "\",\"detail\":\"Not found\"}");
	}

	@Test
	void bareNotFoundWithoutVersionNamesVersionAndSetting() throws Exception {
		PolarApiVersionException ex = failure(PolarApiVersionException.class, "404 Not Found",
				"{\"detail\":\"Not Found\"}");
		assertThat(ex).hasMessageContaining("'2026-10'").hasMessageContaining("polar.api-version");
	}

	@Test
	void bareNotFoundWithVersionIsAnUnknownPath() throws Exception {
		failure(PolarApiException.class, "404 Not Found", "Polar-Version: 2026-10", "{\"detail\":\"Not Found\"}");
	}

	@Test
	void rateLimitTellsWhenToRetry() throws Exception {
		PolarRateLimitException ex = failure(PolarRateLimitException.class, "429 Too Many Requests", "Retry-After: 60",
				"");
		assertThat(ex.getRetryAfter()).isEqualTo(Duration.ofSeconds(60));
		assertThat(ex).hasMessageEndingWith("Retry after 60 s.");
	}

	@ParameterizedTest
	@CsvSource({ "soon", "-1", "99999999999" })
	void rateLimitWithoutReadableTimeHasNone(String retryAfter) throws Exception {
		PolarRateLimitException ex = failure(PolarRateLimitException.class, "429 Too Many Requests",
				"Retry-After: " + retryAfter, "");
		assertThat(ex.getRetryAfter()).isNull();
	}

	@Test
	void proxyCanSayWhenToRetryByADate() throws Exception {
		String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(10));
		PolarApiException ex = failure(PolarApiException.class, "503 Service Unavailable", "Retry-After: " + date, "");
		assertThat(ex.getRetryAfter()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
		PolarApiException past = failure(PolarRateLimitException.class, "429 Too Many Requests",
				"Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", "");
		assertThat(past.getRetryAfter()).isZero();
	}

	@Test
	void addressesInPolarsTextAreTakenOut() throws Exception {
		PolarApiException ex = failure(PolarApiException.class, "400 Bad Request", "Polar-Version: 2026-10",
				"{\"error\":\"Bad\",\"detail\":\"at 09:31:40 from 203.0.113.7, 2001:db8::7 and ::1 or fe80::1%eth0\"}");
		assertThat(ex).hasMessageEndingWith(": at 09:31:40 from (address), (address) and (address) or (address)%eth0");
	}

	@ParameterizedTest
	@CsvSource({ "500 Internal Server Error,Internal Server Error", "502 Bad Gateway,<html>buyer@example.com</html>",
			"503 Service Unavailable,''", "418 I'm a teapot,{}", "400 Bad Request,'[1]'",
			"499 Strange,'{\"detail\":{}}'",
			"411 Length Required,'{\"error\":\"LengthRequired\",\"detail\":\"Length\"}'" })
	void anyOtherResponseIsAnApiException(String status, String body) throws Exception {
		failure(PolarApiException.class, status, body);
	}

	@Test
	void businessRuleIsOneFieldError() throws Exception {
		PolarValidationException ex = failure(PolarValidationException.class, "422 Unprocessable Content", """
				{"error":"PolarRequestValidationError","detail":[{"type":"value_error","loc":["body","products",0],\
				"msg":"Product does not exist.","input":"buyer@example.com"}]}""");
		assertThat(ex.getFieldErrors())
			.containsExactly(new FieldError("products[0]", "value_error", "Product does not exist."));
		assertThat(ex).hasMessageEndingWith("(PolarRequestValidationError): products[0]: Product does not exist."
				+ " (Production and sandbox have separate products. Check 'polar.products' and 'polar.environment'.)");
	}

	@Test
	void schemaErrorIsCleanedOfTheShapesThatTheRequestDoesNotHave() throws Exception {
		String label = "function-after[_validate_unit_constraints(), function-after[is_complete_configuration(), %s]]";
		PolarValidationException ex = failure(PolarValidationException.class, "422 Unprocessable Content",
				"""
						{"error":"RequestValidationError","detail":[
						{"type":"ip_any_address","loc":["body","%1$s","customer_ip_address"],"msg":"not an address","input":"x"},
						{"type":"x","loc":["body","%1$s","prices","a-b",0,"fixed","price_amount"],"msg":"too small","input":1},
						{"type":"x","loc":["body","%1$s","metadata","plan","constrained-str"],"msg":"not a string","input":null},
						{"type":"x","loc":["body","%1$s","metadata","plan","int"],"msg":"not an integer","input":null},
						{"type":"ip_any_address","loc":["body","%2$s","customer_ip_address"],"msg":"not an address","input":"x"},
						{"type":"missing","loc":["body","%2$s","product_id"],"msg":"Field required",\
						"input":{"customer_email":"buyer@example.com"}}]}"""
					.formatted(label.formatted("CheckoutProductsCreate"), label.formatted("CheckoutProductCreate")));
		assertThat(ex.getFieldErrors()).containsExactly(
				new FieldError("customer_ip_address", "ip_any_address", "not an address"),
				new FieldError("prices.a-b[0].price_amount", "x", "too small"),
				new FieldError("metadata.plan", "x", "not a string"));
		assertThat(ex.getDetail()).isNull();
	}

	@Test
	void valueThatIsRejectedIsNotQuoted() throws Exception {
		PolarValidationException ex = failure(PolarValidationException.class, "422 Unprocessable Content",
				"""
						{"error":"RequestValidationError","detail":[
						{"type":"value_error","loc":["body","customer_name"],"msg":"Ada Okafor is no name.","input":"Ada Okafor"},
						{"type":"value_error","loc":["body","customer_email"],"msg":"No, ada@example.com.","input":"ada"},
						{"type":"enum","loc":["body","currency"],"msg":"Input should be 'usd' or 'eur'","input":"us"}]}""");
		assertThat(ex.getFieldErrors()).extracting(FieldError::message)
			.containsExactly("(value) is no name.", "No, (e-mail)", "Input should be 'usd' or 'eur'");
		assertThat(ex).hasMessageNotContainingAny("Ada", "ada");
	}

	@Test
	void validationWithATextHasNoFieldErrors() throws Exception {
		PolarValidationException ex = failure(PolarValidationException.class, "422 Unprocessable Content",
				"{\"error\":\"CheckoutCustomerExternalIdMismatch\",\"detail\":\"Mismatch\"}");
		assertThat(ex.getFieldErrors()).isEmpty();
		assertThat(ex.getDetail()).isEqualTo("Mismatch");
	}

	@Test
	void textsOfPolarAreCleanedOfPersonalDataAndSecrets() throws Exception {
		PolarApiException ex = failure(PolarApiException.class, "400 Bad Request",
				"{\"error\":\"PaymentError\",\"detail\":\"buyer@example.com\\r\\npolar_cst_abc polar_c_def " + TOKEN
						+ " " + "x".repeat(1000) + "\"}");
		assertThat(ex.getDetail()).startsWith("(e-mail) (token) (token) (token) xxx").hasSizeLessThan(310);
	}

	@Test
	void longTextsAreCutBeforeTheyAreCleaned() throws Exception {
		PolarApiException ex = failure(PolarApiException.class, "400 Bad Request",
				"{\"error\":\"" + "e".repeat(500_000) + "\",\"detail\":\"" + "d".repeat(500_000) + "\"}");
		assertThat(ex.getMessage()).hasSizeLessThan(1000);
	}

	@Test
	void contentTypeDoesNotMatter() throws Exception {
		failure(PolarNotFoundException.class, "404 Not Found", "Content-Type: " + MediaType.TEXT_PLAIN_VALUE,
				"{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}");
	}

	/**
	 * The shapes of the responses are those that Polar sends.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					401 Unauthorized | Polar-Version: 2026-10 | {"error":"invalid_token","error_description":"The access token provided is expired, revoked, malformed, or invalid for other reasons."} | if it has blocked the organization
					401 Unauthorized | Polar-Version: 2026-10 | {"error":"Unauthorized","detail":"Unauthorized"} | Polar received no access token, or one of another kind.
					401 Unauthorized | Content-Type: text/html | <html>Proxy login</html> | The response is not one of Polar's API
					403 Forbidden | Polar-Version: 2026-10 | {"error":"NotPermitted","detail":"Not permitted"} | : Not permitted. Polar may have blocked the organization
					403 Forbidden | Polar-Version: 2026-10 | {"error":"insufficient_scope","error_description":"The request requires higher privileges."} | The access token lacks a scope that the call requires.
					403 Forbidden | Content-Type: text/html | <html>Firewall</html> | The response is not one of Polar's API
					404 Not Found | Polar-Version: 2026-10 | {"error":"ResourceNotFound","detail":"Not found"} | : Not found. It does not exist, or belongs to another organization or environment.
					404 Not Found | Content-Type: application/json | {"detail":"Not Found"} | It no longer serves API version '2026-10' ('polar.api-version'), or the base URL is not that of Polar's API
					404 Not Found | Content-Type: text/html | <html>404</html> | so 'polar.base-url' is probably wrong.
					404 Not Found | Polar-Version: 2026-10 | {"detail":"Not Found"} | : Not Found. The path is unknown. Check the path of the call
					400 Bad Request | Polar-Version: 2026-10 | {"detail":"There was an error parsing the body"} | : There was an error parsing the body. An interceptor or a proxy may have changed
					405 Method Not Allowed | Polar-Version: 2026-10 | {"detail":"Method Not Allowed"} | : Method Not Allowed. The path does not support the method.
					411 Length Required | Polar-Version: 2026-10 | {"error":"LengthRequired","detail":"A Content-Length header is required."} | header is required. The client sends the length, so an interceptor
					413 Content Too Large | Polar-Version: 2026-10 | {"error":"RequestBodyTooLarge","detail":"Request body exceeded the maximum allowed size of 10485760 bytes."} | (RequestBodyTooLarge): Request body exceeded
					422 Unprocessable Content | Polar-Version: 2026-10 | {"error":"CheckoutCustomerExternalIdMismatch","detail":"Mismatch"} | (CheckoutCustomerExternalIdMismatch): Mismatch
					429 Too Many Requests | Retry-After: 60 | | responded with 429 Too Many Requests. Retry after 60 s.
					500 Internal Server Error | Content-Type: text/plain | Internal Server Error | responded with 500 Internal Server Error.
					502 Bad Gateway | Content-Type: text/html | <html>Bad Gateway</html> | responded with 502 Bad Gateway.
					""")
	void messageNamesTheLikelyCause(String status, String header, @Nullable String body, String expected)
			throws Exception {
		try (FaultyServer server = FaultyServer.responding(status, header, (body != null) ? body : "")) {
			PolarClient client = PolarClient.builder()
				.accessToken(TOKEN)
				.baseUrl(server.url())
				.retry(1, Duration.ofMillis(1), Duration.ofMillis(1))
				.build();
			PolarApiException ex = catchThrowableOfType(PolarApiException.class,
					() -> client.get(Map.class, "/v1/checkouts/{id}", "x"));
			assertThat(ex).hasMessageContaining(expected).hasMessageNotContainingAny("..", "html", ". .");
		}
	}

	@Test
	void unknownPathBelowVersionOneIsTheFaultOfTheBaseUrl() throws Exception {
		try (FaultyServer server = FaultyServer.responding("404 Not Found", "Polar-Version: 2026-10",
				"{\"detail\":\"Not Found\"}")) {
			PolarClient client = PolarClient.builder()
				.accessToken(TOKEN)
				.baseUrl(URI.create(server.url() + "/v1/"))
				.build();
			assertThat(catchThrowableOfType(PolarApiException.class, () -> client.get(Map.class, "/v1/products/")))
				.hasMessageEndingWith(": Not Found. The path is unknown, because 'polar.base-url' ends in '/v1'. Remove"
						+ " that part from it.");
		}
	}

	@ParameterizedTest
	@CsvSource({ "/v1/products,https://api.polar.sh/v1/products/?limit=1,The path must end with a slash.",
			"/v1/products/{id}/,https://api.polar.sh/v1/products/1,The path must not end with a slash.",
			"/v1/products/,/login,Check 'polar.base-url'.", "/v1/products/,/v1/products/,Check 'polar.base-url'." })
	void redirectNamesTheSlashOrTheBaseUrl(String path, String location, String expected) throws Exception {
		try (FaultyServer server = FaultyServer.responding("307 Temporary Redirect", "Location: " + location, "")) {
			PolarClient client = PolarClient.builder().accessToken(TOKEN).baseUrl(server.url()).build();
			Object[] variables = path.contains("{") ? new Object[] { 1 } : new Object[0];
			assertThat(
					catchThrowableOfType(PolarConnectionException.class, () -> client.get(Map.class, path, variables)))
				.hasMessageEndingWith("responded with 307, and redirects are not followed. " + expected);
		}
	}

	@Test
	void errorOfTheWholeRequestHasNoLocation() throws Exception {
		String text = "Value error, Exactly one of subscription_id or order_id must be provided";
		PolarValidationException ex = failure(PolarValidationException.class, "422 Unprocessable Content", """
				{"error":"RequestValidationError","detail":[
				{"type":"value_error","loc":["body"],"msg":"%s","input":{}},
				{"type":"value_error","loc":["body"],"msg":"Another","input":{}}]}""".formatted(text));
		assertThat(ex).hasMessageEndingWith("(RequestValidationError): " + text + "; Another");
		assertThat(ex.getFieldErrors()).extracting(FieldError::field).containsExactly("", "");
		assertThat(failure(PolarValidationException.class, "422 Unprocessable Content", """
				{"error":"RequestValidationError","detail":[{"type":"json_invalid","loc":["body",17],\
				"msg":"JSON decode error","input":{},"ctx":{"error":"Expecting value"}}]}"""))
			.hasMessageEndingWith("(RequestValidationError): JSON decode error");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					"query","status","str-enum[CheckoutStatus]" | status
					"query","status","json-or-python[json=list[str-enum[OrderStatus]],python=chain[is-instance[Sequence]]]",0 | status[0]
					"body","CustomerSessionCustomerIDCreate","customer_id" | customer_id
					"body","SubscriptionCancel","cancel_at_period_end" | cancel_at_period_end
					"body","SubscriptionUpdateBase","trial_end","literal['now']" | trial_end
					"body","events",0,"EventCreateExternalCustomer","name" | events[0].name
					"body","filter","clauses",0,"FilterClause","value","constrained-int" | filter.clauses[0].value
					"body","individual","metadata","a","constrained-str" | metadata.a
					"body","metadata","Plan","int" | metadata.Plan
					"body","metadata","int","bool" | metadata.int
					"body","customer_metadata","a[b]","[key]" | customer_metadata.a[b]
					"body","custom_field_data","Team" | custom_field_data.Team
					"body","fixed","amount" | amount
					"body","custom","properties","note" | properties.note
					"body","license_keys","properties","expires","ttl" | properties.expires.ttl
					"body","SubscriptionUpdateBase","trial_end","datetime" | trial_end
					"query","product_id","uuid" | product_id
					"body","custom_field_data","due","date" | custom_field_data.due
					"body","custom_field_data","date" | custom_field_data.date
					"body","metadata","uuid" | metadata.uuid
					"body","aggregation","sum","property" | aggregation.property
					"body","prices","p",0,"metered_unit","meter_id" | prices.p[0].meter_id
					"body","prices","p",0,"meter_id" | prices.p[0].meter_id
					"query","date" | date
					"body","socials",0,"url" | socials[0].url
					"query","custom" | custom
					"path","id" | id
					"body","products",0 | products[0]
					""")
	void labelsOfPolarsValidationAreNoPartOfTheField(String location, String field) throws Exception {
		PolarValidationException ex = failure(PolarValidationException.class, "422 Unprocessable Content",
				"{\"error\":\"RequestValidationError\",\"detail\":[{\"type\":\"x\",\"loc\":[" + location
						+ "],\"msg\":\"wrong\"}]}");
		assertThat(ex.getFieldErrors()).extracting(FieldError::field).containsExactly(field);
	}

	@ParameterizedTest
	@ValueSource(strings = { "team", "individual", "fixed", "percentage", "custom", "downloadables" })
	void errorOfTheWholeObjectHasNoField(String kind) throws Exception {
		labelsOfPolarsValidationAreNoPartOfTheField("\"body\",\"" + kind + "\"", "");
	}

}
