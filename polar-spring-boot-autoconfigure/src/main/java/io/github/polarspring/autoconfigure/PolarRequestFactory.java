package io.github.polarspring.autoconfigure;

import java.net.http.HttpClient;
import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

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

	private final ClientHttpRequestFactory requestFactory;

	PolarRequestFactory(PolarProperties.Http properties, ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders,
			ObjectProvider<HttpClientSettings> settings) {
		// not there in a reactive application
		ClientHttpRequestFactoryBuilder<?> builder = bounded(
				builders.getIfAvailable(ClientHttpRequestFactoryBuilder::detect), properties);
		Duration readTimeout = properties.effectiveReadTimeout();
		this.requestFactory = builder.build(settings.getIfAvailable(HttpClientSettings::defaults)
			.withTimeouts(properties.getConnectTimeout(), readTimeout)
			.withRedirects(HttpRedirects.DONT_FOLLOW));
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
		if (builder instanceof JdkClientHttpRequestFactoryBuilder jdk) {
			// a dead connection of HTTP/2 would stay in use by all calls, until the
			// operating
			// system gives it up
			return jdk.withHttpClientCustomizer((client) -> client.version(HttpClient.Version.HTTP_1_1));
		}
		return (builder instanceof HttpComponentsClientHttpRequestFactoryBuilder httpComponents)
				? BoundedHttpComponents.of(httpComponents, properties) : builder;
	}

	ClientHttpRequestFactory get() {
		return this.requestFactory;
	}

	@Override
	public void destroy() throws Exception {
		if (this.requestFactory instanceof DisposableBean disposable) {
			disposable.destroy();
		}
	}

}
