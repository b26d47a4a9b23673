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
 * Annotation for a parameter of type {@link CheckoutOutcome} in the handler of a success
 * page. Its value is the outcome of the checkout that the buyer returns from:
 *
 * <pre class="code">
 * &#64;GetMapping("/thanks")
 * String thanks(&#64;PolarCheckoutReturn CheckoutOutcome outcome, Model model) {
 *     model.addAttribute("outcome", outcome.name());
 *     return "thanks";
 * }
 * </pre>
 *
 * Anyone can open the page with any id. The outcome is therefore requested from Polar,
 * and returned only for a checkout of the current user, or one that was started in the
 * same browser; all others are {@link CheckoutOutcome.Unconfirmed}. Use it for display
 * only. Never grant access based on it, because the buyer may never return to this page:
 * grant access when the webhook arrives.
 * <p>
 * Failures of Polar do not make the page fail: if the outcome is unavailable, it is
 * {@link CheckoutOutcome.Pending}. The number of calls to Polar is limited for each
 * caller.
 *
 * @since 0.1.0
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface PolarCheckoutReturn {

	/**
	 * Name of the request parameter or path variable with the id of the checkout session.
	 * @return the name
	 */
	String value() default "checkout_id";

}
