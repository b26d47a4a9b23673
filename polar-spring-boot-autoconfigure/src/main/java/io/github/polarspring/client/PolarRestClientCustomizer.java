package io.github.polarspring.client;

import org.springframework.web.client.RestClient;

/**
 * Callback to customize the {@link RestClient} that calls Polar, and no other. Runs after
 * the application's general customizers. What the API needs (address, access token,
 * version, JSON, handling of errors) is set afterwards and cannot be changed here.
 * <p>
 * A request factory that is set here replaces that of the starter, and with it the
 * {@code polar.http} timeouts. It must not follow redirects, because they would take the
 * access token along.
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
