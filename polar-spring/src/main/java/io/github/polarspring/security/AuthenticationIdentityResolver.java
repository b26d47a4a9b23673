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

package io.github.polarspring.security;

import java.security.Principal;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.identity.PrincipalIdentityReader;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;
import org.springframework.util.ClassUtils;

/**
 * Reads the customer from Spring Security's {@link Authentication}. Nobody logged in, or
 * an anonymous authentication, is a guest; remember-me counts as logged in. Internal: not
 * meant for applications, which implement {@link PolarIdentityResolver}.
 *
 * @since 0.1.0
 */
public final class AuthenticationIdentityResolver implements PolarIdentityResolver {

	private static final Log logger = LogFactory.getLog(AuthenticationIdentityResolver.class);

	private static final boolean WEB_PRESENT = isPresent(
			"org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority");

	private static final boolean CLAIMS_PRESENT = isPresent("org.springframework.security.oauth2.core.ClaimAccessor");

	private static final boolean CLIENT_PRESENT = isPresent(
			"org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken");

	private static final String LOCAL = "local";

	private final AuthenticationTrustResolver trustResolver = new AuthenticationTrustResolverImpl();

	private final PrincipalIdentityReader reader;

	private final boolean refuseSwitchedUser;

	/**
	 * Create a resolver.
	 * @param reader reads the principal
	 * @param refuseSwitchedUser whether to refuse somebody who acts as another user
	 */
	public AuthenticationIdentityResolver(PrincipalIdentityReader reader, boolean refuseSwitchedUser) {
		this.reader = reader;
		this.refuseSwitchedUser = refuseSwitchedUser;
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, AuthenticationIdentityResolver.class.getClassLoader());
	}

	@Override
	public @Nullable PolarIdentity resolve(@Nullable Principal user) {
		if (!(user instanceof Authentication authentication)) {
			return this.reader.resolve(user);
		}
		if (!this.trustResolver.isAuthenticated(authentication)) {
			return null;
		}
		if (this.refuseSwitchedUser && WEB_PRESENT && SwitchedUser.is(authentication)) {
			String reason = "A user that was switched to cannot buy: Polar's page would show that user's address and saved"
					+ " cards. Set 'polar.identity.switched-user' to 'target' to allow it";
			logger.warn(reason);
			throw new AccessDeniedException(reason);
		}
		Object principal = (authentication.getPrincipal() != null) ? authentication.getPrincipal() : authentication;
		String subject = CLAIMS_PRESENT ? OAuth2Claims.subject(principal) : null;
		String source = source(authentication, principal);
		String issuer = CLAIMS_PRESENT ? OAuth2Claims.issuer(principal) : null;
		this.reader.requireOneSource(principal, (issuer != null) ? issuer : source);
		return this.reader.read((subject != null) ? subject : name(authentication, principal), principal, source,
				CLAIMS_PRESENT ? OAuth2Claims.of(principal) : Map.of());
	}

	/**
	 * Return the name, unless it is only the text form of some object, which changes or
	 * holds what must not leave the application.
	 */
	private static @Nullable String name(Authentication authentication, Object principal) {
		boolean named = principal instanceof String || principal instanceof UserDetails
				|| principal instanceof AuthenticatedPrincipal || principal instanceof Principal
				|| principal instanceof UUID || principal instanceof Number;
		String name = authentication.getName();
		return (named || !principal.toString().equals(name)) ? name : null;
	}

	private static @Nullable String source(Authentication authentication, Object principal) {
		String registration = CLIENT_PRESENT ? OAuth2Client.registration(authentication) : null;
		if (registration != null) {
			// would read like another source
			return (registration.equals(LOCAL) || registration.contains(":")) ? null : registration;
		}
		String issuer = CLAIMS_PRESENT ? OAuth2Claims.issuer(principal) : null;
		if (issuer != null) {
			return issuer;
		}
		return (principal instanceof UserDetails) ? LOCAL : null;
	}

	private static final class SwitchedUser {

		static boolean is(Authentication authentication) {
			return authentication.getAuthorities().stream().anyMatch(SwitchUserGrantedAuthority.class::isInstance);
		}

	}

	private static final class OAuth2Client {

		static @Nullable String registration(Authentication authentication) {
			return (authentication instanceof OAuth2AuthenticationToken token)
					? token.getAuthorizedClientRegistrationId() : null;
		}

	}

	private static final class OAuth2Claims {

		/**
		 * Return the subject of an OIDC user or a JWT; the attributes of a plain OAuth2
		 * user have no such standard.
		 */
		static @Nullable String subject(Object principal) {
			return (principal instanceof ClaimAccessor claims) ? claims.getClaimAsString("sub") : null;
		}

		static @Nullable String issuer(Object principal) {
			Object issuer = of(principal).get("iss");
			return (issuer != null) ? issuer.toString() : null;
		}

		static Map<String, Object> of(Object principal) {
			if (principal instanceof ClaimAccessor claims) {
				return claims.getClaims();
			}
			return (principal instanceof OAuth2AuthenticatedPrincipal user) ? user.getAttributes() : Map.of();
		}

	}

}
