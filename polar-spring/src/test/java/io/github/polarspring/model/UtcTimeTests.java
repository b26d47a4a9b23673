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

import java.time.Instant;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link UtcInstantDeserializer}.
 */
class UtcInstantDeserializerTests {

	private static final JsonMapper JACKSON = JsonMapper.shared();

	@ParameterizedTest
	@ValueSource(strings = { "2026-11-23T09:32:00Z", "2026-11-23T09:32:00.9Z", "2026-11-23T09:32:00.950178Z",
			"2026-11-23T09:32:00.000000001Z", "2026-11-23T09:32:00.999999999Z", "0000-01-01T00:00:00Z",
			"1969-12-31T23:59:59.5Z", "2024-02-29T23:59:59Z", "9999-12-31T23:59:59.999999999Z",
			// other forms
			"2026-11-23T24:00:00Z", "2026-11-23T09:32:00.Z", "2026-11-23T09:32:00+02:00",
			"2026-11-23T09:32:00.950178+00:00", "2026-11-23T09:32:00.1234+0000", "+12026-11-23T09:32:00Z",
			"-0001-11-23T09:32:00Z", "2026-11-23t09:32:00z", "1795424400", "" })
	void readsWhatJacksonReads(String text) {
		assertThat(read(PolarJson.MAPPER, text)).isEqualTo(read(JACKSON, text));
	}

	@ParameterizedTest
	@ValueSource(strings = { "2026-02-29T09:32:00Z", "2026-13-01T09:32:00Z", "2026-00-01T09:32:00Z",
			"2026-11-31T09:32:00Z", "2026-11-23T25:32:00Z", "2026-11-23T09:60:00Z", "2026-11-23T09:32:61Z",
			"2026-11-23T09:32:00.0123456789Z", "2026-11-23T09:32:00.9x0178Z", "2026-11-23T09:32:00,950178Z",
			"2026-11-23 09:32:00", "2026-11-23T09:32:00", "2026/11/23T09:32:00Z", "２026-11-23T09:32:00Z", "now" })
	void refusesWhatJacksonRefuses(String text) {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> read(JACKSON, text));
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> read(PolarJson.MAPPER, text));
	}

	@ParameterizedTest
	@MethodSource("instants")
	void readsEveryInstant(Instant instant) {
		assertThat(read(PolarJson.MAPPER, instant.toString())).isEqualTo(instant);
	}

	static Stream<Instant> instants() {
		return Stream.iterate(Instant.parse("1899-12-31T23:59:59.999999999Z"),
				(instant) -> instant.isBefore(Instant.parse("2105-01-01T00:00:00Z")),
				(instant) -> instant.plusSeconds(20_000_003).plusNanos(123_457_001));
	}

	@Test
	void readsNumbersAndNull() {
		assertThat(PolarJson.MAPPER.readValue("1795424400", Instant.class))
			.isEqualTo(Instant.ofEpochSecond(1_795_424_400));
		assertThat(PolarJson.MAPPER.readValue("null", Instant.class)).isNull();
	}

	@Test
	void readsTheFormThatAClassAsksFor() {
		assertThat(PolarJson.MAPPER.readValue("{\"at\":\"2026-11-23 09:32\"}", OwnForm.class).at())
			.isEqualTo("2026-11-23T09:32:00Z");
	}

	record OwnForm(@JsonFormat(pattern = "yyyy-MM-dd HH:mm", timezone = "UTC") Instant at) {

	}

	private static Instant read(JsonMapper mapper, String text) {
		return mapper.readValue("\"" + text + "\"", Instant.class);
	}

}
