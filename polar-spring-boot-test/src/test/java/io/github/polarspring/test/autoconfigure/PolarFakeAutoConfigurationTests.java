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

package io.github.polarspring.test.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PropertiesPolarConnectionDetails;
import io.github.polarspring.autoconfigure.customer.PolarCustomerAutoConfiguration;
import io.github.polarspring.autoconfigure.usage.PolarUsageAutoConfiguration;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.testsupport.conformance.ConformanceAutoConfiguration;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.UsageEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link PolarFakeAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarFakeAutoConfigurationTests {

	private static final UUID PRO = UUID.randomUUID();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarFakeAutoConfiguration.class, PolarAutoConfiguration.class,
				ConformanceAutoConfiguration.class, RestClientAutoConfiguration.class))
		.withUserConfiguration(App.class)
		.withPropertyValues("polar.products.pro-yearly=" + PRO);

	@Test
	void withoutTokenTheFakeTakesPolarsPlaceWithNoPropertyToSet(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			CheckoutSession session = context.getBean(PolarCheckoutOperations.class)
				.create(CheckoutRequest.forProducts("pro-yearly").build());
			PolarFake fake = context.getBean(PolarFake.class);
			assertThat(session.url()).startsWith(fake.baseUrl() + "/checkout/");
			assertThat(session.totalAmount()).isEqualTo(1000);
			assertThat(session.product().name()).isEqualTo("Pro-yearly");
			fake.pay(session.id());
			assertThat(context.getBean(PolarCheckoutOperations.class).get(session.id()).isSucceeded()).isTrue();
			assertThat(output).doesNotContain(fake.accessToken());
		});
	}

	@Test
	void metersOfTheApplicationExist() {
		UUID calls = UUID.randomUUID();
		UUID tokens = UUID.randomUUID();
		this.contextRunner.withConfiguration(AutoConfigurations.of(PolarUsageAutoConfiguration.class))
			.withPropertyValues("polar.usage.meters.ai.id=" + calls, "polar.usage.meters.ai.event=chat",
					"polar.usage.meters.tokens.id=" + tokens, "polar.usage.meters.tokens.event=chat",
					"polar.usage.meters.tokens.property=tokens", "polar.usage.meters.read-only.id=" + UUID.randomUUID())
			.run((context) -> {
				PolarFake fake = context.getBean(PolarFake.class);
				context.getBean(PolarClient.class)
					.post(JsonNode.class, "/v1/customers/", Map.of("email", "ada@example.com", "external_id", "ada"));
				fake.usage().credit(calls, "ada", 10);
				fake.usage().credit(tokens, "ada", 1000);
				PolarUsage usage = context.getBean(PolarUsage.class);
				UsageEvent event = UsageEvent.builder("chat").externalCustomerId("ada").metadata("tokens", 300).build();
				assertThat(usage.tryRecord(event)).isTrue();
				assertThat(usage.balance("ai", "ada").remaining()).isEqualTo("9");
				assertThat(usage.balance("tokens", "ada").remaining()).isEqualTo("700");
			});
	}

	@Test
	void fakeIsReportedOfTheProducts() {
		this.contextRunner
			.withPropertyValues("polar.fake.products.proYearly.name=Pro for a year",
					"polar.fake.products.proYearly.amount=2500", "polar.fake.products.proYearly.currency=eur")
			.run((context) -> {
				CheckoutSession session = context.getBean(PolarCheckoutOperations.class)
					.create(CheckoutRequest.forProducts(PRO).build());
				assertThat(session.totalAmount()).isEqualTo(2500);
				assertThat(session.currency()).isEqualTo("eur");
				assertThat(session.product().name()).isEqualTo("Pro for a year");
			});
	}

	@Test
	void catalogOfTheDocumentationGrantsABenefitToSubscribersAndSeatHolders(@TempDir Path directory) throws Exception {
		Path catalog = directory.resolve("catalog.json");
		Matcher json = Pattern.compile("```json\n(.+?)```", Pattern.DOTALL)
			.matcher(Files.readString(Path.of("../docs/reference/fake.md")));
		assertThat(json.find()).isTrue();
		Files.writeString(catalog, json.group(1));
		this.contextRunner.withConfiguration(AutoConfigurations.of(PolarCustomerAutoConfiguration.class))
			.withPropertyValues("polar.products.pro=7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90",
					"polar.products.team=c2b8e6f4-9d57-4f2c-b1a3-8e4f7a6d0e25", "polar.fake.products.pro.name=Replaced",
					"polar.fake.catalog=" + catalog.toUri())
			.run((context) -> {
				PolarFake fake = context.getBean(PolarFake.class);
				PolarCheckoutOperations checkouts = context.getBean(PolarCheckoutOperations.class);
				PolarCustomerOperations customers = context.getBean(PolarCustomerOperations.class);
				for (String product : List.of("pro", "team")) {
					CheckoutRequest.Builder request = CheckoutRequest.forProducts(product)
						.externalCustomerId(product + "-user");
					CheckoutSession session = checkouts
						.create((product.equals("team") ? request.seats(2) : request).build());
					assertThat(session.product().name()).startsWith("Lumen ");
					fake.pay(session.id());
					assertThat(customers.stateByExternalId(product + "-user")).hasValueSatisfying(
							(state) -> assertThat(state.grantedBenefits()).singleElement().satisfies((benefit) -> {
								assertThat(benefit.benefitId()).hasToString("4a7f1c3e-92b6-4d58-8e0a-6c5d3b2f1e90");
								assertThat(benefit.benefitMetadata()).containsEntry("export", true)
									.containsEntry("forms", 50L);
							}));
				}
				assertThat(checkouts.create(CheckoutRequest.forProducts("pro-yearly").build()).totalAmount())
					.isEqualTo(1000);
			});
	}

	@Test
	void wrongCatalogIsReported(@TempDir Path directory) throws Exception {
		Path catalog = directory.resolve("catalog.json");
		this.contextRunner.withPropertyValues("polar.fake.catalog=" + catalog.toUri())
			.run((context) -> assertThatThrownBy(() -> context.getBean(PolarFake.class)).rootCause()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessageContaining("catalog.json]")
				.hasMessageEndingWith("cannot be read."));
		Files.writeString(catalog, "{\"products\":[{\"name\":\"P\",\"prices\":[]}]}");
		this.contextRunner.withPropertyValues("polar.fake.catalog=" + catalog.toUri())
			.run((context) -> assertThatThrownBy(() -> context.getBean(PolarFake.class)).rootCause()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessageContaining("is invalid: products[0].name: "));
	}

	@Test
	void fakeStartsWhenItIsAskedForAndStopsWithTheApplication() {
		PolarFake[] stopped = new PolarFake[1];
		this.contextRunner.run((context) -> {
			assertThat(context.getBeanFactory().containsSingleton("polarFake")).isFalse();
			stopped[0] = context.getBean(PolarFake.class);
			assertThat(stopped[0].wireMock().isRunning()).isTrue();
		});
		assertThat(stopped[0].wireMock().isRunning()).isFalse();
	}

	@Test
	void withTokenTheFakeStaysOffAndTheApplicationTalksToPolar() {
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_x").run((context) -> {
			PolarConnectionDetails details = context.getBean(PolarConnectionDetails.class);
			assertThat(details.getBaseUrl()).hasToString("https://api.polar.sh");
			assertThat(details.getAccessToken()).isEqualTo("polar_oat_x");
			assertThat(details.getMissingAccessTokenReason()).isNull();
			assertThat(context.getBean(PolarCheckoutOperations.class)).isNotNull();
			assertThat(context.getBeanFactory().containsSingleton("polarFake")).isFalse();
			assertThatException().isThrownBy(() -> context.getBean(PolarFake.class))
				.havingRootCause()
				.withMessageContaining("is not used, because an access token is configured");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			polar.base-url=http://localhost:1         | 'polar.base-url' is set
			polar.fake.enabled=false                  | 'polar.fake.enabled' is false
			spring.profiles.active=prod               | the profile 'prod' is active
			spring.profiles.active=Production         | the profile 'Production' is active
			polar.environment=sandbox                 | 'polar.environment' is set
			spring.main.cloud-platform=kubernetes     | the application runs on KUBERNETES
			""")
	void whereAnApplicationIsNotDevelopedTheFakeStaysOffAndTheAnalysisSaysWhy(String property, String reason) {
		this.contextRunner.withPropertyValues(property).run((context) -> assertStaysOff(context, reason));
	}

	private static void assertStaysOff(ApplicationContext context, String reason) {
		assertThatException().isThrownBy(() -> context.getBean(PolarCheckoutOperations.class))
			.havingRootCause()
			.withMessageStartingWith(
					"Polar access token is not configured. The fake of polar-spring-boot-test is on the classpath"
							+ " but not used, because ")
			.withMessageContaining(reason);
	}

	@ParameterizedTest
	@CsvSource({ "spring.profiles.active=prod", "polar.environment=sandbox", "spring.main.cloud-platform=kubernetes" })
	void fakeCanBeAskedForAnywhere(String property) {
		this.contextRunner.withPropertyValues(property, "polar.fake.enabled=true")
			.run((context) -> assertThat(context.getBean(PolarConnectionDetails.class).getBaseUrl())
				.isEqualTo(context.getBean(PolarFake.class).baseUrl()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.jar", "BOOT-INF/classes/", "app/classes/", "opt/shop/classes/", "srv/shop/" })
	void packagedApplicationHasNoFake(String location, @TempDir Path directory) throws Exception {
		for (Class<?> type : List.of(App.class, PlainApp.class)) {
			try (URLClassLoader packaged = packaged(type, directory.resolve(location), location.endsWith("/"))) {
				new ApplicationContextRunner()
					.withConfiguration(AutoConfigurations.of(PolarFakeAutoConfiguration.class,
							PolarAutoConfiguration.class, RestClientAutoConfiguration.class))
					.withUserConfiguration(packaged.loadClass(type.getName()))
					.run((context) -> assertStaysOff(context, "the application runs from a packaged archive"));
			}
		}
	}

	@Test
	void takenPortIsSaid() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(PolarFakeAutoConfiguration.class, PolarAutoConfiguration.class,
						RestClientAutoConfiguration.class))
				.withPropertyValues("polar.fake.enabled=true", "polar.fake.port=" + taken.getLocalPort())
				.run((context) -> assertThatThrownBy(() -> context.getBean(PolarFake.class))
					.hasRootCauseInstanceOf(PolarConfigurationException.class)
					.rootCause()
					.hasMessage("The fake of Polar could not be started on port " + taken.getLocalPort() + "."));
		}
	}

	@Test
	void applicationThatCannotBeJudgedHasNoFake() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarFakeAutoConfiguration.class, PolarAutoConfiguration.class,
					RestClientAutoConfiguration.class))
			.run((context) -> assertStaysOff(context, "the application runs from a packaged archive"));
	}

	private static URLClassLoader packaged(Class<?> type, Path location, boolean directory) throws IOException {
		String name = type.getName().replace('.', '/') + ".class";
		try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
			if (directory) {
				Path file = location.resolve(name);
				Files.createDirectories(file.getParent());
				Files.copy(in, file);
			}
			else {
				try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(location))) {
					out.putNextEntry(new JarEntry(name));
					in.transferTo(out);
				}
			}
		}
		return new URLClassLoader(new URL[] { location.toUri().toURL() }, type.getClassLoader()) {

			@Override
			protected Class<?> loadClass(String requested, boolean resolve) throws ClassNotFoundException {
				return requested.equals(type.getName()) ? findClass(requested) : super.loadClass(requested, resolve);
			}

		};
	}

	@ParameterizedTest
	@CsvSource({ "polar.fake.products.pro-yearly.amount=-1", "polar.fake.products.pro-yearly.currency=dollar" })
	void productThatTheFakeCannotSellFailsByNameAndLeavesNothingRunning(String property) {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThatException().isThrownBy(() -> context.getBean(PolarCheckoutOperations.class))
				.havingRootCause()
				.isInstanceOf(PolarConfigurationException.class)
				.withMessageContaining("does not support the product '"));
		assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
			.filteredOn((thread) -> thread.isAlive() && !thread.isDaemon())
			.isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 65536 })
	void portThatDoesNotExistFailsTheStart(int port) {
		this.contextRunner.withPropertyValues("polar.fake.port=" + port)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("polar.fake.port"));
	}

	@Test
	void nameThatSpringBootChangesFailsTheStart() {
		this.contextRunner
			.withPropertyValues("polar.products.[größe]=7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90",
					"polar.fake.products.größe.amount=2500")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessageStartingWith("'polar.fake.products.größe.amount' is not kept as it is")
				.satisfies((ex) -> assertThat(((PolarConfigurationException) ex).getAction()).contains(
						"below 'polar.fake.products': '\"[größe]\":'",
						"'polar.fake.products.[größe].amount=<value>'")));
		this.contextRunner
			.withPropertyValues("polar.products.[größe]=7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90",
					"polar.fake.products.[größe].amount=2500", "polar.fake.products.other.amount=1")
			.run((context) -> assertThat(context.getBean(PolarCheckoutOperations.class)).isNotNull());
	}

	@Test
	void currencyMayBeInUpperCase() {
		this.contextRunner.withPropertyValues("polar.fake.products.pro-yearly.currency=EUR")
			.run((context) -> assertThat(context.getBean(PolarCheckoutOperations.class)
				.create(CheckoutRequest.forProducts(PRO).build())
				.currency()).isEqualTo("eur"));
	}

	@ParameterizedTest
	@CsvSource({ "polar.access-token=", "polar.base-url=", "polar.environment=" })
	void blankSettingCountsAsAbsent(String property) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(context.getBean(PolarConnectionDetails.class).getBaseUrl())
				.isEqualTo(context.getBean(PolarFake.class).baseUrl()));
	}

	@Test
	void aheadOfTimeProcessingLeavesTheFakeOut() {
		this.contextRunner.withSystemProperties("spring.aot.processing=true")
			.run((context) -> assertThat(context).doesNotHaveBean(PolarFake.class)
				.hasSingleBean(PropertiesPolarConnectionDetails.class));
	}

	@Test
	void connectionDetailsOfTheApplicationComeFirst() {
		PolarConnectionDetails own = new PolarConnectionDetails() {

			@Override
			public URI getBaseUrl() {
				return URI.create("https://own.example");
			}

			@Override
			public String getAccessToken() {
				return "own";
			}

		};
		this.contextRunner.withBean(PolarConnectionDetails.class, () -> own)
			.run((context) -> assertThat(context.getBean(PolarConnectionDetails.class)).isSameAs(own));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	static class App {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class PlainApp {

	}

}
