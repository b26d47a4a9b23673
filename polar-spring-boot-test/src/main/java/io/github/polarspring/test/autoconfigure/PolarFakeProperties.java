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

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.polarspring.model.RecurringInterval;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties for the fake of Polar.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("polar.fake")
public class PolarFakeProperties {

	/**
	 * Whether to use the fake if no access token is configured. By default, the fake is
	 * used during development only.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Port of the fake. By default, a free port is used.
	 */
	private int port;

	/**
	 * Names and prices of the products in 'polar.products', by the same names.
	 */
	private final Map<String, Product> products = new LinkedHashMap<>();

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public int getPort() {
		return this.port;
	}

	public void setPort(int port) {
		this.port = port;
	}

	public Map<String, Product> getProducts() {
		return this.products;
	}

	/**
	 * Product of the fake.
	 */
	public static class Product {

		/**
		 * Name on the checkout page. By default, the name in 'polar.products'.
		 */
		private @Nullable String name;

		/**
		 * Price of the product in minor units of the currency.
		 */
		private long amount = 1000;

		/**
		 * Currency of the price, as a three-letter code in lower case.
		 */
		private String currency = "usd";

		/**
		 * Recurring interval of a subscription. By default, the product is a one-time
		 * purchase.
		 */
		private @Nullable RecurringInterval interval;

		public @Nullable String getName() {
			return this.name;
		}

		public void setName(@Nullable String name) {
			this.name = name;
		}

		public long getAmount() {
			return this.amount;
		}

		public void setAmount(long amount) {
			this.amount = amount;
		}

		public String getCurrency() {
			return this.currency;
		}

		public void setCurrency(String currency) {
			this.currency = currency;
		}

		public @Nullable RecurringInterval getInterval() {
			return this.interval;
		}

		public void setInterval(@Nullable RecurringInterval interval) {
			this.interval = interval;
		}

	}

}
