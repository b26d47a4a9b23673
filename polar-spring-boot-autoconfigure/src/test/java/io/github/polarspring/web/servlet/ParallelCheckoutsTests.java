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

package io.github.polarspring.web.servlet;

import java.io.IOException;
import java.io.OutputStream;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

import javax.sql.DataSource;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutReturn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One browser starts many checkouts at the same time, at two instances of an application,
 * with the sessions of the container and with Spring Session on a database.
 */
class ParallelCheckoutsTests {

	private static final int CHECKOUTS = 20;

	private static final Set<String> SESSION_COOKIES = Set.of("JSESSIONID", "SESSION");

	private static final Polar polar = new Polar();

	private static final Map<String, List<ConfigurableApplicationContext>> instances = new ConcurrentHashMap<>();

	private final CookieManager cookies = new CookieManager();

	private final HttpClient browser = HttpClient.newBuilder().cookieHandler(this.cookies).build();

	@BeforeAll
	static void start() {
		new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2)
			.setName("sessions;DB_CLOSE_DELAY=-1")
			.addScript("org/springframework/session/jdbc/schema-h2.sql")
			.build();
		for (String sessions : List.of("container", "database")) {
			instances.put(sessions, List.of(instance(sessions), instance(sessions)));
		}
	}

	private static ConfigurableApplicationContext instance(String sessions) {
		return new SpringApplicationBuilder(Application.class).profiles(sessions)
			.run("--server.port=0", "--polar.access-token=polar_oat_x",
					"--polar.base-url=http://localhost:" + polar.port(),
					"--polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710", "--polar.checkout.success-url=/thanks",
					"--spring.main.banner-mode=off");
	}

	@AfterAll
	static void stop() {
		instances.values().forEach((each) -> each.forEach(ConfigurableApplicationContext::close));
		polar.close();
	}

	private static URI uri(String sessions, int instance, String path) {
		return URI.create("http://localhost:%s%s".formatted(
				instances.get(sessions).get(instance % 2).getEnvironment().getProperty("local.server.port"), path));
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
	}

	private List<UUID> buy(String sessions, String path, String... headers) {
		List<CompletableFuture<HttpResponse<String>>> clicks = new ArrayList<>();
		for (int i = 0; i < CHECKOUTS; i++) {
			HttpRequest.Builder request = HttpRequest.newBuilder(uri(sessions, i, path))
				.header("Accept", "text/html")
				.POST(BodyPublishers.noBody());
			if (headers.length > 0) {
				request.headers(headers);
			}
			clicks.add(this.browser.sendAsync(request.build(), BodyHandlers.ofString()));
		}
		List<HttpResponse<String>> responses = clicks.stream().map(CompletableFuture::join).toList();
		assertThat(responses).extracting(HttpResponse::statusCode).containsOnly(303);
		List<UUID> ids = responses.stream()
			.map((response) -> response.headers().firstValue("Location").orElseThrow())
			.map((location) -> UUID.fromString(location.substring(location.lastIndexOf('/') + 1)))
			.toList();
		assertThat(ids).doesNotHaveDuplicates();
		return ids;
	}

	private List<String> outcomes(String sessions, String path, List<UUID> ids, String... headers)
			throws IOException, InterruptedException {
		List<String> outcomes = new ArrayList<>();
		int instance = 1;
		for (UUID id : ids) {
			HttpRequest.Builder request = HttpRequest
				.newBuilder(uri(sessions, instance++, path + "?checkout_id=" + id));
			if (headers.length > 0) {
				request.headers(headers);
			}
			outcomes.add(this.browser.send(request.build(), BodyHandlers.ofString()).body());
		}
		return outcomes;
	}

	private void logIn(String sessions, String user) throws IOException, InterruptedException {
		for (int instance = 0; instance < (sessions.equals("database") ? 1 : 2); instance++) {
			HttpRequest request = HttpRequest.newBuilder(uri(sessions, instance, "/login"))
				.header("Content-Type", "application/x-www-form-urlencoded")
				.POST(BodyPublishers.ofString("username=%1$s&password=%1$s".formatted(user)))
				.build();
			assertThat(this.browser.send(request, BodyHandlers.ofString()).headers().firstValue("Location"))
				.hasValueSatisfying((location) -> assertThat(location).doesNotContain("error"));
		}
	}

	private void forget(Set<String> names) {
		for (HttpCookie cookie : List.copyOf(this.cookies.getCookieStore().getCookies())) {
			if (names.contains(cookie.getName())) {
				this.cookies.getCookieStore().remove(null, cookie);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "container,/buy,/thanks", "database,/buy,/thanks", "container,/api/buy,/api/thanks",
			"database,/api/buy,/api/thanks" })
	void guestSeesEachOutcome(String sessions, String buy, String thanks) throws Exception {
		List<UUID> ids = buy(sessions, buy);
		assertThat(outcomes(sessions, thanks, ids)).containsOnly("succeeded");
		List<UUID> further = buy(sessions, buy);
		assertThat(outcomes(sessions, thanks, further)).containsOnly("succeeded");
		assertThat(outcomes(sessions, thanks, ids)).containsOnly("succeeded");
		assertThat(this.cookies.getCookieStore().getCookies()).extracting(HttpCookie::getName)
			.doesNotContainAnyElementsOf(SESSION_COOKIES);
	}

	@ParameterizedTest
	@ValueSource(strings = { "container", "database" })
	void userSeesEachOutcomeAlsoInAnotherBrowser(String sessions) throws Exception {
		List<UUID> ids = buy(sessions, "/api/buy", "Authorization", basic("alice"));
		assertThat(new ParallelCheckoutsTests().outcomes(sessions, "/api/thanks", ids, "Authorization", basic("alice")))
			.containsOnly("succeeded");
	}

	@ParameterizedTest
	@ValueSource(strings = { "container", "database" })
	void guestWhoLogsInSeesEachOutcome(String sessions) throws Exception {
		List<UUID> ids = buy(sessions, "/buy");
		logIn(sessions, "alice");
		assertThat(outcomes(sessions, "/thanks", ids)).containsOnly("succeeded");
	}

	@ParameterizedTest
	@ValueSource(strings = { "container", "database" })
	void userWhoseSessionCookieStaysBehindSeesEachOutcome(String sessions) throws Exception {
		logIn(sessions, "alice");
		List<UUID> ids = buy(sessions, "/buy");
		forget(SESSION_COOKIES);
		assertThat(outcomes(sessions, "/thanks", ids)).containsOnly("succeeded");
	}

	@ParameterizedTest
	@ValueSource(strings = { "container", "database" })
	void nextUserOfASharedComputerSeesNone(String sessions) throws Exception {
		List<UUID> ids = buy(sessions, "/api/buy", "Authorization", basic("alice"));
		assertThat(outcomes(sessions, "/api/thanks", ids, "Authorization", basic("bob"))).containsOnly("unconfirmed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "container", "database" })
	void checkoutOfAnotherBrowserIsUnconfirmed(String sessions) throws Exception {
		List<UUID> ids = buy(sessions, "/buy");
		ParallelCheckoutsTests stranger = new ParallelCheckoutsTests();
		assertThat(stranger.outcomes(sessions, "/thanks", ids)).containsOnly("unconfirmed");
		stranger.buy(sessions, "/buy");
		assertThat(stranger.outcomes(sessions, "/thanks", ids)).containsOnly("unconfirmed");
	}

	/**
	 * As much of Polar as is needed: every session is paid at once.
	 */
	private static final class Polar implements AutoCloseable {

		private final Map<String, JsonNode> metadata = new ConcurrentHashMap<>();

		private final HttpServer server;

		Polar() {
			try {
				this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
			this.server.setExecutor(Executors.newCachedThreadPool());
			this.server.createContext("/v1/checkouts/", this::answer);
			this.server.start();
		}

		int port() {
			return this.server.getAddress().getPort();
		}

		private void answer(HttpExchange exchange) throws IOException {
			boolean creates = exchange.getRequestMethod().equals("POST");
			JsonNode request = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
			String path = exchange.getRequestURI().getPath();
			String id = creates ? UUID.randomUUID().toString() : path.substring(path.lastIndexOf('/') + 1);
			if (creates) {
				this.metadata.put(id, request.path("metadata"));
			}
			byte[] body = """
					{"id":"%1$s","status":"%2$s","url":"https://sandbox.polar.sh/checkout/%1$s","metadata":%3$s}"""
				.formatted(id, creates ? "open" : "succeeded", this.metadata.get(id))
				.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().add("Content-Type", "application/json");
			exchange.sendResponseHeaders(creates ? 201 : 200, body.length);
			try (OutputStream out = exchange.getResponseBody()) {
				out.write(body);
			}
		}

		@Override
		public void close() {
			this.server.stop(0);
		}

	}

	@RestController
	static class Shop {

		@PostMapping({ "/buy", "/api/buy" })
		@PolarCheckout("pro")
		void buy() {
		}

		@GetMapping({ "/thanks", "/api/thanks" })
		String thanks(@PolarCheckoutReturn CheckoutOutcome outcome) {
			return outcome.name();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Shop.class, SessionsInDatabase.class })
	static class Application {

		@Bean
		@Order(1)
		SecurityFilterChain statelessChain(HttpSecurity http) {
			return http.securityMatcher("/api/**")
				.csrf(AbstractHttpConfigurer::disable)
				.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		@Order(2)
		SecurityFilterChain chain(HttpSecurity http) {
			return http.csrf(AbstractHttpConfigurer::disable)
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.formLogin(Customizer.withDefaults())
				.build();
		}

		@Bean
		UserDetailsService users() {
			return (name) -> User.withUsername(name).password("{noop}" + name).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Profile("database")
	@EnableJdbcHttpSession
	static class SessionsInDatabase {

		@Bean
		DataSource dataSource() {
			return new DriverManagerDataSource("jdbc:h2:mem:sessions;DB_CLOSE_DELAY=-1", "sa", "");
		}

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

}
