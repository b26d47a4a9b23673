package io.github.polarspring.client;

import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever Polar does, a call ends in time, with the HTTP client that most applications
 * have.
 */
@Timeout(60)
class BoundedTimeTests {

	@TestFactory
	Stream<DynamicTest> callEndsInTime() {
		return BoundedTime.tests("jdk");
	}

}
