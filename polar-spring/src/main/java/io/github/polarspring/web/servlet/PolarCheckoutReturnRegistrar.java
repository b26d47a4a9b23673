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

package io.github.polarspring.web.servlet;

import java.util.ArrayList;
import java.util.List;

import io.github.polarspring.web.PolarCheckoutReturn;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Lets handlers have {@link PolarCheckoutReturn} parameters, however the application
 * configured Spring MVC. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarCheckoutReturnRegistrar implements BeanPostProcessor {

	private final ObjectProvider<CheckoutOutcomes> outcomes;

	/**
	 * Create a registrar.
	 * @param outcomes finds out how a checkout ended
	 */
	public PolarCheckoutReturnRegistrar(ObjectProvider<CheckoutOutcomes> outcomes) {
		this.outcomes = outcomes;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RequestMappingHandlerAdapter adapter && adapter.getArgumentResolvers() != null) {
			List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
			resolvers.add(new CheckoutOutcomeArgumentResolver(this.outcomes::getObject));
			resolvers.addAll(adapter.getArgumentResolvers());
			adapter.setArgumentResolvers(resolvers);
		}
		return bean;
	}

}
