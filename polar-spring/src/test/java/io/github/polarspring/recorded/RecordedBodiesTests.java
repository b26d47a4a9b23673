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

package io.github.polarspring.recorded;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarPaymentFailedException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.PolarValidationException.FieldError;
import io.github.polarspring.checkout.ReadWhole;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.BenefitGrant;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerSession;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Member;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.PolarResource;
import io.github.polarspring.model.Product;
import io.github.polarspring.model.Refund;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.recorded.Recordings.Step;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventTypes;
import io.github.polarspring.webhook.PolarWebhookException;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Reads everything that Polar was recorded to send.
 */
@EnabledIfSystemProperty(named = "polar.recorded", matches = ".+",
		disabledReason = "Recorded exchanges with Polar are not part of this project: -Dpolar.recorded=<directory> names theirs")
class RecordedBodiesTests {

	private static final Set<String> CONFLICTS_OF_SEATS = Set.of("MemberEmailMismatch", "SeatAlreadyAssigned",
			"SeatNotAvailable", "SeatNotPending", "SeatsAlreadyAssigned");

	private static final Log logger = LogFactory.getLog(RecordedBodiesTests.class);

	/**
	 * Path of each member without an accessor, and the reason.
	 */
	private static final Path WITHOUT_ACCESSOR = Path.of("src/test/resources/recorded/without-accessor.txt");

	/**
	 * Types of response bodies by method and path, the first that matches.
	 */
	private static final Map<String, Class<? extends PolarResource>> ENDPOINTS = endpoints();

	/**
	 * What Polar inserts in the location of an error, if the request has no field of that
	 * name.
	 */
	private static final Pattern INSERTED = Pattern.compile("[A-Z].*|.*\\[.*|constrained-.*|str|int|float|bool"
			+ "|datetime|uuid|individual|team|fixed|percentage|custom|downloadables|seat_based|metered_unit|sum");

	private static Map<String, Class<? extends PolarResource>> endpoints() {
		Map<String, Class<? extends PolarResource>> endpoints = new LinkedHashMap<>();
		endpoints.put("\\w+ (/api)?/v1/checkouts/.*", CheckoutSession.class);
		endpoints.put("\\w+ /v1/orders/([^/]+)?", Order.class);
		endpoints.put("\\w+ /v1/subscriptions/(?!export)([^/]+)?", Subscription.class);
		endpoints.put("\\w+ /v1/customers/(external/[^/]+|(?!external/)[^/]+)/state", CustomerState.class);
		endpoints.put("\\w+ /v1/customers/external/[^/]+", Customer.class);
		endpoints.put("\\w+ /v1/customers/(?!export)([^/]+)?", Customer.class);
		endpoints.put("\\w+ /v1/customers/(external/)?[^/]+/members(/.*)?", Member.class);
		endpoints.put("\\w+ /v1/members/.*", Member.class);
		endpoints.put("POST /v1/customer-sessions/", CustomerSession.class);
		endpoints.put("\\w+ /v1/products/.*", Product.class);
		endpoints.put("\\w+ /v1/refunds/", Refund.class);
		endpoints.put("\\w+ (/v1/benefit-grants/|/v1/benefits/[^/]+/grants)", BenefitGrant.class);
		return endpoints;
	}

	private final Recordings recordings = new Recordings(Path.of(System.getProperty("polar.recorded")));

	private final Findings findings = new Findings();

	private @Nullable Step current;

	private final PolarClient client = PolarClient.builder()
		.accessToken("polar_oat_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG")
		.baseUrl(URI.create("https://api.polar.sh"))
		.retry(1, Duration.ofMillis(1), Duration.ofMillis(1))
		.requestFactory(this::respond)
		.build();

	private MockClientHttpRequest respond(URI uri, HttpMethod method) {
		JsonNode recorded = Objects.requireNonNull(this.current).response();
		byte[] body = new byte[0];
		if (recorded.has("text")) {
			body = recorded.get("text").asString().getBytes(StandardCharsets.UTF_8);
		}
		else if (!recorded.path("body").isNull() && recorded.has("body")) {
			body = PolarJson.MAPPER.writeValueAsBytes(recorded.get("body"));
		}
		MockClientHttpResponse response = new MockClientHttpResponse(body, recorded.path("status").asInt());
		recorded.path("headers").forEachEntry((name, value) -> response.getHeaders().add(name, value.asString()));
		MockClientHttpRequest request = new MockClientHttpRequest(method, uri);
		request.setResponse(response);
		return request;
	}

	@Test
	void responseIsReadWhole() {
		readResponses();
		assertThat(this.findings.bodies).isGreaterThan(1000);
		this.findings.verify();
	}

