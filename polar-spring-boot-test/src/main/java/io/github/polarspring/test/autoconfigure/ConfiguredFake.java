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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.usage.PolarMeters;
import io.github.polarspring.usage.UsageMeter;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.context.reactive.ConfigurableReactiveWebEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.util.StringUtils;

/**
 * Creates the fake with the products, the catalog, the organization and the webhook
 * endpoint from the application's properties.
 */
final class ConfiguredFake {

	private static final int MIN_METER_NAME = 3;

	private final PolarProperties properties;

	private final PolarFakeProperties fakeProperties;

	private final Environment environment;

	ConfiguredFake(PolarProperties properties, PolarFakeProperties fakeProperties, Environment environment) {
		this.properties = properties;
		this.fakeProperties = fakeProperties;
		this.environment = environment;
	}

	PolarFake start(Map<String, UUID> products, @Nullable PolarMeters meters, List<String> webhookSecrets) {
		PolarFake fake = listen(this.fakeProperties.port());
		try {
			if (this.properties.organizationId() != null) {
				fake.organizationId(this.properties.organizationId());
			}
			products.forEach((name, id) -> addProduct(fake, name, id));
			if (meters != null) {
				meters.all().forEach((meter) -> addMeter(fake, meter));
			}
			if (this.fakeProperties.catalog() != null) {
				addCatalog(fake, this.fakeProperties.catalog());
			}
			webhookSecrets.stream()
				.findFirst()
				.ifPresent((secret) -> fake.webhooks().addEndpoint(this::webhookUrl, secret));
			return fake;
		}
		catch (RuntimeException ex) {
			// its threads would prevent the application from exiting
			fake.close();
			throw ex;
		}
	}

	private static PolarFake listen(int port) {
		try {
			return PolarFake.start(port);
		}
		catch (RuntimeException ex) {
			if (port == 0) {
				throw ex;
			}
			throw new PolarConfigurationException("The fake of Polar could not be started on port %d.".formatted(port),
					"Stop the process that uses the port, or remove 'polar.fake.port' to use a free port.");
		}
	}

	/**
	 * Return the URL of the application's webhook endpoint, or {@code null} if the server
	 * is not running yet.
	 */
	private @Nullable URI webhookUrl() {
		String port = this.environment.getProperty("local.server.port");
		if (port == null) {
			return null;
		}
		String scheme = (StringUtils.hasText(this.environment.getProperty("server.ssl.bundle"))
				|| StringUtils.hasText(this.environment.getProperty("server.ssl.key-store"))) ? "https" : "http";
		String contextPath = (this.environment instanceof ConfigurableReactiveWebEnvironment)
				? "spring.webflux.base-path" : "server.servlet.context-path";
		return URI.create("%s://localhost:%s%s%s".formatted(scheme, port, this.environment.getProperty(contextPath, ""),
				this.properties.webhook().path()));
	}

	private void addProduct(PolarFake fake, String name, UUID id) {
		PolarFakeProperties.Product product = find(this.fakeProperties.products(), name);
		String displayName = product.name();
		try {
			String shown = (displayName != null) ? displayName : StringUtils.capitalize(name);
			String currency = product.currency().toLowerCase(Locale.ROOT);
			if (product.interval() != null) {
				fake.addSubscription(id, shown, product.amount(), currency, product.interval());
			}
			else {
				fake.addProduct(id, shown, product.amount(), currency);
			}
			fake.nameProduct(name, id);
		}
		catch (IllegalArgumentException ex) {
			throw new PolarConfigurationException(
					"The fake of Polar does not support the product '%s': %s.".formatted(name, ex.getMessage()),
					"Correct 'polar.products.%1$s' or 'polar.fake.products.%1$s'.".formatted(name));
		}
	}

	private static void addMeter(PolarFake fake, UsageMeter meter) {
		String event = meter.event();
		String property = meter.property();
		String name = StringUtils.capitalize(meter.name());
		String shown = (name.length() < MIN_METER_NAME) ? name + " meter" : name;
		if (event != null && property != null) {
			fake.usage().addMeter(meter.id(), shown, event, "sum", property);
		}
		else if (event != null) {
			fake.usage().addMeter(meter.id(), shown, event);
		}
	}

	private static void addCatalog(PolarFake fake, Resource catalog) {
		try {
			fake.addCatalog(catalog.getContentAsString(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new PolarConfigurationException(
					"The catalog of the fake, %s, cannot be read.".formatted(catalog.getDescription()),
					"Create the file, or correct 'polar.fake.catalog'.");
		}
		catch (IllegalArgumentException ex) {
			throw new PolarConfigurationException(
					"The catalog of the fake, %s, is invalid: %s.".formatted(catalog.getDescription(), ex.getMessage()),
					"Correct the file, or remove 'polar.fake.catalog'.");
		}
	}

	private static PolarFakeProperties.Product find(Map<String, PolarFakeProperties.Product> products, String name) {
		return products.entrySet()
			.stream()
			.filter((entry) -> uniform(entry.getKey()).equals(uniform(name)))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElseGet(() -> new Binder().bindOrCreate("product", PolarFakeProperties.Product.class));
	}

	private static String uniform(String name) {
		return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
	}

}
