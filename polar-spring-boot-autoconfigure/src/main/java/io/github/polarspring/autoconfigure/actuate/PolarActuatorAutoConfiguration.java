package io.github.polarspring.autoconfigure.actuate;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.client.RecentCalls;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what Spring Boot Actuator tells
 * of Polar: its health from real calls, which Polar is called, and no secrets.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarAutoConfiguration.class)
@ConditionalOnBean(PolarConnectionDetails.class)
public final class PolarActuatorAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	@ConditionalOnEnabledHealthIndicator("polar")
	static class HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = { "polarHealthIndicator", "polarHealthContributor" })
		PolarHealthIndicator polarHealthContributor(RecentCalls recentCalls) {
			return new PolarHealthIndicator(recentCalls);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
	@ConditionalOnEnabledInfoContributor("polar")
	static class InfoConfiguration {

		@Bean
		@ConditionalOnMissingBean
		PolarInfoContributor polarInfoContributor(PolarProperties properties,
				PolarConnectionDetails connectionDetails) {
			return new PolarInfoContributor(properties, connectionDetails);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SanitizingFunction.class)
	static class SanitizingConfiguration {

		@Bean
		PolarSecrets polarSecrets(PolarProperties properties) {
			return new PolarSecrets(properties);
		}

	}

}
