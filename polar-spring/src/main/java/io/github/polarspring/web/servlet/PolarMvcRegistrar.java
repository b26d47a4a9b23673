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
import java.util.function.Supplier;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.handler.HandlerExceptionResolverComposite;
import org.springframework.web.servlet.mvc.annotation.ResponseStatusExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Bean post-processor that adds support for the annotated methods to Spring MVC,
 * regardless of how the application configures it. The return value handler is added
 * first, because handlers that a {@code WebMvcConfigurer} adds are called after Spring's
 * default ones, which handle {@code void} methods and all methods of a
 * {@code @RestController}. The exception resolver is added after the
 * {@code @ExceptionHandler} methods of the application and before Spring's default
 * resolvers.
 */
final class PolarMvcRegistrar implements BeanPostProcessor {

	private final Supplier<PolarWebMvc> mvc;

	private final HandlerExceptionResolver exceptionResolver;

	PolarMvcRegistrar(Supplier<PolarWebMvc> mvc) {
		this.mvc = mvc;
		this.exceptionResolver = new PolarExceptionResolver(mvc);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RequestMappingHandlerAdapter adapter && adapter.getReturnValueHandlers() != null) {
			List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>();
			handlers.add(new PolarCheckoutReturnValueHandler(this.mvc));
			handlers.add(new PolarPortalReturnValueHandler(this.mvc));
			handlers.addAll(adapter.getReturnValueHandlers());
			adapter.setReturnValueHandlers(handlers);
		}
		if (bean instanceof RequestMappingHandlerAdapter adapter && adapter.getArgumentResolvers() != null) {
			List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
			resolvers.add(new PolarCheckoutArgumentResolver(() -> this.mvc.get().methods()));
			resolvers.add(new CheckoutOutcomeArgumentResolver(() -> this.mvc.get().outcomes()));
			resolvers.addAll(adapter.getArgumentResolvers());
			adapter.setArgumentResolvers(resolvers);
		}
		if (bean instanceof HandlerExceptionResolverComposite composite) {
			List<HandlerExceptionResolver> resolvers = new ArrayList<>(composite.getExceptionResolvers());
			int index = 0;
			while (index < resolvers.size() && !(resolvers.get(index) instanceof ResponseStatusExceptionResolver)) {
				index++;
			}
			resolvers.add(index, this.exceptionResolver);
			composite.setExceptionResolvers(resolvers);
		}
		return bean;
	}

}
