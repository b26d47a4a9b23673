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

import java.util.stream.Stream;

import io.github.polarspring.product.PolarCatalog;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventRecorder;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * {@link PolarEventRecorder} that refreshes the catalog after an event about a product.
 * It does not create the catalog, which needs the access token.
 */
final class CatalogRefresh implements PolarEventRecorder {

	private final ConfigurableListableBeanFactory beanFactory;

	CatalogRefresh(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void record(PolarEvent<?> event) {
		if (uses(event.type())) {
			Stream.of(this.beanFactory.getBeanNamesForType(PolarCatalog.class, false, false))
				.filter(this.beanFactory::containsSingleton)
				.map((name) -> this.beanFactory.getBean(name, PolarCatalog.class))
				.forEach(PolarCatalog::refresh);
		}
	}

	@Override
	public boolean uses(String type) {
		return type.startsWith("product.");
	}

}
