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

package io.github.polarspring.product;

import java.util.Collections;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarProducts}.
 */
class PolarProductsTests {

	private static final UUID PRO = UUID.randomUUID();

	private static final UUID TEAM = UUID.randomUUID();

	private final PolarProducts products = new PolarProducts(Map.of("pro", PRO, "team-yearly", TEAM));

	@ParameterizedTest
	@ValueSource(strings = { "team-yearly", "teamYearly", "TEAM_YEARLY", "teamyearly", "team.yearly" })
	void namesAreComparedInUniformForm(String name) {
		assertThat(this.products.resolve(name)).isEqualTo(TEAM);
	}

	@Test
	void idsAreTakenAsTheyAre() {
		UUID other = UUID.randomUUID();
		assertThat(this.products.resolve(other.toString())).isEqualTo(other);
	}

	@ParameterizedTest
	@ValueSource(strings = { "prro", "1-2-3-4-5", "7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b9" })
	void unknownNameListsTheKnownOnes(String name) {
		assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> this.products.resolve(name))
			.withMessage(
					"There is no product '%s' in 'polar.products'. Known products: pro, team-yearly.".formatted(name))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("polar.products." + name));
	}

	@Test
	void unknownNameWithoutProductsSaysSo() {
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> new PolarProducts(Map.of()).resolve("pro"))
			.withMessageContaining("No product is configured.");
	}

	@Test
	void namesThatCountAsTheSameMayNotDiffer() {
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> new PolarProducts(Map.of("team-yearly", PRO, "teamYearly", TEAM)))
			.withMessageContaining("more than once, with different ids");
		assertThat(new PolarProducts(Map.of("team-yearly", PRO, "teamYearly", PRO)).resolve("teamyearly"))
			.isEqualTo(PRO);
	}

	@Test
	void idThatCannotBePolarsIsRejected() {
		UUID otherVersion = UUID.fromString("b2a7c0de-58f1-7e0b-8a52-41f6d3c9e710");
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> new PolarProducts(Map.of("pro", otherVersion)))
			.withMessageContaining("'polar.products.pro' is '" + otherVersion + "'")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("'polar.products.pro: <id>'"));
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> new PolarProducts(Collections.singletonMap("pro", null)))
			.withMessage("'polar.products.pro' has no value.");
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> this.products.resolve(otherVersion.toString()))
			.withMessageContaining("not a UUID of version 4");
	}

}
