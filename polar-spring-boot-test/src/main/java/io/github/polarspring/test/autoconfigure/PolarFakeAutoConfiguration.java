package io.github.polarspring.test.autoconfigure;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.PropertiesPolarConnectionDetails;
import io.github.polarspring.checkout.PolarProducts;
import io.github.polarspring.test.PolarFake;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that lets the fake take Polar's
 * place where an application is developed and no access token is set. Started when
 * something asks for Polar.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = PolarAutoConfiguration.class)
@Conditional(NotDuringAotProcessing.class)
@EnableConfigurationProperties({ PolarProperties.class, PolarFakeProperties.class })
public final class PolarFakeAutoConfiguration {

	private static final Log logger = LogFactory.getLog(PolarFakeAutoConfiguration.class);

	@Bean
	static FakeInTests polarFakeInTests(Environment environment) {
		return new FakeInTests(environment);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean(PolarConnectionDetails.class)
	PolarConnectionDetails polarFakeConnectionDetails(PolarProperties properties, PolarFakeProperties fakeProperties,
			Environment environment, ListableBeanFactory beanFactory, ObjectProvider<PolarFake> fake) {
		FakeDecision decision = FakeDecision.take(properties, fakeProperties.getEnabled(), environment, beanFactory);
		PropertiesPolarConnectionDetails configured = new PropertiesPolarConnectionDetails(properties);
		return decision.on() ? new FakeConnectionDetails(fake::getObject, configured.getWebhookSecrets())
				: new ExplainedConnectionDetails(configured, decision.reason());
	}

	@Bean(destroyMethod = "close")
	@Lazy
	@ConditionalOnMissingBean
	PolarFake polarFake(PolarProperties properties, PolarFakeProperties fakeProperties, PolarProducts products,
			Environment environment, ListableBeanFactory beanFactory, PolarConnectionDetails connectionDetails) {
		FakeDecision decision = FakeDecision.take(properties, fakeProperties.getEnabled(), environment, beanFactory);
		if (!decision.on()) {
			throw new PolarConfigurationException(
					(decision.reason() != null) ? decision.reason()
							: "The fake of Polar stays off, because an access token is set.",
					"Do not ask for the bean 'polarFake' here, or start one with PolarFake.start().");
		}
		PolarFake fake = start(fakeProperties.getPort());
		if (properties.getOrganizationId() != null) {
			fake.organizationId(properties.getOrganizationId());
		}
		products.asMap().forEach((name, id) -> addProduct(fake, name, id, fakeProperties));
		connectionDetails.getWebhookSecrets()
			.stream()
			.findFirst()
			.ifPresent((secret) -> fake.webhooks().addEndpoint(() -> webhookUrl(properties, environment), secret));
		logger.info("No access token for Polar is set: a fake of it runs at " + fake.baseUrl() + ". No money moves.");
		return fake;
	}

	private static PolarFake start(int port) {
		try {
			return PolarFake.start(port);
		}
		catch (RuntimeException ex) {
			if (port == 0) {
				throw ex;
			}
			throw new PolarConfigurationException("The fake of Polar cannot start on the port %d.".formatted(port),
					"Stop what uses the port, or remove 'polar.fake.port' to let the fake take any that is free.");
		}
	}

	/**
	 * Return where the application itself takes webhooks, once its server runs.
	 */
	private static @Nullable URI webhookUrl(PolarProperties properties, Environment environment) {
		String port = environment.getProperty("local.server.port");
		if (port == null) {
			return null;
		}
		String scheme = StringUtils.hasText(environment.getProperty("server.ssl.bundle"))
				|| StringUtils.hasText(environment.getProperty("server.ssl.key-store")) ? "https" : "http";
		return URI.create("%s://localhost:%s%s%s".formatted(scheme, port,
				environment.getProperty("server.servlet.context-path", ""), properties.getWebhook().getPath()));
	}

	private static void addProduct(PolarFake fake, String name, UUID id, PolarFakeProperties properties) {
		PolarFakeProperties.Product product = find(properties.getProducts(), name);
		String displayName = product.getName();
		try {
			String shown = (displayName != null) ? displayName : StringUtils.capitalize(name);
			String currency = product.getCurrency().toLowerCase(Locale.ROOT);
			if (product.getInterval() != null) {
				fake.addSubscription(id, shown, product.getAmount(), currency, product.getInterval());
			}
			else {
				fake.addProduct(id, shown, product.getAmount(), currency);
			}
			fake.nameProduct(name, id);
		}
		catch (IllegalArgumentException ex) {
			// its threads would keep the application alive
			fake.close();
			throw new PolarConfigurationException(
					"The fake of Polar cannot sell the product '%s': %s.".formatted(name, ex.getMessage()),
					"Correct 'polar.products.%1$s' or 'polar.fake.products.%1$s'.".formatted(name));
		}
	}

	private static PolarFakeProperties.Product find(Map<String, PolarFakeProperties.Product> products, String name) {
		return products.entrySet()
			.stream()
			.filter((entry) -> uniform(entry.getKey()).equals(uniform(name)))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElseGet(PolarFakeProperties.Product::new);
	}

	private static String uniform(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
	}

}
