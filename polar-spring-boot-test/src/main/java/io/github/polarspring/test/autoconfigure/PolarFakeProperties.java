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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.polarspring.model.RecurringInterval;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.io.Resource;

/**
 * Configuration properties for the fake of Polar.
 *
 * @param enabled Whether to use the fake if no access token is configured. By default,
 * the fake is used during development only.
 * @param port Port of the fake. By default, a free port is used.
 * @param products Names and prices of the products in 'polar.products', by the same
 * names.
 * @param catalog Location of a JSON file with the catalog of the fake. Products of the
 * file replace those of 'polar.fake.products' with the same IDs.
 * @since 0.1.0
 */
@ConfigurationProperties("polar.fake")
public record PolarFakeProperties(@Nullable Boolean enabled, @DefaultValue("0") int port,
		@DefaultValue Map<String, Product> products, @Nullable Resource catalog) implements InitializingBean {

	private static final int MAX_PORT = 65535;

	public PolarFakeProperties {
		products = Collections.unmodifiableMap(new LinkedHashMap<>(products));
	}

	@Override
	public void afterPropertiesSet() {
		if (this.port < 0 || this.port > MAX_PORT) {
			throw new InvalidConfigurationPropertyValueException("polar.fake.port", this.port,
					"It must be a port from 1 to 65535, or 0 for any free port.");
		}
	}

	/**
	 * Product of the fake.
	 *
	 * @param name Name on the checkout page. By default, the name in 'polar.products'.
	 * @param amount Price of the product in minor units of the currency.
	 * @param currency Currency of the price, as a three-letter code in lower case.
	 * @param interval Recurring interval of a subscription. By default, the product is a
	 * one-time purchase.
	 */
	public record Product(@Nullable String name, @DefaultValue("1000") long amount,
			@DefaultValue("usd") String currency, @Nullable RecurringInterval interval) {

	}

}
