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

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.customer.PolarAccounts;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.customer.PolarCustomerTemplate;
import io.github.polarspring.model.Customer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
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
	void accountsUseTheErasersOfTheApplication() {
		List<UUID> erased = new ArrayList<>();
		PolarCustomerOperations customers = mock(PolarCustomerOperations.class);
		UUID id = UUID.randomUUID();
		PolarClient client = PolarClient.builder()
			.accessToken("polar_oat_test")
			.requestFactory((uri, method) -> new MockClientHttpRequest(method, uri) {

				@Override
				protected ClientHttpResponse executeInternal() {
					return new MockClientHttpResponse(
							"{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}".getBytes(), 200);
				}

			})
			.build();
		this.contextRunner.withBean(PolarClient.class, () -> client)
			.withBean(PolarCustomerOperations.class, () -> customers)
			.withBean(CustomerDataEraser.class, () -> erased::add)
			.run((context) -> {
				given(customers.findByExternalId("ada")).willReturn(
						Optional.of(PolarJson.MAPPER.readValue("{\"id\":\"%s\"}".formatted(id), Customer.class)));
				context.getBean(PolarAccounts.class).close("ada");
				assertThat(erased).containsExactly(id);
				then(customers).should().anonymize(id);
			});
	}

	@Test
	void accountsOfTheApplicationReplaceTheBean() {
		PolarAccounts own = new PolarAccounts(mock(PolarClient.class), mock(PolarCustomerOperations.class), List.of());
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_test")
			.withBean(PolarAccounts.class, () -> own)
			.run((context) -> assertThat(context).getBean(PolarAccounts.class).isSameAs(own));
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
