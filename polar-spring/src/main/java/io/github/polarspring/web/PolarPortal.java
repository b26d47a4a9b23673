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
 * Annotation for controller methods that open Polar's customer portal for the signed-in
 * user: when the method returns, a session is created, and the browser is redirected to
 * the portal with {@code 303 See Other}. The method returns nothing.
 *
 * <pre class="code">
 * &#64;GetMapping("/billing")
 * &#64;PolarPortal(orElse = "/pricing")
 * void billing() {
 * }
 * </pre>
 *
 * A caller who is not signed in is asked to log in. Requests that no user has made, such
 * as prefetches, create nothing, so the method can be mapped to GET. If the purchases of
 * the user cannot be distinguished from those of another buyer, the portal remains
 * closed, see {@link io.github.polarspring.customer.PolarCustomerOperations#openPortal}.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/customer-portal">Polar on the customer
 * portal</a>
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface PolarPortal {

	/**
	 * URL to which a user who has never bought is redirected: absolute, or a path within
	 * the application. By default, such a user gets the status 404.
	 * @return the URL
	 */
	String orElse() default "";

	/**
	 * Target of the back link of the portal, instead of {@code polar.portal.return-url},
	 * if the user has not come from a page of the application: absolute, or a path within
	 * the application.
	 * @return the URL
	 */
	String returnUrl() default "";

}