	@Test
	void deliveryIsReadWhole() {
		readDeliveries();
		assertThat(this.findings.events).isGreaterThan(2000);
		this.findings.verify();
	}

	@Test
	void rawDeliveryIsVerifiedAndReadWhole() {
		readRawDeliveries();
		assertThat(this.findings.events).isGreaterThan(40);
		this.findings.verify();
	}

	@Test
	void membersWithoutAccessorAreLeftOutOnPurpose() throws IOException {
		Set<String> untypedCalls = readResponses();
		readDeliveries();
		readRawDeliveries();
		logger.info("%d bodies and %d events read. Members without an accessor:%n%s%nResponses without a type:%n%s"
			.formatted(this.findings.bodies, this.findings.events, String.join("\n", this.findings.untyped),
					String.join("\n", untypedCalls)));
		Map<String, String> leftOut = Files.readAllLines(WITHOUT_ACCESSOR)
			.stream()
			.filter((line) -> !line.isBlank() && !line.startsWith("#"))
			.map((line) -> line.split(" ", 2))
			.collect(Collectors.toMap((parts) -> parts[0], (parts) -> parts[1], (one, other) -> other, TreeMap::new));
		assertThat(this.findings.untyped).as("members without an accessor, see " + WITHOUT_ACCESSOR)
			.containsExactlyElementsOf(leftOut.keySet());
	}

	/**
	 * Read the responses that have a type, and return the calls whose responses have
	 * none.
	 */
	private Set<String> readResponses() {
		Set<String> other = new TreeSet<>();
		for (Step step : this.recordings.steps()) {
			JsonNode body = step.response().path("body");
			if (!step.isOfKind("call", "setup") || step.status() >= 300 || !body.isObject()) {
				continue;
			}
			Class<? extends PolarResource> type = type(step);
			if (type == null) {
				other.add(step.method() + " " + step.path().replaceAll("/(?!v1/)[^/]*\\d[^/]*", "/*"));
				continue;
			}
			this.current = step;
			this.findings.attempt(step, () -> {
				if (body.has("pagination")) {
					PolarPage<? extends PolarResource> page = this.client.list(type, "/v1/recorded/",
							new LinkedMultiValueMap<>());
					assertThat(page.totalCount()).isEqualTo(body.at("/pagination/total_count").asLong());
					assertThat(page.items()).hasSameSizeAs(body.get("items"));
					for (int i = 0; i < page.items().size(); i++) {
						this.findings.compare(page.items().get(i), body.get("items").get(i));
					}
				}
				else {
					this.findings.compare(this.client.get(type, "/v1/recorded/1"), body);
				}
			});
		}
		return other;
	}

