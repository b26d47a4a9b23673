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

package io.github.polarspring.autoconfigure.license;

import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.license.PolarLicenseKeyOperations;
import io.github.polarspring.license.PolarLicenseKeyTemplate;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarLicenseKeyAutoConfiguration}.
 */
class PolarLicenseKeyAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarLicenseKeyAutoConfiguration.class))
		.withPropertyValues("polar.access-token=polar_oat_test");

	@Test
	void callerIsDeterminedByTheCurrentPayer() {
		this.contextRunner.run((context) -> assertThatIllegalStateException()
			.isThrownBy(context.getBean(PolarLicenseKeyTemplate.class)::ofCurrentUser));
		this.contextRunner.withBean(CurrentPayer.class, () -> () -> null)
			.run((context) -> assertThatExceptionOfType(PolarIdentityException.class)
				.isThrownBy(context.getBean(PolarLicenseKeyOperations.class)::ofCurrentUser));
	}

	@Test
	void applicationWithoutATokenStarts() {
		this.contextRunner.withPropertyValues("polar.access-token=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void operationsOfTheApplicationReplaceTheTemplate() {
		PolarLicenseKeyOperations own = mock(PolarLicenseKeyOperations.class);
		this.contextRunner.withBean(PolarLicenseKeyOperations.class, () -> own)
			.run((context) -> assertThat(context).doesNotHaveBean(PolarLicenseKeyTemplate.class));
	}

	@Test
	void nothingIsCreatedWithoutPolar() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarLicenseKeyAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarLicenseKeyOperations.class));
	}

}
