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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.web.PolarCheckout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the responses that different callers of {@link PolarCheckout} methods can
 * follow to another origin. {@code ScriptLibrariesBrowserTests} proves the same with the
 * libraries themselves.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "polar.access-token=polar_oat_test", "polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710" })
class CheckoutCallerTests {

	private static final String URL = "https://sandbox.polar.sh/checkout/polar_c_x?a=1&b=2";

	private static final String ESCAPED_URL = URL.replace("&", "&amp;");

	private static final String TURBO = "text/vnd.turbo-stream.html, text/html, application/xhtml+xml";

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	@LocalServerPort
	private int port;

	private final HttpClient browser = HttpClient.newHttpClient();

	@DynamicPropertySource
	static void polar(DynamicPropertyRegistry registry) {
		registry.add("polar.base-url", () -> "http://localhost:" + polar.getPort());
	}

	@BeforeEach
	void respondWithASession() {
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(201).withBody("""
				{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"%s"}""".formatted(URL))));
	}

	private HttpResponse<String> send(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://localhost:%d%s".formatted(this.port, path)))
			.POST(BodyPublishers.noBody());
		return send(request, headers);
	}

	private HttpResponse<String> get(String path, String headers) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(this.port, path))),
				headers(headers));
	}

	private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
			throws IOException, InterruptedException {
		for (String header : headers) {
			int colon = header.indexOf(':');
			request.header(header.substring(0, colon), header.substring(colon + 1).strip());
		}
		return this.browser.send(request.build(), BodyHandlers.ofString());
	}

	private static String contentType(HttpResponse<String> response) {
		return response.headers().firstValue("Content-Type").orElse("");
	}

	private static String[] headers(String headers) {
		return headers.split("\\|");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Accept:" + BROWSER, "Accept:" + BROWSER + "|Sec-Fetch-Mode: navigate",
			"Accept: */*|Sec-Fetch-Mode: navigate", "Accept: application/json|Sec-Fetch-Mode: navigate",
			"Accept: application/json|Sec-Fetch-Mode: nested-navigate",
			"Accept:" + BROWSER + "|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: iframe",
			"Accept:" + BROWSER + "|Origin: https://shop.example|Referer: https://shop.example/",
			"Accept:" + BROWSER + "|X-Requested-With: com.example.shop", "Accept: */*", "Accept: text/html;q=0.5",
			"Accept: application/json;q=0.1, text/html", "Accept: application/json, text/html", "Accept: not a type",
			"User-Agent: curl/8.0", "Accept: application/json;q=0", "HX-Request: false|Accept: text/html" })
	void navigationIsRedirected(String headers) throws Exception {
		HttpResponse<String> response = send("/buy/pro", headers(headers));
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).contains(URL);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Accept: */*|Sec-Fetch-Mode: cors|Sec-Fetch-Dest: empty",
			"Sec-Fetch-Mode: same-origin|Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: no-cors|Sec-Fetch-Dest: empty",
			"Accept: application/json, text/plain, */*|Sec-Fetch-Mode: cors",
			"Accept: text/html;q=0.9, application/json|Sec-Fetch-Mode: cors", "Accept: application/json",
			"Accept: application/vnd.shop+json", "Accept: application/json, text/html;q=0.9",
			"Accept: text/html;q=0, application/json", "Accept: */*|X-Requested-With: XMLHttpRequest",
			"Accept: application/json, text/javascript, */*; q=0.01|X-Requested-With: XMLHttpRequest",
			"Accept: */*|Origin: http://localhost", "Referer: http://localhost/" })
	void scriptGetsJson(String headers) throws Exception {
		HttpResponse<String> response = send("/buy/pro", headers(headers));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(contentType(response)).startsWith("application/json");
		assertThat(response.body()).isEqualTo("{\"url\":\"" + URL + "\"}");
		assertThat(response.headers().firstValue("Location")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Accept: text/html|Sec-Fetch-Mode: cors",
			"Accept: application/json, text/html|Sec-Fetch-Mode: cors",
			"Accept: application/json;q=0.1|Accept: text/html|Sec-Fetch-Mode: cors",
			"Accept: text/html, */*; q=0.01|X-Requested-With: XMLHttpRequest",
			"Accept: text/html, application/xhtml+xml|Sec-Fetch-Mode: cors|X-Turbo-Request-Id: 1",
			"Accept: text/html, application/xhtml+xml|X-Turbo-Request-Id: 1",
			"Accept: application/xhtml+xml|Sec-Fetch-Mode: same-origin", "Accept: */*|X-Up-Version: 3.14.3",
			"Accept: */*|X-Alpine-Request: true|Sec-Fetch-Mode: cors", "X-PJAX: true|Accept: text/html",
			"X-Livewire-Navigate: 1" })
	void scriptThatDisplaysHtmlGetsAPage(String headers) throws Exception {
		HttpResponse<String> response = send("/buy/pro", headers(headers));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(contentType(response)).startsWith("text/html");
		assertThat(response.body()).contains("<meta http-equiv=\"refresh\" content=\"0; url=" + ESCAPED_URL + "\">")
			.contains("<a href=\"" + ESCAPED_URL + "\">");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Turbo-Frame: shop            | <turbo-frame id="shop"><meta
			Turbo-Frame: "><script>      | <turbo-frame id="&quot;&gt;&lt;script&gt;"><meta
			X-Alpine-Target: cart total  | <div id="cart"><meta
			X-Alpine-Target: cart total  | </div><div id="total"></div>
			""", quoteCharacter = '`')
	void partOfAPageIsWrapped(String header, String expected) throws Exception {
		assertThat(send("/buy/pro", header, "Accept: text/html").body()).contains(expected);
	}

	@Test
	void unpolyDisplaysThePageWhateverItWouldUpdate() throws Exception {
		HttpResponse<String> response = send("/buy/pro", "X-Up-Version: 3.14.3", "X-Up-Target: :none");
		assertThat(response.headers().firstValue("X-Up-Target")).contains("main");
		assertThat(response.headers().firstValue("X-Up-Open-Layer")).contains("{\"history\": false}");
		assertThat(response.body()).contains("<main up-main><meta http-equiv=\"refresh\"");
		assertThat(send("/buy/pro", "X-PJAX: true").headers().firstValue("X-Up-Target")).isEmpty();
	}

	@Test
	void intercoolerGetsAHeader() throws Exception {
		HttpResponse<String> response = send("/buy/pro", "X-IC-Request: true", "Accept: text/html-partial, */*; q=0.9",
				"X-Requested-With: XMLHttpRequest", "Sec-Fetch-Mode: cors");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("X-IC-Redirect")).contains(URL);
		assertThat(response.body()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Accept: text/html|X-Turbo-Request-Id: 1", "Accept: text/html|Sec-Fetch-Mode: cors",
			"Accept: text/html|Turbo-Frame: shop", "X-Up-Version: 3.14.3", "X-Alpine-Request: true",
			"X-Alpine-Target: cart", "X-PJAX: true", "X-Livewire-Navigate: 1",
			"Accept: text/html|X-Requested-With: XMLHttpRequest" })
	void linkOfALibraryIsOpenedAsANavigation(String headers) throws Exception {
		HttpResponse<String> response = get("/buy/link?a=1&b=2", headers);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
		assertThat(response.body()).contains("<meta http-equiv=\"refresh\" content=\"0; url=/buy/link?a=1&amp;b=2\">");
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '>', textBlock = """
			Accept: text/html|Sec-Fetch-Mode: navigate  > 303
			Accept: */*|Sec-Fetch-Mode: cors            > 200
			HX-Request: true                            > 200
			X-IC-Request: true                          > 200
			X-Inertia: true                             > 409
			Datastar-Request: true                      > 200
			""")
	void otherLinkCreatesASession(String headers, int status) throws Exception {
		assertThat(get("/buy/link", headers).statusCode()).isEqualTo(status);
		polar.verify(1, postRequestedFor(anyUrl()));
	}

	@Test
	void turboGetsAStream() throws Exception {
		for (String mode : new String[] { "Sec-Fetch-Mode: cors", "X-Any: 1", "Turbo-Frame: shop" }) {
			HttpResponse<String> response = send("/buy/pro", "Accept: " + TURBO, mode);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(contentType(response)).startsWith("text/vnd.turbo-stream.html");
			assertThat(response.body()).isEqualTo("<turbo-stream action=\"append\" targets=\"body\"><template>"
					+ "<meta http-equiv=\"refresh\" content=\"0; url=" + ESCAPED_URL + "\"></template></turbo-stream>");
		}
	}

	@Test
	void inertiaGetsAConflict() throws Exception {
		HttpResponse<String> response = send("/buy/pro", "X-Inertia: true", "Accept: text/html, application/xhtml+xml",
				"X-Requested-With: XMLHttpRequest");
		assertThat(response.statusCode()).isEqualTo(409);
		assertThat(response.headers().firstValue("X-Inertia-Location")).contains(URL);
	}

	@Test
	void datastarGetsEventsForBothGenerations() throws Exception {
		HttpResponse<String> response = send("/buy/pro", "Datastar-Request: true",
				"Accept: text/event-stream, text/html, application/json", "Sec-Fetch-Mode: cors");
		assertThat(contentType(response)).startsWith("text/event-stream");
		assertThat(response.body()).contains("event: datastar-patch-elements\n", "data: elements <meta",
				"event: datastar-merge-fragments\n", "data: fragments <meta");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '>', textBlock = """
			X-Sec-Purpose: prefetch|Turbo-Frame: shop|Accept: text/html    > 503
			Purpose: prefetch|X-Inertia: true                              > 409
			Sec-Purpose: prefetch|Sec-Fetch-Mode: navigate|Accept: text/html > 503
			HX-Preloaded: true|HX-Request: true                            > 503
			VND.PREFETCH: true|Accept: text/html|Sec-Fetch-Mode: cors      > 503
			""")
	void clickAfterAPrefetchRequestIsANavigation(String headers, int status) throws Exception {
		HttpResponse<String> response = get("/buy/link?a=1&b=2", headers);
		assertThat(response.statusCode()).isEqualTo(status);
		if (status == 409) {
			assertThat(response.headers().firstValue("X-Inertia-Location")).contains("/buy/link?a=1&b=2");
		}
		else if (headers.contains("Turbo")) {
			assertThat(response.body()).contains(
					"<turbo-frame id=\"shop\"><meta http-equiv=\"refresh\" content=\"0; url=/buy/link?a=1&amp;b=2\">");
		}
		else {
			assertThat(response.body()).isEmpty();
		}
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Requested-With: swup|Accept: text/html, application/xhtml+xml|Sec-Fetch-Mode: cors",
			"Sec-Fetch-Mode: no-cors|Sec-Fetch-Dest: image", "Sec-Fetch-Mode: cors|Sec-Fetch-Dest: script",
			"Sec-Fetch-Mode: no-cors|Sec-Fetch-Dest: style", "X-Alpine-Request: true|X-Alpine-Target: _top",
			"X-Alpine-Request: true|X-Alpine-Target: _self", "X-Alpine-Request: true|X-Alpine-Target: _none",
			"X-Alpine-Request: true|X-Alpine-Target: cart _top", "X-Alpine-Request: true|X-Alpine-Target:" })
	void callerThatCannotFollowAnythingCreatesNothing(String headers) throws Exception {
		HttpResponse<String> response = send("/buy/pro", headers(headers));
		assertThat(response.statusCode()).isEqualTo(406);
		assertThat(response.body()).contains("This request cannot be redirected to Polar.");
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/pro", "/buy/input" })
	void errorIsReadableForEachCaller(String path) throws Exception {
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(500)));
		int status = path.endsWith("input") ? 400 : 503;
		HttpResponse<String> json = send(path, "Sec-Fetch-Mode: cors", "Accept: */*");
		assertThat(json.statusCode()).isEqualTo(status);
		assertThat(contentType(json)).startsWith("application/problem+json");
		for (String[] headers : new String[][] { { "Accept: " + TURBO, "Sec-Fetch-Mode: cors" },
				{ "Accept: */*", "X-Up-Version: 3.14.3" }, { "Accept: text/html", "HX-Request: true" },
				{ "Accept: text/html", "X-Inertia: true" } }) {
			HttpResponse<String> html = send(path, headers);
			assertThat(html.statusCode()).isEqualTo(status);
			assertThat(contentType(html)).startsWith("text/html");
		}
		HttpResponse<String> frame = send(path, "Accept: " + TURBO, "Turbo-Frame: shop");
		assertThat(frame.statusCode()).isEqualTo(status);
		assertThat(frame.body()).contains("<turbo-frame id=\"shop\"><h1>");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Shop.class)
	static class Application {

		@Bean
		SecurityFilterChain open(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.csrf(AbstractHttpConfigurer::disable)
				.build();
		}

	}

	@Controller
	static class Shop {

		@PostMapping("/buy/pro")
		@PolarCheckout("pro")
		void buy() {
		}

		@GetMapping("/buy/link")
		@PolarCheckout("pro")
		void buyByLink() {
		}

		@PostMapping("/buy/input")
		@PolarCheckout("pro")
		void buyWithInput(@RequestParam int seats) {
		}

	}

}
