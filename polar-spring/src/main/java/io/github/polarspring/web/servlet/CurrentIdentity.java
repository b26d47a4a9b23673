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

package io.github.polarspring.web.servlet;

import java.util.function.Supplier;

import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Identity of the caller behind a request. Spring MVC handles the result of an
 * asynchronous method in another dispatch, in which some authentications are not
 * available. The identity is therefore cached in the first dispatch.
 */
final class CurrentIdentity {

	private static final String ATTRIBUTE = CurrentIdentity.class.getName();

	private final Supplier<PolarIdentityResolver> resolver;

	private final CurrentUser currentUser;

	CurrentIdentity(Supplier<PolarIdentityResolver> resolver, CurrentUser currentUser) {
		this.resolver = resolver;
		this.currentUser = currentUser;
	}

	/**
	 * Cache the identity for later dispatches of the same request.
	 */
	void cache(HttpServletRequest request) {
		CachedIdentity cached;
		try {
			cached = new CachedIdentity(resolve(request), null);
		}
		catch (RuntimeException ex) {
			cached = new CachedIdentity(null, ex);
		}
		request.setAttribute(ATTRIBUTE, cached);
	}

	/**
	 * Return the identity of the caller.
	 * @throws RuntimeException if it cannot be determined
	 */
	@Nullable PolarIdentity of(HttpServletRequest request) {
		if (request.getAttribute(ATTRIBUTE) instanceof CachedIdentity cached) {
			if (cached.failure() != null) {
				throw cached.failure();
			}
			return cached.identity();
		}
		return resolve(request);
	}

	/**
	 * Return the identity of the user on whose behalf the current thread runs, if it is
	 * not that of a request.
	 */
	@Nullable PolarIdentity ofThread() {
		return this.resolver.get().resolve(this.currentUser.ofThread());
	}

	private @Nullable PolarIdentity resolve(HttpServletRequest request) {
		return this.resolver.get().resolve(this.currentUser.of(request));
	}

	private record CachedIdentity(@Nullable PolarIdentity identity, @Nullable RuntimeException failure) {

	}

}
