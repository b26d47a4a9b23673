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

package io.github.polarspring.autoconfigure.actuate;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarProperties;

import org.springframework.boot.actuate.autoconfigure.web.exchanges.HttpExchangesProperties;
import org.springframework.boot.actuate.web.exchanges.HttpExchangeRepository;
import org.springframework.boot.actuate.web.exchanges.Include;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.servlet.actuate.web.exchanges.HttpExchangesFilter;
import org.springframework.boot.servlet.autoconfigure.actuate.web.exchanges.ServletHttpExchangesAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for recording HTTP exchanges without
 * Polar's secrets. Exchanges are recorded only if there is a
 * {@link HttpExchangeRepository} bean.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarAutoConfiguration.class, before = ServletHttpExchangesAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ HttpExchangeRepository.class, HttpExchangesFilter.class, HttpExchangesProperties.class })
@ConditionalOnBooleanProperty(name = "management.httpexchanges.recording.enabled", matchIfMissing = true)
@ConditionalOnBean(HttpExchangeRepository.class)
@EnableConfigurationProperties(HttpExchangesProperties.class)
public final class PolarHttpExchangesAutoConfiguration {

	/**
	 * Names of the headers that proxies use to forward the buyer's address.
	 */
	private static final String ADDRESS_HEADER = "(?i)(x-)?forwarded(-for)?|.*ip(v6)?";

	@Bean
	@ConditionalOnMissingBean
	HttpExchangesFilter polarHttpExchangesFilter(HttpExchangeRepository repository, HttpExchangesProperties exchanges,
			PolarProperties polar) {
		Set<Include> include = new LinkedHashSet<>(exchanges.getRecording().getInclude());
		if (!polar.clientIp().enabled()) {
			return new HttpExchangesFilter(new CleanedHttpExchanges(repository, (header) -> false), include);
		}
		// the addresses of buyers are personal data and not recorded
		include.remove(Include.REMOTE_ADDRESS);
		Predicate<String> ofAddress = (header) -> header.matches(ADDRESS_HEADER)
				|| polar.clientIp().headers().stream().anyMatch(header::equalsIgnoreCase);
		return new HttpExchangesFilter(new CleanedHttpExchanges(repository, ofAddress), include);
	}

}
