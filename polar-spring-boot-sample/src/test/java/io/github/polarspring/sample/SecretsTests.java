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

package io.github.polarspring.sample;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.FilterReply;
import com.github.tomakehurst.wiremock.client.WireMock;
import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.PolarTimeoutException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.checkout.BillingAddress;
import io.github.polarspring.checkout.CheckoutQuery;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutUpdate;
import io.github.polarspring.checkout.ClientCheckoutUpdate;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityPrincipal;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.sample.Evidence.Kind;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.PolarFault;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarDeadLetters.DeadLetter;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventTypes;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.web.exchanges.InMemoryHttpExchangeRepository;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.context.metrics.buffering.BufferingApplicationStartup;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.userdetails.User;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The whole story with every logger at TRACE: what operators can see of it has neither
 * secrets nor personal data.
 */
@Timeout(300)
class SecretsTests {

	/**
	 * What prints all that goes over the wire, whatever it is. These are left out, and
	 * nothing else; leave them off in production.
	 */
	private static final Map<String, String> WIRE_LOGS = Map.of( //
			"org.apache.coyote.http11.Http11InputBuffer", "Tomcat: each request as it came in", //
			"jdk.internal.httpclient.debug", "HTTP client of the JDK: URLs and headers of its requests");

	private static final Evidence evidence = new Evidence();

	private static final PolarFake polar = PolarFake.start();

	private static final String WEBHOOK_SECRET = "whsec_" + random(Base64.getEncoder());

	/**
	 * As Polar's dashboard made them before: nothing tells that it is a secret.
	 */
	private static final String OLD_WEBHOOK_SECRET = HexFormat.of().formatHex(randomBytes());

	/**
	 * Known by the parameter only.
	 */
	private static final String OPAQUE_TOKEN = HexFormat.of().formatHex(randomBytes());

	private static final String EMAIL = "otti.quibblewick@example.com";

	private static final String NAME = "Ottilie Quibblewick";

	private static final String ADDRESS = "203.0.113.77";

	private static final String ADDRESS_V6 = "2001:db8:77::abcd";

	private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

	private static final Properties systemProperties = (Properties) System.getProperties().clone();

	private static final LogCollector log = new LogCollector();

	private static ConfigurableApplicationContext shop;

	private static PolarCheckoutOperations checkouts;

	private static byte[] randomBytes() {
		byte[] bytes = new byte[32];
		new SecureRandom().nextBytes(bytes);
		return bytes;
	}

	private static String random(Base64.Encoder encoder) {
		return encoder.encodeToString(randomBytes());
	}

	@BeforeAll
	static void runTheStory(@TempDir Path directory) throws Exception {
		evidence.forbid("access token", polar.accessToken());
		evidence.forbid("webhook secret", WEBHOOK_SECRET);
		evidence.forbid("old webhook secret", OLD_WEBHOOK_SECRET);
		evidence.forbid("session token", OPAQUE_TOKEN);
		evidence.forbidWhole("e-mail address", EMAIL, "otti.quibblewick");
		evidence.forbidWhole("name", NAME, "Quibblewick");
		evidence.forbidWhole("IP address", ADDRESS, ADDRESS_V6, "2001:db8:77:0:0:0:0:abcd");
		polar.addProduct(UUID.fromString("7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90"), "Lumen Pro", 2900, "usd");
		polar.addProduct(UUID.fromString("0f3f0a94-6f62-4d0e-9a4e-5b7a5f0f8c11"), "Handbook", 1900, "usd");
		polar.addSubscription(UUID.fromString("3e1f6a58-2c94-4d7b-8f05-b6a9c8d7e412"), "Cloud", 900, "usd",
				RecurringInterval.MONTH);
		start(directory);
		checkouts = shop.getBean(PolarCheckoutOperations.class);
		String url = url();
		polar.webhooks().addEndpoint(URI.create(url + "/webhooks/polar"), WEBHOOK_SECRET);
		for (String address : List.of(ADDRESS, ADDRESS_V6)) {
			buyAndReturn(new Browser(url, address));
		}
		faultForBuyers(new Browser(url, ADDRESS));
		clientEndpoints();
		forgedWebhooks(url);
		deadLetter();
		faultForCode();
		dumpEndpoints(url);
		dumpMetrics();
	}

