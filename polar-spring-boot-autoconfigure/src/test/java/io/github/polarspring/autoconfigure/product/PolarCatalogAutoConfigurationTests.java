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

package io.github.polarspring.autoconfigure.product;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.product.PolarCatalog;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.testsupport.FaultyServer;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventRecorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarCatalogAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarCatalogAutoConfigurationTests {

	private static final UUID BOOK = UUID.fromString("0f3f0a94-6f62-4d0e-9a4e-5b7a5f0f8c11");

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarCatalogAutoConfiguration.class));

	private static FaultyServer polar(String status, String body) {
		return FaultyServer.responding(status, "Polar-Version: 2026-10", "Content-Type: application/json", body);
	}

	private static ConfigurableApplicationContext start(FaultyServer polar, String... properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("polar.access-token", "polar_oat_test", "polar.base-url",
				polar.url().toString(), "polar.products.book", BOOK.toString(), "polar.check-products", "true",
				"polar.http.retry.max-attempts", "1"));
		return application.run(properties);
	}

	@Test
	void catalogIsCreatedWithoutACheck() {
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_test")
			.run((context) -> assertThat(context).hasSingleBean(PolarCatalog.class)
				.doesNotHaveBean(ProductCheck.class));
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void catalogOfTheApplicationReplacesTheBean() {
		PolarCatalog own = new PolarCatalog(mock(PolarClient.class), new PolarProducts(Map.of()), Clock.systemUTC());
		this.contextRunner.withBean(PolarCatalog.class, () -> own)
			.run((context) -> assertThat(context).getBean(PolarCatalog.class).isSameAs(own));
	}

	@Test
	void nothingIsCreatedWithoutPolar() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarCatalogAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarCatalog.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "product.created", "product.updated" })
	void catalogIsReadAgainAfterAnEventAboutAProduct(String type) throws IOException {
		try (FaultyServer polar = polar("200 OK", "{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}")) {
			this.contextRunner
				.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=" + polar.url(),
						"polar.products.book=" + BOOK)
				.run((context) -> {
					PolarEventRecorder recorder = context.getBean(PolarEventRecorder.class);
					recorder.record(event(type));
					PolarCatalog catalog = context.getBean(PolarCatalog.class);
					catalog.products();
					recorder.record(event("order.paid"));
					catalog.products();
					assertThat(polar.requests()).hasSize(1);
					recorder.record(event(type));
					catalog.products();
					assertThat(polar.requests()).hasSize(2);
				});
		}
	}

	@Test
	void eventAboutAProductDoesNotNeedAToken() {
		this.contextRunner.run((context) -> context.getBean(PolarEventRecorder.class).record(event("product.updated")));
	}

	private static PolarEvent<?> event(String type) {
		return PolarEvent.read("1", "{\"type\":\"%s\",\"data\":{}}".formatted(type).getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void missingProductIsLoggedAndTheApplicationStarts(CapturedOutput output) throws IOException {
		try (FaultyServer polar = polar("200 OK", "{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}");
				ConfigurableApplicationContext context = start(polar)) {
			await().untilAsserted(() -> assertThat(output).contains("'polar.products.book' is " + BOOK
					+ ", which does not exist. Production and sandbox have separate products"));
			assertThat(context.isRunning()).isTrue();
			assertThat(polar.requests()).singleElement().asString().contains("GET /v1/products/?id=" + BOOK);
		}
	}

	@Test
	void productThatCanBeSoldIsLogged(CapturedOutput output) throws IOException {
		try (FaultyServer polar = polar("200 OK",
				"{\"items\":[{\"id\":\"%s\",\"is_archived\":false,\"visibility\":\"public\"}],\"pagination\":{\"total_count\":1,\"max_page\":1}}"
					.formatted(BOOK));
				ConfigurableApplicationContext context = start(polar, "--spring.main.lazy-initialization=true",
						"--logging.level.io.github.polarspring=info")) {
			await().untilAsserted(() -> assertThat(output).contains("All products in 'polar.products' can be sold"));
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Test
	void outageIsLoggedAndTheApplicationStarts(CapturedOutput output) throws IOException {
		try (FaultyServer polar = polar("503 Service Unavailable", "{}");
				ConfigurableApplicationContext context = start(polar)) {
			await().untilAsserted(
					() -> assertThat(output).contains("The products in 'polar.products' cannot be checked: "));
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PolarAutoConfiguration.class, PolarCatalogAutoConfiguration.class })
	static class Application {

	}

}
