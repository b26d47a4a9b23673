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

import io.github.polarspring.usage.PolarUsageTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Provides the template for usage, if the application uses it. It is not created for this
 * purpose, because it would need the access token and its tables.
 */
final class UsedUsage {

	private static final String TEMPLATE = "polarUsage";

	private final ConfigurableListableBeanFactory beanFactory;

	UsedUsage(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Nullable PolarUsageTemplate get() {
		return (this.beanFactory.containsSingleton(TEMPLATE)
				&& this.beanFactory.getSingleton(TEMPLATE) instanceof PolarUsageTemplate used) ? used : null;
	}

}