	private static void start(Path directory) {
		System.setProperty("shop.command", "java -jar shop.jar --polar.access-token=" + polar.accessToken());
		shop = new SpringApplicationBuilder(ShopApplication.class, Recorders.class).listeners(log)
			.applicationStartup(new BufferingApplicationStartup(10_000))
			.run("--server.port=0", "--polar.base-url=" + polar.baseUrl(),
					"--polar.access-token=" + polar.accessToken(), "--polar.environment=sandbox",
					"--spring.application.json={\"polar\":{\"webhook\":{\"secret\":\"" + WEBHOOK_SECRET + "\"}}}",
					"--polar.http.read-timeout=3s", "--polar.http.total-timeout=7s",
					"--polar.http.retry.initial-delay=20ms", "--polar.http.max-concurrent-calls=3",
					"--polar.webhook.jdbc.hold-for=100ms", "--logging.file.name=" + directory.resolve("shop.log"),
					"--management.endpoints.web.exposure.include=*",
					"--management.endpoints.web.exposure.exclude=heapdump",
					"--management.endpoint.health.show-details=always", "--management.endpoint.env.show-values=always",
					"--management.endpoint.configprops.show-values=always",
					"--management.httpexchanges.recording.include=request-headers,response-headers,cookie-headers,"
							+ "authorization-header,principal,remote-address,session-id,time-taken");
	}

	private static String url() {
		return "http://localhost:" + shop.getEnvironment().getProperty("local.server.port");
	}

	/**
	 * The log system, and what it keeps in system properties, is that of the whole JVM.
	 */
	@AfterAll
	static void stop() {
		if (shop != null) {
			shop.close();
		}
		polar.close();
		System.setProperties(systemProperties);
		LoggingSystem logging = LoggingSystem.get(SecretsTests.class.getClassLoader());
		logging.cleanUp();
		logging.beforeInitialize();
		logging.initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
	}

	private static void buyAndReturn(Browser browser) throws Exception {
		browser.get("/");
		browser.login("otti");
		URI checkout = URI.create(browser.buy("/buy/pro", Map.of()).headers().firstValue("Location").orElseThrow());
		browser.buy("/buy/pro", Map.of("HX-Request", "true"));
		assertThat(polar.wireMock()
			.findAll(WireMock.postRequestedFor(WireMock.anyUrl())
				.withRequestBody(WireMock.containing(EMAIL))
				.withRequestBody(WireMock.containing(NAME))
				.withRequestBody(WireMock.containing(browser.address))))
			.as("prefilled sessions")
			.hasSize(2);
		String back = browser.pay(checkout);
		assertThat(back).contains("/thanks?", "customer_session_token=polar_cst_");
		browser.comeBack(back);
		browser.comeBack(back.replaceFirst("customer_session_token=[^&]+", "customer_session_token=" + OPAQUE_TOKEN));
		new Browser(browser.shop, ADDRESS).comeBack(back);
		HttpResponse<String> json = browser.buy("/buy/cloud", Map.of("Accept", "application/json"));
		browser.comeBack(browser.pay(URI.create(readJson(json.body()).get("url").asString())));
		assertThat(browser.get("/account").body()).contains("Lumen Pro", "Cloud");
		assertThat(browser.get("/billing").headers().firstValue("Location")).hasValueSatisfying(
				(portal) -> assertThat(portal).contains("/portal?customer_session_token=polar_", "&email="));
		polar.renewSubscription(polar.subscriptionIds().get(0));
		polar.revokeSubscription(polar.subscriptionIds().get(0));
		browser.buy("/buy/handbook", Map.of());
		polar.decline(polar.checkoutIds().get(0));
		browser.comeBack("/thanks?checkout_id=" + polar.checkoutIds().get(0));
		polar.expire(polar.checkoutIds().get(0));
	}

	private static JsonNode readJson(String json) {
		return JsonMapper.shared().readTree(json);
	}

