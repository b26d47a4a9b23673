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
 * Annotation for controller methods that start a checkout: when the method returns, a
 * checkout session is created, and the browser is redirected to Polar's checkout page
 * with {@code 303 See Other}.
 *
 * <pre class="code">
 * &#64;PostMapping("/buy/pro")
 * &#64;PolarCheckout("pro")
 * void buyPro() {
 * }
 * </pre>
 *
 * A method can have a parameter of type
 * {@link io.github.polarspring.checkout.CheckoutRequest.Builder}, which is initialized
 * from the annotation, to add values of the current request:
 *
 * <pre class="code">
 * &#64;PostMapping("/buy/team")
 * &#64;PolarCheckout("team")
 * void buyTeam(CheckoutRequest.Builder checkout, &#64;RequestParam int seats) {
 *     checkout.price("team", AdHocPrice.seatBased("usd", SeatTier.from(1, 900))).seats(seats);
 * }
 * </pre>
 *
 * A method can also return a {@link io.github.polarspring.checkout.CheckoutRequest} or
 * its builder, or a {@link io.github.polarspring.model.CheckoutSession} that it created
 * itself. In this case, the products of the annotation are optional, and its other
 * attributes apply to fields that the request does not set. All return values can be
 * asynchronous: in a {@link java.util.concurrent.Callable},
 * {@link java.util.concurrent.CompletionStage},
 * {@link org.springframework.web.context.request.async.DeferredResult} or
 * {@link org.springframework.web.context.request.async.WebAsyncTask}, with {@link Void}
 * for none. The buyer is the user who was signed in when the request was received.
 * <p>
 * The annotation is supported in {@code @Controller} and {@code @RestController} classes,
 * on interface methods, and as a meta-annotation, whose attributes can override these by
 * {@link org.springframework.core.annotation.AliasFor @AliasFor}. The session contains
 * the signed-in user, the shopper's IP address and the locale. If the method throws an
 * exception, no session is created.
 * <p>
 * The status of the response is 503 if Polar cannot be reached, limits calls or fails,
 * and 500 for errors that a developer has to fix. Browsers get the application's error
 * page, other callers {@code application/problem+json}; neither contains messages from
 * Polar. An {@code @ExceptionHandler} for {@link io.github.polarspring.PolarException}
 * takes precedence.
 * <p>
 * A caller that cannot follow a redirect to another origin does not get one: a script, or
 * a caller that prefers {@code application/json} to HTML, gets {@code 200} with
 * {@code url} and {@code expiresAt}; htmx, Turbo and similar libraries get a response
 * with which they leave the page. {@code HEAD} requests and prefetch requests of browsers
 * do not invoke the method. Map the method with POST, so that links on other sites cannot
 * create sessions.
 * <p>
 * All attributes can contain placeholders, and are validated when the application starts.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface PolarCheckout {

	/**
	 * Products that the buyer can choose from, in display order: names from {@code
	 * polar.products}, ids, or placeholders for either. If a name is not configured, the
	 * application fails to start. Optional for methods that return the request or the
	 * session.
	 * @return the products
	 */
	String[] value() default {};

	/**
	 * URL to which the buyer is redirected after the payment, instead of
	 * {@code polar.checkout.success-url}: absolute, or a path within the application.
	 * @return the URL
	 * @see io.github.polarspring.checkout.CheckoutRequest.Builder#successUrl(String)
	 */
	String successUrl() default "";

	/**
	 * Target of the back button of the checkout page, instead of
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
	 * Language of the checkout page as a BCP 47 tag, instead of the language of the
	 * request.
	 * @return the tag
	 */
	String locale() default "";

	/**
	 * Id of a discount to apply.
	 * @return the id
	 */
	String discount() default "";

	/**
	 * Number of seats for a seat-based price.
	 * @return the number
	 */
	String seats() default "";

	/**
	 * What to do if all products are recurring, and the signed-in user already has a
	 * subscription that is active, in its trial, or past due. By default, nothing is
	 * looked up.
	 * @return the reaction
	 */
	OnActiveSubscription onActiveSubscription() default OnActiveSubscription.CHECKOUT;

}
