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

package io.github.polarspring.product;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.polarspring.PolarException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.model.CheckoutProduct;
import io.github.polarspring.model.Product;

import org.springframework.util.Assert;

/**
 * Catalog of the configured products, with the names, prices and benefits that they have
 * at Polar, for example for a pricing page. Polar is read once for all products. After
 * five minutes, the products are read again in the background at the next use, and the
 * ones from before remain for a day if that fails. The starter {@linkplain #refresh()
 * refreshes} the catalog when an event about a product arrives.
 * <p>
 * Instances are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarCatalog {

	private static final Duration REFRESH_AFTER = Duration.ofMinutes(5);

	private static final Duration EXPIRE_AFTER = Duration.ofDays(1);

	private static final String PRODUCTS = "/v1/products/";

	/**
	 * Maximum number of products in a call.
	 */
	private static final int MAX_IDS = 100;

	private final PolarClient client;

	private final PolarProducts products;

	/**
	 * A cache with a single entry.
	 */
	private final LoadingCache<PolarProducts, Map<String, Product>> cache;

	private final AtomicBoolean changed = new AtomicBoolean();

	/**
	 * Create a catalog. Does not call Polar.
	 * @param client the client that calls Polar
	 * @param products the configured products
	 * @param clock the clock
	 */
	public PolarCatalog(PolarClient client, PolarProducts products, Clock clock) {
		Assert.notNull(client, "client must not be null");
		Assert.notNull(products, "products must not be null");
		this.client = client;
		this.products = products;
		this.cache = Caffeine.newBuilder()
			.refreshAfterWrite(REFRESH_AFTER)
			.expireAfterWrite(EXPIRE_AFTER)
			.ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
			.build((configured) -> read());
	}

	/**
	 * Return the products by their configured names, in alphabetical order of the names.
	 * Those that do not exist at Polar are missing.
	 * @return an unmodifiable map
	 * @throws io.github.polarspring.PolarException if Polar cannot be read, and has not
	 * been within the last day
	 */
	public Map<String, Product> products() {
		Map<String, Product> before = this.cache.getIfPresent(this.products);
		if (this.changed.compareAndSet(true, false) && before != null) {
			try {
				this.cache.put(this.products, read());
			}
			catch (PolarException ex) {
				return before;
			}
		}
		return this.cache.get(this.products);
	}

	/**
	 * Read the products again at the next use, because one of them was changed at Polar.
	 * That use waits for Polar. If Polar cannot be read, the products from before remain.
	 * Does not call Polar.
	 */
	public void refresh() {
		this.changed.set(true);
	}

	/**
	 * Find a product.
	 * @param product a configured name, or the id of a configured product as text
	 * @return the product, empty if it does not exist at Polar, or is not configured
	 * @throws io.github.polarspring.PolarConfigurationException if it is neither a
	 * configured name nor an id
	 * @throws io.github.polarspring.PolarException if Polar cannot be read, and has not
	 * been within the last day
	 */
	public Optional<Product> find(String product) {
		UUID id = this.products.resolve(product);
		return products().values().stream().filter((known) -> id.equals(known.id())).findFirst();
	}

	/**
	 * Check whether the configured products can be sold. Reads Polar, whatever is
	 * remembered.
	 * @return a sentence for each product that cannot
	 * @throws io.github.polarspring.PolarException if Polar cannot be read
	 */
	public List<String> check() {
		Map<String, Product> found = read();
		List<String> problems = new ArrayList<>();
		new TreeMap<>(this.products.asMap()).forEach((name, id) -> {
			Product product = found.get(name);
			if (product == null) {
				problems.add(("'polar.products.%s' is %s, which does not exist. Production and sandbox have separate"
						+ " products: check 'polar.environment', and copy the id from Polar's dashboard.")
					.formatted(name, id));
			}
			else if (product.isArchived()) {
				problems.add("'polar.products.%s' (%s) is archived, so it cannot be bought.".formatted(name,
						product.name()));
			}
			else if (product.visibility() == CheckoutProduct.Visibility.DRAFT) {
				problems
					.add("'polar.products.%s' (%s) is a draft, so it cannot be bought. Publish it in Polar's dashboard."
						.formatted(name, product.name()));
			}
		});
		return problems;
	}

	private Map<String, Product> read() {
		Map<UUID, Product> byId = new HashMap<>();
		List<UUID> ids = this.products.asMap().values().stream().distinct().toList();
		for (int i = 0; i < ids.size(); i += MAX_IDS) {
			read(ids.subList(i, Math.min(ids.size(), i + MAX_IDS)))
				.forEach((product) -> byId.put(product.id(), product));
		}
		Map<String, Product> byName = new LinkedHashMap<>();
		new TreeMap<>(this.products.asMap()).forEach((name, id) -> {
			Product product = byId.get(id);
			if (product != null) {
				byName.put(name, product);
			}
		});
		return Collections.unmodifiableMap(byName);
	}

	private Stream<Product> read(List<UUID> ids) {
		ProductQuery query = new ProductQuery.Builder().ids(ids).build();
		return PolarPage.stream(query.page(),
				(page) -> this.client.list(Product.class, PRODUCTS, query.parameters(page)));
	}

	private static final class ProductQuery extends PolarQuery {

		private ProductQuery(Builder builder) {
			super(builder);
		}

		private static final class Builder extends PolarQuery.Builder<Builder> {

			Builder ids(List<UUID> ids) {
				return filter("id", ids.toArray());
			}

			ProductQuery build() {
				return new ProductQuery(this);
			}

		}

	}

}