	private static void faultForBuyers(Browser browser) throws Exception {
		browser.login("otti");
		for (PolarFault fault : List.of(PolarFault.rateLimit(Duration.ofMinutes(1)), PolarFault.serverError(),
				PolarFault.badGateway(), PolarFault.connectionReset(), PolarFault.malformedResponse(),
				PolarFault.truncated(), PolarFault.oversized(), PolarFault.hanging())) {
			for (Map<String, String> headers : List.of(Map.<String, String>of(),
					Map.of("Accept", "application/json"))) {
				polar.injectFault(fault, 9);
				assertThat(browser.post("/buy/pro", headers).statusCode()).as(fault.toString()).isEqualTo(503);
				polar.reset();
			}
		}
		rejectPrefills();
		browser.buy("/buy/pro", Map.of());
		browser.comeBack("/thanks?checkout_id=" + UUID.randomUUID() + "&customer_session_token=polar_cst_"
				+ "0123456789abcdefghijklmnopqrstuvwxyz");
		polar.injectFault(PolarFault.connectionReset(), 9);
		browser.comeBack("/thanks?checkout_id=" + UUID.randomUUID());
		polar.reset();
		polar.restrictScopes("checkouts:read");
		assertThat(browser.post("/buy/pro", Map.of()).statusCode()).isEqualTo(500);
		polar.reset();
	}

	/**
	 * It repeats what it rejects, in more detail than the real one.
	 */
	private static void rejectPrefills() {
		String error = """
				{"type":"value_error","loc":["body","%s"],"msg":"value is not valid: %s","input":"%2$s"}""";
		String body = "{\"error\":\"RequestValidationError\",\"detail\":[" + error.formatted("customer_email", EMAIL)
				+ "," + error.formatted("customer_ip_address", ADDRESS) + "," + error.formatted("customer_name", NAME)
				+ "]}";
		polar.wireMock()
			.stubFor(WireMock.post(WireMock.urlPathEqualTo("/v1/checkouts/"))
				.withRequestBody(WireMock.containing("customer_"))
				.withRequestBody(WireMock.containing(EMAIL))
				.willReturn(WireMock.aResponse()
					.withStatus(422)
					.withHeader("Content-Type", "application/json")
					.withBody(body)));
	}

	private static CheckoutRequest.Builder request() {
		return request("pro");
	}

	private static CheckoutRequest.Builder request(String product) {
		return CheckoutRequest.forProducts(product)
			.returnUrl("https://shop.example/")
			.externalCustomerId("otti")
			.customerEmail(EMAIL)
			.customerName(NAME)
			.customerBillingName(NAME)
			.customerBillingAddress(BillingAddress.inCountry("FR"))
			.customerIpAddress(ADDRESS)
			.metadata("note", EMAIL)
			.customerMetadata("note", NAME)
			.successUrl("https://shop.example/thanks?note=" + URLEncoder.encode(EMAIL, StandardCharsets.UTF_8));
	}

	private static void clientEndpoints() {
		CheckoutSession session = checkouts.create(request().build());
		forbidSecret(session);
		evidence.addToStrings(session);
		String secret = session.clientSecret();
		assertThat(secret).startsWith("polar_c_");
		evidence.addToStrings(checkouts.getByClientSecret(secret));
		ClientCheckoutUpdate update = ClientCheckoutUpdate.builder().customerEmail(EMAIL).customerName(NAME).build();
		evidence.addToStrings(update);
		evidence.addToStrings(checkouts.updateByClientSecret(secret, update));
		CheckoutUpdate serverUpdate = CheckoutUpdate.builder()
			.customerEmail(EMAIL)
			.customerIpAddress(ADDRESS_V6)
			.build();
		evidence.addToStrings(serverUpdate);
		evidence.addToStrings(checkouts.update(session.id(), serverUpdate));
		evidence.add(Kind.TO_STRING, "builder", request());
		evidence.addToStrings(request().build());
		evidence.addToStrings(checkouts.currentContext());
		evidence.addToStrings(shop.getBean(PolarProperties.class));
		evidence.addToStrings(PolarIdentity.of("otti").withEmail(EMAIL).withName(NAME));
		CheckoutQuery query = CheckoutQuery.builder().query(EMAIL).build();
		evidence.addToStrings(query);
		evidence.addToStrings(checkouts.list(query));
		checkouts.stream(query).forEach(evidence::addToStrings);
		String unknown = secret.substring(0, secret.length() - 4) + "0000";
		fails(PolarNotFoundException.class, () -> checkouts.getByClientSecret(unknown));
		for (PolarFault fault : List.of(PolarFault.hanging(), PolarFault.connectionReset(),
				PolarFault.malformedResponse(), PolarFault.serverError())) {
			polar.injectFault(fault, 9);
			fails(PolarException.class, () -> checkouts.getByClientSecret(secret));
			fails(PolarException.class, () -> checkouts.updateByClientSecret(secret, update));
			polar.reset();
		}
	}

