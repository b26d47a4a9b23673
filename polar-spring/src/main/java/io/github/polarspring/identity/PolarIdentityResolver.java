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

package io.github.polarspring.identity;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Strategy that says who buys. A bean of this type replaces the default, which reads the
 * logged-in principal.
 * <p>
 * The answer decides to whom a purchase belongs: take it from what the server knows
 * (principal, session), never from a parameter, header or body that the caller chose.
 * Called once for each checkout session, in the thread of the request; must be safe for
 * use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PolarIdentityResolver {

	/**
	 * Return the customer of the given request.
	 * @param request the current request
	 * @return the customer, or {@code null} for a guest
	 */
	@Nullable PolarIdentity resolve(HttpServletRequest request);

}
