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

package io.github.polarspring.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.web.PolarCheckout;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/**
 * A click on the buy button by a logged-in buyer, through Tomcat and Spring Security: a
 * session is created at Polar and the buyer is redirected. Browsers, application and
 * Polar run on the same machine.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 12, time = 3)
@Measurement(iterations = 5, time = 3)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(4)
public class BuyBenchmark {

	private static final String PRODUCT = "7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90";

	private LoopbackServer polar;

	private ConfigurableApplicationContext application;

	private int port;

	/**
	 * Start Polar and the application.
	 */
	@Setup
	public void start() {
		this.polar = new LoopbackServer("201 Created", Payloads.read("checkout-session.json"),
				"Polar-Version: 2026-10");
		this.application = SpringApplication.run(Shop.class, "--server.port=0", "--spring.main.banner-mode=off",
				"--polar.access-token=polar_oat_benchmark0123456789", "--polar.base-url=" + this.polar.url(),
				"--polar.checkout.success-url=https://shop.example/thanks", "--logging.threshold.console=error",
				// the browsers do not reconnect
				"--server.tomcat.max-keep-alive-requests=-1");
		this.port = this.application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	/**
	 * Stop Polar and the application.
	 */
	@TearDown
	public void stop() {
		this.application.close();
		this.polar.close();
	}

	/**
	 * Controller with Spring Boot's client.
	 */
	@Benchmark
	public int byHand(Browser browser) throws IOException {
		return browser.post(this.port, Browser.BY_HAND);
	}

	/**
	 * Controller with the annotation.
	 */
	@Benchmark
	public int annotation(Browser browser) throws IOException {
		return browser.post(this.port, Browser.ANNOTATION);
	}

	/**
	 * Controller with the template.
	 */
	@Benchmark
	public int template(Browser browser) throws IOException {
		return browser.post(this.port, Browser.TEMPLATE);
	}

	/**
	 * Browser with a persistent connection that does not allocate memory.
	 */
	@State(Scope.Thread)
	public static class Browser {

		static final byte[] BY_HAND = request("/by-hand");

		static final byte[] ANNOTATION = request("/annotation");

		static final byte[] TEMPLATE = request("/template");

		private static final byte[] SEE_OTHER = "HTTP/1.1 303".getBytes(StandardCharsets.US_ASCII);

		private final byte[] buffer = new byte[16 * 1024];

		private @Nullable Connection connection;

		private static byte[] request(String path) {
			return ("POST " + path + " HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Basic YWxpY2U6YWxpY2U=\r\n"
					+ "X-Forwarded-For: 93.184.216.34\r\nAccept: text/html\r\nAccept-Language: en\r\n"
					+ "Content-Length: 0\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII);
		}

		int post(int port, byte[] request) throws IOException {
			Connection connection = this.connection;
			if (connection == null) {
				connection = Connection.to(port);
				this.connection = connection;
			}
			connection.out().write(request);
			int size = 0;
			while (size < 4 || this.buffer[size - 1] != '\n' || this.buffer[size - 3] != '\n') {
				int read = connection.in().read(this.buffer, size, this.buffer.length - size);
				Assert.state(read != -1, "The application closed the connection");
				size += read;
			}
			for (int i = 0; i < SEE_OTHER.length; i++) {
				Assert.state(this.buffer[i] == SEE_OTHER[i], "No redirect");
			}
			return size;
		}

		/**
		 * Close the connection.
		 * @throws IOException if that fails
		 */
		@TearDown
		public void close() throws IOException {
			if (this.connection != null) {
				this.connection.socket().close();
				this.connection = null;
			}
		}

		private record Connection(Socket socket, InputStream in, OutputStream out) {

			static Connection to(int port) throws IOException {
				Socket socket = new Socket("127.0.0.1", port);
				socket.setTcpNoDelay(true);
				return new Connection(socket, socket.getInputStream(), socket.getOutputStream());
			}

		}

	}

	/**
	 * The application, with the defaults of Spring Boot and the starter.
	 */
	@Import(ShopController.class)
	static class Shop extends BenchmarkApplication {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.disable())
				.build();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(User.withUsername("alice").password("alice").build());
		}

		/**
		 * Hashing would take longer than everything else.
		 */
		@Bean
		PasswordEncoder passwordEncoder() {
			return new PasswordEncoder() {

				@Override
				public @Nullable String encode(@Nullable CharSequence password) {
					return (password != null) ? password.toString() : null;
				}

				@Override
				public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
					return password != null && encoded != null && encoded.contentEquals(password);
				}

			};
		}

	}

	@RestController
	static class ShopController {

		private final PolarCheckoutOperations checkouts;

		private final RestClient restClient;

		private final JsonMapper mapper;

		ShopController(PolarCheckoutOperations checkouts, RestClient.Builder restClient, JsonMapper mapper,
				@Value("${polar.base-url}") String polar, @Value("${polar.access-token}") String token) {
			this.checkouts = checkouts;
			this.restClient = restClient.baseUrl(polar)
				.defaultHeader("Authorization", "Bearer " + token)
				.defaultHeader("Polar-Version", "2026-10")
				.build();
			this.mapper = mapper;
		}

		@PostMapping("/annotation")
		@PolarCheckout(PRODUCT)
		void annotation() {
		}

		@PostMapping("/template")
		ResponseEntity<Void> template() {
			return seeOther(this.checkouts.create(CheckoutRequest.forProducts(PRODUCT).build()).url());
		}

		@PostMapping("/by-hand")
		ResponseEntity<Void> byHand(Principal principal, HttpServletRequest request, Locale locale) {
			Map<String, Object> body = Map.of("products", List.of(PRODUCT), "external_customer_id", principal.getName(),
					"customer_ip_address", request.getHeader("X-Forwarded-For"), "success_url",
					"https://shop.example/thanks?checkout_id={CHECKOUT_ID}", "locale", locale.toLanguageTag(),
					"metadata", Map.of("external_customer_id", principal.getName()));
			SessionCreationBenchmark.HandWrittenSession session = this.restClient.post()
				.uri("/v1/checkouts/")
				.contentType(MediaType.APPLICATION_JSON)
				.accept(MediaType.APPLICATION_JSON)
				.body(this.mapper.writeValueAsBytes(body))
				.retrieve()
				.body(SessionCreationBenchmark.HandWrittenSession.class);
			Assert.state(session != null, "No session");
			return seeOther(session.url());
		}

		private static ResponseEntity<Void> seeOther(String url) {
			return ResponseEntity.status(HttpStatus.SEE_OTHER)
				.location(URI.create(url))
				.cacheControl(CacheControl.noStore())
				.build();
		}

	}

}