	private static void forbidSecret(CheckoutSession session) {
		evidence.forbid("client secret", String.valueOf(session.clientSecret()));
	}

	private static void fails(Class<? extends Exception> type, Runnable call) {
		assertThatExceptionOfType(type).isThrownBy(call::run).satisfies((ex) -> {
			evidence.add(type.getName(), ex);
			if (ex instanceof PolarApiException api) {
				evidence.add(Kind.EXCEPTION, type.getName(), api.getError() + " " + api.getDetail());
			}
			if (ex instanceof PolarValidationException validation) {
				evidence.add(Kind.EXCEPTION, type.getName(), validation.getFieldErrors());
			}
		});
	}

	private static void faultForCode() throws Exception {
		for (Map.Entry<Class<? extends PolarException>, PolarFault> entry : Map
			.of(PolarRateLimitException.class, PolarFault.rateLimit(Duration.ofMinutes(1)), PolarApiException.class,
					PolarFault.serverError(), PolarTimeoutException.class, PolarFault.hanging(),
					PolarConnectionException.class, PolarFault.connectionReset())
			.entrySet()) {
			polar.injectFault(entry.getValue(), 9);
			fails(entry.getKey(), () -> checkouts.create(request().build()));
			polar.reset();
		}
		for (PolarFault fault : List.of(PolarFault.malformedResponse(), PolarFault.truncated(), PolarFault.oversized(),
				PolarFault.badGateway())) {
			polar.injectFault(fault, 9);
			fails(PolarException.class, () -> checkouts.create(request().build()));
			polar.reset();
		}
		rejectPrefills();
		fails(PolarValidationException.class, () -> checkouts.create(request().build()));
		polar.reset();
		polar.wireMock()
			.stubFor(WireMock.any(WireMock.anyUrl())
				.willReturn(WireMock.unauthorized()
					.withBody(
							"{\"error\":\"Unauthorized\",\"detail\":\"No such token: " + polar.accessToken() + "\"}")));
		fails(PolarAuthenticationException.class, () -> checkouts.create(request().build()));
		polar.reset();
		polar.restrictScopes("checkouts:read");
		fails(PolarPermissionException.class, () -> checkouts.create(request().build()));
		polar.reset();
		fails(PolarNotFoundException.class, () -> checkouts.get(UUID.randomUUID()));
		fails(PolarValidationException.class, () -> checkouts.create(request(UUID.randomUUID().toString()).build()));
		fails(PolarConfigurationException.class, () -> checkouts.create(request("gold").build()));
		fails(IllegalArgumentException.class, () -> request().customerName(" ").build());
		fails(IllegalArgumentException.class, () -> request().customerIpAddress("x" + ADDRESS).build());
		fails(IllegalArgumentException.class, () -> request().successUrl("ftp://shop.example/?note=" + EMAIL).build());
		saturation();
	}

