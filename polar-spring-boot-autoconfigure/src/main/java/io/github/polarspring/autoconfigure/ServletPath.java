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

package io.github.polarspring.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Path of the {@code DispatcherServlet}, which is part of the URL of each page.
 *
 * @param value the path
 */
record ServletPath(String value) {

	/**
	 * Return the configured path, which an application without servlets can share with
	 * the web application that displays the pages.
	 */
	static ServletPath of(Environment environment) {
		return new ServletPath(environment.getProperty("spring.mvc.servlet.path", ""));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DispatcherServletPath.class)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	static class ServletPathConfiguration {

		@Bean
		@Lazy
		ServletPath polarServletPath(ObjectProvider<DispatcherServletPath> dispatcherServlet, Environment environment) {
			DispatcherServletPath path = dispatcherServlet.getIfUnique();
			return (path != null) ? new ServletPath(path.getPath()) : of(environment);
		}

	}

}
