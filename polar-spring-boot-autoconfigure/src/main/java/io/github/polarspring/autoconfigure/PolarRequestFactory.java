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

import java.net.http.HttpClient;
import java.util.concurrent.atomic.AtomicReference;

import io.github.polarspring.client.PolarClient;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Provides the request factory for calls to Polar: the application's one, including its
 * proxy and TLS settings, but with the limits of {@code polar.http}. It does not
 * implement {@link ClientHttpRequestFactory}, so that it is not injected elsewhere.
 */
final class PolarRequestFactory implements DisposableBean {

	private static final Log logger = LogFactory.getLog(PolarRequestFactory.class);

	private final @Nullable HttpClient httpClient;

	private final @Nullable ClientHttpRequestFactory requestFactory;

	PolarRequestFactory(PolarProperties.Http properties, ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders,
			ObjectProvider<HttpClientSettings> settings) {
		// not available in a reactive application
		ClientHttpRequestFactoryBuilder<?> builder = bounded(
				builders.getIfAvailable(ClientHttpRequestFactoryBuilder::detect), properties);
		HttpClientSettings ours = settings.getIfAvailable(HttpClientSettings::defaults)
			.withTimeouts(properties.connectTimeout(), properties.effectiveReadTimeout())
			.withRedirects(HttpRedirects.DONT_FOLLOW);
		if (builder instanceof JdkClientHttpRequestFactoryBuilder jdk) {
			this.httpClient = httpClient(jdk, ours);
			this.requestFactory = null;
		}
		else {
			this.httpClient = null;
			this.requestFactory = builder.build(ours);
		}
	}

	/**
	 * Build the HTTP client with the application's customizations, without a request
	 * factory. The customizations are only accessible by building both; the other client
	 * is not referenced afterwards.
	 */
	private static HttpClient httpClient(JdkClientHttpRequestFactoryBuilder builder, HttpClientSettings settings) {
		AtomicReference<HttpClient.Builder> customized = new AtomicReference<>();
		builder.withHttpClientCustomizer(customized::set).build(settings);
		return customized.get()
			// customizers are applied after the settings
			.followRedirects(HttpClient.Redirect.NEVER)
			// all calls would share a dead HTTP/2 connection until the operating
			// system closes it
			.version(HttpClient.Version.HTTP_1_1)
			.build();
	}

	private static ClientHttpRequestFactoryBuilder<?> bounded(ClientHttpRequestFactoryBuilder<?> builder,
			PolarProperties.Http properties) {
		if (builder instanceof JettyClientHttpRequestFactoryBuilder
				|| builder instanceof ReactorClientHttpRequestFactoryBuilder
				|| builder instanceof SimpleClientHttpRequestFactoryBuilder) {
			String name = builder.getClass().getSimpleName().replace("ClientHttpRequestFactoryBuilder", "");
			logger
				.info("The %s client cannot enforce a total response timeout. Calls to Polar use the JDK's HTTP client with"
					.formatted(name)
						+ " the settings under 'spring.http.clients'; customizations of the %s client are not applied"
							.formatted(name));
			return bounded(ClientHttpRequestFactoryBuilder.jdk(), properties);
		}
		return (builder instanceof HttpComponentsClientHttpRequestFactoryBuilder httpComponents)
				? BoundedHttpComponents.of(httpComponents, properties) : builder;
	}

	void applyTo(PolarClient.Builder client) {
		if (this.httpClient != null) {
			client.httpClient(this.httpClient);
		}
		else if (this.requestFactory != null) {
			client.requestFactory(this.requestFactory);
		}
	}

	@Override
	public void destroy() throws Exception {
		if (this.requestFactory instanceof DisposableBean disposable) {
			disposable.destroy();
		}
	}

}
