package io.github.polarspring.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import io.github.polarspring.webhook.PolarEvent;

/**
 * Events of the size of real ones.
 */
final class Events {

	private static final int CUSTOMERS = 200;

	private static final String PADDING = "x".repeat(4000);

	private Events() {
	}

	static PolarEvent<?> event(String type, int number) {
		return event(type, number, new UUID(0x4000, 0x8000_0000_0000_0000L + number % CUSTOMERS).toString());
	}

	static PolarEvent<?> event(String type, int number, String customer) {
		return PolarEvent.read(UUID.randomUUID().toString(), """
				{"type":"%s","timestamp":"2026-08-22T09:31:40Z","data":{"id":"%s","customer_id":"%s","number":%d,\
				"description":"%s"}}""".formatted(type, UUID.randomUUID(), customer, number, PADDING)
			.getBytes(StandardCharsets.UTF_8));
	}

}
