package io.github.polarspring.client;

import org.springframework.web.client.RestClient;

/**
 * Callback to customize the {@link RestClient} that calls Polar, and no other. Runs after
 * the application's general customizers. What the API needs (address, access token,
 * version, JSON, handling of errors) is set afterwards and cannot be changed here.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PolarRestClientCustomizer {

	/**
	 * Customize the given builder.
	 * @param builder the builder to customize
	 */
	void customize(RestClient.Builder builder);

}
