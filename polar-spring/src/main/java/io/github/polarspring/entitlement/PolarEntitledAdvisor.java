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

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.entitlement.EntitledMethods.EntitledClass;
import io.github.polarspring.entitlement.EntitledMethods.EntitledMethod;
import org.aopalliance.aop.Advice;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ClassFilter;
import org.springframework.aop.Pointcut;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.ProxyConfig;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.Assert;

/**
 * Advisor that checks {@link PolarEntitled} methods when they are called through their
 * beans. It makes the application fail to start if a feature is unknown, or if nothing
 * would check an annotated method. To use it without Spring Boot, declare it as a bean
 * with the infrastructure role, together with an auto proxy creator:
 *
 * <pre class="code">
 * &#64;Bean
 * &#64;Role(BeanDefinition.ROLE_INFRASTRUCTURE)
 * static PolarEntitledAdvisor polarEntitledAdvisor(ObjectProvider&lt;PolarFeatures&gt; features,
 * 		ObjectProvider&lt;PolarEntitlements&gt; entitlements) {
 * 	return new PolarEntitledAdvisor(features::getObject, entitlements::getObject, false);
 * }
 * </pre>
 *
 * @since 0.1.0
 */
public final class PolarEntitledAdvisor extends AbstractPointcutAdvisor
		implements BeanFactoryAware, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(PolarEntitledAdvisor.class);

	/**
	 * After Spring Security's checks of roles, which must not lead to an offer, and
	 * before caches and transactions.
	 */
	private static final int ORDER = 420;

	/**
	 * Bean that exists in tests that replace beans, for example by mocks, which Spring
	 * does not wrap.
	 */
	private static final String TEST_OVERRIDES = "org.springframework.test.context.bean.override.internalBeanOverrideRegistry";

	private final transient EntitledMethods methods;

	private final transient Supplier<PolarEntitlements> entitlements;

	private final transient EntitledPointcut pointcut = new EntitledPointcut();

	private final transient MethodInterceptor advice = this::invoke;

	private transient @Nullable ConfigurableListableBeanFactory beanFactory;

	/**
	 * Create an advisor.
	 * @param features supplies the configured features
	 * @param entitlements supplies the entitlements
	 * @param handlersIntercepted whether an interceptor checks the handler methods of
	 * controllers, so that they are not checked again
	 */
	public PolarEntitledAdvisor(Supplier<PolarFeatures> features, Supplier<PolarEntitlements> entitlements,
			boolean handlersIntercepted) {
		this.methods = new EntitledMethods(features, handlersIntercepted, this::usesClassProxies);
		this.entitlements = entitlements;
		setOrder(ORDER);
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		Assert.isInstanceOf(ConfigurableListableBeanFactory.class, beanFactory);
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	public Pointcut getPointcut() {
		return this.pointcut;
	}

	@Override
	public Advice getAdvice() {
		return this.advice;
	}

	private @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Assert.state(target != null, "No target");
		EntitledMethod entitled = this.methods.of(AopUtils.getTargetClass(target)).find(invocation.getMethod());
		Assert.state(entitled != null, "The class of the target does not have the annotation of its proxy");
		check(entitled);
		return invocation.proceed();
	}

	/**
	 * Check whether the caller of the current request can call a method. Methods without
	 * the annotation can be called by all.
	 * @param method the method
	 * @param targetClass class of the bean
	 * @throws PolarEntitlementDeniedException if the caller does not have the feature
	 * @throws PolarEntitlementsUnavailableException if it is not known
	 */
	public void check(Method method, Class<?> targetClass) {
		EntitledMethod entitled = this.methods.of(targetClass).find(method);
		if (entitled != null) {
			check(entitled);
		}
	}

	private void check(EntitledMethod entitled) {
		if (!this.entitlements.get().current().has(entitled.feature().name())) {
			throw new PolarEntitlementDeniedException(entitled.feature());
		}
	}

	@Override
	public void afterSingletonsInstantiated() {
		ConfigurableListableBeanFactory beanFactory = beanFactory();
		Set<String> names = new LinkedHashSet<>(List.of(beanFactory.getBeanDefinitionNames()));
		names.addAll(List.of(beanFactory.getSingletonNames()));
		EntitledMethod found = null;
		for (String name : names) {
			EntitledClass type = verify(name, beanFactory);
			found = (type != null && !type.all().isEmpty()) ? type.all().get(0) : found;
		}
		if (found == null) {
			return;
		}
		if (BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, CurrentPayer.class, true,
				false).length == 0) {
			throw found.unchecked("nothing determines the caller", "Declare a CurrentPayer bean.");
		}
		this.entitlements.get();
	}

	/**
	 * Verify that the annotated methods of a bean are checked. A bean that does not exist
	 * yet is not created.
	 */
	private @Nullable EntitledClass verify(String name, ConfigurableListableBeanFactory beanFactory) {
		Object bean = beanFactory.containsSingleton(name) ? beanFactory.getSingleton(name) : null;
		if (bean instanceof ScopedObject) {
			return null;
		}
		Object existing = (bean instanceof FactoryBean<?>) ? null : bean;
		EntitledClass type;
		try {
			Class<?> targetClass = (existing != null) ? AopUtils.getTargetClass(existing)
					: AutoProxyUtils.determineTargetClass(beanFactory, name);
			type = (targetClass != null) ? this.methods.of(targetClass) : null;
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
			verify(name, existing, type.advised());
		}
		return type;
	}

	private void verify(String name, Object bean, List<EntitledMethod> methods) {
		boolean advised = (bean instanceof Advised proxy) ? proxy.indexOf(this) != -1
				: AopUtils.isAopProxy(bean) || Proxy.isProxyClass(bean.getClass());
		if (!advised) {
			throw methods.get(0)
				.unchecked(
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
					throw method.unchecked(
							"it is not part of an interface, and the bean '%s' can only be called through"
								.formatted(name) + " its interfaces",
							"Declare it in an interface, or remove 'spring.aop.proxy-target-class: false'.");
				});
		}
	}

	private boolean usesClassProxies() {
		ConfigurableListableBeanFactory beanFactory = beanFactory();
		return !beanFactory.containsSingleton(AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME)
				|| !(beanFactory
					.getSingleton(AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME) instanceof ProxyConfig creator)
				|| creator.isProxyTargetClass();
	}

	private ConfigurableListableBeanFactory beanFactory() {
		Assert.state(this.beanFactory != null, "The advisor must be a bean");
		return this.beanFactory;
	}

	private final class EntitledPointcut extends StaticMethodMatcherPointcut {

		@Override
		public ClassFilter getClassFilter() {
			return (type) -> !PolarEntitledAdvisor.this.methods.of(type).advised().isEmpty();
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			EntitledMethod entitled = PolarEntitledAdvisor.this.methods.of(targetClass).find(method);
			return entitled != null && !entitled.handler();
		}

	}

}
