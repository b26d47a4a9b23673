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

package io.github.polarspring.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a controller method a buy button: when it returns, a checkout session is created
 * and the browser is sent to Polar's checkout page with {@code 303 See Other}.
 *
 * <pre class="code">
 * &#64;PostMapping("/buy/pro")
 * &#64;PolarCheckout("pro")
 * void buyPro() {
 * }
 * </pre>
 *
 * A method that takes a {@link io.github.polarspring.checkout.CheckoutRequest.Builder}
 * gets the one that the annotation describes, to add what only this request knows:
 *
 * <pre class="code">
 * &#64;PostMapping("/buy/team")
 * &#64;PolarCheckout("team")
 * void buyTeam(CheckoutRequest.Builder checkout, &#64;RequestParam int seats) {
 *     checkout.price("team", AdHocPrice.seatBased("usd", SeatTier.from(1, 900))).seats(seats);
 * }
 * </pre>
 *
 * A method can also return what to sell, as a
 * {@link io.github.polarspring.checkout.CheckoutRequest} or its builder, or the
 * {@link io.github.polarspring.model.CheckoutSession} that it created itself; then the
 * annotation need not name a product, and its other attributes fill in what the request
 * leaves open. All of these may come later: in a {@link java.util.concurrent.Callable},
 * {@link java.util.concurrent.CompletionStage},
 * {@link org.springframework.web.context.request.async.DeferredResult} or
 * {@link org.springframework.web.context.request.async.WebAsyncTask}, with {@link Void}
 * for none. The buyer is who was logged in when the request came in.
 * <p>
 * Works in {@code @Controller} and {@code @RestController} alike, on the method of an
 * interface, and as a meta-annotation, whose attributes can override these by
 * {@link org.springframework.core.annotation.AliasFor @AliasFor}. The session carries the
 * logged-in user, the shopper's IP address and locale. When the method throws, no session
 * is created.
 * <p>
 * When Polar cannot be reached, limits calls or has a failure, the answer is 503, and 500
 * for what a developer has to mend: the application's error page for browsers,
 * {@code application/problem+json} for others, neither with a word of Polar's. An
 * {@code @ExceptionHandler} for {@link io.github.polarspring.PolarException} comes first.
 * <p>
 * A caller that accepts {@code application/json} and not HTML gets {@code 200} with
 * {@code url} and {@code expiresAt}, htmx an {@code HX-Redirect}. {@code HEAD} and
 * prefetching browsers do not get as far as the method. Map it with POST, so that no link
 * on another site creates sessions.
 * <p>
 * Every attribute takes placeholders, and all are checked when the application starts.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface PolarCheckout {

	/**
	 * Products to choose between, in display order: names from {@code polar.products},
	 * ids, or placeholders for either. A name that is not configured fails the start. May
	 * be left out by methods that return what to sell.
	 * @return the products
	 */
	String[] value() default {};

	/**
	 * Where to send the buyer after the payment, instead of
	 * {@code polar.checkout.success-url}: absolute, or a path within the application.
	 * @return the URL
	 * @see io.github.polarspring.checkout.CheckoutRequest.Builder#successUrl(String)
	 */
	String successUrl() default "";

	/**
	 * Where the back button of the checkout page leads, instead of
	 * {@code polar.checkout.return-url}: absolute, or a path within the application.
	 * @return the URL
	 */
	String returnUrl() default "";

	/**
	 * Colors of the checkout page, {@code light} or {@code dark}, instead of
	 * {@code polar.checkout.theme}.
	 * @return the theme
	 */
	String theme() default "";

	/**
	 * Language of the checkout page as a BCP 47 tag, instead of that of the request.
	 * @return the tag
	 */
	String locale() default "";

	/**
	 * Id of a discount to apply.
	 * @return the id
	 */
	String discount() default "";

	/**
	 * Number of seats, for a seat-based price.
	 * @return the number
	 */
	String seats() default "";

}
