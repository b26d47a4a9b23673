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

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.polarspring.identity.PrincipalIdentityReader;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.util.ClassUtils;

/**
 * Login by an identity provider, or token of an authorization server.
 *
 * @param registration the client registration, {@code null} for a token
 * @param issuer the issuer in the claims, if any
 * @param name the subject, or the name of a user of plain OAuth2
 * @param openId whether it is an OpenID Connect login
 * @param claims the provider's claims about the user
 */
record OAuth2Login(@Nullable String registration, @Nullable String issuer, @Nullable String name, boolean openId,
		Map<String, Object> claims) {

	/**
	 * Ids of registrations that could be mistaken for another source.
	 */
	private static final Pattern AMBIGUOUS = Pattern.compile(PrincipalIdentityReader.LOCAL + "|https?|.*:.*");

	private static final boolean CLIENT_PRESENT = ClassUtils.isPresent(
			"org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken",
			OAuth2Login.class.getClassLoader());

	/**
	 * Return the login, or {@code null} if the authentication is not one: even a
	 * principal with claims can have logged in with a password.
	 */
	static @Nullable OAuth2Login of(Authentication authentication, Object principal) {
		String registration = CLIENT_PRESENT ? Client.registration(authentication) : null;
		if (registration == null && principal instanceof UserDetails) {
			return null;
		}
		Map<String, Object> claims;
		if (principal instanceof ClaimAccessor accessor) {
			claims = accessor.getClaims();
		}
		else if (principal instanceof OAuth2AuthenticatedPrincipal user) {
			claims = user.getAttributes();
		}
		else {
			return null;
		}
		boolean openId = principal instanceof ClaimAccessor;
		Map<String, Object> known = (claims != null) ? claims : Map.of();
		Object issuer = (openId || registration == null) ? known.get("iss") : null;
		String name = (openId || registration == null) ? subject(known) : name(principal, known);
		return new OAuth2Login(registration, (issuer != null) ? issuer.toString() : null, name, openId, known);
	}

	private static @Nullable String subject(Map<String, Object> claims) {
		Object subject = claims.get("sub");
		return (subject != null && PrincipalIdentityReader.isId(subject)) ? subject.toString() : null;
	}

	/**
	 * Return the name of a user of plain OAuth2. There is no standard for it: the client
	 * registration specifies the attribute.
	 */
	private static @Nullable String name(Object principal, Map<String, Object> attributes) {
		String name = ((OAuth2AuthenticatedPrincipal) principal).getName();
		boolean textForm = attributes.values()
			.stream()
			.filter(Objects::nonNull)
			.anyMatch((value) -> value.toString().equals(name) && !PrincipalIdentityReader.isId(value));
		return textForm ? null : name;
	}

	/**
	 * Return what makes the name unique: the issuer, so that a browser login and a token
	 * of the same issuer are the same user. {@code null} if it could be mistaken for
	 * another source.
	 */
	@Nullable String qualifier() {
		if (this.issuer != null) {
			return this.issuer.matches("https?://.+") ? this.issuer : null;
		}
		return (this.registration == null || AMBIGUOUS.matcher(this.registration).matches()) ? null : this.registration;
	}

	/**
	 * Return why the name alone does not identify the user, {@code null} if it does.
	 * @param sources the sources that users of the application can come from
	 */
	@Nullable String objection(Object principal, Map<String, Set<String>> sources) {
		if (sources.size() > 1) {
			return AuthenticationIdentityResolver.severalSources(sources);
		}
		Set<String> known = sources.isEmpty() ? Set.of() : sources.values().iterator().next();
		if (isOf(known)) {
			return null;
		}
		String type = principal.getClass().getName();
		if (this.registration != null) {
			return ("The user (%s) logged in with a client registration that is not in the application's"
					+ " ClientRegistrationRepository, or with another issuer than that of the registration. In a"
					+ " test, set the registration with oauth2Login().clientRegistration(...).")
				.formatted(type);
		}
		boolean jwt = !(principal instanceof OAuth2AuthenticatedPrincipal);
		return ("The issuer of the token (%s) is unknown to the strategy 'auto'. %sSet 'polar.identity.strategy:"
				+ " claim' and 'polar.identity.claim: sub' if subjects are unique.")
			.formatted(type, jwt ? "Set 'spring.security.oauth2.resourceserver.jwt.issuer-uri' to the only issuer."
					+ " Alternatively: " : "");
	}

	private boolean isOf(Set<String> known) {
		boolean issuerKnown = known.stream().anyMatch((key) -> key.startsWith("issuer:"));
		if (this.issuer != null && (issuerKnown || this.registration == null)) {
			return known.contains("issuer:" + this.issuer) || (this.registration == null && known.contains("issuer:*"));
		}
		if (this.registration == null) {
			return known.isEmpty() || known.contains("token");
		}
		// an ID token without an issuer was created by a test
		return (this.openId && this.issuer == null) || known.contains("registration:" + this.registration);
	}

	private static final class Client {

		static @Nullable String registration(Authentication authentication) {
			return (authentication instanceof OAuth2AuthenticationToken token)
					? token.getAuthorizedClientRegistrationId() : null;
		}

	}

}
