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
 * Tells the handler of a success page, in a parameter of type {@link CheckoutOutcome},
 * how the checkout ended that brought the buyer there:
 *
 * <pre class="code">
 * &#64;GetMapping("/thanks")
 * String thanks(&#64;PolarCheckoutReturn CheckoutOutcome outcome, Model model) {
 *     model.addAttribute("outcome", outcome.name());
 *     return "thanks";
 * }
 * </pre>
 *
 * Anybody can open the page with any id. So the outcome comes from Polar, and only for a
 * checkout of the current user, or one that was started in the same browser; all others
 * are {@link CheckoutOutcome.Unconfirmed}. It is for showing, not for granting: a buyer
 * may never come back. What was bought is granted when Polar's webhook says so.
 * <p>
 * Failures of Polar do not reach the page: what is not known right now is
 * {@link CheckoutOutcome.Pending}. The number of lookups per caller and minute is
 * limited.
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
