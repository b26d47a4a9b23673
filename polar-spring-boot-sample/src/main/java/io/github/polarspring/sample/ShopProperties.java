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

import java.security.Principal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;

import io.github.polarspring.checkout.MinorUnits;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.Assert;

/**
 * Configuration properties for the shop.
 *
 * @param products the products of the shop, by the names in {@code polar.products}
 * @param embedScript the URL of Polar's script for embedding, or {@code null} to redirect
 * buyers to Polar's page
 */
@ConfigurationProperties("shop")
record ShopProperties(Map<String, Item> products, @Nullable String embedScript) {

	/**
	 * Return the price of Pro, with a discount of 20 percent for logged-in customers.
	 */
	long priceOfProFor(@Nullable Principal customer) {
		long price = item("pro").amount();
		return (customer != null) ? price * 4 / 5 : price;
	}

	private Item item(String product) {
		Item item = this.products.get(product);
		Assert.state(item != null, () -> "'shop.products." + product + "' is missing");
		return item;
	}

	static String format(long amount) {
		NumberFormat format = NumberFormat.getCurrencyInstance(Locale.US);
		format.setCurrency(Currency.getInstance("USD"));
		return format.format(MinorUnits.toMajorUnits(amount, "usd"));
	}

	/**
	 * A product of the shop.
	 *
	 * @param name the name
	 * @param description the description
	 * @param amount the price in cents
	 */
	record Item(String name, String description, long amount) {

		public String price() {
			return format(this.amount);
		}

	}

}
