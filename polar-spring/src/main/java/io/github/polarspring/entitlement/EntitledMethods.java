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

package io.github.polarspring.entitlement;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.aop.GuardedMethods;
import io.github.polarspring.aop.GuardedMethods.GuardedMethod;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * Lookup of {@link PolarEntitled} methods and the features that they require.
 */
final class EntitledMethods {

	/**
	 * Annotations of handler methods that do not handle HTTP requests themselves.
	 */
	private static final List<String> OTHER_HANDLERS = List.of(
			"org.springframework.messaging.handler.annotation.MessageMapping",
			"org.springframework.graphql.data.method.annotation.SchemaMapping",
			"org.springframework.graphql.data.method.annotation.BatchMapping");

	private final Supplier<PolarFeatures> features;

	private final boolean handlersIntercepted;

	/**
	 * Create a lookup.
	 * @param features the configured features
	 * @param handlersIntercepted whether an interceptor checks the handler methods of
	 * controllers
	 */
	EntitledMethods(Supplier<PolarFeatures> features, boolean handlersIntercepted) {
		this.features = features;
		this.handlersIntercepted = handlersIntercepted;
	}

	/**
	 * Return the lookup for a class.
	 * @throws PolarConfigurationException if the class has several annotations
	 */
	MetadataLookup<GuardedMethod<Feature>> of(Class<?> type) {
		String onClass = value(ClassUtils.getUserClass(type));
		boolean controller = AnnotatedElementUtils.hasAnnotation(type, Controller.class);
		return (method) -> examine(method, onClass, controller);
	}

	private @Nullable GuardedMethod<Feature> examine(Method method, @Nullable String onClass, boolean controller) {
		String own = value(method);
		String name = (own != null) ? own : onClass;
		if (name == null) {
			return null;
		}
		MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		boolean http = annotations.isPresent(RequestMapping.class) || annotations.isPresent(HttpExchange.class);
		if (own == null && (Modifier.isStatic(method.getModifiers()) || Modifier.isPrivate(method.getModifiers())
				|| ReflectionUtils.isObjectMethod(method)
				|| (controller && !http && OTHER_HANDLERS.stream().noneMatch(annotations::isPresent)))) {
			return null;
		}
		try {
			Feature feature = this.features.get().require(name);
			boolean intercepted = this.handlersIntercepted && controller && http;
			return new GuardedMethod<>(method, feature, own != null, !intercepted);
		}
		catch (PolarConfigurationException ex) {
			throw new PolarConfigurationException("%s Required by the @PolarEntitled method %s."
				.formatted(ex.getMessage(), GuardedMethods.describe(method)), ex.getAction());
		}
	}

	/**
	 * Return the name of the feature in the nearest annotation.
	 */
	private static @Nullable String value(AnnotatedElement element) {
		Set<String> values = GuardedMethods.nearest(element, PolarEntitled.class)
			.stream()
			.map((annotation) -> annotation.getString(MergedAnnotation.VALUE))
			.collect(Collectors.toSet());
		if (values.size() > 1) {
			throw new PolarConfigurationException(
					"More than one @PolarEntitled annotation applies to %s"
						.formatted((element instanceof Method method) ? GuardedMethods.describe(method) : element),
					"Remove all but one, or combine the features in 'polar.features'.");
		}
		return values.isEmpty() ? null : values.iterator().next();
	}

}
