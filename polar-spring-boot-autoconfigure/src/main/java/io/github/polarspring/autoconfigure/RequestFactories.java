package io.github.polarspring.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * The request factory for calls to Polar: that of the application, with its proxy and its
 * TLS, but within our bounds.
 */
final class RequestFactories {

	private RequestFactories() {
	}

	static ClientHttpRequestFactory create(PolarProperties.Http properties,
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders, ObjectProvider<HttpClientSettings> settings) {
		Duration connectTimeout = properties.getConnectTimeout();
		// not there in a reactive application
		ClientHttpRequestFactoryBuilder<?> builder = builders.getIfAvailable(ClientHttpRequestFactoryBuilder::detect);
		if (builder instanceof HttpComponentsClientHttpRequestFactoryBuilder httpComponents) {
			builder = HttpComponents.within(httpComponents, properties.getMaxConcurrentCalls(), connectTimeout);
		}
		return builder.build(settings.getIfAvailable(HttpClientSettings::defaults)
			.withTimeouts(connectTimeout, properties.getReadTimeout())
			.withRedirects(HttpRedirects.DONT_FOLLOW));
	}

	/**
	 * By default this client has 5 connections, waits 3 minutes for one to be free, and
	 * repeats by itself, as late as the answer says.
	 */
	private static final class HttpComponents {

		static HttpComponentsClientHttpRequestFactoryBuilder within(
				HttpComponentsClientHttpRequestFactoryBuilder builder, int maxConnections, Duration wait) {
			return builder.withHttpClientCustomizer((client) -> client.disableAutomaticRetries())
				.withConnectionManagerCustomizer(
						(connections) -> connections.setMaxConnTotal(maxConnections).setMaxConnPerRoute(maxConnections))
				.withDefaultRequestConfigCustomizer(
						(request) -> request.setConnectionRequestTimeout(wait.toMillis(), TimeUnit.MILLISECONDS));
		}

	}

}
