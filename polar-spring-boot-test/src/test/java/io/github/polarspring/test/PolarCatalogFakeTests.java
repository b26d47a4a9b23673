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

package io.github.polarspring.test;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.Product;
import io.github.polarspring.model.ProductPrice;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.product.PolarCatalog;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.testsupport.MutableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PolarCatalog} with the fake.
 */
class PolarCatalogFakeTests {

	private static final UUID BOOK = UUID.fromString("0f3f0a94-6f62-4d0e-9a4e-5b7a5f0f8c11");

	private static final UUID CLOUD = UUID.fromString("3e1f6a58-2c94-4d7b-8f05-b6a9c8d7e412");

	private static final UUID MISSING = UUID.fromString("5e1f6a58-2c94-4d7b-8f05-b6a9c8d7e412");

	private final PolarFake fake = PolarFake.start()
		.addProduct(BOOK, "Book", 1900, "usd")
		.addSubscription(CLOUD, "Cloud", 900, "usd", RecurringInterval.MONTH);

	private final MutableClock clock = new MutableClock();

	private final PolarClient client = PolarClient.builder()
		.accessToken(this.fake.accessToken())
		.baseUrl(this.fake.baseUrl())
		.retry(1, Duration.ofMillis(1), Duration.ofMillis(1))
		.build();

	private final PolarCatalog catalog = new PolarCatalog(this.client,
			new PolarProducts(Map.of("cloud", CLOUD, "book", BOOK, "gone", MISSING)), this.clock);

	@AfterEach
	void close() {
		this.fake.close();
	}

	private void verifyReads(int count) {
		this.fake.wireMock().verify(count, getRequestedFor(urlPathEqualTo("/v1/products/")));
	}

	@Test
	void productsHaveNamesAndPricesOfPolar() {
		assertThat(this.catalog.products()).containsOnlyKeys("book", "cloud");
		assertThat(this.catalog.find("book")).get().satisfies((book) -> {
			assertThat(book.name()).isEqualTo("Book");
			assertThat(book.prices()).singleElement()
				.isInstanceOfSatisfying(ProductPrice.Fixed.class,
						(price) -> assertThat(price.priceAmount()).isEqualTo(1900));
		});
		assertThat(this.catalog.find(CLOUD.toString())).map(Product::isRecurring).hasValue(true);
		assertThat(this.catalog.find("gone")).isEmpty();
		assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> this.catalog.find("other"));
		verifyReads(1);
	}

	@Test
	void productsAreReadAgainInTheBackground() {
		this.catalog.products();
		rename("Handbook");
		this.clock.advance(Duration.ofMinutes(5).minusMillis(1));
		assertThat(this.catalog.find("book")).map(Product::name).hasValue("Book");
		verifyReads(1);
		this.clock.advance(Duration.ofMillis(2));
		await().untilAsserted(() -> assertThat(this.catalog.find("book")).map(Product::name).hasValue("Handbook"));
	}

	@Test
	void changedProductIsThereAtTheNextUse() {
		this.catalog.products();
		rename("Handbook");
		assertThat(this.catalog.find("book")).map(Product::name).hasValue("Book");
		this.catalog.refresh();
		assertThat(this.catalog.find("book")).map(Product::name).hasValue("Handbook");
		this.catalog.products();
		verifyReads(2);
	}

	@Test
	void productsRemainIfPolarCannotBeReadAfterAChange() {
		this.catalog.products();
		this.fake.injectFault(PolarFault.serverError(), 1, "/v1/products/");
		this.catalog.refresh();
		assertThat(this.catalog.find("book")).map(Product::name).hasValue("Book");
	}

	private void rename(String name) {
		this.client.patch(JsonNode.class, "/v1/products/{id}", Map.of("name", name), BOOK);
	}

	@Test
	void productsRemainWhilePolarCannotBeRead() {
		this.fake.injectFault(PolarFault.serverError(), 1, "/v1/products/");
		assertThatExceptionOfType(PolarException.class).isThrownBy(this.catalog::products);
		assertThat(this.catalog.find("book")).isPresent();
		this.fake.injectFault(PolarFault.serverError(), 1, "/v1/products/");
		this.clock.advance(Duration.ofMinutes(10));
		assertThat(this.catalog.find("book")).isPresent();
		await().untilAsserted(() -> verifyReads(3));
		assertThat(this.catalog.find("book")).isPresent();
	}

	@Test
	void checkSaysWhatCannotBeSold() {
		this.client.patch(JsonNode.class, "/v1/products/{id}", Map.of("is_archived", true), BOOK);
		this.client.patch(JsonNode.class, "/v1/products/{id}", Map.of("visibility", "draft"), CLOUD);
		assertThat(this.catalog.check()).containsExactly(
				"'polar.products.book' (Book) is archived, so it cannot be bought.",
				"'polar.products.cloud' (Cloud) is a draft, so it cannot be bought. Publish it in Polar's dashboard.",
				"'polar.products.gone' is %s, which does not exist. Production and sandbox have separate products: check 'polar.environment', and copy the id from Polar's dashboard."
					.formatted(MISSING));
		assertThat(new PolarCatalog(this.client, new PolarProducts(Map.of()), this.clock).check()).isEmpty();
	}

}
