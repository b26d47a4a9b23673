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

import java.util.Map;
import java.util.stream.Stream;

import io.github.polarspring.testsupport.FaultyServer;
import org.eclipse.jetty.client.HttpClient;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests have a {@code Content-Length}, even without a body, with HTTP clients other
 * than the JDK's. Polar rejects them otherwise.
 */
@Timeout(60)
class ContentLengthOtherHttpClientsTests {

	static Stream<HttpMethod> methods() {
		return Stream.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);
	}

	@ParameterizedTest
	@MethodSource("methods")
	void autoConfiguredHttpComponentsSendContentLength(HttpMethod method) throws Exception {
		try (FaultyServer server = FaultyServer.responding("204 No Content")) {
			BoundedTime.run("http-components", server.url(), (client) -> call(client, method));
			assertThat(server.requests()).hasSize(2).noneMatch((request) -> request.contains("Java-http-client"));
			assertContentLength(server, method);
		}
	}

	@ParameterizedTest
	@MethodSource("methods")
	void requestFactoryOfHttpComponentsSendsContentLength(HttpMethod method) throws Exception {
		try (CloseableHttpComponents factory = new CloseableHttpComponents()) {
			assertContentLength(factory, method);
		}
	}

	@ParameterizedTest
	@MethodSource("methods")
	void requestFactoryOfJettySendsContentLength(HttpMethod method) throws Exception {
		HttpClient httpClient = new HttpClient();
		httpClient.start();
		try {
			assertContentLength(new JettyClientHttpRequestFactory(httpClient), method);
		}
		finally {
			httpClient.stop();
		}
	}

	private static void assertContentLength(ClientHttpRequestFactory factory, HttpMethod method) throws Exception {
		try (FaultyServer server = FaultyServer.responding("204 No Content")) {
			call(PolarClient.builder()
				.accessToken("polar_oat_test")
				.baseUrl(server.url())
				.requestFactory(factory)
				.build(), method);
			assertContentLength(server, method);
		}
	}

	private static void call(PolarClient client, HttpMethod method) {
		client.call(method, "/v1/things/").execute();
		client.call(method, "/v1/things/").body(Map.of("a", 1)).execute();
	}

	private static void assertContentLength(FaultyServer server, HttpMethod method) {
		assertThat(server.requests()).hasSize(2)
			.allSatisfy((request) -> assertThat(request).startsWith(method + " /v1/things/ HTTP/1.1\r\n")
				.doesNotContainIgnoringCase("transfer-encoding"));
		assertThat(server.requests().get(0)).containsPattern("(?i)\r\ncontent-length: 0\r\n").endsWith("\r\n\r\n");
		assertThat(server.requests().get(1)).containsPattern("(?i)\r\ncontent-length: 7\r\n")
			.endsWith("\r\n\r\n{\"a\":1}");
	}

	private static final class CloseableHttpComponents extends HttpComponentsClientHttpRequestFactory
			implements AutoCloseable {

		@Override
		public void close() throws Exception {
			destroy();
		}

	}

}
