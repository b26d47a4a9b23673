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

package io.github.polarspring.autoconfigure.subscription;

import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.subscription.PolarSubscriptionOperations;
import io.github.polarspring.subscription.PolarSubscriptionTemplate;
import io.github.polarspring.subscription.UserSubscriptions;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarSubscriptionAutoConfiguration}.
 */
class PolarSubscriptionAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(PolarAutoConfiguration.class, PolarSubscriptionAutoConfiguration.class))
		.withPropertyValues("polar.access-token=polar_oat_test", "polar.environment=sandbox");

	@Test
	void templateUsesThePayerOfTheApplication() {
		this.contextRunner.withBean(CurrentPayer.class, () -> () -> PolarIdentity.of("alice"))
			.run((context) -> assertThat(context.getBean(PolarSubscriptionTemplate.class).ofCurrentUser())
				.isInstanceOf(UserSubscriptions.class));
		this.contextRunner.withBean(CurrentPayer.class, () -> () -> null)
			.run((context) -> assertThatExceptionOfType(PolarLoginRequiredException.class)
				.isThrownBy(context.getBean(PolarSubscriptionOperations.class)::ofCurrentUser));
	}

	@Test
	void templateWithoutAPayerStillChangesSubscriptions() {
		this.contextRunner.run((context) -> {
			PolarSubscriptionTemplate template = context.getBean(PolarSubscriptionTemplate.class);
			assertThat(template.of("alice")).isNotNull();
			assertThatIllegalStateException().isThrownBy(template::ofCurrentUser);
		});
	}

	@Test
	void applicationWithoutATokenStarts() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PolarAutoConfiguration.class, PolarSubscriptionAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void operationsOfTheApplicationReplaceTheTemplate() {
		PolarSubscriptionOperations own = mock(PolarSubscriptionOperations.class);
		this.contextRunner.withBean(PolarSubscriptionOperations.class, () -> own)
			.run((context) -> assertThat(context).doesNotHaveBean(PolarSubscriptionTemplate.class)
				.getBean(PolarSubscriptionOperations.class)
				.isSameAs(own));
	}

	@Test
	void nothingIsCreatedWithoutPolar() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarSubscriptionAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarSubscriptionOperations.class));
	}

}
