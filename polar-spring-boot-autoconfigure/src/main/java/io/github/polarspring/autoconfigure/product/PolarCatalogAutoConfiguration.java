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

import java.time.Clock;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.product.PolarCatalog;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.webhook.PolarEventRecorder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the catalog of products, for its
 * refresh by events, and for its check at startup. The catalog is created lazily, because
 * it needs the access token.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarAutoConfiguration.class)
@ConditionalOnBean(PolarProducts.class)
public final class PolarCatalogAutoConfiguration {

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	PolarCatalog polarCatalog(PolarClient client, PolarProducts products, ObjectProvider<Clock> clock) {
		return new PolarCatalog(client, products, clock.getIfUnique(Clock::systemUTC));
	}

	@Bean
	PolarEventRecorder polarCatalogRecorder(ConfigurableListableBeanFactory beanFactory) {
		return new CatalogRefresh(beanFactory);
	}

	/**
	 * Never lazy, even with {@code spring.main.lazy-initialization}, because nothing else
	 * needs it.
	 */
	@Bean
	@Lazy(false)
	@ConditionalOnBooleanProperty("polar.check-products")
	ProductCheck polarProductCheck(ObjectProvider<PolarCatalog> catalog) {
		return new ProductCheck(catalog::getObject);
	}

}
