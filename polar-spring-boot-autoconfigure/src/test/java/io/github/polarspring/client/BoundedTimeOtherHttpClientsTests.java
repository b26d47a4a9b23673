package io.github.polarspring.client;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.polarspring.PolarConnectionException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

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
		try (FaultyServer server = FaultyServer.answering("200 OK", "{}")) {
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
	void clientThatCannotBeBoundedIsNotUsed() throws Exception {
		try (FaultyServer server = FaultyServer.answering("200 OK", "{}")) {
			BoundedTime.run("jetty", server.url(), (client) -> client.get(Map.class, "/v1/things/1"));
			assertThat(server.requests()).singleElement().asString().contains("User-Agent: Java-http-client/");
		}
	}

}
