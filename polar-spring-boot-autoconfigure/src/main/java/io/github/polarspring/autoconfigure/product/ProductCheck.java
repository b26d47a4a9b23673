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

import java.util.List;
import java.util.function.Supplier;

import io.github.polarspring.PolarException;
import io.github.polarspring.product.PolarCatalog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Checks the configured products in the background when the application has started, and
 * logs which of them cannot be sold. The application starts in any case: a product can be
 * corrected at Polar.
 */
final class ProductCheck implements ApplicationListener<ApplicationReadyEvent> {

	private static final Log logger = LogFactory.getLog(ProductCheck.class);

	private final Supplier<PolarCatalog> catalog;

	ProductCheck(Supplier<PolarCatalog> catalog) {
		this.catalog = catalog;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		PolarCatalog catalog = this.catalog.get();
		Thread thread = new Thread(() -> check(catalog), "polar-product-check");
		thread.setDaemon(true);
		thread.start();
	}

	private static void check(PolarCatalog catalog) {
		try {
			List<String> problems = catalog.check();
			problems.forEach(logger::error);
			if (problems.isEmpty()) {
				logger.info("All products in 'polar.products' can be sold");
			}
		}
		catch (PolarException ex) {
			logger.warn("The products in 'polar.products' cannot be checked: " + ex.getMessage());
		}
	}

}
