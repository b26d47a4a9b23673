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
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.testsupport.FaultyServer;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Whatever Polar does, a call ends in time, with Apache HttpComponents, too.
 */
@Timeout(60)
class BoundedTimeOtherHttpClientsTests {

	@TestFactory
	Stream<DynamicTest> callEndsInTimeWithHttpComponents() {
		return BoundedTime.tests("http-components");
	}

	@Test
	void connectionsEndWithTheApplication() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			AtomicReference<PolarClient> ended = new AtomicReference<>();
			BoundedTime.run("http-components", server.url(), (client) -> {
				assertThat(client.get(Map.class, "/v1/things/1")).isEmpty();
				ended.set(client);
			});
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> ended.get().get(Map.class, "/v1/things/1"));
			assertThat(server.requests()).hasSize(1);
		}
	}

	@Test
	void redirectIsNotFollowedEvenIfTheClientIsCustomizedToDoSo() throws Exception {
		try (FaultyServer elsewhere = FaultyServer.responding("200 OK", "{}");
				FaultyServer server = FaultyServer.responding("302 Found",
						"Location: " + elsewhere.url() + "/v1/things/1", "")) {
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class))
				.withBean(ClientHttpRequestFactoryBuilder.class,
						() -> ClientHttpRequestFactoryBuilder.httpComponents()
							.withHttpClientCustomizer((client) -> client.setRedirectStrategy(new ReadyToFollow())))
				.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=" + server.url())
				.run((context) -> assertThatExceptionOfType(PolarConnectionException.class)
					.isThrownBy(() -> context.getBean(PolarClient.class).get(Map.class, "/v1/things/1"))
					.withMessageContaining("redirects are not followed"));
			assertThat(elsewhere.requests()).isEmpty();
		}
	}

	@Test
	void clientThatCannotBeBoundedIsNotUsed() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			BoundedTime.run("jetty", server.url(), (client) -> client.get(Map.class, "/v1/things/1"));
			assertThat(server.requests()).singleElement().asString().contains("User-Agent: Java-http-client/");
		}
	}

	/**
	 * The default one does not send a token to another host.
	 */
	private static final class ReadyToFollow extends DefaultRedirectStrategy {

		@Override
		public boolean isRedirectAllowed(HttpHost currentTarget, HttpHost newTarget, HttpRequest redirect,
				HttpContext context) {
			return true;
		}

	}

}
