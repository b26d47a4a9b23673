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

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.client.PolarUrls;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.product.PolarProducts;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;
import org.springframework.util.MultiValueMap;

/**
 * {@link PolarCheckoutOperations} that use the Polar API:
 *
 * <pre class="code">
 * CheckoutSession session = checkouts.create("pro", (checkout) -&gt; checkout.seats(3));
 * </pre>
 *
 * Creating a session is retried even if the outcome of the first attempt is unknown: a
 * duplicate session does no harm, because a session that no one opens expires. Values
 * from the {@link CheckoutContext} (e-mail address, name, IP address, language) cannot
 * make the checkout fail: if Polar rejects them, or does not respond in time with an
 * e-mail address to check, the session is created without them.
 * <p>
 * Instances are immutable and safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarCheckoutTemplate implements PolarCheckoutOperations {

	private static final Log logger = LogFactory.getLog(PolarCheckoutTemplate.class);

	/**
	 * Path with the trailing slash. Polar redirects the path without it.
	 */
	private static final String ALL = "/v1/checkouts/";

	private static final String BY_ID = "/v1/checkouts/{id}";

	private static final String BY_CLIENT_SECRET = "/v1/checkouts/client/{client_secret}";

	private final PolarClient client;

	private final PolarProducts products;

	private final List<CheckoutRequestCustomizer> customizers;

	private final CheckoutContextProvider contextProvider;

	private final @Nullable String successUrl;

	private final @Nullable String returnUrl;

	private final @Nullable String embedOrigin;

	private final @Nullable String applicationUrl;

	private final String servletPath;

	private final ContextFallback fallback = new ContextFallback();

	private PolarCheckoutTemplate(Builder builder) {
		this.client = builder.client;
		this.products = builder.products;
		this.customizers = List.copyOf(builder.customizers);
		this.contextProvider = builder.contextProvider;
		this.successUrl = builder.successUrl;
		this.returnUrl = builder.returnUrl;
		this.embedOrigin = builder.embedOrigin;
		this.servletPath = builder.servletPath;
		this.applicationUrl = builder.applicationUrl;
	}

	/**
	 * Return a builder, for use without Spring Boot. With it, {@code polar.*} properties
	 * and beans do the same.
	 * @param client the client that calls Polar
	 * @return a new builder
	 */
	public static Builder builder(PolarClient client) {
		return new Builder(client);
	}

	@Override
	public CheckoutContext currentContext() {
		return this.contextProvider.currentContext();
	}

	@Override
	public CheckoutSession create(CheckoutRequest request, CheckoutContext context) {
		Assert.notNull(request, "request must not be null");
		Assert.notNull(context, "context must not be null");
		CheckoutRequest.Builder customized = request.mutate();
		this.customizers.forEach((customizer) -> customizer.customize(customized));
		ContextualRequest contextual = contextual(customized.build(), context);
		CheckoutRequest complete = complete(contextual.request(), context);
		return this.client.call(HttpMethod.POST, ALL)
			.body(complete)
			.retryable()
			.fallback((failure) -> this.fallback.after(failure, complete, contextual.dispensable()))
			.retrieve(CheckoutSession.class);
	}

	private static ContextualRequest contextual(CheckoutRequest request, CheckoutContext context) {
		try {
			return ContextualRequest.of(request, context);
		}
		catch (PolarIdentityException ex) {
			// the response does not contain the message
			logger.error("No checkout session was created: " + ex.getMessage());
			throw ex;
		}
	}

	/**
	 * Return the request as it is sent.
	 */
	private CheckoutRequest complete(CheckoutRequest request, CheckoutContext context) {
		String applicationUrl = (this.applicationUrl != null) ? this.applicationUrl : context.applicationUrl();
		CheckoutRequest.Builder checkout = request.mutate();
		String successUrl = (request.successUrl() != null) ? request.successUrl() : this.successUrl;
		if (successUrl != null) {
			checkout.successUrl(PolarUrls.withServletPath(successUrl, this.servletPath));
		}
		String returnUrl = (request.returnUrl() != null) ? request.returnUrl() : this.returnUrl;
		if (returnUrl != null) {
			checkout.returnUrl(PolarUrls.withServletPath(returnUrl, this.servletPath));
		}
		String embedOrigin = (this.embedOrigin == null && context.isEmbedding()) ? CheckoutUrl.origin(applicationUrl)
				: this.embedOrigin;
		if (request.embedOrigin() == null && embedOrigin != null) {
			checkout.embedOrigin(embedOrigin);
		}
		return checkout.build().complete(this.products, applicationUrl, context.browserHash());
	}

	@Override
	public CheckoutSession get(UUID id) {
		Assert.notNull(id, "id must not be null");
		return this.client.get(CheckoutSession.class, BY_ID, id);
	}

	@Override
	public PolarPage<CheckoutSession> list(CheckoutQuery query) {
		Assert.notNull(query, "query must not be null");
		return list(query, query.parameters());
	}

	private PolarPage<CheckoutSession> list(CheckoutQuery query, MultiValueMap<String, String> parameters) {
		return this.client.list(CheckoutSession.class, ALL, query.with(this.products, parameters));
	}

	@Override
	public Stream<CheckoutSession> stream(CheckoutQuery query) {
		Assert.notNull(query, "query must not be null");
		Set<Object> delivered = ConcurrentHashMap.newKeySet();
		return PolarPage.stream(query.page(), (page) -> list(query, query.parameters(page)))
			.filter((session) -> session.property("id") == null || delivered.add(session.property("id")));
	}

	@Override
	public CheckoutSession update(UUID id, CheckoutUpdate update) {
		Assert.notNull(id, "id must not be null");
		Assert.notNull(update, "update must not be null");
		Map<String, Object> reserved = update.replacesMetadata() ? reserved(get(id)) : Map.of();
		return this.client.patch(CheckoutSession.class, BY_ID, update.complete(this.products, reserved), id);
	}

	/**
	 * Return the reserved entries in the metadata of a session. Without them, replaced
	 * metadata would make the buyer a guest.
	 */
	private static Map<String, Object> reserved(CheckoutSession session) {
		if (session.property("metadata") instanceof Map<?, ?> metadata) {
			Map<String, Object> reserved = new LinkedHashMap<>();
			metadata.forEach((key, value) -> {
				if (value != null && CheckoutMetadata.RESERVED.contains(key)) {
					reserved.put((String) key, value);
				}
			});
			if (reserved.values().stream().allMatch(String.class::isInstance)) {
				return reserved;
			}
		}
		throw new PolarDataException(
				"The checkout session %s was not changed: its 'metadata' cannot be read, so the buyer".formatted(
						session.id()) + " cannot be determined. The JSON that Polar sent is available from json()");
	}

	@Override
	public CheckoutSession getByClientSecret(String clientSecret) {
		requireClientSecret(clientSecret);
		return this.client.withoutAccessToken().get(CheckoutSession.class, BY_CLIENT_SECRET, clientSecret);
	}

	@Override
	public CheckoutSession updateByClientSecret(String clientSecret, ClientCheckoutUpdate update) {
		requireClientSecret(clientSecret);
		Assert.notNull(update, "update must not be null");
		return this.client.withoutAccessToken().patch(CheckoutSession.class, BY_CLIENT_SECRET, update, clientSecret);
	}

	/**
	 * Reject client secrets that would change the path, because they can come from a
	 * browser.
	 */
	private static void requireClientSecret(String clientSecret) {
		Assert.isTrue(clientSecret != null && clientSecret.matches("[A-Za-z0-9_-]{1,200}"),
				"client_secret must have 1 to 200 letters, digits, '_' and '-'");
	}

	/**
	 * Builder of a {@link PolarCheckoutTemplate}. Not safe for use by multiple threads.
	 */
	public static final class Builder {

		private final PolarClient client;

		private final List<CheckoutRequestCustomizer> customizers = new ArrayList<>();

		private PolarProducts products = new PolarProducts(Map.of());

		private CheckoutContextProvider contextProvider = CheckoutContext::empty;

		private @Nullable String successUrl;

		private @Nullable String returnUrl;

		private @Nullable String embedOrigin;

		private @Nullable String applicationUrl;

		private String servletPath = "";

		private Builder(PolarClient client) {
			Assert.notNull(client, "client must not be null");
			this.client = client;
		}

		/**
		 * Set the products that requests can name.
		 * @param products resolves product names
		 * @return this builder
		 */
		public Builder products(PolarProducts products) {
			this.products = products;
			return this;
		}

		/**
		 * Add customizers, which are applied to each request in this order.
		 * @param customizers the customizers
		 * @return this builder
		 */
		public Builder customizers(Collection<? extends CheckoutRequestCustomizer> customizers) {
			this.customizers.addAll(customizers);
			return this;
		}

		/**
		 * Set the provider that determines the current caller. By default, nothing is
		 * known about callers.
		 * @param contextProvider the provider
		 * @return this builder
		 */
		public Builder contextProvider(CheckoutContextProvider contextProvider) {
			this.contextProvider = contextProvider;
			return this;
		}

		/**
		 * Set where Polar redirects buyers after the payment, for requests that do not
		 * set it.
		 * @param successUrl an absolute URL or a path, or {@code null}
		 * @return this builder
		 * @throws IllegalArgumentException if it is neither
		 * @see CheckoutRequest.Builder#successUrl(String)
		 */
		public Builder successUrl(@Nullable String successUrl) {
			this.successUrl = (successUrl != null) ? CheckoutUrl.validate("success_url", successUrl) : null;
			return this;
		}

		/**
		 * Set the target of the back button of the checkout page, for requests that do
		 * not set it.
		 * @param returnUrl an absolute URL or a path, or {@code null}
		 * @return this builder
		 * @throws IllegalArgumentException if it is neither
		 * @see CheckoutRequest.Builder#returnUrl(String)
		 */
		public Builder returnUrl(@Nullable String returnUrl) {
			this.returnUrl = (returnUrl != null) ? CheckoutUrl.validate("return_url", returnUrl) : null;
			return this;
		}

		/**
		 * Set the origin of the page that embeds the checkout, for requests that do not
		 * set it.
		 * @param embedOrigin scheme, host and port, or {@code null}
		 * @return this builder
		 * @throws IllegalArgumentException if it is anything else
		 * @see CheckoutRequest.Builder#embedOrigin(String)
		 */
		public Builder embedOrigin(@Nullable String embedOrigin) {
			this.embedOrigin = (embedOrigin != null) ? CheckoutUrl.validateOrigin("embed_origin", embedOrigin) : null;
			return this;
		}

		/**
		 * Set the public address of the application, against which paths are resolved,
		 * without the path of the {@code DispatcherServlet}. It takes precedence over
		 * that of the context.
		 * @param applicationUrl an absolute http or https URL without user information,
		 * query and fragment, or {@code null}
		 * @return this builder
		 * @throws IllegalArgumentException if it is anything else
		 */
		public Builder applicationUrl(@Nullable String applicationUrl) {
			this.applicationUrl = (applicationUrl != null) ? PolarUrls.requireApplicationUrl(applicationUrl) : null;
			return this;
		}

		/**
		 * Set the path of the {@code DispatcherServlet} within the application, such as
		 * {@code /app}. It is added to the paths of success and return URLs that do not
		 * start with it.
		 * @param servletPath the path, empty or {@code /} for none
		 * @return this builder
		 * @throws IllegalArgumentException if it is not a path
		 */
		public Builder servletPath(String servletPath) {
			this.servletPath = CheckoutUrl.validateServletPath(servletPath);
			return this;
		}

		/**
		 * Build the template. Does not call Polar.
		 * @return a new template
		 */
		public PolarCheckoutTemplate build() {
			return new PolarCheckoutTemplate(this);
		}

	}

}
