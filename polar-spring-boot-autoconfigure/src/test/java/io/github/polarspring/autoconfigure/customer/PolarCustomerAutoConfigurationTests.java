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

package io.github.polarspring.autoconfigure.customer;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.customer.PolarCustomerTemplate;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarCustomerAutoConfiguration}.
 */
class PolarCustomerAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarCustomerAutoConfiguration.class));

	@Test
	void templateIsCreatedWithTheClient() {
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_test", "polar.environment=sandbox")
			.run((context) -> assertThat(context).hasSingleBean(PolarCustomerTemplate.class));
	}

	@Test
	void applicationWithoutATokenStarts() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void operationsOfTheApplicationReplaceTheTemplate() {
		PolarCustomerOperations own = mock(PolarCustomerOperations.class);
		this.contextRunner.withBean(PolarCustomerOperations.class, () -> own)
			.run((context) -> assertThat(context).doesNotHaveBean(PolarCustomerTemplate.class)
				.getBean(PolarCustomerOperations.class)
				.isSameAs(own));
	}

	@Test
	void nothingIsCreatedWithoutPolar() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarCustomerAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarCustomerOperations.class));
	}

}
