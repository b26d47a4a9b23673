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

import java.security.Principal;
import java.util.Map;

import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.identity.PrincipalIdentityReader;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads the customer from the container's principal, where there is no Spring Security.
 * Internal: not meant for applications, which implement {@link PolarIdentityResolver}.
 *
 * @since 0.1.0
 */
public final class PrincipalIdentityResolver implements PolarIdentityResolver {

	private final PrincipalIdentityReader reader;

	/**
	 * Create a resolver.
	 * @param reader reads the principal
	 */
	public PrincipalIdentityResolver(PrincipalIdentityReader reader) {
		this.reader = reader;
	}

	@Override
	public @Nullable PolarIdentity resolve(HttpServletRequest request) {
		Principal principal = request.getUserPrincipal();
		return (principal != null) ? this.reader.read(principal.getName(), principal, "local", Map.of()) : null;
	}

}
