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

package io.github.polarspring.contract;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.github.polarspring.PolarEnvironment;
import io.github.polarspring.test.PolarFake;
import org.jspecify.annotations.Nullable;

/**
 * The server that the tests run against, and its access token.
 */
final class ContractTarget implements AutoCloseable {

	static final String NO_TOKEN = "The contract tests did not run: no access token is set. Set the environment"
			+ " variable POLAR_CONTRACT_TOKEN to an organization access token of Polar's sandbox, or, for another"
			+ " server, of the one in POLAR_CONTRACT_URL.";

	private static final String DEFAULT_EMAIL_DOMAIN = "polar.sh";

	private final URI url;

	private final String accessToken;

	private final String emailDomain;

	private final @Nullable PolarFake fake;

	private ContractTarget(URI url, String accessToken, String emailDomain, @Nullable PolarFake fake) {
		this.url = url;
		this.accessToken = accessToken;
		this.emailDomain = emailDomain;
		this.fake = fake;
	}

	/**
	 * Return the configured target: by default a fake in this process, else a server.
	 */
	static ContractTarget of(Settings settings) {
		String emailDomain = settings.get("email-domain").orElse(DEFAULT_EMAIL_DOMAIN);
		if (!settings.isServer()) {
			PolarFake fake = PolarFake.start();
			return new ContractTarget(fake.baseUrl(), fake.accessToken(), emailDomain, fake);
		}
		URI url = settings.get("url").map(URI::create).orElse(PolarEnvironment.SANDBOX.baseUrl());
		if (PolarEnvironment.PRODUCTION.baseUrl().getHost().equalsIgnoreCase(url.getHost())) {
			throw new IllegalArgumentException("The contract tests create products, customers, and orders, so they do"
					+ " not run against Polar's production environment. Set POLAR_CONTRACT_URL to "
					+ PolarEnvironment.SANDBOX.baseUrl());
		}
		String token = settings.get("token").orElseThrow(() -> new IllegalStateException(NO_TOKEN));
		return new ContractTarget(url, token.strip(), emailDomain, null);
	}

	URI url() {
		return this.url;
	}

	String accessToken() {
		return this.accessToken;
	}

	/**
	 * The domain of e-mail addresses. Polar looks it up, and rejects {@code example.com},
	 * which accepts no mail. The sandbox sends no mail to these addresses.
	 */
	String emailDomain() {
		return this.emailDomain;
	}

	/**
	 * Whether calls are limited, and changes can take a while.
	 */
	boolean isServer() {
		return this.fake == null;
	}

	@Override
	public void close() {
		if (this.fake != null) {
			this.fake.close();
		}
	}

	@Override
	public String toString() {
		return (this.fake != null) ? "the fake" : this.url.toString();
	}

	/**
	 * Looks up settings, each as a property or as an environment variable.
	 */
	record Settings(Function<String, Optional<String>> properties, UnaryOperator<@Nullable String> environment) {

		/**
		 * Whether the Maven profile {@code contract} is active.
		 */
		boolean isServer() {
			return this.properties.apply("polar.contract").map(Boolean::parseBoolean).orElse(false);
		}

		boolean isComplete() {
			return !isServer() || get("token").isPresent();
		}

		private Optional<String> get(String name) {
			String variable = "POLAR_CONTRACT_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
			return this.properties.apply("polar.contract." + name)
				.or(() -> Optional.ofNullable(this.environment.apply(variable)))
				.filter((value) -> !value.isBlank());
		}

	}

}
