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
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.test.PolarFake;
import org.jspecify.annotations.Nullable;

/**
 * {@link PolarConnectionDetails} of the fake, which is started lazily.
 */
final class FakeConnectionDetails implements PolarConnectionDetails {

	private final Supplier<PolarFake> fake;

	private final List<String> webhookSecrets;

	FakeConnectionDetails(Supplier<PolarFake> fake, List<String> webhookSecrets) {
		this.fake = fake;
		this.webhookSecrets = webhookSecrets.isEmpty() ? List.of(randomSecret()) : webhookSecrets;
	}

	private static String randomSecret() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return "whsec_" + Base64.getEncoder().encodeToString(key);
	}

	@Override
	public URI getBaseUrl() {
		return this.fake.get().baseUrl();
	}

	@Override
	public @Nullable String getAccessToken() {
		return this.fake.get().accessToken();
	}

	@Override
	public List<String> getWebhookSecrets() {
		return this.webhookSecrets;
	}

	@Override
	public String getDescription() {
		return "fake on this machine, no real payments";
	}

}
