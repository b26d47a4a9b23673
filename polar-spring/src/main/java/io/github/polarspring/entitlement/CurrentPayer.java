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

package io.github.polarspring.entitlement;

import java.time.Instant;

import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Strategy that determines whose purchases count for the caller of the current request.
 * In servlet applications, the default is the identity that the
 * {@link io.github.polarspring.identity.PolarIdentityResolver} returns for the signed-in
 * user. Applications without servlets can declare a bean of this type.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CurrentPayer {

	/**
	 * Return the identity of the caller.
	 * @return the identity, or {@code null} for a guest
	 * @throws io.github.polarspring.PolarIdentityException if it cannot be determined
	 */
	@Nullable PolarIdentity identity();

	/**
	 * Return the identity of a caller who must be signed in.
	 * @return the identity
	 * @throws PolarLoginRequiredException if the caller is a guest
	 * @throws io.github.polarspring.PolarIdentityException if the identity cannot be
	 * determined
	 */
	default PolarIdentity requireIdentity() {
		PolarIdentity identity = identity();
		if (identity == null) {
			throw new PolarLoginRequiredException();
		}
		return identity;
	}

	/**
	 * Return when the caller has paid, so that an older state is not used to deny a
	 * feature. The caller may control it: it causes Polar to be read again, but grants
	 * nothing.
	 * @return the time, or {@code null} if the caller has not paid recently
	 */
	default @Nullable Instant paidAt() {
		return null;
	}

	/**
	 * Return a strategy for applications in which nothing determines the caller.
	 * @return a strategy that throws an {@link IllegalStateException}
	 */
	static CurrentPayer unknown() {
		return () -> {
			throw new IllegalStateException("The caller is not known, because the application is not a servlet"
					+ " application. Declare a bean of type CurrentPayer, or name the user");
		};
	}

}
