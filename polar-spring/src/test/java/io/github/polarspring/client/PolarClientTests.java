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

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarEnvironment;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.testsupport.FaultyServer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.support.HttpRequestWrapper;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.ApiVersionInserter;
import org.springframework.web.client.RestClient;
import org.springframework.web.util.DefaultUriBuilderFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

/**
 * Tests for {@link PolarClient}, against real servers.
 */
@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class PolarClientTests {

	private static final String TOKEN = "polar_oat_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

	private static PolarClient.Builder client(URI baseUrl) {
		return PolarClient.builder().accessToken(TOKEN).baseUrl(baseUrl);
	}

	static Stream<ClientHttpRequestFactory> requestFactories() {
		return Stream.of(new JdkClientHttpRequestFactory(), new SimpleClientHttpRequestFactory(),
				new BufferingClientHttpRequestFactory(new JdkClientHttpRequestFactory()));
	}

	@ParameterizedTest
	@MethodSource("requestFactories")
	void postSendsContentLengthAndIsNotChunked(ClientHttpRequestFactory requestFactory) throws Exception {
		try (FaultyServer server = FaultyServer.responding("201 Created",
				"{\"productName\":\"ignored\",\"product_name\":\"Größe\"}")) {
			Thing thing = client(server.url()).requestFactory(requestFactory)
				.build()
				.post(Thing.class, "/v1/things/", new Thing("Größe", null));
			assertThat(thing.productName()).isEqualTo("Größe");
			String request = server.requests().get(0);
			assertThat(request).startsWith("POST /v1/things/ HTTP/1.1\r\n")
				.endsWith("\r\n\r\n{\"product_name\":\"Größe\"}");
			assertThat(request.toLowerCase()).contains("\r\ncontent-length: 26\r\n")
				.contains("\r\ncontent-type: application/json\r\n")
				.contains("\r\naccept: application/json\r\n")
				.contains("\r\npolar-version: 2026-10\r\n")
				.contains("\r\nauthorization: bearer " + TOKEN.toLowerCase() + "\r\n")
				.doesNotContain("transfer-encoding");
		}
	}

	@Test
	void lastRequestFactoryThatIsSetIsUsed() throws Exception {
		ClientHttpRequestFactory unwanted = (uri, method) -> {
			throw new IllegalStateException("unwanted");
		};
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			List<PolarClient.Builder> builders = List.of(
					client(server.url()).requestFactory(unwanted).httpClient(HttpClient.newHttpClient()),
					client(server.url()).httpClient(HttpClient.newHttpClient())
						.restClient((builder) -> builder.requestFactory(unwanted))
						.requestFactory(new JdkClientHttpRequestFactory()),
					client(server.url()).requestFactory(unwanted)
						.restClient((builder) -> builder.requestFactory(new JdkClientHttpRequestFactory())),
					client(server.url())
						.restClient((builder) -> builder.requestFactory(new JdkClientHttpRequestFactory())));
			for (PolarClient.Builder builder : builders) {
				builder.build().get(Thing.class, "/v1/things/1");
			}
			assertThat(server.requests()).hasSize(4);
		}
	}

	static Stream<Arguments> callsWithoutBody() {
		return Stream.concat(Stream.of((ClientHttpRequestFactory) null), requestFactories())
			.flatMap((factory) -> Stream.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH)
				// HttpURLConnection has no PATCH
				.filter((method) -> method != HttpMethod.PATCH || !(factory instanceof SimpleClientHttpRequestFactory))
				.map((method) -> Arguments.of(factory, method)));
	}

	@ParameterizedTest
	@MethodSource("callsWithoutBody")
	void callWithoutBodySendsContentLength(@Nullable ClientHttpRequestFactory requestFactory, HttpMethod method)
			throws Exception {
		try (FaultyServer server = FaultyServer.responding("202 Accepted", "")) {
			PolarClient.Builder builder = client(server.url());
			if (requestFactory != null) {
				builder.requestFactory(requestFactory);
			}
			builder.build().call(method, "/v1/things/{id}/redeliver", 1).execute();
			assertThat(server.requests()).singleElement(STRING)
				.startsWith(method + " /v1/things/1/redeliver HTTP/1.1\r\n")
				.endsWith("\r\n\r\n")
				.containsPattern("(?i)\r\ncontent-length: 0\r\n")
				.doesNotContainIgnoringCase("transfer-encoding");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
			"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
			"HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 6\r\n\r\n<html>",
			"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnull" })
	void callWithoutResultIgnoresTheContent(String response) throws Exception {
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> {
			out.write(response.getBytes(StandardCharsets.US_ASCII));
			out.flush();
		})) {
			PolarClient client = client(server.url()).build();
			client.delete("/v1/things/{id}", 7);
			client.call(HttpMethod.POST, "/v1/things/").body(new Thing("Pro", null)).execute();
			assertThat(server.requests()).hasSize(2);
			assertThat(server.requests().get(0)).startsWith("DELETE /v1/things/7 HTTP/1.1\r\n");
			assertThat(server.requests().get(1)).startsWith("POST /v1/things/ HTTP/1.1\r\n")
				.endsWith("\r\n\r\n{\"product_name\":\"Pro\"}");
		}
	}

	@Test
	void errorOfACallWithoutResultIsThrown() throws Exception {
		try (FaultyServer server = FaultyServer.responding("404 Not Found", "Polar-Version: 2026-10",
				"{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}")) {
			assertThatExceptionOfType(PolarNotFoundException.class)
				.isThrownBy(() -> client(server.url()).build().delete("/v1/things/{id}", 7))
				.withMessageStartingWith("DELETE /v1/things/{id} failed");
		}
	}

	@Test
	void deleteCanReturnTheDeletedObject() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{\"product_name\":\"Pro\"}")) {
			Thing thing = client(server.url()).build()
				.call(HttpMethod.DELETE, "/v1/things/{id}", 7)
				.query("anonymize", true)
				.retrieve(Thing.class);
			assertThat(thing.productName()).isEqualTo("Pro");
			assertThat(server.requests()).singleElement(STRING)
				.startsWith("DELETE /v1/things/7?anonymize=true HTTP/1.1\r\n");
		}
	}

	@Test
	void queryIsEncodedAndRepeatedForEachValue() throws Exception {
		UUID id = UUID.randomUUID();
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			client(server.url()).build()
				.call(HttpMethod.GET, "/v1/things/{id}", "a?b")
				.query("id", id, 2)
				.query("path", "a/b", "..")
				.query("name", "{id}&ü+")
				.query("none")
				.retrieve(Thing.class);
			assertThat(server.requests()).singleElement(STRING)
				.startsWith("GET /v1/things/a%3Fb?id=" + id
						+ "&id=2&path=a%2Fb&path=..&name=%7Bid%7D%26%C3%BC%2B HTTP/1.1\r\n");
		}
	}

	@Test
	void argumentsOfACallAreRequired() {
		PolarClient client = client(URI.create("http://localhost:1")).build();
		PolarClient.CallSpec call = client.call(HttpMethod.GET, "/v1/things/");
		assertThatIllegalArgumentException().isThrownBy(() -> call.query(" ", 1));
		assertThatIllegalArgumentException().isThrownBy(() -> call.query("a", 1, null));
		assertThatIllegalArgumentException().isThrownBy(() -> call.body(null));
		assertThatIllegalArgumentException().isThrownBy(() -> call.fallback(null));
	}

	@Test
	void hostileCustomizersChangeNothing() throws Exception {
		try (FaultyServer server = FaultyServer.responding("201 Created", "{}")) {
			PolarClient client = client(server.url()).restClient(PolarClientTests::beHostile).build();
			client.post(Thing.class, "/v1/things/", new Thing("Pro", null));
			String request = server.requests().get(0).toLowerCase();
			assertThat(request).startsWith("post /v1/things/ http/1.1\r\n")
				.contains("\r\nauthorization: bearer " + TOKEN.toLowerCase() + "\r\n")
				.contains("\r\npolar-version: 2026-10\r\n")
				.contains("\r\ncontent-length: 22\r\n")
				.contains("\r\naccept: application/json\r\n")
				.doesNotContain("stolen", "1999-01", "cookie", "transfer-encoding", "content-encoding", "text/plain")
				.endsWith("{\"product_name\":\"pro\"}");
		}
	}

	private static void beHostile(RestClient.Builder builder) {
		builder.baseUrl("https://evil.example")
			.uriBuilderFactory(new DefaultUriBuilderFactory("https://evil.example"))
			.defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer stolen")
			.defaultHeader("Polar-Version", "1999-01")
			.defaultHeader(HttpHeaders.ACCEPT, "text/plain")
			.defaultCookie("session", "1")
			.defaultApiVersion("1999-01")
			.apiVersionInserter(ApiVersionInserter.useHeader("Polar-Version"))
			.defaultStatusHandler((status) -> true, (request, response) -> {
				throw new IllegalStateException("status handler");
			})
			.configureMessageConverters((converters) -> converters.configureMessageConverters((converter) -> {
				throw new IllegalStateException("converter");
			}))
			.requestInitializer((request) -> request.getHeaders().set(HttpHeaders.AUTHORIZATION, "Bearer stolen"))
			.requestInterceptor((request, body, execution) -> {
				request.getHeaders().set(HttpHeaders.AUTHORIZATION, "Bearer stolen");
				request.getHeaders().set(HttpHeaders.TRANSFER_ENCODING, "chunked");
				request.getHeaders().set(HttpHeaders.CONTENT_ENCODING, "gzip");
				return execution.execute(request, body);
			});
	}

	@Test
	void patchIsSentLikePost() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{\"product_name\":\"Pro\"}")) {
			Thing thing = client(server.url()).build()
				.patch(Thing.class, "/v1/things/{id}", new Thing("Pro", null), "a?b");
			assertThat(thing.productName()).isEqualTo("Pro");
			String request = server.requests().get(0);
			assertThat(request).startsWith("PATCH /v1/things/a%3Fb HTTP/1.1\r\n")
				.endsWith("{\"product_name\":\"Pro\"}");
			assertThat(request.toLowerCase()).contains("\r\ncontent-length: 22\r\n")
				.contains("\r\nauthorization: bearer " + TOKEN.toLowerCase() + "\r\n")
				.doesNotContain("transfer-encoding");
		}
	}

	@Test
	void patchThatIsHandledWithAnUnexpectedFormReturns() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", """
				{"id":7,"amount":2900.0,"status":null,"currency":"usd","current_period_end":"2026-09-22 09:31"}""")) {
			Subscription subscription = client(server.url()).build()
				.patch(Subscription.class, "/v1/subscriptions/{id}", Map.of("cancel_at_period_end", true), "a");
			assertThat(subscription.currency()).isEqualTo("usd");
			assertThat(subscription.currentPeriodEnd()).isNull();
			assertThatExceptionOfType(PolarDataException.class).isThrownBy(subscription::id);
			assertThatExceptionOfType(PolarDataException.class).isThrownBy(subscription::amount);
			assertThatExceptionOfType(PolarDataException.class).isThrownBy(subscription::status);
		}
	}

	@Test
	void clientWithoutAccessTokenSendsNone() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server.url()).restClient(PolarClientTests::beHostile).build();
			client.withoutAccessToken().get(Thing.class, "/v1/things/client/{secret}", "polar_c_secret");
			assertThat(server.requests().get(0).toLowerCase())
				.startsWith("get /v1/things/client/polar_c_secret http/1.1\r\n")
				.contains("\r\npolar-version: 2026-10\r\n")
				.doesNotContain("authorization", "stolen", TOKEN.toLowerCase());
			client.get(Thing.class, "/v1/things/{id}", 1);
			assertThat(server.requests().get(1).toLowerCase())
				.contains("\r\nauthorization: bearer " + TOKEN.toLowerCase() + "\r\n");
		}
	}

	@Test
	void secretsInTheAddressAreNotSeenByOthers() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK",
				"{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}")) {
			List<String> seen = new CopyOnWriteArrayList<>();
			ObservationRegistry observations = ObservationRegistry.create();
			observations.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

				@Override
				public void onStop(Observation.Context context) {
					seen.add(context.getAllKeyValues().toString());
				}

			});
			PolarClient client = client(server.url()).restClient((builder) -> builder.observationRegistry(observations)
				.requestInterceptor((request, body, execution) -> {
					seen.add(request.getURI() + " " + request.getAttributes());
					return execution.execute(request, body);
				})).build();
			client.withoutAccessToken().get(Thing.class, "/v1/things/client/{secret}", "polar_c_secret");
			client.list(Thing.class, "/v1/things/",
					MultiValueMap.fromSingleValue(Map.of("query", "ada+1@example.com")));
			client.call(HttpMethod.DELETE, "/v1/things/{id}", "ada").query("email", "ada@example.com").execute();
			assertThat(server.requests()).hasSize(3);
			assertThat(server.requests().get(2)).startsWith("DELETE /v1/things/ada?email=ada%40example.com HTTP/1.1");
			assertThat(server.requests().get(0)).startsWith("GET /v1/things/client/polar_c_secret HTTP/1.1\r\n");
			assertThat(server.requests().get(1)).startsWith("GET /v1/things/?query=ada%2B1%40example.com HTTP/1.1\r\n");
			assertThat(seen).hasSize(6)
				.allSatisfy((text) -> assertThat(text).contains("/v1/things/")
					.doesNotContain("polar_c_secret", "ada", "example.com"));
		}
	}

	@Test
	void failureOfACallWithASecretDoesNotNameIt() {
		PolarClient client = client(URI.create("http://localhost:1")).build().withoutAccessToken();
		assertThatExceptionOfType(PolarConnectionException.class)
			.isThrownBy(() -> client.get(Thing.class, "/v1/things/client/{secret}", "polar_c_secret"))
			.satisfies((ex) -> {
				StringWriter trace = new StringWriter();
				ex.printStackTrace(new PrintWriter(trace));
				assertThat(trace.toString()).contains("GET /v1/things/client/{secret} failed")
					.doesNotContain("polar_c_secret");
			});
	}

	@Test
	void addressThatAnInterceptorMadeVisibleAsPolarsIsNotWhereTheTokenGoes() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}");
				FaultyServer elsewhere = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server.url()).restClient((builder) -> builder
				.requestInterceptor((request, body, execution) -> execution.execute(new HttpRequestWrapper(request) {

					@Override
					public URI getURI() {
						return server.url().resolve("/v1/things/1");
					}

				}, body))).build();
			for (String path : List.of(elsewhere.url() + "/v1/things/1", "/v1/things/2", "/v1/things/1?a=b")) {
				assertThatExceptionOfType(PolarConfigurationException.class)
					.isThrownBy(() -> client.get(Thing.class, path))
					.withMessageContaining("its address was changed to another path or query");
			}
			assertThat(elsewhere.requests()).isEmpty();
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void absoluteAddressIsRejected() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}");
				FaultyServer elsewhere = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server.url()).build();
			assertThatExceptionOfType(PolarConfigurationException.class)
				.isThrownBy(() -> client.get(Thing.class, elsewhere.url() + "/v1/things/1"))
				.withMessageContaining("its address was changed to " + elsewhere.url());
			assertThat(elsewhere.requests()).isEmpty();
		}
	}

	@Test
	void enumsAreWrittenAlikeInEveryLocale() throws Exception {
		Locale before = Locale.getDefault();
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			Locale.setDefault(Locale.forLanguageTag("tr-TR"));
			client(server.url()).build().post(Map.class, "/v1/things/", Map.of("kind", TimeUnit.MINUTES));
			assertThat(server.requests().get(0)).endsWith("{\"kind\":\"minutes\"}");
		}
		finally {
			Locale.setDefault(before);
		}
	}

	@Test
	void rejectionOfACallWithoutTokenDoesNotBlameTheTokenAndHidesTheSecret() throws Exception {
		try (FaultyServer server = FaultyServer.responding("401 Unauthorized",
				"{\"error\":\"Unauthorized\",\"detail\":\"no polar_c_abc-DEF_ghi here\"}")) {
			assertThatExceptionOfType(PolarAuthenticationException.class)
				.isThrownBy(() -> client(server.url()).build()
					.withoutAccessToken()
					.get(Thing.class, "/v1/things/client/{secret}", "polar_c_abc-DEF_ghi"))
				.withMessageEndingWith("(Unauthorized): no (token) here")
				.withMessageNotContaining("access token");
		}
	}

	@Test
	void interceptorThatLosesTheAttributesIsStopped() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server.url()).restClient((builder) -> builder
				.requestInterceptor((request, body, execution) -> execution.execute(new HttpRequestWrapper(request) {

					@Override
					public Map<String, Object> getAttributes() {
						return new HashMap<>();
					}

				}, body))).build();
			assertThatExceptionOfType(PolarConfigurationException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/1"))
				.withMessageContaining("lacks its attributes");
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void defaultApiVersionOfTheApplicationIsNotInserted() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			client(server.url()).restClient((builder) -> builder.defaultApiVersion("1"))
				.build()
				.get(Thing.class, "/v1/x");
			assertThat(server.requests()).hasSize(1);
		}
	}

	@Test
	void bufferingOfTheApplicationDoesNotReadWithoutEnd() throws Exception {
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> {
			out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
			byte[] blanks = " ".repeat(64 * 1024).getBytes();
			while (closed.getCount() > 0) {
				out.write(blanks);
			}
		})) {
			PolarClient client = client(server.url())
				.restClient((builder) -> builder.bufferContent((uri, method) -> true))
				.build();
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/1"))
				.withMessageContaining("larger than 8388608 bytes");
		}
	}

	@Test
	void interceptorOfTheApplicationMayReadTheBody() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{\"product_name\":\"Pro\"}")) {
			PolarClient client = client(server.url())
				.restClient((builder) -> builder.requestInterceptor((request, body, execution) -> {
					var response = execution.execute(request, body);
					assertThat(new String(response.getBody().readAllBytes())).contains("Pro");
					return response;
				}))
				.build();
			assertThat(client.get(Thing.class, "/v1/things/1").productName()).isEqualTo("Pro");
		}
	}

	@Test
	void bodyThatCannotBeWrittenIsNotRepeated() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server.url()).build();
			Object body = new Object() {

				public String getSecret() {
					throw new IllegalStateException("alice@example.com");
				}

			};
			assertThatIllegalArgumentException().isThrownBy(() -> client.post(Thing.class, "/v1/things/", body))
				.withMessageContaining("cannot be written as JSON")
				.withNoCause();
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void otherVersionOfTheResponseIsWarnedAboutOnce(CapturedOutput output) throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "Polar-Version: 2027-01", "{}")) {
			PolarClient client = client(server.url()).build();
			client.get(Thing.class, "/v1/x");
			client.get(Thing.class, "/v1/x");
			assertThat(output)
				.containsOnlyOnce("responds with another API version than the requested version '2026-10'");
		}
	}

	@Test
	void customizerOfAnErrorStatusDoesNotHideTheError() throws Exception {
		try (FaultyServer server = FaultyServer.responding("404 Not Found", "Polar-Version: 2026-10",
				"{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}")) {
			PolarClient client = client(server.url())
				.restClient((builder) -> builder.defaultStatusHandler((status) -> true, (request, response) -> {
				}))
				.build();
			assertThatExceptionOfType(PolarNotFoundException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/{id}", UUID.randomUUID()));
		}
	}

	@Test
	void interceptorThatLeadsElsewhereIsStopped() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}");
				FaultyServer elsewhere = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server.url()).restClient((builder) -> builder
				.requestInterceptor((request, body, execution) -> execution.execute(new HttpRequestWrapper(request) {

					@Override
					public URI getURI() {
						return elsewhere.url().resolve("/v1/things/1");
					}

				}, body))).build();
			assertThatExceptionOfType(PolarConfigurationException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/1"))
				.withMessageContaining("its address was changed to " + elsewhere.url())
				.withMessageContaining("token was not sent");
			assertThat(elsewhere.requests()).isEmpty();
			assertThat(server.requests()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void redirectIsNotFollowed(int status) throws Exception {
		try (FaultyServer elsewhere = FaultyServer.responding("200 OK", "{}");
				FaultyServer server = FaultyServer.responding(status + " Redirect", "Location: " + elsewhere.url(),
						"")) {
			PolarClient client = client(server.url()).build();
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> client.post(Thing.class, "/v1/things/", new Thing("Pro", null)))
				.withMessageContaining("POST /v1/things/ failed")
				.withMessageContaining(String.valueOf(status))
				.withMessageContaining("redirects are not followed");
			assertThat(elsewhere.requests()).isEmpty();
		}
	}

	@Test
	void clientThatFollowsRedirectsIsRejected() {
		HttpClient httpClient = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
		assertThatIllegalArgumentException().isThrownBy(() -> PolarClient.builder().httpClient(httpClient))
			.withMessage("httpClient must not follow redirects");
	}

	@Test
	void clientOfOnesOwnIsUsed() throws Exception {
		try (FaultyServer proxy = FaultyServer.responding("200 OK", "{\"product_name\":\"Pro\"}")) {
			HttpClient httpClient = HttpClient.newBuilder()
				.proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", proxy.url().getPort())))
				.build();
			PolarClient client = client(URI.create("http://localhost:1")).httpClient(httpClient).build();
			assertThat(client.get(Thing.class, "/v1/things/1").productName()).isEqualTo("Pro");
			assertThat(proxy.requests()).singleElement(STRING)
				.startsWith("GET http://localhost:1/v1/things/1 HTTP/1.1");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "v1/things", "/v1/things" })
	void pathNeedsNoSlashAtItsStart(String path) throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{\"product_name\":\"Pro\"}")) {
			assertThat(client(server.url()).build().get(Thing.class, path).productName()).isEqualTo("Pro");
			assertThat(server.requests()).singleElement(STRING).startsWith("GET /v1/things HTTP/1.1");
		}
	}

	@Test
	void headerWithoutValueIsSentEmpty() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{\"product_name\":\"Pro\"}")) {
			PolarClient client = client(server.url())
				.restClient((builder) -> builder.requestInterceptor((request, body, execution) -> {
					request.getHeaders().add("X-Tenant", null);
					return execution.execute(request, body);
				}))
				.build();
			assertThat(client.get(Thing.class, "/v1/things/1").productName()).isEqualTo("Pro");
			assertThat(server.requests()).singleElement(STRING).containsPattern("(?m)^X-Tenant: *$");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Identity", " identity ", "" })
	void responseThatIsNotCompressedIsRead(String encoding) throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "Content-Encoding: " + encoding,
				"{\"product_name\":\"Pro\"}")) {
			assertThat(client(server.url()).build().get(Thing.class, "/v1/things/1").productName()).isEqualTo("Pro");
		}
	}

	@Test
	void compressedErrorKeepsStatusAndHeaders() throws Exception {
		try (FaultyServer server = FaultyServer.responding("429 Too Many Requests", "Content-Encoding: gzip",
				"Retry-After: 60", "compressed")) {
			assertThatExceptionOfType(PolarRateLimitException.class)
				.isThrownBy(() -> client(server.url()).build().get(Thing.class, "/v1/things/1"))
				.satisfies((ex) -> assertThat(ex.getRetryAfter()).isEqualTo(Duration.ofSeconds(60)));
		}
	}

	@Test
	void responseInChunksOfAByteIsRead() throws Exception {
		String name = "0123456789".repeat(3000);
		String body = "{\"product_name\":\"" + name + "\"}";
		StringBuilder chunks = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
		body.chars().forEach((c) -> chunks.append("1\r\n").append((char) c).append("\r\n"));
		chunks.append("0\r\n\r\n");
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> {
			out.write(chunks.toString().getBytes(StandardCharsets.US_ASCII));
			out.flush();
		})) {
			assertThat(client(server.url()).build().get(Thing.class, "/v1/things/1").productName()).isEqualTo(name);
		}
	}

	@Test
	void rejectedConnectionIsAConnectionException() throws Exception {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		PolarClient client = client(URI.create("http://127.0.0.1:" + port)).build();
		assertThatExceptionOfType(PolarConnectionException.class)
			.isThrownBy(() -> client.get(Thing.class, "/v1/things/{id}", "polar_c_secret"))
			.withMessageStartingWith(
					"GET /v1/things/{id} failed: no usable response from Polar (http://127.0.0.1:" + port)
			.withMessageNotContaining("polar_c_secret")
			.satisfies((ex) -> assertThat(ex).hasRootCauseMessage("ClosedChannelException")
				.hasStackTraceContaining("AttemptFailure: ConnectException"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void textOfTheHttpClientIsNotPassedOn(boolean checked) {
		String text = "GET /v1/things/client/polar_c_secret broke";
		ClientHttpRequestFactory talkative = (uri, method) -> new MockClientHttpRequest(method, uri) {

			@Override
			protected ClientHttpResponse executeInternal() throws IOException {
				if (!checked) {
					throw new IllegalStateException(text);
				}
				IOException failure = new EOFException(text);
				failure.initCause(new IOException(text));
				failure.addSuppressed(new IOException(text));
				throw failure;
			}

		};
		PolarClient client = client(URI.create("http://localhost:1")).requestFactory(talkative).build();
		assertThatExceptionOfType(PolarConnectionException.class)
			.isThrownBy(() -> client.withoutAccessToken().get(Thing.class, "/v1/things/client/{s}", "polar_c_secret"))
			.satisfies((ex) -> {
				StringWriter trace = new StringWriter();
				ex.printStackTrace(new PrintWriter(trace));
				assertThat(trace.toString()).contains("AttemptFailure").doesNotContain("polar_c_secret");
			});
	}

	@Test
	void timeoutWithinTlsIsATimeout() {
		assertThat(CallOutcome.of(new SSLException("handshake", new SocketTimeoutException("Read timed out"))))
			.isEqualTo(CallOutcome.TIMEOUT);
		assertThat(CallOutcome.of(new IOException(new SocketTimeoutException("connect timed out"))))
			.isEqualTo(CallOutcome.UNREACHABLE);
		assertThat(CallOutcome.of(new SSLException("bad certificate"))).isEqualTo(CallOutcome.BROKEN);
	}

	@Test
	void connectionIsNotUpgradedToHttp2() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			client(server.url()).build().get(Thing.class, "/v1/things/1");
			assertThat(server.requests().get(0).toLowerCase()).doesNotContain("upgrade", "http2-settings");
		}
	}

	@Test
	void hangingServerEndsWithTheReadTimeout() throws Exception {
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> closed.await())) {
			PolarClient client = client(server.url()).requestFactory(withReadTimeout(Duration.ofMillis(300))).build();
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/1"))
				.withMessageContaining("timed out");
		}
	}

	@Test
	void drippingServerEndsWithTheTotalTimeout() throws Exception {
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> {
			out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes());
			while (!closed.await(20, TimeUnit.MILLISECONDS)) {
				out.write(' ');
				out.flush();
			}
		})) {
			// no read timeout of its own: each byte comes in time
			PolarClient client = client(server.url()).requestFactory(new JdkClientHttpRequestFactory())
				.totalTimeout(Duration.ofMillis(300))
				.build();
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/1"))
				.withMessageContaining("longer than the total timeout");
		}
	}

	@Test
	void endlessResponseIsGivenUp() throws Exception {
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> {
			out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
			byte[] blanks = " ".repeat(64 * 1024).getBytes();
			while (closed.getCount() > 0) {
				out.write(blanks);
			}
		})) {
			PolarClient client = client(server.url()).build();
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/1"))
				.withMessageContaining("larger than 8388608 bytes");
		}
	}

	@Test
	void resetConnectionIsAConnectionException() throws Exception {
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> socket.setSoLinger(true, 0))) {
			PolarClient client = client(server.url()).build();
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/1"))
				.withMessageContaining("no usable response");
		}
	}

	@Test
	void truncatedResponseIsAConnectionException() throws Exception {
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> out
			.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"pro".getBytes()))) {
			PolarClient client = client(server.url()).build();
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/1"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "<html>secret@example.com</html>", "[]", "{\"product_name\":",
			"{\"status\":{\"secret@example.com\":1}}", "{\"product_name\":\"Pro\"} secret@example.com" })
	void nonsenseIsAConnectionExceptionWithoutItsText(String body) throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", body)) {
			PolarClient client = client(server.url()).build();
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/{id}", 1))
				.withMessageStartingWith("GET /v1/things/{id} failed: the response from Polar")
				.withMessageNotContaining("secret@example.com")
				.withNoCause();
		}
	}

	@Test
	void unreadableResponseNamesTheField() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{\"status\":[\"secret\"]}")) {
			PolarClient client = client(server.url()).build();
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/1"))
				.withMessageEndingWith("cannot be read: at [\"status\"]");
		}
	}

	@Test
	void unknownFieldsAndEnumValuesAreAccepted() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "Polar-Version: 2026-10",
				"{\"product_name\":\"Pro\",\"status\":\"on_fire\",\"new_field\":{\"a\":[1]}}")) {
			assertThat(client(server.url()).build().get(Thing.class, "/v1/things/1"))
				.isEqualTo(new Thing("Pro", Status.OTHER));
		}
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', textBlock = """
			grace%40example.com,     "grace@example.com"
			user%20a%20b,            "user a b"
			%20pad%20,               " pad "
			%20,                     " "
			100%25,                  "100%"
			user%2520x,              "user%20x"
			a%252Fb,                 "a%2Fb"
			a%252fb,                 "a%2fb"
			%252E%252e,              "%2E%2e"
			user%2B1,                "user+1"
			user%3Fx%23y,            "user?x#y"
			user%3Ba%3Db,            "user;a=b"
			auth0%7C58%3Ax,          "auth0|58:x"
			DOMAIN%5Cgrace,          "DOMAIN\\grace"
			..%5Cgrace,              "..\\grace"
			a%26b,                   "a&b"
			%27%22x,                 "'""x"
			%7Bid%7D,                "{id}"
			u%C5%BCytkownik-%C3%A4,  "użytkownik-ä"
			user%F0%9F%99%82,        "user🙂"
			%E2%88%95%EF%BC%8F,      "∕／"
			org.example.User,        "org.example.User"
			...,                     "..."
			.a,                      ".a"
			a..,                     "a.."
			state,                   "state"
			7,                       "7"
			""")
	void valueInThePathIsOneSegment(String segment, String id) throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server.url()).build();
			callsWith(client, "/v1/customers/external/{id}", id).forEach(Runnable::run);
			callsWith(client, "/v1/customers/external/{id}/state", id).forEach(Runnable::run);
			List<String> paths = server.requests().stream().map((request) -> request.split(" ")[1]).toList();
			assertThat(paths).hasSize(48)
				.containsOnly("/v1/customers/external/" + segment, "/v1/customers/external/" + segment + "/state");
		}
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", ".", "..", "/", "a/", "/a", "//", "a/state", "a/../b", "tenant/grace", "../grace",
			"./", "grace@example.com/", "a/%2F", "https://evil.example" })
	void valueThatWouldLeadToAnotherPathIsRejected(@Nullable String id) throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server.url()).build();
			assertThat(Stream
				.of("/v1/customers/external/{id}", "/v1/customers/external/{id}/state", "/v1/things/x{id}",
						"/v1/things/{id}?a=b")
				.flatMap((path) -> callsWith(client, path, id)))
				.allSatisfy((call) -> assertThatIllegalArgumentException().isThrownBy(call::run)
					.withMessageMatching(
							"Value 1 of the path /v1/\\S+\\{id}\\S* is empty, '\\.' or '\\.\\.', or contains a slash, so Polar"
									+ " would use another path\\. Pass such an id in a query parameter or in the body")
					.withNoCause());
			assertThatIllegalArgumentException()
				.isThrownBy(() -> client.get(Thing.class, "/v1/things/{a}/{b}?c={c}", 1, id, "c"))
				.withMessageStartingWith("Value 2 of the path /v1/things/{a}/{b} is");
			assertThat(server.requests()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/things/../customers/", "/v1/things/..", "/v1/./things", "/v1/things/.",
			"../v1/things", ".", "/v1/customers/external/a%2Fgrace", "/v1/customers/external/a%2fgrace",
			"/v1/things/..?a=b", "/v1/things/{id}/..", "/v1/..#a" })
	void pathThatWouldLeadToAnotherIsRejected(String path) throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			assertThat(callsWith(client(server.url()).build(), path, "a"))
				.allSatisfy((call) -> assertThatIllegalArgumentException().isThrownBy(call::run)
					.withMessage("A path must not contain the segments '.' and '..', or an encoded slash"));
			assertThat(server.requests()).isEmpty();
		}
	}

	/**
	 * Return every way to make a call.
	 */
	private static Stream<Runnable> callsWith(PolarClient client, String path, @Nullable Object id) {
		Map<String, String> body = Map.of("name", "Grace");
		Object[] ids = { id };
		return Stream.of(client, client.withoutAccessToken())
			.flatMap((caller) -> Stream.concat(
					Stream.of(() -> caller.get(Thing.class, path, ids), () -> caller.post(Thing.class, path, body, ids),
							() -> caller.patch(Thing.class, path, body, ids), () -> caller.delete(path, ids)),
					Stream.of(HttpMethod.values()).map((method) -> () -> caller.call(method, path, ids).execute())));
	}

	@Test
	void variablesOfAQueryCanBeAnything() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server.url()).build();
			client.get(Thing.class, "/v1/things/{id}?a={a}&b={b}&c=%2F..", 1, "a/b", "..");
			client.get(Thing.class, "/v1/things/?a={a}", "");
			assertThat(server.requests()).extracting((request) -> request.split(" ")[1])
				.containsExactly("/v1/things/1?a=a%2Fb&b=..&c=%252F..", "/v1/things/?a=");
		}
	}

	@Test
	void variableThatIsChangedAfterwardsIsNotSent() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			Object[] ids = { "a" };
			PolarClient.CallSpec call = client(server.url()).build().call(HttpMethod.GET, "/v1/things/{id}", ids);
			ids[0] = "a/state";
			call.execute();
			assertThat(server.requests()).singleElement(STRING).startsWith("GET /v1/things/a HTTP/1.1");
		}
	}

	@Test
	void listIsRejectedAndSentLikeOtherCalls() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK",
				"{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}")) {
			PolarClient client = client(server.url()).build();
			MultiValueMap<String, String> query = MultiValueMap
				.fromSingleValue(Map.of("external_customer_id", "tenant/grace"));
			client.list(Thing.class, "/v1/things/{id}/", query, "a:b");
			for (String id : List.of("", ".", "..", "a/b")) {
				for (PolarClient caller : List.of(client, client.withoutAccessToken())) {
					assertThatIllegalArgumentException()
						.isThrownBy(() -> caller.list(Thing.class, "/v1/things/{id}/", query, id))
						.withMessageStartingWith("Value 1 of the path /v1/things/{id}/ is");
				}
			}
			assertThat(server.requests()).singleElement(STRING)
				.startsWith("GET /v1/things/a%3Ab/?external_customer_id=tenant%2Fgrace HTTP/1.1");
		}
	}

	@Test
	void baseUrlMayHaveAPath() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			client(URI.create(server.url() + "/polar/")).build().get(Thing.class, "/v1/things/1");
			assertThat(server.requests().get(0)).startsWith("GET /polar/v1/things/1 HTTP/1.1");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://api.polar.sh", "http://10.0.0.1", "http://localhost.evil.example",
			"ftp://localhost", "https://user:secret@api.polar.sh", "https://api.polar.sh?a=b", "https://api.polar.sh#a",
			"/v1", "mailto:a@b", "http://127.0.0.1.evil.example", "https://api.polar.sh/v1",
			"https://sandbox-api.polar.sh/v1/", "https://polar.sh", "https://SANDBOX.polar.sh",
			"https://polar.sh/dashboard" })
	void baseUrlThatIsNotSafeIsRejected(String baseUrl) {
		assertThatIllegalArgumentException().isThrownBy(() -> PolarClient.builder().baseUrl(URI.create(baseUrl)))
			.withMessageStartingWith("baseUrl must")
			.withMessageNotContaining("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://api.polar.sh", "https://gateway.example/polar/", "http://localhost:8080",
			"http://127.0.0.1:1", "http://[::1]:8080", "HTTP://LOCALHOST", "https://gateway.example/v1",
			"https://notpolar.sh/v1", "https://polar.sh.example" })
	void baseUrlThatIsSafeIsAccepted(String baseUrl) {
		assertThat(PolarClient.builder().accessToken(TOKEN).baseUrl(URI.create(baseUrl)).build()).isNotNull();
	}

	@Test
	void environmentsHaveTheirOwnHosts() {
		assertThat(PolarEnvironment.PRODUCTION.baseUrl()).hasToString("https://api.polar.sh");
		assertThat(PolarEnvironment.SANDBOX.baseUrl()).hasToString("https://sandbox-api.polar.sh");
		Map<PolarEnvironment, String> names = new LinkedHashMap<>();
		for (PolarEnvironment environment : PolarEnvironment.values()) {
			names.put(environment, new PolarEndpoint(environment.baseUrl(), "2026-10").name());
		}
		assertThat(names).containsExactly(Map.entry(PolarEnvironment.PRODUCTION, "production"),
				Map.entry(PolarEnvironment.SANDBOX, "sandbox"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  ", "\n" })
	void blankTokenCountsAsNone(String token) {
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> PolarClient.builder().accessToken(token).build())
			.withMessage("No access token for Polar is set.")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("polar.access-token", "POLAR_ACCESS_TOKEN"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "polar_oat_a b", "polar_oat_\nx", "polar_oat_ä", "\"polar_oat_a\"", "Bearer polar_oat_a",
			"${polar_oat_a}", "polar_cst_a", "whsec_a", "polar_oat_..." })
	void tokenThatNoHeaderCanCarryIsRejectedWithoutNamingIt(String token) {
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> PolarClient.builder().accessToken(token).build())
			.withMessageNotContaining("polar_oat");
	}

	@Test
	void blanksAroundTheTokenAreIgnored() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			PolarClient.builder()
				.baseUrl(server.url())
				.accessToken(TOKEN + "\n")
				.build()
				.get(Thing.class, "/v1/things/1");
			assertThat(server.requests().get(0)).contains("Bearer " + TOKEN + "\r\n");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "2026-4", "v1", "2026-10-01" })
	void apiVersionOfAnotherFormIsRejected(String version) {
		assertThatIllegalArgumentException().isThrownBy(() -> PolarClient.builder().apiVersion(version))
			.withMessageContaining("YYYY-MM");
	}

	private static ClientHttpRequestFactory withReadTimeout(Duration readTimeout) {
		JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(HttpClient.newHttpClient());
		factory.setReadTimeout(readTimeout);
		return factory;
	}

	record Thing(@Nullable String productName, @Nullable Status status) {

	}

	enum Status {

		ACTIVE, @JsonEnumDefaultValue
		OTHER

	}

}
