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
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityPrincipal;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.identity.PrincipalIdentityReader;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.util.ClassUtils;

/**
 * {@link PolarIdentityResolver} that derives the identity from Spring Security's
 * {@link Authentication}. An anonymous authentication is a guest; a remember-me
 * authentication counts as signed in. Internal: not meant for applications, which
 * implement {@link PolarIdentityResolver}.
 *
 * @since 0.1.0
 */
public final class AuthenticationIdentityResolver implements PolarIdentityResolver {

	private static final Log logger = LogFactory.getLog(AuthenticationIdentityResolver.class);

	private static final boolean WEB_PRESENT = isPresent(
			"org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority");

	private static final boolean PASSKEYS_PRESENT = isPresent(
			"org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity");

	private static final boolean OAUTH2_PRESENT = isPresent("org.springframework.security.oauth2.core.ClaimAccessor");

	private static final String LDAP_USER = "org.springframework.security.ldap.userdetails.LdapUserDetails";

	private static final ClassValue<Boolean> OF_LDAP = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			return ClassUtils.getAllInterfacesForClassAsSet(type)
				.stream()
				.anyMatch((implemented) -> implemented.getName().equals(LDAP_USER));
		}

	};

	private final AuthenticationTrustResolver trustResolver = new AuthenticationTrustResolverImpl();

	private final PrincipalIdentityReader reader;

	private final Settings settings;

	/**
	 * Create a resolver.
	 * @param reader reads the principal
	 * @param settings what is known about the application
	 */
	public AuthenticationIdentityResolver(PrincipalIdentityReader reader, Settings settings) {
		this.reader = reader;
		this.settings = settings;
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
		if (this.settings.rejectSwitchedUser() && WEB_PRESENT && SwitchedUser.is(authentication)) {
			String reason = "A user that was switched to by SwitchUserFilter cannot start a checkout, because"
					+ " Polar's page would show that user's address and saved cards. To permit it, set"
					+ " 'polar.identity.switched-user' to 'target'";
			logger.warn(reason);
			throw new AccessDeniedException(reason);
		}
		Object principal = principal(authentication);
		return this.reader.read(principal, login(authentication, principal));
	}

	/**
	 * Return the principal. A passkey only contains the name of a user, for whom the
	 * principal of the password login is loaded.
	 */
	private Object principal(Authentication authentication) {
		Object principal = authentication.getPrincipal();
		if (principal == null || authentication instanceof PolarIdentityPrincipal) {
			return authentication;
		}
		String passkeyUser = PASSKEYS_PRESENT ? Passkeys.name(principal) : null;
		if (passkeyUser == null) {
			return principal;
		}
		UserDetails user = find(this.settings.users().get(), passkeyUser);
		if (user == null) {
			throw new PolarIdentityException(
					"A user logged in with a passkey, which contains only the user name, but there is not"
							+ " exactly one UserDetailsService bean that knows this user. Declare such a bean,"
							+ " or a PolarIdentityResolver bean");
		}
		return user;
	}

	private static @Nullable UserDetails find(@Nullable UserDetailsService users, String name) {
		try {
			return (users != null) ? users.loadUserByUsername(name) : null;
		}
		catch (UsernameNotFoundException ex) {
			// its message can contain the name
			return null;
		}
	}

	private PrincipalIdentityReader.Login login(Authentication authentication, Object principal) {
		if (OAUTH2_PRESENT) {
			OAuth2Login login = OAuth2Login.of(authentication, principal);
			if (login != null) {
				return new PrincipalIdentityReader.Login(login.name(), login.qualifier(), login.claims(),
						() -> login.objection(principal, this.settings.sources().get()));
			}
		}
		String name = name(authentication, principal);
		if (principal instanceof UserDetails user) {
			return new PrincipalIdentityReader.Login(name, PrincipalIdentityReader.LOCAL, Map.of(),
					() -> objection(authentication, user));
		}
		return new PrincipalIdentityReader.Login(name, null, Map.of(),
				() -> ("The name of the principal (%s) does not identify a user, and 'polar.identity.strategy' is"
						+ " 'auto'.")
					.formatted(principal.getClass().getName()));
	}

	private @Nullable String objection(Authentication authentication, UserDetails user) {
		Map<String, Set<String>> sources = this.settings.sources().get();
		String type = user.getClass().getName();
		if (sources.size() > 1) {
			return severalSources(sources);
		}
		if (isOfLdap(user) && name(user) == null) {
			return ("The name of the LDAP user (%s) is spelled as it was entered at login. Use an"
					+ " InetOrgPersonContextMapper, which provides the spelling of the directory.")
				.formatted(type);
		}
		if (!sources.isEmpty() && !sources.values().iterator().next().contains(PrincipalIdentityReader.LOCAL)) {
			return "The user (%s) does not come from the only known source, %s.".formatted(type,
					sources.keySet().iterator().next());
		}
		UserDetailsService users = this.settings.users().get();
		if (users == null || (authentication instanceof UsernamePasswordAuthenticationToken && !isOfLdap(user))) {
			return null;
		}
		UserDetails known = find(users, user.getUsername());
		// the in-memory service is a default of Spring Boot, and users come from another
		// source
		boolean same = (known != null) ? !(known instanceof PolarIdentityPrincipal)
				: users instanceof InMemoryUserDetailsManager;
		return (same && !isOfLdap(user)) ? null
				: "The user (%s) is not the one that the UserDetailsService (%s) returns for this name.".formatted(type,
						users.getClass().getName());
	}

	static String severalSources(Map<String, Set<String>> sources) {
		return ("Users can come from more than one source, and users with the same name would be treated as one"
				+ " customer: %s.")
			.formatted(String.join(", ", sources.keySet()));
	}

	/**
	 * Return the name, unless it is only the text form of an object, which can change or
	 * contain data that must not leave the application.
	 */
	private static @Nullable String name(Authentication authentication, Object principal) {
		if (principal instanceof UserDetails user) {
			return name(user);
		}
		boolean named = principal instanceof String || principal instanceof AuthenticatedPrincipal
				|| principal instanceof Principal || principal instanceof UUID || principal instanceof Number;
		String name = authentication.getName();
		return (named || !principal.toString().equals(name)) ? name : null;
	}

	private static @Nullable String name(UserDetails user) {
		return isOfLdap(user) ? spelledByDirectory(user) : user.getUsername();
	}

	private static boolean isOfLdap(Object principal) {
		return OF_LDAP.get(principal.getClass());
	}

	/**
	 * Return the {@code uid} of an {@code InetOrgPerson}. The user name of an LDAP user
	 * is the text that was entered at login: the directory also finds {@code ALICE}.
	 */
	private static @Nullable String spelledByDirectory(UserDetails user) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(user);
		return (properties.isReadableProperty("uid") && properties.getPropertyValue("uid") instanceof String uid) ? uid
				: null;
	}

	/**
	 * Settings that describe the application.
	 *
	 * @param rejectSwitchedUser whether to reject a user who acts as another user
	 * @param users supplies the application's user service, {@code null} if there is none
	 * or more than one
	 * @param sources supplies the sources that users can come from. Each source has a
	 * description and the keys of the logins that belong to it: {@code local},
	 * {@code token}, {@code
	 * registration:} with an id, {@code issuer:} with an issuer, or {@code *} for any
	 */
	public record Settings(boolean rejectSwitchedUser, Supplier<@Nullable UserDetailsService> users,
			Supplier<Map<String, Set<String>>> sources) {

	}

	private static final class SwitchedUser {

		static boolean is(Authentication authentication) {
			return authentication.getAuthorities().stream().anyMatch(SwitchUserGrantedAuthority.class::isInstance);
		}

	}

	private static final class Passkeys {

		static @Nullable String name(Object principal) {
			return (principal instanceof PublicKeyCredentialUserEntity user) ? user.getName() : null;
		}

	}

}
