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

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import io.github.polarspring.webhook.PolarEvent;

/**
 * Events of a realistic size.
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
