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

package io.github.polarspring.usage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link UsageEvent} and {@link LlmUsage}.
 */
class UsageEventTests {

	private final UsageEvent.Builder builder = UsageEvent.builder("export");

	@Test
	void eventContainsWhatWasSet() {
		UsageEvent event = this.builder.metadata("pages", 12)
			.metadata(Map.of("format", "pdf"))
			.timestamp(Instant.EPOCH)
			.key("request-1")
			.cost(new BigDecimal("1.50"))
			.llm(LlmUsage.of("acme", "small", 10, 5))
			.externalCustomerId("team-1")
			.externalMemberId("alice")
			.build();
		assertThat(event.name()).isEqualTo("export");
		assertThat(event.metadata()).isEqualTo(Map.of("pages", 12, "format", "pdf"));
		assertThat(event.timestamp()).isEqualTo(Instant.EPOCH);
		assertThat(event.key()).isEqualTo("request-1");
		assertThat(event.cost()).isEqualTo("1.5");
		assertThat(event.llm()).isEqualTo(new LlmUsage("acme", "small", 10, 5, 15, null));
		assertThat(event.externalCustomerId()).isEqualTo("team-1");
		assertThat(event.externalMemberId()).isEqualTo("alice");
		assertThat(event).hasToString("UsageEvent[export]");
	}

	@Test
	void eventIsNotChangedByItsBuilder() {
		UsageEvent event = this.builder.metadata("pages", 12).build();
		this.builder.metadata("pages", 13);
		assertThat(event.metadata()).containsExactly(Map.entry("pages", 12));
		assertThat(event.metadata()).isUnmodifiable();
	}

	@Test
	void valueOfEachTypeThatPolarKnowsIsAccepted() {
		for (Object value : List.of("a", "x".repeat(500), "\uD83D\uDE00".repeat(500), true, (byte) 1, (short) 1, 1, 1L,
				1f, 0.1, new BigDecimal("1.25"), BigInteger.TEN, -5)) {
			assertThat(this.builder.metadata("value", value).build().metadata()).containsEntry("value", value);
		}
	}

	@Test
	void valueOfAnotherTypeIsRejectedAndNotShown() {
		for (Object value : List.of(Instant.EPOCH, UUID.randomUUID(), List.of("alice"), Map.of("a", "alice"), 'a',
				new StringBuilder("alice"))) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.builder.metadata("value", value))
				.withMessageContaining("'value' must be a string, a number or a boolean")
				.withMessageContaining(value.getClass().getName())
				.withMessageNotContaining("alice");
		}
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.builder.metadata(Collections.singletonMap("value", null)))
			.withMessageContaining("null");
	}

	@Test
	void valueThatPolarCannotStoreIsRejected() {
		for (Object value : List.of("", "x".repeat(501), "a\0b", "\uD83D", Double.NaN, Float.POSITIVE_INFINITY,
				new BigDecimal("1e400"), BigInteger.TEN.pow(400))) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.builder.metadata("value", value))
				.withMessageContaining("'value' must");
		}
	}

	@Test
	void metadataAsAWholeIsLimited() {
		for (int i = 0; i < 60; i++) {
			this.builder.metadata("a-key-of-forty-characters-or-a-few-more-" + i, "x".repeat(250));
		}
		assertThat(this.builder.build().metadata()).hasSize(60);
		for (int i = 0; i < 60; i++) {
			this.builder.metadata("another-key-" + i, "x".repeat(250));
		}
		assertThatIllegalArgumentException().isThrownBy(this.builder::build)
			.withMessageContaining("at most 20000 characters");
	}

	@ParameterizedTest
	@ValueSource(strings = { "_cost", "_llm" })
	void reservedKeyNamesTheMethodToUse(String key) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.metadata(key, 1))
			.withMessageContaining("use " + key.substring(1) + "(");
	}

	@Test
	void nameAndKeyAndIdsAreChecked() {
		assertThat(UsageEvent.builder("n".repeat(128)).build().name()).hasSize(128);
		for (String name : List.of("", " ", "n".repeat(129), "a\0")) {
			assertThatIllegalArgumentException().isThrownBy(() -> UsageEvent.builder(name));
		}
		for (String key : List.of("", " ", "k".repeat(501))) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.builder.key(key));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.metadata("", 1));
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.externalCustomerId(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.externalMemberId("a\n"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.timestamp(Instant.EPOCH.minusMillis(1)));
	}

	@Test
	void memberRequiresACustomer() {
		assertThatIllegalArgumentException().isThrownBy(this.builder.externalMemberId("alice")::build)
			.withMessageContaining("externalCustomerId");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1.5", "12345.123456789012", "12345678901234567", "1e3", "0.000000000001",
			"1.0000000000000000" })
	void costWithinTheDigitsOfPolarIsAccepted(String cents) {
		assertThat(this.builder.cost(new BigDecimal(cents)).build().cost()).isEqualByComparingTo(cents);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.1234567890123", "123456.123456789012", "123456789012345678", "1e17", "1e999999" })
	void costWithMoreDigitsIsRejected(String cents) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.cost(new BigDecimal(cents)))
			.withMessageContaining("cost must have at most");
	}

	@Test
	void tokensAreChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> LlmUsage.of("", "small", 1, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> LlmUsage.of("acme", "m".repeat(501), 1, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> LlmUsage.of("acme", "small", -1, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> new LlmUsage("acme", "small", 1, 1, 2, -1L));
	}

}
