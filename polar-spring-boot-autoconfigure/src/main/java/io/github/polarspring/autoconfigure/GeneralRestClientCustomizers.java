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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.web.client.RestClient;

/**
 * Applies the application's general {@link RestClientCustomizer} beans, all but one
 * thing: a request factory, which is often set for timeouts and follows redirects by
 * default. Redirects would take the access token to another host. The mock server of
 * Spring's tests is let through.
 */
final class GeneralRestClientCustomizers {

	private static final Log logger = LogFactory.getLog(GeneralRestClientCustomizers.class);

	private GeneralRestClientCustomizers() {
	}

	static void apply(RestClientCustomizer customizer, RestClient.Builder builder) {
		customizer.customize((RestClient.Builder) Proxy.newProxyInstance(RestClient.Builder.class.getClassLoader(),
				new Class<?>[] { RestClient.Builder.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("requestFactory") && !isMock(arguments[0])) {
						report(customizer);
						return proxy;
					}
					try {
						Object result = method.invoke(builder, arguments);
						return (result == builder) ? proxy : result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				}));
	}

	private static boolean isMock(Object requestFactory) {
		return requestFactory.getClass().getName().startsWith("org.springframework.test.");
	}

	private static void report(RestClientCustomizer customizer) {
		logger.warn("The request factory that %s sets is not used for calls to Polar: it could follow redirects, and"
			.formatted(customizer.getClass().getName())
				+ " so lead the access token to another host. Use 'spring.http.clients' properties, a"
				+ " ClientHttpRequestFactoryBuilder bean, or a PolarRestClientCustomizer");
	}

}