	private static @Nullable Class<? extends PolarResource> type(Step step) {
		String call = step.method() + " " + step.path();
		return ENDPOINTS.entrySet()
			.stream()
			.filter((endpoint) -> call.matches(endpoint.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	private void readDeliveries() {
		for (Step step : this.recordings.steps()) {
			if (step.isOfKind("delivery")) {
				JsonNode body = step.request().path("body");
				if (body.has("blocks") || body.has("embeds")) {
					this.findings.attempt(step, () -> assertThatExceptionOfType(PolarWebhookException.class)
						.isThrownBy(() -> PolarEvent.read("1", PolarJson.MAPPER.writeValueAsBytes(body))));
				}
				else {
					this.findings.attempt(step, () -> readEvent("1", PolarJson.MAPPER.writeValueAsBytes(body), body));
				}
			}
			else if (step.path().equals("/v1/webhooks/deliveries") && step.status() == 200) {
				for (JsonNode delivery : step.response().at("/body/items")) {
					String payload = delivery.at("/webhook_event/payload").asString("");
					if (payload.startsWith("{\"type\":")) {
						this.findings.attempt(step, () -> readEvent(delivery.at("/webhook_event/id").asString(),
								payload.getBytes(StandardCharsets.UTF_8), PolarJson.MAPPER.readTree(payload)));
					}
				}
			}
		}
	}

	private void readRawDeliveries() {
		for (Step delivery : this.recordings.rawDeliveries()) {
			this.findings.attempt(delivery, () -> {
				JsonNode headers = delivery.json().get("headers");
				String timestamp = headers.get("webhook-timestamp").asString();
				byte[] body = delivery.json().get("raw").asString().getBytes(StandardCharsets.UTF_8);
				Clock clock = Clock.fixed(Instant.ofEpochSecond(Long.parseLong(timestamp)), ZoneOffset.UTC);
				PolarWebhookVerifier verifier = PolarWebhookVerifier
					.of(List.of(delivery.json().get("secret").asString()), Duration.ofMinutes(5), clock);
				String id = headers.get("webhook-id").asString();
				verifier.verify(id, timestamp, headers.get("webhook-signature").asString(), body);
				JsonNode json = PolarJson.MAPPER.readTree(body);
				assertThat(delivery.name()).endsWith(json.get("type").asString() + ".json");
				readEvent(id, body, json);
				body[body.length - 2] ^= 1;
				assertThatExceptionOfType(PolarWebhookException.class).isThrownBy(
						() -> verifier.verify(id, timestamp, headers.get("webhook-signature").asString(), body));
			});
		}
	}

	private void readEvent(String id, byte[] body, JsonNode json) {
		this.findings.events++;
		PolarEvent<?> event = PolarEvent.read(id, body);
		assertThat(event.id()).isEqualTo(id);
		assertThat(event.type()).isEqualTo(json.get("type").asString());
		assertThat(PolarEventTypes.payloads()).containsKey(event.type());
		assertThat(event.timestamp()).isEqualTo(Instant.parse(json.get("timestamp").asString()));
		if (!event.type().matches("(member|customer_seat)\\..*")) {
			assertThat(event.organizationId()).isNotNull();
		}
		assertThat(event.businessKey()).startsWith(event.type() + ":");
		assertThat(event.data()).isInstanceOf(PolarEventTypes.payloads().get(event.type()));
		if (event.data() instanceof PolarResource resource) {
			this.findings.compare(resource, json.get("data"));
		}
		else {
			assertThat(event.data()).isEqualTo(json.get("data"));
		}
	}

	@Test
	void errorNamesWhatPolarNamed() {
		Logger clientLogger = (Logger) LoggerFactory.getLogger(PolarClient.class);
		clientLogger.setLevel(Level.OFF);
		try {
			readErrors();
		}
		finally {
			clientLogger.setLevel(null);
		}
		logger.info(this.findings.bodies + " errors read");
		assertThat(this.findings.bodies).isGreaterThan(1000);
		this.findings.verify();
	}

	private void readErrors() {
		for (Step step : this.recordings.steps()) {
			if (step.isOfKind("call", "setup") && step.status() >= 400) {
				this.findings.bodies++;
				this.current = step;
				this.findings.attempt(step, () -> verifyError(step, catchThrowableOfType(PolarApiException.class,
						() -> this.client.call(HttpMethod.valueOf(step.method()), "/v1/recorded/1").execute())));
			}
		}
	}

	private static void verifyError(Step step, PolarApiException error) {
		JsonNode body = step.response().path("body");
		JsonNode detail = body.path("detail");
		assertThat(error).isNotNull();
		assertThat(error.getStatus()).isEqualTo(step.status());
		assertThat(error.getError()).isEqualTo(body.has("error") ? body.get("error").asString() : null);
		if (!detail.isArray()) {
			verifyText(error.getDetail(), detail.isString() ? detail : body.path("error_description"));
		}
		switch (HttpStatus.valueOf(step.status())) {
			case UNAUTHORIZED -> assertThat(error).isInstanceOf(PolarAuthenticationException.class);
			case NOT_FOUND -> assertThat(error instanceof PolarNotFoundException).isEqualTo(body.has("error"));
			case UNPROCESSABLE_CONTENT -> assertThat(error).isInstanceOf(PolarValidationException.class);
			case PAYMENT_REQUIRED -> assertThat(error).isInstanceOfSatisfying(PolarPaymentFailedException.class,
					(failure) -> assertThat(failure.getReason()).isNotNull());
			case CONFLICT, GONE -> assertThat(error).isInstanceOf(PolarConflictException.class);
			case BAD_REQUEST -> assertThat(error instanceof PolarConflictException)
				.isEqualTo(CONFLICTS_OF_SEATS.contains(String.valueOf(error.getError())));
			case FORBIDDEN ->
				assertThat(error).isInstanceOfAny(PolarPermissionException.class, PolarConflictException.class);
			default -> assertThat(error).isNotInstanceOfAny(PolarAuthenticationException.class,
					PolarNotFoundException.class, PolarValidationException.class, PolarConflictException.class,
					PolarPaymentFailedException.class);
		}
		if (detail.isArray()) {
			verifyFields(step, ((PolarValidationException) error).getFieldErrors(), detail);
		}
	}

	/**
	 * Personal data and secrets are replaced by a word in parentheses.
	 */
	private static void verifyText(@Nullable String text, JsonNode sent) {
		if (!sent.isString()) {
			assertThat(text).isNull();
			return;
		}
		assertThat(text).isNotBlank();
		assertThat(sent.asString().replaceAll("\\p{Cntrl}+", " "))
			.containsSubsequence(text.replaceFirst("…$", "").split("\\((value|e-mail|address|token)\\)"));
	}

	/**
	 * The fields that Polar names must be those of the request, without what Polar
	 * inserts.
	 */
	private static void verifyFields(Step step, List<FieldError> errors, JsonNode items) {
		assertThat(errors).isNotEmpty();
		List<JsonNode> reported = items.valueStream().toList();
		List<JsonNode> ofProducts = reported.stream()
			.filter((item) -> item.at("/loc/1").asString("").contains("CheckoutProductsCreate"))
			.toList();
		List<JsonNode> expected = ofMeantShapes(ofProducts.isEmpty() ? reported : ofProducts);
		Set<String> fields = expected.stream()
			.map((item) -> field(step, item))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(errors).extracting(FieldError::field).containsExactlyInAnyOrderElementsOf(fields);
		for (FieldError error : errors) {
			List<JsonNode> sent = expected.stream().filter((item) -> field(step, item).equals(error.field())).toList();
			JsonNode item = sent.stream()
				.filter((each) -> each.path("type").asString().equals(error.type()))
				.findFirst()
				.orElseThrow(() -> new AssertionError("No error of type " + error.type() + " was sent"));
			if (sent.size() == 1) {
				verifyText(error.message(), item.path("msg"));
			}
			assertThat(error.message()).isNotBlank();
		}
	}

	/**
	 * Return the errors of the shapes of a request that it comes closest to.
	 */
	private static List<JsonNode> ofMeantShapes(List<JsonNode> items) {
		Map<String, List<JsonNode>> shapes = items.stream()
			.filter((item) -> shape(item).matches("[A-Z]\\w*"))
			.collect(Collectors.groupingBy(RecordedBodiesTests::shape));
		long fewest = shapes.values().stream().mapToLong(RecordedBodiesTests::unfitting).min().orElse(0);
		return items.stream()
			.filter((item) -> unfitting(shapes.getOrDefault(shape(item), List.of())) <= fewest)
			.toList();
	}

	private static String shape(JsonNode item) {
		return item.at("/loc/1").asString("");
	}

	private static long unfitting(List<JsonNode> items) {
		return items.stream()
			.filter((item) -> item.get("loc").size() == 3
					&& item.path("type").asString().matches("missing|extra_forbidden"))
			.count();
	}

	/**
	 * Return the field that an error is about: what is in the request, or would be if it
	 * were complete.
	 */
	private static String field(Step step, JsonNode item) {
		List<JsonNode> location = item.path("loc").valueStream().toList();
		boolean isJson = !item.path("type").asString().equals("json_invalid");
		StringBuilder field = new StringBuilder();
		JsonNode node = location.get(0).asString().equals("body") ? body(step) : MissingNode.getInstance();
		for (JsonNode element : location.subList(1, isJson ? location.size() : 1)) {
			JsonNode child = element.isNumber() ? node.path(element.asInt()) : node.path(element.asString());
			if (element.isNumber()) {
				field.append('[').append(element.asInt()).append(']');
			}
			else if (!child.isMissingNode() || !INSERTED.matcher(element.asString()).matches()) {
				field.append(field.isEmpty() ? "" : ".").append(element.asString());
			}
			else {
				continue;
			}
			node = child;
		}
		return field.toString();
	}

	private static JsonNode body(Step step) {
		JsonNode request = step.request();
		try {
			return request.has("raw") ? PolarJson.MAPPER.readTree(request.get("raw").asString()) : request.path("body");
		}
		catch (JacksonException ex) {
			return request.path("body");
		}
	}

	/**
	 * What was read and what was wrong with it, the same failure only once.
	 */
	private static final class Findings {

		private int bodies;

		private int events;

		private final Set<String> untyped = new TreeSet<>();

		private final Map<String, List<String>> failures = new LinkedHashMap<>();

		void compare(PolarResource resource, JsonNode sent) {
			this.bodies++;
			assertThat(resource.json()).isEqualTo(sent);
			ReadWhole.untypedOf(resource, sent)
				.forEach((path) -> this.untyped.add(resource.getClass().getSimpleName() + path));
		}

		void attempt(Step step, Runnable check) {
			try {
				check.run();
			}
			catch (RuntimeException | AssertionError ex) {
				Throwable cause = Stream.iterate((Throwable) ex, Objects::nonNull, Throwable::getCause)
					.reduce((first, second) -> second)
					.orElse(ex);
				String message = String.valueOf(ex.getMessage()).replaceAll("\\s+", " ")
						+ ((cause != ex) ? ": " + cause : "");
				this.failures.computeIfAbsent(message, (key) -> new ArrayList<>()).add(step.toString());
			}
		}

		void verify() {
			assertThat(this.failures.entrySet()
				.stream()
				.map((failure) -> "%s: %d times, first in %s".formatted(failure.getKey(), failure.getValue().size(),
						failure.getValue().get(0))))
				.isEmpty();
		}

	}

}
