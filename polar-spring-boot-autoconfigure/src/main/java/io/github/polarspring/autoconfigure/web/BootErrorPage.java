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

package io.github.polarspring.autoconfigure.web;

import java.util.Map;
import java.util.Objects;

import io.github.polarspring.web.servlet.PolarWebMvc.ErrorPage;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.template.TemplateAvailabilityProviders;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorViewResolver;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;

/**
 * {@link ErrorPage} that resolves the page that Spring Boot would show: the page for the
 * status, the general one, or the whitelabel page.
 */
final class BootErrorPage implements ErrorPage {

	private static final String DEFAULT_VIEW = "error";

	private final ApplicationContext applicationContext;

	BootErrorPage(ApplicationContext applicationContext) {
		this.applicationContext = applicationContext;
	}

	@Override
	public @Nullable ModelAndView resolve(HttpServletRequest request, HttpStatusCode status,
			Map<String, Object> model) {
		HttpStatus known = HttpStatus.resolve(status.value());
		ModelAndView page = (known != null) ? this.applicationContext.getBeanProvider(ErrorViewResolver.class)
			.orderedStream()
			.map((resolver) -> resolver.resolveErrorView(request, known, model))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null) : null;
		if (page != null) {
			return page;
		}
		if (new TemplateAvailabilityProviders(this.applicationContext).getProvider(DEFAULT_VIEW,
				this.applicationContext) != null) {
			return new ModelAndView(DEFAULT_VIEW, model);
		}
		return (this.applicationContext.containsBean(DEFAULT_VIEW)
				&& this.applicationContext.isTypeMatch(DEFAULT_VIEW, View.class))
						? new ModelAndView(this.applicationContext.getBean(DEFAULT_VIEW, View.class), model) : null;
	}

}
