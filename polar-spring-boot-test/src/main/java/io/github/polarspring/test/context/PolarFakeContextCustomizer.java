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

package io.github.polarspring.test.context;

import java.util.Map;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * {@link ContextCustomizer} that enables the fake, overriding the settings of the
 * environment. All instances are equal, so that contexts are cached.
 */
record PolarFakeContextCustomizer() implements ContextCustomizer {

	private static final Map<String, Object> PROPERTIES = Map.of("polar.access-token", "", "polar.base-url", "",
			"polar.fake.enabled", "true", "polar.fake.port", "0", "polar.fake.in-test", "true");

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("polar-fake", PROPERTIES));
	}

}
