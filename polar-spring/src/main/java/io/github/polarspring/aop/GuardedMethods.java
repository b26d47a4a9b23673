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

package io.github.polarspring.aop;

import java.lang.annotation.Annotation;
import java.lang.annotation.Repeatable;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.github.polarspring.PolarConfigurationException;
import org.aopalliance.intercept.MethodInvocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.ClassFilter;
import org.springframework.aop.Pointcut;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.ProxyConfig;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Registry of the methods with an annotation, and guard against annotations without
 * effect. A class is examined and checked once, when it is first looked up. Internal: not
 * meant for applications.
 *
 * @param <T> what is known about an annotated method
 * @since 0.1.0
 */
public final class GuardedMethods<T> {

	private static final Log logger = LogFactory.getLog(GuardedMethods.class);

	/**
	 * Bean that exists in tests that replace beans, for example by mocks, which Spring
	 * does not wrap.
	 */
	private static final String TEST_OVERRIDES = "org.springframework.test.context.bean.override.internalBeanOverrideRegistry";

	private final Class<? extends Annotation> annotation;

	private final @Nullable Class<? extends Annotation> container;

	private final String effect;

	private final Function<Class<?>, MetadataLookup<GuardedMethod<T>>> lookup;

	private final Map<Class<?>, GuardedClass<T>> classes = new ConcurrentHashMap<>();

	/**
	 * Whether types or their own methods have the annotation.
	 */
	private final Map<Class<?>, Boolean> annotated = new ConcurrentHashMap<>();

	/**
	 * Whether types of annotations have the annotation.
	 */
	private final Map<Class<?>, Boolean> composed = new ConcurrentHashMap<>();

	private volatile @Nullable ConfigurableListableBeanFactory beanFactory;

	/**
	 * Create a registry.
	 * @param annotation the annotation
	 * @param effect what it causes, as a participle for messages
	 * @param lookup reads the annotated methods of a class
	 */
	public GuardedMethods(Class<? extends Annotation> annotation, String effect,
			Function<Class<?>, MetadataLookup<GuardedMethod<T>>> lookup) {
		this.annotation = annotation;
		Repeatable repeatable = annotation.getAnnotation(Repeatable.class);
		this.container = (repeatable != null) ? repeatable.value() : null;
		this.effect = effect;
		this.lookup = lookup;
	}

