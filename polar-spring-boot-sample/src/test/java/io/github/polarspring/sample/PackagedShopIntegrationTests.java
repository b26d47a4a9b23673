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

import java.io.BufferedReader;
import java.io.IOException;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for the packaged shop, started as it would be in production.
 */
@Timeout(120)
class PackagedShopIntegrationTests {

	private static final Path JAR = Path.of(System.getProperty("shop.jar"));

	private static final Pattern OPEN = Pattern.compile("The shop is open: (http://localhost:\\d+)/");

	private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

	private static final Path JAR_WITH_FAKE = Path.of(System.getProperty("shop-with-fake.jar"));

	private static final List<String> OTHER_PRODUCTS = List.of("handbook", "team", "support");

	private static Process start(Map<String, String> environment) throws IOException {
		return start(JAR, false, environment);
	}

	private static Process start(Path jar, boolean aot, Map<String, String> environment) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Dspring.aot.enabled=" + aot, "-jar", jar.toString())
			.redirectErrorStream(true);
		builder.environment().keySet().removeIf((name) -> name.startsWith("POLAR_") || name.startsWith("SPRING_"));
		builder.environment().put("SERVER_PORT", "0");
		builder.environment().putAll(environment);
		return builder.start();
	}

	private static String output(Process process) throws Exception {
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		return output;
	}

	@Test
	void jarHasNoFake() throws Exception {
		try (ZipFile jar = new ZipFile(JAR.toFile())) {
			assertThat(jar.stream().map(ZipEntry::getName))
				.anyMatch((name) -> name.startsWith("BOOT-INF/lib/polar-spring-boot-autoconfigure"))
				.noneMatch((name) -> name.contains("polar-spring-boot-test") || name.contains("wiremock"));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void withoutTokenItDoesNotStartAndSaysWhatToSet(boolean aot) throws Exception {
		Process process = start(JAR, aot, Map.of());
		assertThat(output(process))
			.contains("APPLICATION FAILED TO START", "Polar access token is not configured. Required by ",
					"POLAR_ACCESS_TOKEN", "polar-spring-boot-test")
			.doesNotContain("The shop is open");
		assertThat(process.exitValue()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					false |                                                            | not used, because the application runs from a packaged archive
					false | SPRING_PROFILES_ACTIVE=production                          | not used, because the application runs from a packaged archive
					false | POLAR_FAKE_ENABLED=false                                   | not used, because 'polar.fake.enabled' is false
					true  |                                                            | Polar access token is not configured.
					true  | POLAR_FAKE_ENABLED=true                                    | Polar access token is not configured.
					false | POLAR_ACCESS_TOKEN=polar_oat_x,POLAR_FAKE_ENABLED=true     | is the path '/thanks', but the public URL
					true  | POLAR_ACCESS_TOKEN=polar_oat_x                             | is the path '/thanks', but the public URL
					""")
	void fakeThatWasPackagedByMistakeGivesNothingAway(boolean aot, @Nullable String environment, String message)
			throws Exception {
		Map<String, String> variables = new HashMap<>();
		for (String variable : (environment != null) ? environment.split(",") : new String[0]) {
			variables.put(variable.split("=")[0], variable.split("=")[1]);
		}
		Process process = start(JAR_WITH_FAKE, aot, variables);
		assertThat(output(process)).contains("APPLICATION FAILED TO START", message)
			.doesNotContain("The shop is open", "Using a fake of Polar");
		assertThat(process.exitValue()).isEqualTo(1);
	}

	@Test
	void fakeThatIsAskedForRunsFromAnArchiveToo() throws Exception {
		Process process = start(JAR_WITH_FAKE, false, Map.of("POLAR_FAKE_ENABLED", "true"));
		try {
			StringBuilder log = new StringBuilder();
			HttpResponse<String> response = new Browser(awaitOpen(process.inputReader(StandardCharsets.UTF_8), log))
				.post("/buy/pro", "", "text/html");
			assertThat(response.headers().firstValue("Location"))
				.hasValueSatisfying((location) -> assertThat(location).startsWith("http://127.0.0.1:"));
			assertThat(log.toString()).contains("Using a fake of Polar");
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void inProductionItDoesNotStartWithoutItsOwnAddress() throws Exception {
		Process process = start(Map.of("POLAR_ACCESS_TOKEN", "polar_oat_secret"));
		assertThat(output(process))
			.contains("'polar.checkout.success-url' is the path '/thanks'", "Set 'polar.checkout.application-url'")
			.doesNotContain("polar_oat_secret");
		assertThat(process.exitValue()).isEqualTo(1);
	}

	@Test
	void takenPortIsBootsOwnMessage() throws Exception {
		try (ServerSocket taken = new ServerSocket(0)) {
			Process process = start(Map.of("POLAR_ACCESS_TOKEN", "polar_oat_secret", "POLAR_ENVIRONMENT", "sandbox",
					"SERVER_PORT", String.valueOf(taken.getLocalPort())));
			assertThat(output(process))
				.contains("Web server failed to start. Port " + taken.getLocalPort() + " was already in use.");
			assertThat(process.exitValue()).isEqualTo(1);
		}
	}

	/**
	 * The inbox is chosen and its table created when it runs: the build knows of neither,
	 * nor of the token, which this test makes up.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void withTokenAndAddressFromTheEnvironmentItSells(boolean aot) throws Exception {
		UUID pro = UUID.randomUUID();
		String secret = "polar_whs_" + UUID.randomUUID();
		try (PolarFake polar = PolarFake.start().addProduct(pro, "Lumen Pro", 2900, "usd")) {
			Map<String, String> environment = new HashMap<>();
			for (String product : OTHER_PRODUCTS) {
				UUID id = UUID.randomUUID();
				polar.addProduct(id, product, 1900, "usd");
				environment.put("POLAR_PRODUCTS_" + product.toUpperCase(Locale.ROOT), id.toString());
			}
			environment.putAll(Map.of("POLAR_ACCESS_TOKEN", polar.accessToken(), "POLAR_BASE_URL",
					polar.baseUrl().toString(), "POLAR_PRODUCTS_PRO", pro.toString(), "POLAR_WEBHOOK_SECRET", secret));
			Process process = start(JAR, aot, environment);
			try {
				StringBuilder log = new StringBuilder();
				BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
				String shop = awaitOpen(reader, log);
				assertThat(log.toString().contains("Starting AOT-processed ShopApplication")).isEqualTo(aot);
				polar.webhooks().addEndpoint(URI.create(shop + "/webhooks/polar"), secret);
				sells(shop, polar);
				polar.wireMock()
					.verify(postRequestedFor(urlEqualTo("/v1/checkouts/"))
						.withHeader("Authorization", equalTo("Bearer " + polar.accessToken()))
						.withRequestBody(matchingJsonPath("$.products[0]", equalTo(pro.toString()))));
				// unlike Process.destroy, leaves the output open
				process.toHandle().destroy();
				reader.lines().forEach((line) -> log.append(line).append('\n'));
				assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
				assertThat(log.toString()).doesNotContain("Using a fake of Polar", polar.accessToken(), secret,
						"polar_c_", "ERROR");
			}
			finally {
				process.destroyForcibly();
			}
		}
	}

	private static void sells(String shop, PolarFake polar) throws Exception {
		Browser alice = new Browser(shop);
		alice.logIn("alice");
		HttpResponse<String> bought = alice.post("/buy/pro", "", "text/html");
		assertThat(bought.statusCode()).isEqualTo(303);
		assertThat(bought.headers().firstValue("Location"))
			.hasValueSatisfying((location) -> assertThat(location).startsWith(polar.baseUrl() + "/checkout/polar_c_"));
		UUID session = polar.checkoutIds().get(0);
		assertThat(alice.get("/thanks?checkout_id=" + session)).contains("Almost done");
		polar.pay(session);
		assertThat(alice.get("/thanks?checkout_id=" + session)).contains("Your payment succeeded");
		assertThat(polar.webhooks().deliveries()).extracting(Delivery::type, Delivery::status)
			.contains(tuple("order.paid", 202));
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(alice.get("/account")).contains("<td>Lumen Pro</td>", "$31.57", "<td>paid</td>"));
		for (String offer : List.of("any", "pro-for-you", "seats", "support")) {
			assertThat(alice.post("/buy/" + offer, "&seats=12", "text/html").statusCode()).as(offer).isEqualTo(303);
		}
		polar.wireMock()
			.verify(postRequestedFor(urlEqualTo("/v1/checkouts/"))
				.withRequestBody(matchingJsonPath("$.prices.*[0].seat_tiers.tiers[1].price_per_seat", equalTo("900")))
				.withRequestBody(matchingJsonPath("$.external_customer_id", equalTo("alice"))));
		HttpResponse<String> link = alice.post("/buy/team", "", "application/json");
		assertThat(link.statusCode()).isEqualTo(200);
		assertThat(link.body()).contains("\"url\":\"" + polar.baseUrl() + "/checkout/polar_c_");
		assertThat(new Browser(shop).post("/buy/handbook", "", "text/html").statusCode()).isEqualTo(303);
		assertThat(new Browser(shop).get("/thanks?checkout_id=" + session)).contains("Payment not found");
		assertThat(new Browser(shop).get("/actuator/health")).contains("\"status\":\"UP\"")
			.doesNotContain("components");
		Browser operator = new Browser(shop);
		operator.logIn("operator");
		assertThat(operator.get("/actuator/health")).contains("\"polar\":", "\"polarInbox\":");
		assertThat(operator.get("/actuator/info")).contains("\"polar\":", "\"apiVersion\":");
	}

	private static String awaitOpen(BufferedReader reader, StringBuilder log) throws IOException {
		for (String line = reader.readLine(); line != null; line = reader.readLine()) {
			log.append(line).append('\n');
			Matcher open = OPEN.matcher(line);
			if (open.find()) {
				return open.group(1);
			}
		}
		throw new AssertionError("The shop did not open:\n" + log);
	}

	/**
	 * Keeps its session, and follows nothing.
	 */
	private static final class Browser {

		private final HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

		private final String shop;

		Browser(String shop) {
			this.shop = shop;
		}

		String get(String path) throws Exception {
			HttpResponse<String> response = this.client
				.send(HttpRequest.newBuilder(URI.create(this.shop + path)).build(), BodyHandlers.ofString());
			assertThat(response.statusCode()).as(path).isEqualTo(200);
			return response.body();
		}

		HttpResponse<String> post(String path, String form, String accept) throws Exception {
			Matcher csrf = CSRF.matcher(get("/"));
			assertThat(csrf.find()).isTrue();
			return this.client.send(HttpRequest.newBuilder(URI.create(this.shop + path))
				.header("Content-Type", "application/x-www-form-urlencoded")
				.header("Accept", accept)
				.POST(BodyPublishers
					.ofString("_csrf=" + URLEncoder.encode(csrf.group(1), StandardCharsets.UTF_8) + form))
				.build(), BodyHandlers.ofString());
		}

		void logIn(String user) throws Exception {
			HttpResponse<String> response = post("/login", "&username=" + user + "&password=" + user, "text/html");
			assertThat(response.headers().firstValue("Location")).hasValue(this.shop + "/");
		}

	}

}