	private static void saturation() throws Exception {
		polar.wireMock()
			.stubFor(WireMock.post(WireMock.anyUrl()).willReturn(WireMock.aResponse().withFixedDelay(30_000)));
		ExecutorService threads = Executors.newFixedThreadPool(3);
		try {
			List<CompletableFuture<Void>> calls = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				calls.add(CompletableFuture.runAsync(
						() -> fails(PolarTimeoutException.class, () -> checkouts.create(request().build())), threads));
			}
			Awaitility.await()
				.until(() -> shop.getBean(MeterRegistry.class)
					.find("http.client.requests.active")
					.longTaskTimers()
					.stream()
					.mapToInt(LongTaskTimer::activeTasks)
					.sum() == 3);
			fails(PolarSaturationException.class, () -> checkouts.get(UUID.randomUUID()));
			for (CompletableFuture<Void> call : calls) {
				call.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		polar.reset();
	}

	private static void forgedWebhooks(String url) throws Exception {
		Browser forger = new Browser(url, ADDRESS);
		for (String body : List.of("{\"type\":\"order.paid\",\"data\":{\"customer\":{\"email\":\"" + EMAIL + "\"}}}",
				"{\"type\":\"" + EMAIL + "\"}", EMAIL)) {
			HttpResponse<String> answer = forger.send(HttpRequest.newBuilder()
				.POST(BodyPublishers.ofString(body))
				.header("webhook-id", "forged")
				.header("webhook-timestamp", "1")
				.header("webhook-signature", "v1," + OLD_WEBHOOK_SECRET), "/webhooks/polar");
			assertThat(answer.statusCode()).isEqualTo(403);
		}
		String data = "{\"id\":\"%s\",\"email\":\"%s\",\"name\":\"%s\"}".formatted(UUID.randomUUID(), EMAIL, NAME);
		polar.webhooks().corruptNext();
		polar.webhooks().send("customer.created", data);
		polar.webhooks().backdateNext(Duration.ofHours(1));
		polar.webhooks().send("customer.created", data);
		polar.webhooks().signWith("whsec_" + random(Base64.getEncoder()));
		polar.webhooks().send("customer.created", data);
		polar.webhooks().signWith(OLD_WEBHOOK_SECRET);
		polar.webhooks().send("customer.invented", data);
		polar.webhooks().signWith(null);
		polar.webhooks().send("customer.updated", data.replace("\"name\"", "\"created_at\""));
		polar.reset();
	}

	private static void deadLetter() {
		CheckoutSession session = checkouts.create(request().build());
		forbidSecret(session);
		polar.pay(session.id());
		polar.refund(polar.orderIds().get(0), 100);
		PolarDeadLetters deadLetters = shop.getBean(PolarDeadLetters.class);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(deadLetters.list(100)).extracting(DeadLetter::type)
				.contains(PolarEventTypes.ORDER_REFUNDED));
		deadLetters.list(100).forEach(evidence::addToStrings);
	}

	private static void dumpEndpoints(String url) throws Exception {
		Browser operator = new Browser(url, ADDRESS);
		operator.login("operator");
		Map<String, Collection<String>> parts = new HashMap<>();
		parts.put("metrics", names(operator.actuator("metrics").get("names")));
		parts.put("env",
				new TreeSet<>(List.of("shop.command", "polar.webhook.secret", "polar.webhook.secrets%5B0%5D",
						"POLAR_WEBHOOK_SECRETS_0", "POLAR_ACCESSTOKEN", "polar.access-token", "polar.accessToken",
						"spring.application.json")));
		parts.put("configprops", List.of("polar"));
		parts.put("loggers", List.of("io.github.polarspring"));
		parts.put("health", List.of("polar", "polarInbox", "polarUsage", "db"));
		parts.put("polar", shop.getBean(PolarDeadLetters.class).list(100).stream().map(DeadLetter::id).toList());
		JsonNode links = operator.actuator("").get("_links");
		assertThat(links.propertyNames()).contains("beans", "conditions", "configprops", "env", "health",
				"httpexchanges", "info", "logfile", "loggers", "mappings", "metrics", "polar", "polarentitlements",
				"polarusage", "scheduledtasks", "startup", "threaddump");
		for (String id : links.propertyNames()) {
			if (!links.get(id).get("templated").asBoolean() && !id.equals("self")) {
				operator.actuator(id);
				for (String part : parts.getOrDefault(id, Set.of())) {
					operator.actuator(id + "/" + part);
				}
			}
		}
		HttpResponse<String> report = operator.send(HttpRequest.newBuilder()
			.POST(BodyPublishers.ofString("{\"externalId\":\"otti\"}"))
			.header("Content-Type", "application/json"), "/actuator/polarentitlements?" + operator.csrf());
		assertThat(report.statusCode()).isEqualTo(200);
		evidence.add(Kind.ENDPOINT, "polarentitlements", report.body());
	}

