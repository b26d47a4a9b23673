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
 * The request factory for calls to Polar: that of the application, with its proxy and its
 * TLS, but within our bounds. Not a request factory itself, so that nobody else gets it
 * injected.
 */
final class PolarRequestFactory implements DisposableBean {

	private static final Log logger = LogFactory.getLog(PolarRequestFactory.class);

	private final @Nullable HttpClient httpClient;

	private final @Nullable ClientHttpRequestFactory requestFactory;

	PolarRequestFactory(PolarProperties.Http properties, ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders,
			ObjectProvider<HttpClientSettings> settings) {
		// not there in a reactive application
		ClientHttpRequestFactoryBuilder<?> builder = bounded(
				builders.getIfAvailable(ClientHttpRequestFactoryBuilder::detect), properties);
		HttpClientSettings ours = settings.getIfAvailable(HttpClientSettings::defaults)
			.withTimeouts(properties.getConnectTimeout(), properties.effectiveReadTimeout())
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
	 * Build the client as the application has it, without the request factory around it.
	 * What is customized can be had in no other way than by building both; nothing holds
	 * the other client.
	 */
	private static HttpClient httpClient(JdkClientHttpRequestFactoryBuilder builder, HttpClientSettings settings) {
		AtomicReference<HttpClient.Builder> customized = new AtomicReference<>();
		builder.withHttpClientCustomizer(customized::set).build(settings);
		return customized.get()
			// customizers come after the settings
			.followRedirects(HttpClient.Redirect.NEVER)
			// a dead connection of HTTP/2 would stay in use by all calls, until the
			// operating system gives it up
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
				.info("Polar is called with the JDK's HTTP client and the settings of 'spring.http.clients': the %s client"
					.formatted(name)
						+ " of this application cannot be kept from waiting for ever. Its customizations do not apply");
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
