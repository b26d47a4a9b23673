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

package io.github.polarspring.test.autoconfigure;

import java.net.URI;
import java.util.List;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * {@link PolarConnectionDetails} of the real Polar that explain why the fake is not used.
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