	private static Set<String> names(JsonNode array) {
		Set<String> names = new TreeSet<>();
		array.forEach((name) -> names.add(name.asString()));
		return names;
	}

	private static void dumpMetrics() {
		for (Meter meter : shop.getBean(MeterRegistry.class).getMeters()) {
			evidence.add(Kind.METRIC, meter.getId().getName(), meter.getId() + " " + meter.getId().getDescription());
		}
	}

	@ParameterizedTest
	@EnumSource
	void nothingIsGivenAway(Kind kind) {
		assertThat(evidence.leaks(kind)).isEmpty();
	}

	@Test
	void everythingWasLookedAt() {
		assertThat(evidence.count(Kind.LOG, (logger) -> logger.startsWith("io.github.polarspring."))).isPositive();
		for (String logger : List.of("org.springframework.jdbc.core.StatementCreatorUtils",
				"org.springframework.web.servlet.DispatcherServlet",
				"org.springframework.security.web.FilterChainProxy", "org.springframework.boot.SpringApplication",
				"org.thymeleaf.TemplateEngine", "org.apache.catalina.core.StandardService")) {
			assertThat(evidence.count(Kind.LOG, logger::equals)).as(logger).isPositive();
		}
		for (String name : List.of("polar.api", "polar.checkout", "polar.webhook", "http.client.requests",
				"http.server.requests")) {
			assertThat(evidence.count(Kind.OBSERVATION, name::equals)).as(name).isPositive();
			assertThat(evidence.count(Kind.METRIC, name::equals)).as(name).isPositive();
		}
		assertThat(evidence.count(Kind.ENDPOINT, (endpoint) -> true)).isGreaterThan(50);
		assertThat(evidence.count(Kind.EXCEPTION, (exception) -> true)).isGreaterThan(20);
		assertThat(evidence.count(Kind.ERROR_ANSWER, (answer) -> true)).isGreaterThan(10);
		for (Class<?> type : List.of(Order.class, Subscription.class, Customer.class, CustomerState.class,
				CheckoutSession.class, PolarEvent.class, PolarIdentity.class)) {
			assertThat(evidence.count(Kind.TO_STRING, type.getName()::equals)).as(type.getName()).isPositive();
		}
	}

	@Test
	void leaksWouldBeFound() throws Exception {
		String control = "control" + UUID.randomUUID();
		LoggerFactory.getLogger("control").trace("x", new IllegalStateException(new IOException(control)));
		assertThat(evidence.leaks(Kind.LOG, control)).hasSize(1);
		Observation.createNotStarted("control", shop.getBean(ObservationRegistry.class))
			.highCardinalityKeyValue("control", control)
			.observe(() -> {
			});
		assertThat(evidence.leaks(Kind.OBSERVATION, control)).hasSize(1);
		Exception exception = new IllegalStateException();
		exception.addSuppressed(new IOException(control));
		evidence.add("control", exception);
		assertThat(evidence.leaks(Kind.EXCEPTION, control)).hasSize(1);
		shop.getBean(MeterRegistry.class).counter("control", "control", control).increment();
		dumpMetrics();
		assertThat(evidence.leaks(Kind.METRIC, control)).hasSize(1);
		Browser operator = new Browser(url(), ADDRESS);
		operator.login("operator");
		operator.actuator("metrics/control");
		assertThat(evidence.leaks(Kind.ENDPOINT, control)).hasSize(1);
		Evidence other = new Evidence();
		other.forbid("token", "polar_oat_" + "abcdefghijklmnopqrstuvwxyz");
		other.add(Kind.METRIC, "cut off", "...GHIJKLMNOPQRSTUVWXYZ.");
		assertThat(other.leaks(Kind.METRIC)).singleElement().asString().contains("cut off has the token");
	}

