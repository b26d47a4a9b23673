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

package io.github.polarspring.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.polarspring.aop.GuardedMethods;
import io.github.polarspring.aop.GuardedMethods.GuardedMethod;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.usage.MeteredMethods.Event;
import io.github.polarspring.usage.MeteredMethods.Metered;
import org.aopalliance.aop.Advice;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.Ordered;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.util.ClassUtils;

/**
 * Advisor that records the usage of {@link PolarMetered} methods when they are called
 * through their beans. It makes the application fail to start if an annotation is invalid
 * or would have no effect. To use it without Spring Boot, declare it as a bean with the
 * infrastructure role, together with an auto proxy creator, and after
 * {@code @EnableTransactionManagement}:
 *
 * <pre class="code">
 * &#64;Bean
 * &#64;Role(BeanDefinition.ROLE_INFRASTRUCTURE)
 * static PolarMeteredAdvisor polarMeteredAdvisor(ObjectProvider&lt;PolarUsage&gt; usage,
 * 		ObjectProvider&lt;CurrentPayer&gt; currentPayer, ObjectProvider&lt;PolarMeters&gt; meters) {
 * 	return new PolarMeteredAdvisor(usage::getObject, currentPayer::getObject, meters::getObject);
 * }
 * </pre>
 *
 * @since 0.1.0
 */
public final class PolarMeteredAdvisor extends AbstractPointcutAdvisor
		implements BeanFactoryAware, SmartInitializingSingleton {

	private static final boolean TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.interceptor.TransactionAspectSupport",
			PolarMeteredAdvisor.class.getClassLoader());

	private final transient GuardedMethods<Metered> methods;

	private final transient Supplier<PolarUsage> usage;

	private final transient Supplier<CurrentPayer> currentPayer;

	private final transient Pointcut pointcut;

	private final transient MethodInterceptor advice = this::invoke;

	/**
	 * Create an advisor.
	 * @param usage supplies what records events
	 * @param currentPayer supplies the strategy that determines the current user
	 * @param meters supplies the configured meters
	 */
	public PolarMeteredAdvisor(Supplier<PolarUsage> usage, Supplier<CurrentPayer> currentPayer,
			Supplier<PolarMeters> meters) {
		this.usage = usage;
		this.currentPayer = currentPayer;
		this.methods = new MeteredMethods(meters).methods();
		this.pointcut = this.methods.pointcut();
		// as that of transactions, where the order of the beans decides
		setOrder(Ordered.LOWEST_PRECEDENCE);
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
		GuardedMethod<Metered> method = this.methods.called(invocation);
		if (AopUtils.isAopProxy(invocation.getThis())) {
			throw new IllegalStateException(
					("The @PolarMetered method %s belongs to a bean that is created by a FactoryBean,"
							+ " such as a repository, so that its transaction would end before usage is recorded. Annotate a method"
							+ " that calls it instead")
						.formatted(method));
		}
		Metered metered = method.value();
		MeteredExpression.Context context = new MeteredExpression.Context(method.method(), invocation.getArguments(),
				this.methods.beanFactory());
		List<UsageEvent.Builder> events = new ArrayList<>();
		for (Event event : metered.events()) {
			events.add(begin(event, context));
		}
		Object result = invocation.proceed();
		if (metered.possiblyUnfinished() && UnfinishedResults.isUnfinished(result)) {
			throw new IllegalStateException(("The @PolarMetered method %s returned before its work was done. Record"
					+ " usage with PolarUsage.record when it has succeeded")
				.formatted(method));
		}
		context.setResult(result);
		for (int i = 0; i < events.size(); i++) {
			metered.events().get(i).complete(events.get(i), context);
		}
		events.forEach((event) -> this.usage.get().record(event.build()));
		return result;
	}

	private UsageEvent.Builder begin(Event metered, MeteredExpression.Context context) {
		UsageEvent.Builder event = UsageEvent.builder(metered.name());
		if (metered.customer() != null) {
			metered.customer().apply(context, event::externalCustomerId);
			return event;
		}
		PolarIdentity identity = this.currentPayer.get().requireIdentity();
		event.externalCustomerId(identity.externalId());
		if (!identity.memberId().equals(identity.externalId())) {
			event.externalMemberId(identity.memberId());
		}
		return event;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.methods.verify(this, this::verifyOrder) != null) {
			this.usage.get();
		}
	}

	private void verifyOrder(Advised proxy, List<GuardedMethod<Metered>> methods) {
		Advisor[] advisors = proxy.getAdvisors();
		for (int i = proxy.indexOf(this) + 1; TRANSACTIONS && i < advisors.length; i++) {
			if (advisors[i] instanceof PointcutAdvisor advisor && Transactions.begins(advisor)) {
				methods.stream()
					.filter((method) -> advisor.getPointcut()
						.getMethodMatcher()
						.matches(method.method(), AopUtils.getTargetClass(proxy)))
					.forEach((method) -> {
						throw this.methods.ineffective(method.method(), "its transaction ends before usage is recorded",
								"Write '@EnableTransactionManagement(order = 0)' on a configuration class.");
					});
			}
		}
	}

	/**
	 * Separate class, because spring-tx is optional.
	 */
	private static final class Transactions {

		static boolean begins(Advisor advisor) {
			return advisor.getAdvice() instanceof TransactionAspectSupport;
		}

	}

}
