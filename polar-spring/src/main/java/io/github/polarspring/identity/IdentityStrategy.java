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

/**
 * Strategy for determining the external customer id of a signed-in user.
 *
 * @since 0.1.0
 */
public enum IdentityStrategy {

	/**
	 * Use a {@link PolarIdentityPrincipal}, or else the name of the user if the
	 * application has only one source of users: {@code UserDetails}, an OAuth2 or OpenID
	 * Connect provider, an issuer of tokens, or the container. Reject all other
	 * principals.
	 */
	AUTO,

	/**
	 * Use a {@link PolarIdentityPrincipal}. Reject all other principals.
	 */
	PRINCIPAL,

	/**
	 * Use the name, regardless of its source. Suitable only for applications in which
	 * names are unique across all sources.
	 */
	NAME,

	/**
	 * Use the source (issuer, or else client registration, or {@code local}), followed by
	 * a colon and the name.
	 */
	QUALIFIED_NAME,

	/**
	 * Use a claim of the OpenID Connect user or access token, or an attribute of the
	 * OAuth2 user.
	 */
	CLAIM,

	/**
	 * Use a property of the principal.
	 */
	PROPERTY

}