	/**
	 * Somebody at a proxy of the shop, which tells where he is.
	 */
	private static final class Browser {

		private final HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

		private final String shop;

		private final String address;

		Browser(String shop, String address) {
			this.shop = shop;
			this.address = address;
		}

		HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
			URI uri = URI.create(path.startsWith("/") ? this.shop + path : path);
			HttpResponse<String> response = this.client
				.send(request.uri(uri).header("X-Forwarded-For", this.address).build(), BodyHandlers.ofString());
			if (response.statusCode() >= 400) {
				evidence.add(Kind.ERROR_ANSWER, uri.getPath(), response.headers() + response.body());
			}
			return response;
		}

		HttpResponse<String> get(String path) throws Exception {
			return send(HttpRequest.newBuilder().header("Accept", "text/html"), path);
		}

		private String csrf() throws Exception {
			Matcher csrf = CSRF.matcher(get("/login").body());
			assertThat(csrf.find()).isTrue();
			return "_csrf=" + csrf.group(1);
		}

		HttpResponse<String> post(String path, Map<String, String> headers) throws Exception {
			HttpRequest.Builder request = HttpRequest.newBuilder()
				.POST(BodyPublishers.ofString(csrf()))
				.header("Content-Type", "application/x-www-form-urlencoded");
			new HashMap<>(headers).entrySet().forEach((header) -> request.header(header.getKey(), header.getValue()));
			if (!headers.containsKey("Accept")) {
				request.header("Accept", "text/html");
			}
			return send(request, path);
		}

		HttpResponse<String> buy(String path, Map<String, String> headers) throws Exception {
			HttpResponse<String> response = post(path, headers);
			assertThat(response.statusCode()).isIn(200, 303);
			forbidSecret(SecretsTests.checkouts.get(polar.checkoutIds().get(0)));
			return response;
		}

		void login(String user) throws Exception {
			HttpResponse<String> response = send(HttpRequest.newBuilder()
				.POST(BodyPublishers.ofString(csrf() + "&username=" + user + "&password=" + user))
				.header("Content-Type", "application/x-www-form-urlencoded"), "/login");
			assertThat(response.headers().firstValue("Location").orElse("")).doesNotContain("error");
		}

		/**
		 * Return where Polar leads.
		 */
		String pay(URI checkout) throws Exception {
			HttpResponse<String> paid = this.client
				.send(HttpRequest.newBuilder(URI.create(checkout.toString().replaceFirst("\\?.*", "") + "/pay"))
					.POST(BodyPublishers.noBody())
					.build(), BodyHandlers.ofString());
			String back = paid.headers().firstValue("Location").orElseThrow();
			Matcher token = Pattern.compile("customer_session_token=([^&]+)").matcher(back);
			assertThat(token.find()).as(back).isTrue();
			evidence.forbid("session token", token.group(1));
			return back;
		}

		void comeBack(String url) throws Exception {
			HttpResponse<String> response = get(url);
			if (response.statusCode() == 303) {
				response = get(URI.create(this.shop + "/thanks")
					.resolve(response.headers().firstValue("Location").get())
					.toString());
			}
			assertThat(response.statusCode()).isEqualTo(200);
		}

