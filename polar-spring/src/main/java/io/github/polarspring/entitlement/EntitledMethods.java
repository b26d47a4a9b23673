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

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.polarspring.PolarConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * Registry of the {@link PolarEntitled} methods of all classes. A class is examined and
 * checked once, when it is first looked up.
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

	private final BooleanSupplier classProxies;

	private final Map<Class<?>, EntitledClass> classes = new ConcurrentHashMap<>();

	/**
	 * Whether types or their own methods have the annotation.
	 */
	private final Map<Class<?>, Boolean> annotated = new ConcurrentHashMap<>();

	/**
	 * Whether types of annotations have the annotation.
	 */
	private final Map<Class<?>, Boolean> composed = new ConcurrentHashMap<>();

	/**
	 * Create a registry.
	 * @param features the configured features
	 * @param handlersIntercepted whether an interceptor checks the handler methods of
	 * controllers
	 * @param classProxies whether beans are wrapped by subclasses even if they implement
	 * interfaces
	 */
	EntitledMethods(Supplier<PolarFeatures> features, boolean handlersIntercepted, BooleanSupplier classProxies) {
		this.features = features;
		this.handlersIntercepted = handlersIntercepted;
		this.classProxies = classProxies;
	}

	/**
	 * Return the annotated methods of a class.
	 * @throws PolarConfigurationException if one has an unknown feature, or nothing could
	 * check it
	 */
	EntitledClass of(Class<?> type) {
		EntitledClass known = this.classes.get(type);
		if (known == null) {
			known = examine(type);
			this.classes.put(type, known);
		}
		return known;
	}

	private EntitledClass examine(Class<?> type) {
		if (!isCandidate(type)) {
			return new EntitledClass(type, Map.of());
		}
		String onClass = value(ClassUtils.getUserClass(type));
		boolean controller = AnnotatedElementUtils.hasAnnotation(type, Controller.class);
		Map<Method, EntitledMethod> methods = MethodIntrospector.selectMethods(type,
				(MetadataLookup<EntitledMethod>) (method) -> examine(method, onClass, controller));
		methods.values().stream().filter((method) -> !method.handler()).forEach((method) -> check(method, type));
		return new EntitledClass(type, methods);
	}

	private @Nullable EntitledMethod examine(Method method, @Nullable String onClass, boolean controller) {
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
			return new EntitledMethod(method, feature, own != null, this.handlersIntercepted && controller && http);
		}
		catch (PolarConfigurationException ex) {
			throw new PolarConfigurationException(
					"%s Required by the @PolarEntitled method %s.".formatted(ex.getMessage(), describe(method)),
					ex.getAction());
		}
	}

	private void check(EntitledMethod entitled, Class<?> type) {
		Method method = entitled.method();
		if (Modifier.isStatic(method.getModifiers())) {
			throw entitled.unchecked("it is static", "Make it an instance method of a bean.");
		}
		if (Modifier.isPrivate(method.getModifiers())) {
			throw entitled.unchecked("it is private", "Remove 'private', and call the method from another bean.");
		}
		if (AnnotatedElementUtils.hasAnnotation(method, Bean.class)) {
			throw entitled.unchecked("Spring calls it to create a bean",
					"Move the annotation to the class of that bean, or to its methods.");
		}
		boolean interfaces = Proxy.isProxyClass(type) || ClassUtils.isLambdaClass(type)
				|| (!this.classProxies.getAsBoolean() && ClassUtils.getAllInterfacesForClass(type).length > 0);
		if (!interfaces && Modifier.isFinal(type.getModifiers())) {
			throw entitled.unchecked("its class is final",
					"Remove 'final'. In Kotlin, add 'open' to the class and the method.");
		}
		if (!interfaces && Modifier.isFinal(method.getModifiers())) {
			throw entitled.unchecked("it is final", "Remove 'final'. In Kotlin, add 'open'.");
		}
	}

	/**
	 * Return the name of the feature in the nearest annotation.
	 */
	private static @Nullable String value(AnnotatedElement element) {
		List<MergedAnnotation<PolarEntitled>> annotations = MergedAnnotations
			.from(element, SearchStrategy.TYPE_HIERARCHY)
			.stream(PolarEntitled.class)
			.toList();
		if (annotations.isEmpty()) {
			return null;
		}
		int nearest = annotations.get(0).getAggregateIndex();
		Set<String> values = annotations.stream()
			.filter((annotation) -> annotation.getAggregateIndex() == nearest)
			.map((annotation) -> annotation.getString(MergedAnnotation.VALUE))
			.collect(Collectors.toSet());
		if (values.size() > 1) {
			throw new PolarConfigurationException(
					"More than one @PolarEntitled annotation applies to %s"
						.formatted((element instanceof Method method) ? describe(method) : element),
					"Remove all but one, or combine the features in 'polar.features'.");
		}
		return values.iterator().next();
	}

	/**
	 * Return whether a class, or what it extends or implements, has a relevant
	 * annotation. Most classes have none, and this is much faster than a lookup for each
	 * method.
	 */
	private boolean isCandidate(Class<?> type) {
		for (Class<?> current = type; current != null && current != Object.class; current = current.getSuperclass()) {
			if (this.annotated.computeIfAbsent(current, this::isAnnotated)) {
				return true;
			}
		}
		for (Class<?> current : ClassUtils.getAllInterfacesForClass(type)) {
			if (this.annotated.computeIfAbsent(current, this::isAnnotated)) {
				return true;
			}
		}
		return false;
	}

	private boolean isAnnotated(Class<?> type) {
		if (!AnnotationUtils.isCandidateClass(type, PolarEntitled.class)) {
			return false;
		}
		for (Method method : ReflectionUtils.getDeclaredMethods(type)) {
			if (isAnnotated(method.getDeclaredAnnotations())) {
				return true;
			}
		}
		return isAnnotated(type.getDeclaredAnnotations());
	}

	private boolean isAnnotated(Annotation[] annotations) {
		for (Annotation annotation : annotations) {
			Class<? extends Annotation> type = annotation.annotationType();
			if (type == PolarEntitled.class || this.composed.computeIfAbsent(type,
					(key) -> AnnotatedElementUtils.isAnnotated(key, PolarEntitled.class))) {
				return true;
			}
		}
		return false;
	}

	private static String describe(Method method) {
		return ClassUtils.getUserClass(method.getDeclaringClass()).getName() + "#" + method.getName();
	}

	/**
	 * Annotated methods of a class.
	 */
	static final class EntitledClass {

		private final Class<?> type;

		private final Map<Method, EntitledMethod> methods;

		/**
		 * Results by the methods that are called, which can be those of interfaces.
		 */
		private final Map<Method, Optional<EntitledMethod>> calls = new ConcurrentHashMap<>();

		private EntitledClass(Class<?> type, Map<Method, EntitledMethod> methods) {
			this.type = type;
			this.methods = methods;
		}

		List<EntitledMethod> all() {
			return List.copyOf(this.methods.values());
		}

		/**
		 * Return the methods that no interceptor of controllers checks.
		 */
		List<EntitledMethod> advised() {
			return this.methods.values().stream().filter((method) -> !method.handler()).toList();
		}

		@Nullable EntitledMethod find(Method called) {
			if (this.methods.isEmpty()) {
				return null;
			}
			Optional<EntitledMethod> known = this.calls.get(called);
			return ((known != null) ? known : this.calls.computeIfAbsent(called, this::resolve)).orElse(null);
		}

		private Optional<EntitledMethod> resolve(Method called) {
			EntitledMethod method = this.methods.get(called);
			return Optional.ofNullable(
					(method != null) ? method : this.methods.get(AopUtils.getMostSpecificMethod(called, this.type)));
		}

	}

	/**
	 * Annotated method.
	 *
	 * @param method the most specific method
	 * @param feature the feature that is required
	 * @param own whether the annotation is on the method, not on its class
	 * @param handler whether an interceptor of controllers checks it
	 */
	record EntitledMethod(Method method, Feature feature, boolean own, boolean handler) {

		PolarConfigurationException unchecked(String reason, String action) {
			return new PolarConfigurationException(
					"The @PolarEntitled method %s cannot be checked: %s".formatted(describe(this.method), reason),
					action);
		}

		@Override
		public String toString() {
			return describe(this.method);
		}

	}

}
