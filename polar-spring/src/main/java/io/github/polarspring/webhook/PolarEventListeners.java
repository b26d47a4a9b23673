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

package io.github.polarspring.webhook;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.polarspring.PolarConfigurationException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.event.EventListener;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The {@link PolarEventListener} methods of the application. Found by the types of the
 * beans, none of which is created for it: a lazy bean is created by its first event. A
 * bean of this type lets an inbox of one's own call them.
 *
 * @since 0.1.0
 */
public final class PolarEventListeners implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(PolarEventListeners.class);

	private static final Set<Class<?>> ALL = Set.of(Object.class, JsonNode.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final Supplier<List<Listener>> listeners = SingletonSupplier.of(this::find);

	private final Supplier<ObservationRegistry> observations;

	/**
	 * Create the listeners.
	 * @param beanFactory holds the beans
	 */
	public PolarEventListeners(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		this.observations = SingletonSupplier.of(() -> beanFactory.getBeanProvider(ObservationRegistry.class)
			.getIfUnique(() -> ObservationRegistry.NOOP));
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.listeners.get();
	}

	private List<Listener> find() {
		List<Listener> found = new ArrayList<>();
		for (String beanName : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, Object.class)) {
			if (!this.beanFactory.containsBean(beanName) || ScopedProxyUtils.isScopedTarget(beanName)) {
				continue;
			}
			Class<?> type = targetType(beanName);
			if (type != null && AnnotationUtils.isCandidateClass(type, PolarEventListener.class)) {
				methods(type, PolarEventListener.class).stream()
					.sorted(Comparator.comparing(Method::getName))
					.forEach((method) -> found.add(listener(beanName, type, method)));
			}
			if (type != null && AnnotationUtils.isCandidateClass(type, EventListener.class)) {
				methods(type, EventListener.class).forEach(PolarEventListeners::warnOfBrokenPromise);
			}
		}
		found.sort(Comparator.comparingInt((listener) -> listener.order));
		return List.copyOf(found);
	}

	private @Nullable Class<?> targetType(String beanName) {
		try {
			Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, beanName);
			String target = ScopedProxyUtils.getTargetBeanName(beanName);
			if (type != null && this.beanFactory.containsBean(target)) {
				Class<?> scoped = AutoProxyUtils.determineTargetClass(this.beanFactory, target);
				type = (scoped != null) ? scoped : type;
			}
			return (type != null && !type.getName().startsWith("org.springframework.")) ? type : null;
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug("The type of the bean '%s' is not known".formatted(beanName), ex);
			return null;
		}
	}

	private static Set<Method> methods(Class<?> type, Class<? extends java.lang.annotation.Annotation> annotation) {
		try {
			return MethodIntrospector.selectMethods(type,
					(ReflectionUtils.MethodFilter) (method) -> AnnotatedElementUtils.hasAnnotation(method, annotation));
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug("The methods of %s cannot be read".formatted(type.getName()), ex);
			return Set.of();
		}
	}

	private Listener listener(String beanName, Class<?> type, Method method) {
		requireSynchronous(type, method);
		Class<?> beanType = this.beanFactory.getType(beanName);
		invocable(method, (beanType != null) ? beanType : type);
		List<Parameter> parameters = new ArrayList<>();
		Class<?> payload = Object.class;
		for (int i = 0; i < method.getParameterCount(); i++) {
			ResolvableType parameter = ResolvableType.forMethodParameter(method, i, type);
			Class<?> raw = parameter.toClass();
			if (raw == PolarEvent.class) {
				Class<?> of = parameter.getGeneric().resolve(Object.class);
				payload = narrow(method, payload, of);
				parameters.add((event) -> (of != Object.class) ? event.as(of) : event);
			}
			else if (raw == PolarEventMetadata.class) {
				parameters.add(PolarEventMetadata::of);
			}
			else {
				payload = narrow(method, payload, raw);
				parameters.add((event) -> (raw != Object.class) ? event.as(raw).data() : event.data());
			}
		}
		return new Listener(beanName, method, parameters, types(method, payload), order(type, method));
	}

	/**
	 * Return the method to call on a bean, which may be a proxy. What a proxy cannot
	 * intercept runs on the proxy itself, whose fields are empty.
	 */
	private static Method invocable(Method method, Class<?> beanType) {
		boolean proxy = SpringProxy.class.isAssignableFrom(beanType);
		if (proxy && (Modifier.isFinal(method.getModifiers()) || Modifier.isPrivate(method.getModifiers()))) {
			throw unusable(method, "is private or final, and its bean is proxied", "Let it be neither.");
		}
		try {
			return AopUtils.selectInvocableMethod(method, beanType);
		}
		catch (IllegalStateException ex) {
			throw unusable(method, "cannot be called on the proxy of its bean",
					"Declare it in an interface of the bean, or let Spring proxy classes.");
		}
	}

	private static Class<?> narrow(Method method, Class<?> known, Class<?> payload) {
		boolean possible = ALL.contains(payload) || PolarEventTypes.payloads().containsValue(payload);
		if (!possible) {
			throw unusable(method, "has a parameter of type " + payload.getName() + ", which is no payload",
					"It can have a PolarEvent, PolarEventMetadata, JsonNode, or one of " + PolarEventTypes.payloads()
						.values()
						.stream()
						.distinct()
						.map(Class::getSimpleName)
						.collect(Collectors.joining(", ")) + ".");
		}
		if (ALL.contains(known) || ALL.contains(payload) || known == payload) {
			return ALL.contains(payload) ? known : payload;
		}
		throw unusable(method, "has parameters for two kinds of payload", "Make two methods of it.");
	}

	private static Set<String> types(Method method, Class<?> payload) {
		PolarEventListener annotation = AnnotatedElementUtils.findMergedAnnotation(method, PolarEventListener.class);
		Set<String> named = (annotation != null) ? new LinkedHashSet<>(Arrays.asList(annotation.value())) : Set.of();
		Map<String, Class<?>> payloads = PolarEventTypes.payloads();
		if (named.isEmpty()) {
			return ALL.contains(payload) ? Set.of()
					: payloads.entrySet()
						.stream()
						.filter((entry) -> entry.getValue() == payload)
						.map(Map.Entry::getKey)
						.collect(Collectors.toUnmodifiableSet());
		}
		for (String type : named) {
			if (!payloads.containsKey(type)) {
				logger.warn("The @PolarEventListener method %s listens to '%s', which no event of Polar is called. %s"
					.formatted(describe(method), type, suggestion(type)));
			}
			else if (!ALL.contains(payload) && payloads.get(type) != payload) {
				throw unusable(method, "listens to '%s' and takes a %s".formatted(type, payload.getSimpleName()),
						"The payload of '%s' is a %s.".formatted(type, payloads.get(type).getSimpleName()));
			}
		}
		return Set.copyOf(named);
	}

	private static String suggestion(String type) {
		String kind = (type.indexOf('.') != -1) ? type.substring(0, type.indexOf('.') + 1) : type;
		Set<String> similar = PolarEventTypes.payloads()
			.keySet()
			.stream()
			.filter((known) -> known.startsWith(kind))
			.collect(Collectors.toCollection(TreeSet::new));
		return similar.isEmpty() ? "See PolarEventTypes" : "There are " + String.join(", ", similar);
	}

	private static void requireSynchronous(Class<?> type, Method method) {
		if (AnnotatedElementUtils.hasAnnotation(method, Async.class)
				|| AnnotatedElementUtils.hasAnnotation(type, Async.class)) {
			throw unusable(method, "is @Async",
					"Remove @Async: Polar would be told that the event was handled before it was.");
		}
		if (method.getReturnType() != void.class) {
			throw unusable(method, "returns " + method.getReturnType().getSimpleName(),
					"Let it return void, when all is done: then Polar is told so.");
		}
	}

	private static void warnOfBrokenPromise(Method method) {
		boolean listens = Arrays.asList(method.getParameterTypes()).contains(PolarEvent.class);
		boolean later = AnnotatedElementUtils.hasAnnotation(method, Async.class)
				|| AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Async.class) || AnnotatedElementUtils
					.isAnnotated(method, "org.springframework.transaction.event.TransactionalEventListener");
		if (listens && later) {
			logger.warn(("%s listens to Polar's events as application events, later or in another thread. An event that"
					+ " gets lost there does not come again. What must not be lost belongs into a @PolarEventListener")
				.formatted(describe(method)));
		}
	}

	private static int order(Class<?> type, Method method) {
		Order order = AnnotatedElementUtils.findMergedAnnotation(method, Order.class);
		if (order == null) {
			order = AnnotatedElementUtils.findMergedAnnotation(type, Order.class);
		}
		return (order != null) ? order.value() : Ordered.LOWEST_PRECEDENCE;
	}

	private static PolarConfigurationException unusable(Method method, String reason, String action) {
		return new PolarConfigurationException(
				"The @PolarEventListener method %s %s".formatted(describe(method), reason), action);
	}

	private static String describe(Method method) {
		return ClassUtils.getUserClass(method.getDeclaringClass()).getName() + "#" + method.getName();
	}

	/**
	 * Return whether there is a listener at all.
	 * @return {@code true} if so
	 */
	public boolean isEmpty() {
		return this.listeners.get().isEmpty();
	}

	/**
	 * Call all listeners to an event, also those after one that failed.
	 * @param event what they are told
	 * @throws RuntimeException what the first of them threw that failed, wrapped if need
	 * be
	 */
	public void handle(PolarEvent<?> event) {
		RuntimeException failure = null;
		for (Listener listener : to(event)) {
			try {
				call(listener, event);
			}
			catch (RuntimeException | Error ex) {
				logger.error("%s failed for the event %s".formatted(listener.name(), event), ex);
				failure = (failure != null) ? failure : asRuntimeException(ex);
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	static RuntimeException asRuntimeException(Throwable failure) {
		return (failure instanceof RuntimeException ex) ? ex : new IllegalStateException("A listener failed", failure);
	}

	/**
	 * Return the listeners to an event, in their order. For the inboxes that come along.
	 * @param event the event
	 * @return the listeners
	 */
	public List<Listener> to(PolarEvent<?> event) {
		return to(event.type());
	}

	/**
	 * Return the listeners to events of a type, in their order. For the inboxes that come
	 * along.
	 * @param type the type
	 * @return the listeners
	 */
	public List<Listener> to(String type) {
		return this.listeners.get().stream().filter((listener) -> listener.listensTo(type)).toList();
	}

	/**
	 * Call a listener. For the inboxes that come along.
	 * @param listener the listener
	 * @param event what it is told
	 * @throws RuntimeException what it threw, wrapped if need be
	 */
	public void call(Listener listener, PolarEvent<?> event) {
		Observation.createNotStarted("polar.webhook.listener", this.observations.get())
			.contextualName("polar webhook " + event.observedType())
			.lowCardinalityKeyValue("listener",
					ClassUtils.getShortName(listener.method.getDeclaringClass()) + "." + listener.method.getName())
			.lowCardinalityKeyValue("type", event.observedType())
			.observe(() -> invoke(listener, event));
	}

	private void invoke(Listener listener, PolarEvent<?> event) {
		Object[] arguments = listener.parameters.stream().map((parameter) -> parameter.of(event)).toArray();
		Object bean = this.beanFactory.getBean(listener.beanName);
		Method method = invocable(listener.method, bean.getClass());
		try {
			ReflectionUtils.makeAccessible(method);
			method.invoke(bean, arguments);
		}
		catch (InvocationTargetException ex) {
			if (ex.getTargetException() instanceof Error error) {
				throw error;
			}
			ReflectionUtils.rethrowRuntimeException(ex.getTargetException());
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException("%s cannot be called".formatted(listener.name()), ex);
		}
	}

	/**
	 * What a listener takes.
	 */
	@FunctionalInterface
	private interface Parameter {

		@Nullable Object of(PolarEvent<?> event);

	}

	/**
	 * A method that listens.
	 */
	public static final class Listener {

		private final String beanName;

		private final Method method;

		private final List<Parameter> parameters;

		private final Set<String> types;

		private final int order;

		private Listener(String beanName, Method method, List<Parameter> parameters, Set<String> types, int order) {
			this.beanName = beanName;
			this.method = method;
			this.parameters = parameters;
			this.types = types;
			this.order = order;
		}

		private boolean listensTo(String type) {
			return this.types.isEmpty() || this.types.contains(type);
		}

		/**
		 * Return what a developer finds it by.
		 * @return class and method
		 */
		public String name() {
			return describe(this.method);
		}

		/**
		 * Return what tells it from all others, also in another instance of the
		 * application.
		 * @return the key
		 */
		public String key() {
			return this.beanName + ":" + ClassUtils.getUserClass(this.method.getDeclaringClass()).getName() + "#"
					+ this.method.getName() + Arrays.toString(this.method.getParameterTypes());
		}

	}

}
