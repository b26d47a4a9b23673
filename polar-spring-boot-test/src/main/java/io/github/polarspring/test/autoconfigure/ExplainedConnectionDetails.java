package io.github.polarspring.test.autoconfigure;

import java.net.URI;
import java.util.List;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * Leads to the real Polar, and tells why not to the fake.
 */
final class ExplainedConnectionDetails implements PolarConnectionDetails {

	private final PolarConnectionDetails delegate;

	private final @Nullable String reason;

	ExplainedConnectionDetails(PolarConnectionDetails delegate, @Nullable String reason) {
		this.delegate = delegate;
		this.reason = reason;
	}

	@Override
	public URI getBaseUrl() {
		return this.delegate.getBaseUrl();
	}

	@Override
	public @Nullable String getAccessToken() {
		return this.delegate.getAccessToken();
	}

	@Override
	public List<String> getWebhookSecrets() {
		return this.delegate.getWebhookSecrets();
	}

	@Override
	public @Nullable String getMissingAccessTokenReason() {
		return this.reason;
	}

	@Override
	public @Nullable String getDescription() {
		return this.delegate.getDescription();
	}

}
