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
 * How the external customer id of a signed-in user is determined.
 *
 * @since 0.1.0
 */
public enum IdentityStrategy {

	/**
	 * Taken from a {@link PolarIdentityPrincipal}, else the name of a user of the only
	 * source that the application has: {@code UserDetails}, a provider of OAuth2 or
	 * OpenID Connect, an issuer of tokens, or the container. Every other principal is
	 * rejected.
	 */
	AUTO,

	/**
	 * Taken from a {@link PolarIdentityPrincipal}. Every other principal is rejected.
	 */
	PRINCIPAL,

	/**
	 * The name, whatever source it comes from. Only for applications in which no two
	 * users of all sources ever have the same name.
	 */
	NAME,

	/**
	 * The source (issuer, else client registration, or {@code local}), a colon, and the
	 * name.
	 */
	QUALIFIED_NAME,

	/**
	 * A claim of the OpenID Connect user or access token, or an attribute of the OAuth2
	 * user.
	 */
	CLAIM,

	/**
	 * A property of the principal.
	 */
	PROPERTY

}