	/**
	 * Set the bean factory that contains the beans.
	 * @param beanFactory the bean factory
	 */
	public void setBeanFactory(BeanFactory beanFactory) {
		Assert.isInstanceOf(ConfigurableListableBeanFactory.class, beanFactory);
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	/**
	 * Return the bean factory.
	 * @return the bean factory
	 */
	public ConfigurableListableBeanFactory beanFactory() {
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		Assert.state(beanFactory != null, "The advisor must be a bean");
		return beanFactory;
	}

	/**
	 * Return the annotated methods of a class.
	 * @param type the class
	 * @return its methods
	 * @throws PolarConfigurationException if an annotation is invalid or has no effect
	 */
	public GuardedClass<T> of(Class<?> type) {
		GuardedClass<T> known = this.classes.get(type);
		if (known == null) {
			known = examine(type);
			this.classes.put(type, known);
		}
		return known;
	}

	/**
	 * Return the annotated method that is called.
	 * @param invocation the call
	 * @return the method
	 */
	public GuardedMethod<T> called(MethodInvocation invocation) {
		Object target = invocation.getThis();
		Assert.state(target != null, "No target");
		GuardedMethod<T> method = of(AopUtils.getTargetClass(target)).find(invocation.getMethod());
		Assert.state(method != null, "The class of the target does not have the annotation of its proxy");
		return method;
	}

	private GuardedClass<T> examine(Class<?> type) {
		if (!isCandidate(type)) {
			return new GuardedClass<>(type, Map.of());
		}
		Map<Method, GuardedMethod<T>> methods = MethodIntrospector.selectMethods(type, this.lookup.apply(type));
		methods.values().stream().filter(GuardedMethod::advised).forEach((method) -> check(method.method(), type));
		return new GuardedClass<>(type, methods);
	}

	private void check(Method method, Class<?> type) {
		if (Modifier.isStatic(method.getModifiers())) {
			throw ineffective(method, "it is static", "Make it an instance method of a bean.");
		}
		if (Modifier.isPrivate(method.getModifiers())) {
			throw ineffective(method, "it is private", "Remove 'private', and call the method from another bean.");
		}
		if (AnnotatedElementUtils.hasAnnotation(method, Bean.class)) {
			throw ineffective(method, "Spring calls it to create a bean",
					"Move the annotation to the class of that bean, or to its methods.");
		}
		boolean interfaces = Proxy.isProxyClass(type) || ClassUtils.isLambdaClass(type)
				|| (!usesClassProxies() && ClassUtils.getAllInterfacesForClass(type).length > 0);
		if (!interfaces && Modifier.isFinal(type.getModifiers())) {
			throw ineffective(method, "its class is final",
					"Remove 'final'. In Kotlin, add 'open' to the class and the method.");
		}
		if (!interfaces && Modifier.isFinal(method.getModifiers())) {
			throw ineffective(method, "it is final", "Remove 'final'. In Kotlin, add 'open'.");
		}
	}

	/**
	 * Return whether beans are wrapped by subclasses even if they implement interfaces.
	 */
	private boolean usesClassProxies() {
		ConfigurableListableBeanFactory beanFactory = beanFactory();
		return !beanFactory.containsSingleton(AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME)
				|| !(beanFactory
					.getSingleton(AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME) instanceof ProxyConfig creator)
				|| creator.isProxyTargetClass();
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
		if (!AnnotationUtils.isCandidateClass(type, this.annotation)) {
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
			if (type == this.annotation || type == this.container || this.composed.computeIfAbsent(type,
					(key) -> MergedAnnotations.from(key).isPresent(this.annotation))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the annotations that are nearest to an element: its own, or otherwise those
	 * of what it overrides.
	 * @param element a method or a class
	 * @param annotation the type of the annotations
	 * @param <A> the type of the annotations
	 * @return the annotations, empty if there is none
	 */
	public static <A extends Annotation> List<MergedAnnotation<A>> nearest(AnnotatedElement element,
			Class<A> annotation) {
		List<MergedAnnotation<A>> annotations = MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY)
			.stream(annotation)
			.toList();
		return annotations.stream()
			.filter((candidate) -> candidate.getAggregateIndex() == annotations.get(0).getAggregateIndex())
			.toList();
	}

	/**
	 * Return a text for a method.
	 * @param method the method
	 * @return the names of its class and the method
	 */
	public static String describe(Method method) {
		return ClassUtils.getUserClass(method.getDeclaringClass()).getName() + "#" + method.getName();
	}

	/**
	 * Return an exception for an annotation that has no effect.
	 * @param method the method
	 * @param reason why
	 * @param action how to fix it
	 * @return the exception to throw
	 */
	public PolarConfigurationException ineffective(Method method, String reason, String action) {
		return new PolarConfigurationException("The @%s method %s cannot be %s: %s"
			.formatted(this.annotation.getSimpleName(), describe(method), this.effect, reason), action);
	}

	/**
	 * Return the pointcut of an advisor that applies the annotation.
	 * @return the pointcut
	 */
	public Pointcut pointcut() {
		return new GuardedPointcut<>(this);
	}

	/**
	 * Verify that an advisor is applied to the annotated methods of all beans. Beans that
	 * do not exist yet are not created.
	 * @param advisor the advisor
	 * @param proxies checks proxies with the advisor
	 * @return one of the annotated methods, or {@code null} if there is none
	 * @throws PolarConfigurationException if an annotation is invalid or has no effect
	 */
	public @Nullable GuardedMethod<T> verify(Advisor advisor, BiConsumer<Advised, List<GuardedMethod<T>>> proxies) {
		ConfigurableListableBeanFactory beanFactory = beanFactory();
		Set<String> names = new LinkedHashSet<>(List.of(beanFactory.getBeanDefinitionNames()));
		names.addAll(List.of(beanFactory.getSingletonNames()));
		GuardedMethod<T> found = null;
		for (String name : names) {
			GuardedClass<T> type = verify(name, advisor, proxies);
			found = (type != null && !type.all().isEmpty()) ? type.all().get(0) : found;
		}
		return found;
	}

	private @Nullable GuardedClass<T> verify(String name, Advisor advisor,
			BiConsumer<Advised, List<GuardedMethod<T>>> proxies) {
		ConfigurableListableBeanFactory beanFactory = beanFactory();
		Object bean = beanFactory.containsSingleton(name) ? beanFactory.getSingleton(name) : null;
		if (bean instanceof ScopedObject) {
			return null;
		}
		Object existing = (bean instanceof FactoryBean<?>) ? null : bean;
		GuardedClass<T> type;
		try {
			Class<?> targetClass = (existing != null) ? AopUtils.getTargetClass(existing)
					: AutoProxyUtils.determineTargetClass(beanFactory, name);
			type = (targetClass != null) ? of(targetClass) : null;
		}
		catch (PolarConfigurationException ex) {
			throw ex;
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug("The type of the bean '" + name + "' cannot be examined", ex);
			return null;
		}
		if (existing != null && type != null && !type.advised().isEmpty()
				&& !beanFactory.containsSingleton(TEST_OVERRIDES)) {
			verify(name, existing, type.advised(), advisor);
			if (existing instanceof Advised proxy && proxy.indexOf(advisor) != -1) {
				proxies.accept(proxy, type.advised());
			}
		}
		return type;
	}

	private void verify(String name, Object bean, List<GuardedMethod<T>> methods, Advisor advisor) {
		boolean advised = (bean instanceof Advised proxy) ? proxy.indexOf(advisor) != -1
				: AopUtils.isAopProxy(bean) || Proxy.isProxyClass(bean.getClass());
		if (!advised) {
			throw ineffective(methods.get(0).method(),
					("Spring has not wrapped the bean '%s'. Usually, a BeanPostProcessor depends on it, directly"
							+ " or through other beans, or it was registered as an object")
						.formatted(name),
					"Let the bean that is created too early look it up with an ObjectProvider, or move the"
							+ " method to another bean.");
		}
		if (AopUtils.isJdkDynamicProxy(bean)) {
			Class<?> targetClass = AopUtils.getTargetClass(bean);
			List<Method> callable = Arrays.stream(AopProxyUtils.proxiedUserInterfaces(bean))
				.flatMap((type) -> Arrays.stream(type.getMethods()))
				.map((method) -> AopUtils.getMostSpecificMethod(method, targetClass))
				.toList();
			methods.stream()
				.filter((method) -> method.own() && !callable.contains(method.method()))
				.forEach((method) -> {
					throw ineffective(method.method(),
							"it is not part of an interface, and the bean '%s' can only be called through"
								.formatted(name) + " its interfaces",
							"Declare it in an interface, or remove 'spring.aop.proxy-target-class: false'.");
				});
		}
	}

	/**
	 * Annotated methods of a class.
	 *
	 * @param <T> what is known about a method
	 */
	public static final class GuardedClass<T> {

		private final Class<?> type;

		private final Map<Method, GuardedMethod<T>> methods;

		/**
		 * Results by the methods that are called, which can be those of interfaces.
		 */
		private final Map<Method, Optional<GuardedMethod<T>>> calls = new ConcurrentHashMap<>();

		private GuardedClass(Class<?> type, Map<Method, GuardedMethod<T>> methods) {
			this.type = type;
			this.methods = methods;
		}

		List<GuardedMethod<T>> all() {
			return List.copyOf(this.methods.values());
		}

		List<GuardedMethod<T>> advised() {
			return this.methods.values().stream().filter(GuardedMethod::advised).toList();
		}

		/**
		 * Return what is known about a method.
		 * @param called the method, or one that it overrides
		 * @return the method, or {@code null} if it does not have the annotation
		 */
		public @Nullable GuardedMethod<T> find(Method called) {
			if (this.methods.isEmpty()) {
				return null;
			}
			Optional<GuardedMethod<T>> known = this.calls.get(called);
			return ((known != null) ? known : this.calls.computeIfAbsent(called, this::resolve)).orElse(null);
		}

		private Optional<GuardedMethod<T>> resolve(Method called) {
			GuardedMethod<T> method = this.methods.get(called);
			return Optional.ofNullable(
					(method != null) ? method : this.methods.get(AopUtils.getMostSpecificMethod(called, this.type)));
		}

	}

	/**
	 * Annotated method.
	 *
	 * @param method the most specific method
	 * @param value what is known about it
	 * @param own whether the annotation is on the method, not on its class
	 * @param advised whether the advisor applies the annotation
	 * @param <T> what is known about it
	 */
	public record GuardedMethod<T>(Method method, T value, boolean own, boolean advised) {

		@Override
		public String toString() {
			return describe(this.method);
		}

	}

	private static final class GuardedPointcut<T> extends StaticMethodMatcherPointcut {

		private final GuardedMethods<T> methods;

		private GuardedPointcut(GuardedMethods<T> methods) {
			this.methods = methods;
		}

		@Override
		public ClassFilter getClassFilter() {
			return (type) -> !this.methods.of(type).advised().isEmpty();
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			GuardedMethod<T> guarded = this.methods.of(targetClass).find(method);
			return guarded != null && guarded.advised();
		}

	}

}
