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

package io.github.polarspring.test.context;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Annotation for tests that determines what the user may do, without a purchase and
 * without a call to Polar. For the annotated test method, or for all test methods of the
 * annotated class, {@code PolarEntitlements} returns exactly these features for every
 * user: the caller of a request, also a guest, and any other.
 *
 * <pre class="code">
 * &#64;Test
 * &#64;WithMockUser
 * &#64;WithPolarEntitlements("export")
 * void subscriberExports() {
 *     ...
 * }
 *
 * &#64;Test
 * &#64;WithMockUser
 * &#64;WithPolarEntitlements
 * void otherUserIsSentToThePricing() {
 *     ...
 * }
 * </pre>
 *
 * The user is not logged in by this annotation; where a login is required,
 * {@code @WithMockUser} is still needed. The annotation of a method replaces that of its
 * class, and {@code @Nested} classes inherit that of their enclosing class. Methods
 * without an annotation use the {@code PolarEntitlements} bean of the application. Also
 * applies to requests to a server that the test starts. Therefore, test methods that
 * share an application context must not run concurrently.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface WithPolarEntitlements {

	/**
	 * Names of the features in {@code polar.features} that the user has. A name that is
	 * not configured fails the test.
	 * @return the names, by default none
	 */
	String[] value() default {};

	/**
	 * Limits that differ from {@code polar.entitlements.defaults}, such as
	 * {@code forms=50} or {@code forms=unlimited}.
	 * @return the limits
	 */
	String[] limits() default {};

}
