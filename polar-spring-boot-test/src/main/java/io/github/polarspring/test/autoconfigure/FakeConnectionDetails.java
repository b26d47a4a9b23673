package io.github.polarspring.test.autoconfigure;

import java.net.URI;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.test.PolarFake;
import org.jspecify.annotations.Nullable;

/**
 * Leads to the fake.
 */
final class FakeConnectionDetails implements PolarConnectionDetails {

	private final PolarFake fake;

	FakeConnectionDetails(PolarFake fake) {
		this.fake = fake;
	}

	@Override
	public URI getBaseUrl() {
		return this.fake.baseUrl();
	}

	@Override
	public @Nullable String getAccessToken() {
		return this.fake.accessToken();
	}

}
