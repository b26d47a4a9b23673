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
import java.util.function.Supplier;

import io.github.polarspring.aop.GuardedMethods;
import io.github.polarspring.aop.GuardedMethods.GuardedMethod;
import org.aopalliance.aop.Advice;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;

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

	/**
	 * After Spring Security's checks of roles, which must not lead to an offer, and
	 * before caches and transactions.
	 */
	private static final int ORDER = 420;

	private final transient GuardedMethods<Feature> methods;

	private final transient Supplier<PolarEntitlements> entitlements;

	private final transient Pointcut pointcut;

	private final transient MethodInterceptor advice = this::invoke;

	/**
	 * Create an advisor.
	 * @param features supplies the configured features
	 * @param entitlements supplies the entitlements
	 * @param handlersIntercepted whether an interceptor checks the handler methods of
	 * controllers, so that they are not checked again
	 */
	public PolarEntitledAdvisor(Supplier<PolarFeatures> features, Supplier<PolarEntitlements> entitlements,
			boolean handlersIntercepted) {
		this.methods = new GuardedMethods<>(PolarEntitled.class, "checked",
				new EntitledMethods(features, handlersIntercepted)::of);
		this.pointcut = this.methods.pointcut();
		this.entitlements = entitlements;
		setOrder(ORDER);
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.methods.setBeanFactory(beanFactory);
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
		check(this.methods.called(invocation));
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
		GuardedMethod<Feature> entitled = this.methods.of(targetClass).find(method);
		if (entitled != null) {
			check(entitled);
		}
	}

	private void check(GuardedMethod<Feature> entitled) {
		if (!this.entitlements.get().current().has(entitled.value().name())) {
			throw new PolarEntitlementDeniedException(entitled.value());
		}
	}

	@Override
	public void afterSingletonsInstantiated() {
		GuardedMethod<Feature> found = this.methods.verify(this, (proxy, methods) -> {
		});
		if (found == null) {
			return;
		}
		if (BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.methods.beanFactory(), CurrentPayer.class, true,
				false).length == 0) {
			throw this.methods.ineffective(found.method(), "nothing determines the caller",
					"Declare a CurrentPayer bean.");
		}
		this.entitlements.get();
	}

}
