package io.github.polarspring.client;

import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever Polar does, a call ends in time, with each of the other HTTP clients that an
 * application can have.
 */
@Timeout(60)
class BoundedTimeOtherHttpClientsTests {

	@TestFactory
	Stream<DynamicTest> callEndsInTimeWithHttpComponents() {
		return BoundedTime.tests("http-components");
	}

	@TestFactory
	Stream<DynamicTest> callEndsInTimeWithJetty() {
		return BoundedTime.tests("jetty");
	}

}
