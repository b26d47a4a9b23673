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

package io.github.polarspring.autoconfigure.order;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.order.PolarOrderOperations;
import io.github.polarspring.order.PolarOrderTemplate;
import io.github.polarspring.testsupport.FaultyServer;
import io.github.polarspring.testsupport.Signed;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.h2.Driver;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarOrderAutoConfiguration}.
 */
class PolarOrderAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarOrderAutoConfiguration.class))
		.withPropertyValues("polar.access-token=polar_oat_test");

	private final WebApplicationContextRunner withInbox = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarOrderAutoConfiguration.class,
				PolarWebhookAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class,
				DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
				TransactionAutoConfiguration.class))
		.withPropertyValues("polar.access-token=polar_oat_test", "polar.webhook.inbox=jdbc",
				"polar.webhook.secret=" + Signed.SECRET, "spring.datasource.generate-unique-name=true");

	@Test
	void templateIsCreated() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(PolarOrderTemplate.class);
			assertThatIllegalStateException().isThrownBy(context.getBean(PolarOrderOperations.class)::ofCurrentUser);
		});
	}

	@Test
	void callerIsDeterminedByTheCurrentPayer() {
		this.contextRunner.withBean(CurrentPayer.class, () -> () -> null)
			.run((context) -> assertThatExceptionOfType(PolarIdentityException.class)
				.isThrownBy(context.getBean(PolarOrderOperations.class)::ofCurrentUser));
	}

	@Test
	void ordersThatAreAssignedToTheUserAreFound() throws IOException {
		UUID order = UUID.fromString("1e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");
		PolarEntitlements entitlements = mock(PolarEntitlements.class);
		given(entitlements.assignedOrders("alice")).willReturn(Set.of(order));
		try (FaultyServer polar = FaultyServer.responding("200 OK", "Polar-Version: 2026-10",
				"{\"id\":\"%1$s\",\"customer_id\":\"%1$s\"}".formatted(order))) {
			this.contextRunner.withPropertyValues("polar.base-url=" + polar.url())
				.withBean(PolarEntitlements.class, () -> entitlements)
				.run((context) -> {
					PolarOrderOperations orders = context.getBean(PolarOrderOperations.class);
					assertThat(orders.of("alice").find(order)).isPresent();
					assertThat(orders.of("bob").find(order)).isEmpty();
				});
		}
	}

	@Test
	void applicationWithoutATokenStarts() {
		this.contextRunner.withPropertyValues("polar.access-token=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void operationsOfTheApplicationReplaceTheTemplate() {
		PolarOrderOperations own = mock(PolarOrderOperations.class);
		this.contextRunner.withBean(PolarOrderOperations.class, () -> own)
			.run((context) -> assertThat(context).doesNotHaveBean(PolarOrderTemplate.class));
	}

	@Test
	void nothingIsCreatedWithoutPolar() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarOrderAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarOrderOperations.class));
	}

	@Test
	void tableIsCreatedOnlyIfOrdersAreUsed() {
		this.withInbox.run((context) -> assertThat(tables(context)).contains("polar_webhook_event")
			.doesNotContain("polar_refund_turn"));
		this.withInbox.withBean(Refunding.class)
			.run((context) -> assertThat(tables(context)).contains("polar_webhook_event", "polar_refund_turn"));
	}

	@Test
	void tableIsCreatedIfOrdersAreFirstUsedLater() {
		this.withInbox.run((context) -> {
			assertThat(context.getBean(PolarOrderTemplate.class)).isNotNull();
			assertThat(tables(context)).contains("polar_refund_turn", "polar_refund_attempt");
		});
	}

	@Test
	void missingTableFailsTheStartAndNamesTheScript() {
		DataSource dataSource = new SimpleDriverDataSource(new Driver(),
				"jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		new ResourceDatabasePopulator(new ClassPathResource("io/github/polarspring/webhook/jdbc/schema-h2.sql"))
			.execute(dataSource);
		WebApplicationContextRunner runner = this.withInbox.withBean(DataSource.class, () -> dataSource)
			.withPropertyValues("polar.webhook.jdbc.initialize-schema=never");
		runner.run((context) -> assertThat(context).hasNotFailed());
		runner.withBean(Refunding.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.throwable(PolarConfigurationException.class))
				.extracting(PolarConfigurationException::getAction)
				.asString()
				.contains("classpath:io/github/polarspring/order/schema-h2.sql"));
	}

	private static List<String> tables(ApplicationContext context) {
		return JdbcClient.create(context.getBean(DataSource.class))
			.sql("SELECT LOWER(table_name) FROM information_schema.tables")
			.query(String.class)
			.list();
	}

	record Refunding(PolarOrderOperations orders) {

	}

}
