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

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.client.PolarClient;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.OrderUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;
import org.springframework.util.function.SingletonSupplier;

/**
 * Registry of the {@link PolarEventListener} methods of the application. They are
 * detected by the types of the beans without creating them: a lazy bean is created by its
 * first event. Custom inboxes use the bean of this type to call the listeners.
 *
 * @since 0.1.0
 */
public final class PolarEventListeners implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(PolarEventListeners.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final Supplier<List<Listener>> listeners = SingletonSupplier.of(this::find);

	private final Supplier<ObservationRegistry> observations;

	private final Supplier<CurrentResources> resources;

	private final Supplier<PolarBuyerResolver> buyers;

	/**
	 * Create a registry.
	 * @param beanFactory contains the beans
	 */
	public PolarEventListeners(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		this.observations = SingletonSupplier.of(() -> beanFactory.getBeanProvider(ObservationRegistry.class)
			.getIfUnique(() -> ObservationRegistry.NOOP));
		this.resources = SingletonSupplier.of(() -> new CurrentResources(client()));
		this.buyers = SingletonSupplier.of(() -> beanFactory.getBeanProvider(PolarBuyerResolver.class)
			.getIfAvailable(() -> PolarBuyerResolver.using(client())));
	}

	private PolarClient client() {
		return this.beanFactory.getBean(PolarClient.class);
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.listeners.get();
	}

	private List<Listener> find() {
		List<Listener> found = new ArrayList<>();
		for (String beanName : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, Object.class)) {
			if (!ScopedProxyUtils.isScopedTarget(beanName)) {
				addListeners(beanName, found);
			}
		}
		found.sort(Comparator.comparingInt((listener) -> listener.order));
		Set<String> scopes = found.stream().flatMap(Listener::scopes).collect(Collectors.toCollection(TreeSet::new));
		if (!scopes.isEmpty()) {
			logger.info("Listeners to Polar's events read from Polar. The access token needs the scopes "
					+ String.join(", ", scopes));
		}
		return List.copyOf(found);
	}

	private void addListeners(String beanName, List<Listener> found) {
		Class<?> type;
		Set<Method> methods;
		try {
			String target = ScopedProxyUtils.getTargetBeanName(beanName);
			type = AutoProxyUtils.determineTargetClass(this.beanFactory,
					this.beanFactory.containsBean(target) ? target : beanName);
			if (type == null || type.getName().startsWith("org.springframework.")) {
				return;
			}
			methods = MethodIntrospector.selectMethods(type,
					(MethodFilter) (method) -> AnnotatedElementUtils.hasAnnotation(method, PolarEventListener.class));
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug("The bean '%s' cannot be inspected for listeners".formatted(beanName), ex);
			return;
		}
		methods.stream()
			.sorted(Comparator.comparing(Method::getName))
			.forEach((method) -> found.add(listener(beanName, type, method)));
	}

	private Listener listener(String beanName, Class<?> type, Method method) {
		requireSynchronous(type, method);
		Class<?> beanType = this.beanFactory.getType(beanName);
		invocable(method, (beanType != null) ? beanType : type);
		ListenerParameters parameters = ListenerParameters.of(method, type, this.buyers, this.resources);
		Set<String> types = types(method, parameters.payloads());
		parameters.requireReadable(method, types);
		Integer order = OrderUtils.getOrder(method);
		return new Listener(beanName, method, parameters, types,
				(order != null) ? order : OrderUtils.getOrder(type, Ordered.LOWEST_PRECEDENCE));
	}

	/**
	 * Return the method to call on a bean, which can be a proxy. A method that a proxy
	 * cannot intercept would run on the proxy itself, whose fields are empty.
	 */
	private static Method invocable(Method method, Class<?> beanType) {
		try {
			Method invocable = AopUtils.selectInvocableMethod(method, beanType);
			if (!SpringProxy.class.isAssignableFrom(beanType) || !Modifier.isFinal(method.getModifiers())) {
				return invocable;
			}
		}
		catch (IllegalStateException ex) {
			// the method is private, or not in an interface of the proxy
		}
		throw unusable(method, "cannot be called on the proxy of its bean",
				"Remove the modifiers private and final, and declare the method in an interface of the bean if"
						+ " Spring does not proxy classes.");
	}

	/**
	 * Return the types of the events that a method listens to, empty for all.
	 * @param payloads the class of its payload parameter, empty if there is none
	 */
	private static Set<String> types(Method method, Set<Class<?>> payloads) {
		Map<String, Class<?>> known = PolarEventTypes.payloads();
		String[] named = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
			.get(PolarEventListener.class)
			.getStringArray(MergedAnnotation.VALUE);
		if (named.length == 0) {
			return known.keySet()
				.stream()
				.filter((type) -> payloads.contains(known.get(type)))
				.collect(Collectors.toUnmodifiableSet());
		}
		for (String type : named) {
			Class<?> payload = known.get(type);
			if (payload == null) {
				logger.warn(("The @PolarEventListener method %s listens to '%s', which is not a type of Polar's"
						+ " events. See PolarEventTypes")
					.formatted(describe(method), type));
			}
			else if (!payloads.isEmpty() && !payloads.contains(payload)) {
				throw unusable(method,
						"listens to '%s' but has a parameter of type %s".formatted(type,
								payloads.iterator().next().getSimpleName()),
						"The type of the payload of '%s' is %s.".formatted(type, payload.getSimpleName()));
			}
		}
		return Set.copyOf(Arrays.asList(named));
	}

	private static void requireSynchronous(Class<?> type, Method method) {
		if (AnnotatedElementUtils.hasAnnotation(method, Async.class)
				|| AnnotatedElementUtils.hasAnnotation(type, Async.class)) {
			throw unusable(method, "is @Async",
					"Remove @Async. Otherwise, the event would be acknowledged before it is handled.");
		}
		if (KotlinDetector.isSuspendingFunction(method)) {
			throw unusable(method, "is a suspending function",
					"Remove 'suspend', and call suspending functions in runBlocking { … }. The event is acknowledged when"
							+ " the function returns.");
		}
		if (method.getReturnType() != void.class) {
			throw unusable(method, "returns " + method.getReturnType().getSimpleName(),
					"Change the return type to void. The event is acknowledged when the method returns.");
		}
	}

	static PolarConfigurationException unusable(Method method, String reason, String action) {
		return new PolarConfigurationException(
				"The @PolarEventListener method %s %s".formatted(describe(method), reason), action);
	}

	static String describe(Method method) {
		return ClassUtils.getUserClass(method.getDeclaringClass()).getName() + "#" + method.getName();
	}

	/**
	 * Return whether there are no listeners.
	 * @return {@code true} if there are none
	 */
	public boolean isEmpty() {
		return this.listeners.get().isEmpty();
	}

	/**
	 * Call all listeners to an event. If one fails, the others are still called.
	 * @param event the event
	 * @throws RuntimeException the exception of the first listener that failed, wrapped
	 * if necessary
	 */
	public void handle(PolarEvent<?> event) {
		handle(event, new HashSet<>());
	}

	/**
	 * Call the listeners that have not handled an event, and add the keys of those that
	 * succeed.
	 */
	void handle(PolarEvent<?> event, Set<String> handledBy) {
		Throwable failure = null;
		for (Listener listener : to(event)) {
			if (handledBy.contains(listener.key())) {
				continue;
			}
			try {
				call(listener, event);
				handledBy.add(listener.key());
			}
			catch (RuntimeException | Error ex) {
				logger.error("%s failed for the event %s".formatted(listener.name(), event), ex);
				failure = (failure != null) ? failure : ex;
			}
		}
		if (failure != null) {
			throw (failure instanceof RuntimeException ex) ? ex
					: new IllegalStateException("A listener failed", failure);
		}
	}

	/**
	 * Return the listeners to an event, in their order. Intended for the included
	 * inboxes.
	 * @param event the event
	 * @return the listeners
	 */
	public List<Listener> to(PolarEvent<?> event) {
		return to(event.type());
	}

	/**
	 * Return the listeners to events of a type, in their order. Intended for the included
	 * inboxes.
	 * @param type the type
	 * @return the listeners
	 */
	public List<Listener> to(String type) {
		return this.listeners.get().stream().filter((listener) -> listener.listensTo(type)).toList();
	}

	/**
	 * Return the types that listeners name, in the annotation or by the class of the
	 * payload.
	 * @return the types in alphabetical order, without those of listeners to all types
	 */
	public Set<String> types() {
		return this.listeners.get()
			.stream()
			.flatMap((listener) -> listener.types.stream())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Return whether a listener names no types, and thus listens to all of them.
	 * @return {@code true} if there is one
	 */
	public boolean listenToAll() {
		return this.listeners.get().stream().anyMatch((listener) -> listener.types.isEmpty());
	}

	/**
	 * Call a listener. Intended for the included inboxes.
	 * @param listener the listener
	 * @param event the event
	 * @throws RuntimeException the exception of the listener, wrapped if necessary
	 */
	public void call(Listener listener, PolarEvent<?> event) {
		call(listener, event, () -> arguments(listener, event));
	}

	/**
	 * Call a listener. Intended for the included inboxes.
	 * @param listener the listener
	 * @param event the event
	 * @param arguments its {@link #arguments}
	 * @throws RuntimeException the exception of the listener, wrapped if necessary
	 */
	public void call(Listener listener, PolarEvent<?> event, @Nullable Object[] arguments) {
		call(listener, event, () -> arguments);
	}

	/**
	 * Determine the arguments of a listener, with calls to Polar if it
	 * {@link Listener#reads reads}. Intended for the included inboxes.
	 * @param listener the listener
	 * @param event the event
	 * @return the arguments
	 * @throws RuntimeException if Polar cannot be read, or does not have what the
	 * listener needs
	 */
	public @Nullable Object[] arguments(Listener listener, PolarEvent<?> event) {
		return listener.parameters.arguments(event);
	}

	private void call(Listener listener, PolarEvent<?> event, Supplier<@Nullable Object[]> arguments) {
		Observation.createNotStarted("polar.webhook.listener", this.observations.get())
			.contextualName("polar webhook " + event.observedType())
			.lowCardinalityKeyValue("listener",
					ClassUtils.getShortName(listener.method.getDeclaringClass()) + "." + listener.method.getName())
			.lowCardinalityKeyValue("type", event.observedType())
			.observe(() -> invoke(listener, arguments.get()));
	}

	private void invoke(Listener listener, @Nullable Object[] arguments) {
		Object bean = this.beanFactory.getBean(listener.beanName);
		Method method = invocable(listener.method, bean.getClass());
		ReflectionUtils.makeAccessible(method);
		ReflectionUtils.invokeMethod(method, bean, arguments);
	}

	/**
	 * Method that handles events.
	 */
	public static final class Listener {

		private final String beanName;

		private final Method method;

		private final ListenerParameters parameters;

		private final Set<String> types;

		private final int order;

		private Listener(String beanName, Method method, ListenerParameters parameters, Set<String> types, int order) {
			this.beanName = beanName;
			this.method = method;
			this.parameters = parameters;
			this.types = types;
			this.order = order;
		}

		private Stream<String> scopes() {
			return this.parameters.scopes(this.types);
		}

		private boolean listensTo(String type) {
			return this.types.isEmpty() || this.types.contains(type);
		}

		/**
		 * Return whether the {@linkplain PolarEventListeners#arguments arguments} for an
		 * event are read from Polar.
		 * @param event the event
		 * @return {@code true} if so
		 */
		public boolean reads(PolarEvent<?> event) {
			return this.parameters.read(event);
		}

		/**
		 * Return the name for developers.
		 * @return class and method
		 */
		public String name() {
			return describe(this.method);
		}

		/**
		 * Return a key that is unique, and the same in all instances of the application.
		 * @return the key
		 */
		public String key() {
			return this.beanName + ":" + ClassUtils.getUserClass(this.method.getDeclaringClass()).getName() + "#"
					+ this.method.getName() + Arrays.toString(this.method.getParameterTypes());
		}

	}

}
