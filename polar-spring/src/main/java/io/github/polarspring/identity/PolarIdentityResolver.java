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

import java.security.Principal;

import org.jspecify.annotations.Nullable;

/**
 * Strategy that determines the buyer, and therefore to whom a purchase belongs. A bean of
 * this type replaces the default, which uses the signed-in principal, for example to make
 * a workspace or a tenant the customer.
 * <p>
 * Determine the identity from data that the server controls (principal, session), never
 * from a parameter, header or body that the caller controls. It must be the same on every
 * instance and after every restart. Implementations must be safe for use by multiple
 * threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PolarIdentityResolver {

	/**
	 * Return the identity of the given user.
	 * @param user the signed-in user: the {@code Authentication} with Spring Security, or
	 * else the container's principal; {@code null} if no one is signed in
	 * @return the identity, or {@code null} for a guest
	 */
	@Nullable PolarIdentity resolve(@Nullable Principal user);

}
