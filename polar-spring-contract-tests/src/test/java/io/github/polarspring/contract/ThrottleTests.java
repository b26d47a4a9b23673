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

package io.github.polarspring.contract;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.PolarFault;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Throttle} and its use, with a clock that only moves when a call waits.
 */
class ThrottleTests {

	private final List<Duration> waits = new ArrayList<>();

	private Instant now = Instant.parse("2026-11-01T12:00:00Z");

	private final Clock clock = new Clock() {

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return ThrottleTests.this.now;
		}

	};

	@Test
	void noMinuteHasMoreCallsThanAllowed() {
		Throttle throttle = new Throttle(50, this.clock, this::sleep);
		List<Instant> calls = new ArrayList<>();
		for (int i = 0; i < 240; i++) {
			throttle.acquire();
			calls.add(this.now);
			this.now = this.now.plusMillis(200);
		}
		for (Instant start : calls) {
			assertThat(calls.stream()
				.filter((call) -> !call.isBefore(start) && call.isBefore(start.plus(Duration.ofMinutes(1)))))
				.hasSizeLessThanOrEqualTo(50);
		}
		assertThat(throttle.peak()).isEqualTo(50);
		assertThat(this.waits).hasSizeBetween(4, 200);
		assertThat(Duration.between(calls.get(0), calls.get(239))).isGreaterThanOrEqualTo(Duration.ofMinutes(4));
	}

	@Test
	void fewCallsDoNotWait() {
		Throttle throttle = new Throttle(50, this.clock, this::sleep);
		for (int i = 0; i < 50; i++) {
			throttle.acquire();
		}
		assertThat(this.waits).isEmpty();
	}

	@Test
	void tooManyRequestsAreRepeatedAfterTheTimeThatTheServerSays() {
		try (PolarFake fake = PolarFake.start()) {
			fake.injectFault(PolarFault.rateLimit(Duration.ofSeconds(7)), 2);
			ContractHttp http = new ContractHttp(true, this.clock, this::sleep, new ContractReport());
			URI uri = URI.create(fake.baseUrl() + "/v1/nothing");
			assertThat(http.send(HttpRequest.newBuilder(uri).build(), "404").statusCode()).isEqualTo(404);
			assertThat(this.waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
		}
	}

	@Test
	void confirmationsAreLimitedMore() {
		try (PolarFake fake = PolarFake.start()) {
			ContractHttp http = new ContractHttp(true, this.clock, this::sleep, new ContractReport());
			URI uri = URI.create(fake.baseUrl() + "/v1/checkouts/client/polar_c_x/confirm");
			for (int i = 0; i < 6; i++) {
				http.send(HttpRequest.newBuilder(uri).build(), "405");
			}
			assertThat(this.waits).containsExactly(Duration.ofMinutes(1));
		}
	}

	private void sleep(Duration duration) {
		this.waits.add(duration);
		this.now = this.now.plus(duration);
	}

}
