package io.github.polarspring.client;

import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

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
	void clientThatCannotBeBoundedIsNotUsed() throws Exception {
		try (FaultyServer server = FaultyServer.answering("200 OK", "{}")) {
			BoundedTime.run("jetty", server.url(), (client) -> client.get(Map.class, "/v1/things/1"));
			assertThat(server.requests()).singleElement().asString().contains("User-Agent: Java-http-client/");
		}
	}

}
