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

import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.CheckoutSession;

/**
 * Operations on checkout sessions. A checkout session is a page at Polar on which a buyer
 * can pay once, within 24 hours.
 * <p>
 * Methods throw a {@link io.github.polarspring.PolarException} if they fail, and are safe
 * for use by multiple threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/checkout/session">Polar on checkout
 * sessions</a>
 */
public interface PolarCheckoutOperations {

	/**
	 * Create a checkout session for the {@linkplain #currentContext() current} caller:
	 * within a web request, the session contains the signed-in user, the caller's IP
	 * address and locale, unless the request sets them.
	 * @param request what is sold, and to whom
	 * @return the session, with the {@linkplain CheckoutSession#url() URL} to send the
	 * buyer to
	 * @see CheckoutRequestCustomizer
	 */
	default CheckoutSession create(CheckoutRequest request) {
		return create(request, currentContext());
	}

	/**
	 * Create a checkout session for the {@linkplain #currentContext() current} caller.
	 * @param product a name from {@code polar.products}, or an id as text
	 * @param checkout customizes the request
	 * @return the session
	 * @see #create(CheckoutRequest)
	 */
	default CheckoutSession create(String product, Consumer<CheckoutRequest.Builder> checkout) {
		CheckoutRequest.Builder builder = CheckoutRequest.forProducts(product);
		checkout.accept(builder);
		return create(builder.build());
	}

	/**
	 * Create a checkout session for the given caller, for example from another thread or
	 * a job.
	 * @param request what is sold, and to whom
	 * @param context the caller
	 * @return the session
	 */
	CheckoutSession create(CheckoutRequest request, CheckoutContext context);

	/**
	 * Return what is known about the current caller. Call this method on the thread of
	 * the web request, and pass the result to
	 * {@link #create(CheckoutRequest, CheckoutContext)} on any thread.
	 * @return the context, {@link CheckoutContext#empty() empty} outside of a web request
	 */
	CheckoutContext currentContext();

	/**
	 * Get a checkout session. A visit to the success URL does not prove a payment: check
	 * that the session {@linkplain CheckoutSession#isSucceeded() succeeded} and that it
	 * belongs to the user.
	 * @param id id of the session
	 * @return the session
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such session
	 */
	CheckoutSession get(UUID id);

	/**
	 * Get one page of the organization's checkout sessions.
	 * @param query filters, order and page
	 * @return the page
	 */
	PolarPage<CheckoutSession> list(CheckoutQuery query);

	/**
	 * Get all of the organization's checkout sessions that match, starting with the page
	 * of the query. Pages are requested as the stream is consumed, so that a
	 * short-circuiting operation ends early, and consuming the stream can throw an
	 * exception. A page contains up to 100 sessions unless the query has a limit or
	 * starts at a later page. Each session is returned only once, even if pages shift
	 * because new sessions are created meanwhile.
	 * @param query filters and order
	 * @return a sequential stream, which need not be closed
	 */
	Stream<CheckoutSession> stream(CheckoutQuery query);

	/**
	 * Change an open checkout session. If the update replaces the metadata, the session
	 * is read first, so that the metadata still identifies the buyer. Polar marks a
	 * session as expired up to 15 minutes late. The first update in this period succeeds,
	 * and returns the session with the status {@code EXPIRED}.
	 * @param id id of the session
	 * @param update what to change
	 * @return the changed session
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such session
	 * @throws io.github.polarspring.PolarApiException with status 403
	 * ({@code NotOpenCheckout}) if it is no longer open
	 */
	CheckoutSession update(UUID id, CheckoutUpdate update);

	/**
	 * Get a checkout session as its buyer sees it. The access token is not sent.
	 * @param clientSecret the session's {@linkplain CheckoutSession#clientSecret() client
	 * secret}
	 * @return the session, with the {@linkplain CheckoutSession#organization()
	 * organization}, but without data for the seller only, such as metadata
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such session
	 * @throws io.github.polarspring.PolarApiException with status 410 if it is expired
	 */
	CheckoutSession getByClientSecret(String clientSecret);

	/**
	 * Change an open checkout session on behalf of its buyer. The access token is not
	 * sent.
	 * @param clientSecret the session's {@linkplain CheckoutSession#clientSecret() client
	 * secret}
	 * @param update what to change
	 * @return the changed session, see {@link #getByClientSecret(String)}
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such session
	 * @throws io.github.polarspring.PolarApiException with status 403
	 * ({@code NotOpenCheckout}) if it is no longer open, and 410 if it is expired
	 */
	CheckoutSession updateByClientSecret(String clientSecret, ClientCheckoutUpdate update);

}
