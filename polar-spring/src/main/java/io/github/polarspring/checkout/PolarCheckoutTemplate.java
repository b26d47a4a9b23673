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

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.product.PolarProducts;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * {@link PolarCheckoutOperations} on the Polar API:
 *
 * <pre class="code">
 * CheckoutSession session = checkouts.create(CheckoutRequest.forProducts("pro").build());
 * </pre>
 *
 * A session that was created twice does no harm, since the one that nobody opens expires:
 * creating is repeated also when its outcome is unknown. What the starter filled in from
 * the web request (e-mail address, name, IP address, language) does not cost the sale:
 * when Polar refuses it, or does not answer in time with an e-mail address to check, the
 * session is created without it.
 *
 * @since 0.1.0
 */
public final class PolarCheckoutTemplate implements PolarCheckoutOperations {

	/**
	 * With the slash: Polar redirects the other form.
	 */
	private static final String ALL = "/v1/checkouts/";

	private static final String BY_ID = "/v1/checkouts/{id}";

	private static final String BY_CLIENT_SECRET = "/v1/checkouts/client/{client_secret}";

	private final PolarClient client;

	private final PolarProducts products;

	private final List<CheckoutRequestCustomizer> customizers;

	private final DispensablePrefills prefills = new DispensablePrefills();

	/**
	 * Create a template.
	 * @param client calls Polar
	 * @param products resolves product names
	 * @param customizers applied to each request, in this order
	 */
	public PolarCheckoutTemplate(PolarClient client, PolarProducts products,
			List<CheckoutRequestCustomizer> customizers) {
		this.client = client;
		this.products = products;
		this.customizers = List.copyOf(customizers);
	}

	@Override
	public CheckoutSession create(CheckoutRequest request) {
		CheckoutRequest complete = prepare(request).complete(this.products);
		return this.client.call(HttpMethod.POST, ALL)
			.body(complete)
			.retryable()
			.fallback((failure) -> this.prefills.fallback(complete, failure))
			.retrieve(CheckoutSession.class);
	}

	@Override
	public CheckoutRequest prepare(CheckoutRequest request) {
		Assert.notNull(request, "request must not be null");
		if (request.isPrepared()) {
			return request;
		}
		CheckoutRequest.Builder checkout = request.mutate();
		this.customizers.forEach((customizer) -> customizer.customize(checkout));
		return checkout.prepared().build();
	}

	@Override
	public CheckoutSession get(UUID id) {
		Assert.notNull(id, "id must not be null");
		return this.client.get(CheckoutSession.class, BY_ID, id);
	}

	@Override
	public PolarPage<CheckoutSession> list(CheckoutQuery query) {
		Assert.notNull(query, "query must not be null");
		return this.client.list(CheckoutSession.class, ALL, query.parameters(this.products));
	}

	@Override
	public Stream<CheckoutSession> stream(CheckoutQuery query) {
		Assert.notNull(query, "query must not be null");
		Set<UUID> delivered = ConcurrentHashMap.newKeySet();
		return PolarPage.stream(query.page(), (page) -> list(query.atPage(page)))
			.filter((session) -> delivered.add(session.id()));
	}

	@Override
	public CheckoutSession update(UUID id, CheckoutUpdate update) {
		Assert.notNull(id, "id must not be null");
		Assert.notNull(update, "update must not be null");
		Object externalCustomerId = update.replacesMetadata()
				? get(id).metadata().get(CheckoutMetadata.EXTERNAL_CUSTOMER_ID) : null;
		return this.client.patch(CheckoutSession.class, BY_ID, update.complete(this.products, externalCustomerId), id);
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
	 * It can come from a browser: nothing that leads to another path.
	 */
	private static void requireClientSecret(String clientSecret) {
		Assert.isTrue(clientSecret != null && clientSecret.matches("[A-Za-z0-9_-]{1,200}"),
				"client_secret must have 1 to 200 letters, digits, '_' and '-'");
	}

}
