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

package io.github.polarspring.autoconfigure.webhook;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventTypes;
import io.github.polarspring.webhook.PolarIdentityMismatch;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.event.GenericApplicationListenerAdapter;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.event.TransactionalApplicationListener;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ReflectionUtils.MethodFilter;

/**
 * Publishes application events in a transaction if a transactional listener, such as a
 * {@link TransactionalEventListener} method, listens to them: without an active
 * transaction, Spring does not call it. Other events are published without a transaction.
 */
final class TransactionalAnnouncements implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(TransactionalAnnouncements.class);

	private final ApplicationContext applicationContext;

	private final ObjectProvider<PlatformTransactionManager> marked;

	private final ObjectProvider<PlatformTransactionManager> all;

	TransactionalAnnouncements(ApplicationContext applicationContext, ObjectProvider<PlatformTransactionManager> marked,
			ObjectProvider<PlatformTransactionManager> all) {
		this.applicationContext = applicationContext;
		this.marked = marked;
		this.all = all;
	}

	void publish(Object event) {
		ResolvableType type = ResolvableType.forInstance(new PayloadApplicationEvent<>(this, event));
		PlatformTransactionManager transactionManager = transactionalListeners()
			.anyMatch((listener) -> listener.supportsEventType(type)) ? transactionManager() : null;
		if (transactionManager == null) {
			this.applicationContext.publishEvent(event);
			return;
		}
		TransactionTemplate transaction = new TransactionTemplate(transactionManager);
		transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		transaction.executeWithoutResult((status) -> this.applicationContext.publishEvent(event));
	}

	private @Nullable PlatformTransactionManager transactionManager() {
		PlatformTransactionManager chosen = this.marked.getIfUnique();
		return (chosen != null) ? chosen : this.all.getIfUnique();
	}

	/**
	 * Return the listeners that are called by the context and its parents, including lazy
	 * ones.
	 */
	private Stream<GenericApplicationListener> transactionalListeners() {
		Stream<ApplicationListener<?>> listeners = Stream.empty();
		for (ApplicationContext context = this.applicationContext; context != null; context = context.getParent()) {
			if (context instanceof AbstractApplicationContext registry) {
				listeners = Stream.concat(listeners, registry.getApplicationListeners().stream());
			}
		}
		return Stream
			.concat(listeners.filter(TransactionalApplicationListener.class::isInstance),
					this.applicationContext.getBeanProvider(TransactionalApplicationListener.class).stream())
			.map((listener) -> (listener instanceof GenericApplicationListener generic) ? generic
					: new GenericApplicationListenerAdapter(listener));
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (transactionManager() != null) {
			return;
		}
		List<String> uncalled = Stream.concat(methods(), listenerBeans())
			.filter((listener) -> types().anyMatch(listener::supportsEventType))
			.map(TransactionalAnnouncements::describe)
			.distinct()
			.sorted()
			.toList();
		if (!uncalled.isEmpty()) {
			boolean several = this.all.stream().findAny().isPresent();
			logger.warn(("The application has %s, so the following listeners are not called for Polar's events: %s. %s,"
					+ " or set 'fallbackExecution = true'")
				.formatted(several ? "several transaction managers" : "no PlatformTransactionManager", uncalled,
						several ? "Annotate one of the transaction managers with @Primary or @PolarDataSource"
								: "Replace @TransactionalEventListener with @EventListener"));
		}
	}

	private Stream<GenericApplicationListener> listenerBeans() {
		return transactionalListeners().filter((listener) -> !(listener instanceof ApplicationListenerMethodAdapter));
	}

	private static String describe(GenericApplicationListener listener) {
		return (listener instanceof ApplicationListenerMethodAdapter) ? listener.toString()
				: "the bean of type " + listener.getClass().getName();
	}

	/**
	 * Return the methods that are called within transactions only. If the application has
	 * no transactions, Spring does not register them as transactional listeners.
	 */
	private Stream<GenericApplicationListener> methods() {
		ConfigurableListableBeanFactory beanFactory = (ConfigurableListableBeanFactory) this.applicationContext
			.getAutowireCapableBeanFactory();
		return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, Object.class))
			.filter((beanName) -> !ScopedProxyUtils.isScopedTarget(beanName))
			.flatMap((beanName) -> {
				try {
					Class<?> type = AutoProxyUtils.determineTargetClass(beanFactory, beanName);
					return (type != null) ? methods(beanName, type) : Stream.empty();
				}
				catch (RuntimeException | LinkageError ex) {
					logger.debug("The bean '%s' cannot be inspected for listeners".formatted(beanName), ex);
					return Stream.empty();
				}
			});
	}

	private static Stream<GenericApplicationListener> methods(String beanName, Class<?> type) {
		if (!AnnotationUtils.isCandidateClass(type, TransactionalEventListener.class)) {
			return Stream.empty();
		}
		return MethodIntrospector.selectMethods(type, (MethodFilter) TransactionalAnnouncements::requiresTransaction)
			.stream()
			.map((method) -> new ApplicationListenerMethodAdapter(beanName, type, method));
	}

	private static boolean requiresTransaction(Method method) {
		TransactionalEventListener listener = AnnotatedElementUtils.findMergedAnnotation(method,
				TransactionalEventListener.class);
		return listener != null && !listener.fallbackExecution();
	}

	private static Stream<ResolvableType> types() {
		Stream<ResolvableType> events = Stream
			.concat(PolarEventTypes.payloads().values().stream(), Stream.of(JsonNode.class))
			.distinct()
			.map((payload) -> ResolvableType.forClassWithGenerics(PolarEvent.class, payload));
		return Stream.concat(events, Stream.of(ResolvableType.forClass(PolarIdentityMismatch.class)))
			.map((event) -> ResolvableType.forClassWithGenerics(PayloadApplicationEvent.class, event));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ TransactionalEventListener.class, PlatformTransactionManager.class })
	static class TransactionConfiguration {

		@Bean
		TransactionalAnnouncements polarTransactionalAnnouncements(ApplicationContext applicationContext,
				@PolarDataSource ObjectProvider<PlatformTransactionManager> marked,
				ObjectProvider<PlatformTransactionManager> all) {
			return new TransactionalAnnouncements(applicationContext, marked, all);
		}

	}

}
