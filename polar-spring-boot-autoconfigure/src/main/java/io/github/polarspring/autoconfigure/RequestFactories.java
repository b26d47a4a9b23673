package io.github.polarspring.autoconfigure;

import java.time.Duration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
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
		if (builder instanceof SimpleClientHttpRequestFactoryBuilder) {
			// knows no PATCH, repeats a POST by itself, and waits for ever for headers
			// that
			// drip
			builder = ClientHttpRequestFactoryBuilder.jdk();
		}
		if (builder instanceof HttpComponentsClientHttpRequestFactoryBuilder httpComponents) {
			builder = BoundedHttpComponents.of(httpComponents, properties);
		}
		return builder.build(settings.getIfAvailable(HttpClientSettings::defaults)
			.withTimeouts(connectTimeout, properties.effectiveReadTimeout())
			.withRedirects(HttpRedirects.DONT_FOLLOW));
	}

}
