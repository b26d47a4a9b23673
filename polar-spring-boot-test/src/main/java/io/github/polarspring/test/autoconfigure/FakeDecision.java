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

import java.security.CodeSource;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.test.PolarFake;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.NativeDetector;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Decision on whether the fake replaces Polar. A fake in production would give products
 * away for free, so by default it is used in development only. Decided at runtime,
 * because ahead-of-time processing would evaluate a condition at build time, when the
 * production token is not available.
 *
 * @param on whether the fake is used
 * @param reason why the fake is not used although there is no token, or {@code null} if
 * there is nothing to explain
 */
record FakeDecision(boolean on, @Nullable String reason) {

	/**
	 * Output directories of build tools and IDEs. Applications in other locations are
	 * considered packaged.
	 */
	private static final String DEVELOPED = ".*/(target/(test-)?classes|build/classes/[^/]+/[^/]+|bin/(main|test|default)"
			+ "|out/(production|test)/.+)/";

	private static final FakeDecision ON = new FakeDecision(true, null);

	static FakeDecision take(PolarProperties properties, @Nullable Boolean enabled, Environment environment,
			ListableBeanFactory beanFactory) {
		if (StringUtils.hasText(properties.accessToken())) {
			return new FakeDecision(false, null);
		}
		if (properties.baseUrl() != null && !properties.baseUrl().toString().isEmpty()) {
			return off("'polar.base-url' is set");
		}
		if (Boolean.TRUE.equals(enabled)) {
			return ON;
		}
		if (Boolean.FALSE.equals(enabled)) {
			return off("'polar.fake.enabled' is false");
		}
		String production = signOfProduction(environment, beanFactory);
		return (production != null) ? off(production + ". To use it anyway, set 'polar.fake.enabled' to true") : ON;
	}

	private static FakeDecision off(String reason) {
		return new FakeDecision(false,
				"The fake of polar-spring-boot-test is on the classpath but not used, because " + reason + ".");
	}

	private static @Nullable String signOfProduction(Environment environment, ListableBeanFactory beanFactory) {
		if (NativeDetector.inNativeImage()) {
			return "the application is a native image";
		}
		if (isPackaged(beanFactory)) {
			return "the application runs from a packaged archive";
		}
		CloudPlatform platform = CloudPlatform.getActive(environment);
		if (platform != null) {
			return "the application runs on " + platform;
		}
		for (String profile : environment.getActiveProfiles()) {
			if (profile.toLowerCase(Locale.ROOT).startsWith("prod")) {
				return "the profile '" + profile + "' is active";
			}
		}
		return StringUtils.hasText(Binder.get(environment).bind("polar.environment", String.class).orElse(""))
				? "'polar.environment' is set, which requires the real Polar" : null;
	}

	/**
	 * Return whether the application is packaged, based on the location of its classes
	 * and of the fake. In case of doubt, the application is considered packaged.
	 */
	private static boolean isPackaged(ListableBeanFactory beanFactory) {
		Set<String> applications = new LinkedHashSet<>(
				Arrays.asList(beanFactory.getBeanNamesForAnnotation(EnableAutoConfiguration.class)));
		applications.addAll(Arrays.asList(beanFactory.getBeanNamesForAnnotation(SpringBootConfiguration.class)));
		return applications.isEmpty() || isInArchive(location(PolarFake.class))
				|| applications.stream().map(beanFactory::getType).anyMatch(FakeDecision::isPackaged);
	}

	private static boolean isPackaged(@Nullable Class<?> application) {
		String location = (application != null) ? location(ClassUtils.getUserClass(application)) : null;
		return location == null || isInArchive(location) || !location.matches(DEVELOPED);
	}

	private static boolean isInArchive(@Nullable String location) {
		return location == null || !location.startsWith("file:") || location.contains("/BOOT-INF/")
				|| location.contains("/WEB-INF/");
	}

	private static @Nullable String location(Class<?> type) {
		CodeSource source = type.getProtectionDomain().getCodeSource();
		return (source != null && source.getLocation() != null) ? source.getLocation().toString() : null;
	}

}