		JsonNode actuator(String path) throws Exception {
			HttpResponse<String> response = send(
					HttpRequest.newBuilder().header("Accept", "application/json, */*;q=0.1"),
					"/actuator/".substring(0, path.isEmpty() ? 9 : 10) + path);
			assertThat(response.statusCode()).as(path).isIn(200, 404, 405, 503);
			evidence.add(Kind.ENDPOINT, path, response.body());
			return response.body().startsWith("{") ? readJson(response.body()) : readJson("{}");
		}

	}

	/**
	 * Collects what is logged, from the moment that the log system is set up.
	 */
	private static final class LogCollector
			implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

		private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				String trace = (event.getThrowableProxy() != null)
						? ThrowableProxyUtil.asString(event.getThrowableProxy()) : "";
				evidence.add(Kind.LOG, event.getLoggerName(), String.join(" ", event.getThreadName(),
						event.getFormattedMessage(), event.getMDCPropertyMap().toString(), trace));
			}

		};

		/**
		 * Wire logs, and what the fake logs, which runs in the same JVM.
		 */
		private final TurboFilter leftOut = new TurboFilter() {

			@Override
			public FilterReply decide(Marker marker, Logger logger, Level level, String format, Object[] params,
					Throwable t) {
				return (WIRE_LOGS.containsKey(logger.getName()) || Thread.currentThread().getName().startsWith("qtp"))
						? FilterReply.DENY : FilterReply.NEUTRAL;
			}

		};

		@Override
		public int getOrder() {
			return LoggingApplicationListener.DEFAULT_ORDER + 1;
		}

		@Override
		public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
			LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
			Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
			this.appender.setContext(logging);
			this.appender.start();
			root.detachAppender("CONSOLE");
			root.addAppender(this.appender);
			root.setLevel(Level.TRACE);
			logging.getLoggerList()
				.stream()
				.filter((logger) -> logger.getLevel() != null)
				.forEach((logger) -> logger.setLevel(Level.TRACE));
			logging.addTurboFilter(this.leftOut);
			event.getEnvironment()
				.getPropertySources()
				.addLast(new SystemEnvironmentPropertySource("test-systemEnvironment", Map.of("POLAR_ACCESSTOKEN",
						polar.accessToken(), "POLAR_WEBHOOK_SECRETS_0", OLD_WEBHOOK_SECRET)));
		}

	}

	/**
	 * Without an annotation, or other tests of this package would have it, too.
	 */
	static class Recorders {

		@Bean
		InMemoryHttpExchangeRepository httpExchangeRepository() {
			InMemoryHttpExchangeRepository repository = new InMemoryHttpExchangeRepository();
			repository.setCapacity(10_000);
			return repository;
		}

		@Bean
		ObservationHandler<Observation.Context> observationCollector() {
			return new ObservationHandler<>() {

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

				@Override
				public void onStop(Observation.Context context) {
					evidence.add(Kind.OBSERVATION, context.getName(),
							context.getContextualName() + " " + context.getAllKeyValues());
					if (context.getError() != null) {
						evidence.add("error of " + context.getName(), context.getError());
					}
				}

				@Override
				public void onEvent(Observation.Event event, Observation.Context context) {
					evidence.add(Kind.OBSERVATION, context.getName(), event);
				}

			};
		}

		@Bean
		AuthenticationProvider people() {
			return new DaoAuthenticationProvider((name) -> name.equals("operator")
					? User.withUsername(name).password("{noop}" + name).roles("OPERATOR").build() : new Buyer(name));
		}

		@Bean
		Listeners listeners() {
			return new Listeners();
		}

	}

	@SuppressWarnings("serial")
	private static final class Buyer extends User implements PolarIdentityPrincipal {

		Buyer(String name) {
			super(name, "{noop}" + name, List.of());
		}

		@Override
		public PolarIdentity toPolarIdentity() {
			return PolarIdentity.of(getUsername()).withEmail(EMAIL).withName(NAME);
		}

	}

	static class Listeners {

		@PolarEventListener
		void order(PolarEvent<Order> event) {
			evidence.addToStrings(event);
			evidence.addToStrings(event.data());
		}

		@PolarEventListener
		void subscription(Subscription subscription) {
			evidence.addToStrings(subscription);
		}

		@PolarEventListener
		void customer(Customer customer) {
			evidence.addToStrings(customer);
		}

		@PolarEventListener
		void customerState(CustomerState state) {
			evidence.addToStrings(state);
		}

		@PolarEventListener
		void checkout(CheckoutSession session) {
			evidence.addToStrings(session);
		}

		@PolarEventListener(PolarEventTypes.ORDER_REFUNDED)
		void failing(PolarEvent<Order> event) {
			throw new IllegalStateException("No such shelf for " + event, new IOException("Disk full"));
		}

	}

}
