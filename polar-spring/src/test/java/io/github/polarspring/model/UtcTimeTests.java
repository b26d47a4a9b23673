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

package io.github.polarspring.model;

import java.time.Instant;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UtcTime}.
 */
class UtcTimeTests {

	@ParameterizedTest
	@ValueSource(strings = { "2026-11-23T09:32:00Z", "2026-11-23T09:32:00.9Z", "2026-11-23T09:32:00.950178Z",
			"2026-11-23T09:32:00.000000001Z", "2026-11-23T09:32:00.999999999Z", "0000-01-01T00:00:00Z",
			"1969-12-31T23:59:59.5Z", "2024-02-29T23:59:59Z", "9999-12-31T23:59:59.999999999Z",
			// other forms
			"2026-11-23T24:00:00Z", "2026-11-23T09:32:00.Z", "2026-11-23T09:32:00+02:00",
			"2026-11-23T09:32:00.950178+00:00", "+12026-11-23T09:32:00Z", "-0001-11-23T09:32:00Z",
			"2026-11-23t09:32:00z" })
	void readsWhatJacksonReads(String text) {
		assertThat(UtcTime.parse(text)).isNotNull()
			.isEqualTo(JsonMapper.shared().readValue("\"" + text + "\"", Instant.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "2026-02-29T09:32:00Z", "2026-13-01T09:32:00Z", "2026-00-01T09:32:00Z",
			"2026-11-31T09:32:00Z", "2026-11-23T25:32:00Z", "2026-11-23T09:60:00Z", "2026-11-23T09:32:61Z",
			"2026-11-23T09:32:00.0123456789Z", "2026-11-23T09:32:00.9x0178Z", "2026-11-23T09:32:00,950178Z",
			"2026-11-23 09:32:00", "2026-11-23T09:32:00ZZ", "2026-11-23T09:32:00+02:00Z", "2026-11-23",
			"2026/11/23T09:32:00Z", "２026-11-23T09:32:00Z", "1795424400", "now", "" })
	void otherTextIsUnreadable(String text) {
		assertThat(UtcTime.parse(text)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "2026-11-23T09:32:00", "2026-11-23T09:32:00.9", "2026-11-23T09:32:00.950178" })
	void timeWithoutZoneIsInUtc(String text) {
		assertThat(UtcTime.parse(text)).isEqualTo(Instant.parse(text + "Z"));
	}

	@ParameterizedTest
	@MethodSource("instants")
	void readsEveryInstant(Instant instant) {
		assertThat(UtcTime.parse(instant.toString())).isEqualTo(instant);
	}

	static Stream<Instant> instants() {
		return Stream.iterate(Instant.parse("1899-12-31T23:59:59.999999999Z"),
				(instant) -> instant.isBefore(Instant.parse("2105-01-01T00:00:00Z")),
				(instant) -> instant.plusSeconds(20_000_003).plusNanos(123_457_001));
	}

}
