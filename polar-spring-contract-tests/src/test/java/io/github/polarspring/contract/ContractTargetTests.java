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
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ContractTarget}.
 */
class ContractTargetTests {

	private static final String TOKEN = "polar_oat_secret";

	@Test
	void withoutTheProfileItIsTheFake() {
		try (ContractTarget target = target(Map.of(), Map.of("POLAR_CONTRACT_TOKEN", TOKEN))) {
			assertThat(target.isServer()).isFalse();
			assertThat(target.url().getHost()).isEqualTo("127.0.0.1");
			assertThat(target.accessToken()).isNotEqualTo(TOKEN);
		}
	}

	@Test
	void withTheProfileItIsTheSandbox() {
		ContractTarget target = target(Map.of("polar.contract", "true"), Map.of("POLAR_CONTRACT_TOKEN", TOKEN));
		assertThat(target.url()).isEqualTo(URI.create("https://sandbox-api.polar.sh"));
		assertThat(target.accessToken()).isEqualTo(TOKEN);
		assertThat(target).hasToString("https://sandbox-api.polar.sh");
	}

	@Test
	void propertiesComeFirst() {
		ContractTarget target = target(
				Map.of("polar.contract", "true", "polar.contract.url", "http://127.0.0.1:1", "polar.contract.token",
						TOKEN, "polar.contract.email-domain", "shop.example.com"),
				Map.of("POLAR_CONTRACT_URL", "https://other.example.com", "POLAR_CONTRACT_TOKEN", "other"));
		assertThat(target.url()).isEqualTo(URI.create("http://127.0.0.1:1"));
		assertThat(target.accessToken()).isEqualTo(TOKEN);
		assertThat(target.emailDomain()).isEqualTo("shop.example.com");
	}

	@Test
	void withoutATokenItIsIncomplete() {
		assertThat(settings(Map.of("polar.contract", "true"), Map.of("POLAR_CONTRACT_TOKEN", " ")).isComplete())
			.isFalse();
		assertThat(settings(Map.of(), Map.of()).isComplete()).isTrue();
	}

	@Test
	void productionIsRejected() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> target(Map.of("polar.contract", "true"),
					Map.of("POLAR_CONTRACT_URL", "https://api.polar.sh", "POLAR_CONTRACT_TOKEN", TOKEN)))
			.withMessageContaining("https://sandbox-api.polar.sh")
			.withMessageNotContaining(TOKEN);
	}

	private static ContractTarget target(Map<String, String> properties, Map<String, String> environment) {
		return ContractTarget.of(settings(properties, environment));
	}

	private static ContractTarget.Settings settings(Map<String, String> properties, Map<String, String> environment) {
		return new ContractTarget.Settings((name) -> Optional.ofNullable(properties.get(name)), environment::get);
	}

}
