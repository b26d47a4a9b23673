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

package io.github.polarspring.checkout;

import java.util.Locale;
import java.util.Objects;

import io.github.polarspring.clientip.IpAddress;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Context in which a checkout session is created, with what is known about the caller:
 * identity, IP address, locale, and the address at which the caller sees the application.
 * Within a web request, the web stack provides it. To create a session on another thread,
 * pass it on:
 *
 * <pre class="code">
 * CheckoutContext context = checkouts.currentContext();
 * executor.submit(() -&gt; checkouts.create(request, context));
 * </pre>
 *
 * Values of the {@link CheckoutRequest} always take precedence. Values from the context
 * cannot make the checkout fail: if Polar rejects one of them, the session is created
 * without it. The identity is never omitted.
 * <p>
 * Immutable.
 *
 * @since 0.1.0
 * @see PolarCheckoutOperations#currentContext()
 */
public final class CheckoutContext {

	private static final CheckoutContext EMPTY = new CheckoutContext(null, null, null, null, null, false, null);

	private final @Nullable PolarIdentity identity;

	private final @Nullable RuntimeException identityFailure;

	private final @Nullable String clientIp;

	private final @Nullable Locale locale;

	private final @Nullable String applicationUrl;

	private final boolean embedding;

	private final @Nullable String browserHash;

	private CheckoutContext(@Nullable PolarIdentity identity, @Nullable RuntimeException identityFailure,
			@Nullable String clientIp, @Nullable Locale locale, @Nullable String applicationUrl, boolean embedding,
			@Nullable String browserHash) {
		this.identity = identity;
		this.identityFailure = identityFailure;
		this.clientIp = clientIp;
		this.locale = locale;
		this.applicationUrl = applicationUrl;
		this.embedding = embedding;
		this.browserHash = browserHash;
	}

	/**
	 * Return the context of a caller about whom nothing is known: a guest.
	 * @return the empty context
	 */
	public static CheckoutContext empty() {
		return EMPTY;
	}

	/**
	 * Return this context with another identity.
	 * @param identity who buys, or {@code null} for a guest
	 * @return a new context
	 */
	public CheckoutContext withIdentity(@Nullable PolarIdentity identity) {
		return new CheckoutContext(identity, null, this.clientIp, this.locale, this.applicationUrl, this.embedding,
				this.browserHash);
	}

	/**
	 * Return this context for a caller who must not be treated as a guest: a request that
	 * does not identify the buyer by an id fails with the given exception.
	 * @param failure the reason, such as a missing login
	 * @return a new context
	 */
	public CheckoutContext withIdentityFailure(RuntimeException failure) {
		Assert.notNull(failure, "failure must not be null");
		return new CheckoutContext(null, failure, this.clientIp, this.locale, this.applicationUrl, this.embedding,
				this.browserHash);
	}

	/**
	 * Return this context with another IP address. Polar derives country, currency and
	 * tax from it.
	 * @param clientIp an IPv4 or IPv6 literal without port, or {@code null}
	 * @return a new context
	 * @throws IllegalArgumentException if it is not a literal
	 */
	public CheckoutContext withClientIp(@Nullable String clientIp) {
		Assert.isTrue(clientIp == null || IpAddress.isLiteral(clientIp),
				"clientIp must be an IP address without a port");
		return new CheckoutContext(this.identity, this.identityFailure, clientIp, this.locale, this.applicationUrl,
				this.embedding, this.browserHash);
	}

	/**
	 * Return this context with another locale. One that Polar would reject is not sent.
	 * @param locale the locale, or {@code null}
	 * @return a new context
	 */
	public CheckoutContext withLocale(@Nullable Locale locale) {
		return new CheckoutContext(this.identity, this.identityFailure, this.clientIp, locale, this.applicationUrl,
				this.embedding, this.browserHash);
	}

	/**
	 * Return this context with another address of the application, against which paths in
	 * success and return URLs are resolved.
	 * @param applicationUrl an absolute http or https URL, or {@code null}
	 * @return a new context
	 */
	public CheckoutContext withApplicationUrl(@Nullable String applicationUrl) {
		return new CheckoutContext(this.identity, this.identityFailure, this.clientIp, this.locale, applicationUrl,
				this.embedding, this.browserHash);
	}

	/**
	 * Return this context for a caller who may embed the checkout in a page of the
	 * application: its origin becomes the embed origin.
	 * @param embedding whether the checkout may be embedded
	 * @return a new context
	 */
	public CheckoutContext withEmbedding(boolean embedding) {
		return new CheckoutContext(this.identity, this.identityFailure, this.clientIp, this.locale, this.applicationUrl,
				embedding, this.browserHash);
	}

	/**
	 * Return this context with a hash that identifies the caller's browser. It is stored
	 * in the metadata of the checkout under the reserved key {@code browser_hash}, so
	 * that the return page recognizes the checkouts of a browser.
	 * @param browserHash the SHA-256 of a secret that only the browser has, in
	 * hexadecimal form, or {@code null}
	 * @return a new context
	 * @throws IllegalArgumentException if it is not a SHA-256
	 */
	public CheckoutContext withBrowserHash(@Nullable String browserHash) {
		Assert.isTrue(browserHash == null || browserHash.matches("[0-9a-f]{64}"),
				"browserHash must be a SHA-256 in hexadecimal form");
		return new CheckoutContext(this.identity, this.identityFailure, this.clientIp, this.locale, this.applicationUrl,
				this.embedding, browserHash);
	}

	/**
	 * Return the identity of the buyer.
	 * @return the identity, or {@code null} for a guest
	 * @throws RuntimeException if the identity is required and could not be determined,
	 * see {@link #withIdentityFailure(RuntimeException)}
	 */
	public @Nullable PolarIdentity identity() {
		if (this.identityFailure != null) {
			throw this.identityFailure;
		}
		return this.identity;
	}

	/**
	 * Return the caller's IP address.
	 * @return an IPv4 or IPv6 literal, or {@code null} if not known
	 */
	public @Nullable String clientIp() {
		return this.clientIp;
	}

	/**
	 * Return the caller's locale.
	 * @return the locale, or {@code null} if not known
	 */
	public @Nullable Locale locale() {
		return this.locale;
	}

	/**
	 * Return the address of the application as the caller sees it.
	 * @return an absolute URL, or {@code null} if not known
	 */
	public @Nullable String applicationUrl() {
		return this.applicationUrl;
	}

	/**
	 * Return whether the caller may embed the checkout in a page of the application.
	 * @return {@code true} if so
	 */
	public boolean isEmbedding() {
		return this.embedding;
	}

	/**
	 * Return the hash that identifies the caller's browser.
	 * @return the hash of a secret of the browser, or {@code null} if there is none
	 */
	public @Nullable String browserHash() {
		return this.browserHash;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof CheckoutContext other && Objects.equals(this.identity, other.identity)
				&& Objects.equals(this.identityFailure, other.identityFailure)
				&& Objects.equals(this.clientIp, other.clientIp) && Objects.equals(this.locale, other.locale)
				&& Objects.equals(this.applicationUrl, other.applicationUrl) && this.embedding == other.embedding
				&& Objects.equals(this.browserHash, other.browserHash);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.identity, this.clientIp, this.locale, this.applicationUrl);
	}

	/**
	 * Return a text without personal data.
	 */
	@Override
	public String toString() {
		return "CheckoutContext[***]";
	}

}
