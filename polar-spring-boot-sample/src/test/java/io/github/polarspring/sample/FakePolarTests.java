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

package io.github.polarspring.sample;

import java.net.URI;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.test.autoconfigure.PolarFakeAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FakePolar}.
 */
class FakePolarTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarFakeAutoConfiguration.class, PolarAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost:8081", "http://127.0.0.1:8081", "http://[::1]:8081",
			"https://sandbox-api.polar.sh" })
	void gatewayOnThisMachineIsNotTheFake(String baseUrl) {
		this.runner.withPropertyValues("polar.access-token=polar_oat_x", "polar.base-url=" + baseUrl)
			.run((context) -> assertThat(FakePolar.is(context.getBean(PolarConnectionDetails.class))).isFalse());
	}

	@Test
	void fakeThatIsNotUsedIsNotRecognized() {
		this.runner.withPropertyValues("polar.fake.enabled=false", "polar.base-url=http://localhost:8081")
			.run((context) -> assertThat(FakePolar.is(context.getBean(PolarConnectionDetails.class))).isFalse());
	}

	@Test
	void descriptionDoesNotMatter() {
		PolarConnectionDetails details = new PolarConnectionDetails() {

			@Override
			public URI getBaseUrl() {
				return URI.create("https://api.polar.sh");
			}

			@Override
			public String getAccessToken() {
				return "polar_oat_x";
			}

			@Override
			public String getDescription() {
				return "fake on this machine, no real payments";
			}

		};
		assertThat(FakePolar.is(details)).isFalse();
	}

	@Test
	void fakeIsRecognized() {
		this.runner.withPropertyValues("polar.fake.enabled=true")
			.run((context) -> assertThat(FakePolar.is(context.getBean(PolarConnectionDetails.class))).isTrue());
	}

}
