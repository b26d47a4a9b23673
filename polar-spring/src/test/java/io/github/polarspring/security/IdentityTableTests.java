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

import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.identity.IdentityStrategy;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityPrincipal;
import io.github.polarspring.identity.PrincipalIdentityReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.intercept.RunAsUserToken;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.jaas.JaasAuthenticationToken;
import org.springframework.security.authentication.ott.OneTimeTokenAuthentication;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.ldap.userdetails.InetOrgPerson;
import org.springframework.security.ldap.userdetails.LdapUserDetailsImpl;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.core.user.OAuth2User;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionAuthenticatedPrincipal;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.authentication.WebAuthnAuthentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The table of who buys: every kind of authentication, by every strategy.
 */
class IdentityTableTests {

	private static final String GUEST = "(guest)";

	private static final String REJECTED = "(rejected)";

	private static final String FORBIDDEN = "(forbidden)";

	private static final List<GrantedAuthority> USER = AuthorityUtils.createAuthorityList("ROLE_USER");

	private static final Map<String, Set<String>> LOCAL = Map.of("UserDetailsService 'users'", Set.of("local"));

	private static final Map<String, Set<String>> GOOGLE = Map.of("client registration 'google'",
			Set.of("registration:google", "issuer:https://idp.example"));

	private static final Map<String, Set<String>> GITHUB = Map.of("client registration 'github'",
			Set.of("registration:github"));

	private static final Map<String, Set<String>> TOKENS = Map.of("JWT decoder 'jwtDecoder'",
			Set.of("token", "issuer:https://idp.example"));

	private static final Map<String, Set<String>> ANY_ISSUER = Map.of("JWT decoder 'jwtDecoder'", Set.of("token"));

	private static final Map<String, Set<String>> ONE_KEY_SET = Map.of("JWT decoder 'jwtDecoder'",
			Set.of("token", "issuer:*"));

	private static final Map<String, Set<String>> NONE = Map.of();

	/**
	 * Knows {@code alice}, and {@code shop} whose id is 42. Nobody is named 42.
	 */
	private static final UserDetailsService USERS = (name) -> switch (name) {
		case "alice" -> user("alice");
		case "shop" -> new ShopUser();
		default -> throw new UsernameNotFoundException("No user " + name);
	};

	private static Arguments row(String kind, Object authentication, Map<String, Set<String>> sources,
			@Nullable UserDetailsService users, String... expected) {
		assertThat(expected).hasSameSizeAs(IdentityStrategy.values());
		return Arguments.of(kind, authentication, sources, users, expected);
	}

	private static String[] all(String expected) {
		return Collections.nCopies(IdentityStrategy.values().length, expected).toArray(String[]::new);
	}

	/**
	 * The last columns are what {@code auto}, {@code principal}, {@code name},
	 * {@code qualified-name}, {@code claim} (account) and {@code property} (username)
	 * say.
	 */
	static Stream<Arguments> table() {
		String[] alice = { "alice", REJECTED, "alice", "local:alice", REJECTED, "alice" };
		String[] nameOnly = { REJECTED, REJECTED, "alice", REJECTED, REJECTED, REJECTED };
		String[] shop = all("42");
		return Stream.of(
		// @formatter:off
			row("nobody", "nobody", LOCAL, USERS, all(GUEST)),
			row("anonymous", new AnonymousAuthenticationToken("key", "anonymousUser", USER), LOCAL, USERS, all(GUEST)),
			row("not authenticated", UsernamePasswordAuthenticationToken.unauthenticated("alice", "secret"), LOCAL, USERS, all(GUEST)),
			row("password", password(user("alice")), LOCAL, USERS, alice),
			row("password, no other way known", password(user("alice")), NONE, null, alice),
			row("password, user that the service does not know", password(user("bob")), LOCAL, USERS, "bob", REJECTED, "bob", "local:bob", REJECTED, "bob"),
			row("password, PolarIdentityPrincipal", password(new ShopUser()), LOCAL, USERS, shop),
			row("password, while users come from a provider", password(user("alice")), GOOGLE, null, REJECTED, REJECTED, "alice", "local:alice", REJECTED, "alice"),
			row("passkey", passkey("alice"), LOCAL, USERS, alice),
			row("passkey of a PolarIdentityPrincipal", passkey("shop"), LOCAL, USERS, shop),
			row("passkey named like the id of another", passkey("42"), LOCAL, USERS, all(REJECTED)),
			row("passkey without a service", passkey("alice"), NONE, null, all(REJECTED)),
			row("one-time token", new OneTimeTokenAuthentication(user("alice"), USER), LOCAL, USERS, alice),
			row("one-time token of a PolarIdentityPrincipal", new OneTimeTokenAuthentication(new ShopUser(), USER), LOCAL, USERS, shop),
			row("remember-me", new RememberMeAuthenticationToken("key", user("alice"), USER), LOCAL, USERS, alice),
			row("X.509, pre-authenticated", preAuthenticated(user("alice")), LOCAL, USERS, alice),
			row("X.509 of a PolarIdentityPrincipal", preAuthenticated(new ShopUser()), LOCAL, USERS, shop),
			row("X.509 of an inline service, while the password leads to a PolarIdentityPrincipal", preAuthenticated(user("shop")), LOCAL, USERS, REJECTED, REJECTED, "shop", "local:shop", REJECTED, "shop"),
			row("X.509 of an inline service, named like the id of another", preAuthenticated(user("42")), LOCAL, USERS, REJECTED, REJECTED, "42", "local:42", REJECTED, "42"),
			row("X.509, no service", preAuthenticated(user("alice")), NONE, null, alice),
			row("X.509, beside Spring Boot's default user", preAuthenticated(user("alice")), LOCAL, new InMemoryUserDetailsManager(), alice),
			row("pre-authenticated, text", preAuthenticated("alice"), LOCAL, USERS, nameOnly),
			row("JAAS", new JaasAuthenticationToken("alice", "secret", new ArrayList<>(USER), null), NONE, null, nameOnly),
			row("RunAs", new RunAsUserToken("key", user("alice"), "secret", USER, UsernamePasswordAuthenticationToken.class), LOCAL, USERS, alice),
			row("RunAs of a PolarIdentityPrincipal", new RunAsUserToken("key", new ShopUser(), "secret", USER, UsernamePasswordAuthenticationToken.class), LOCAL, USERS, shop),
			row("switched user", switched(user("alice")), LOCAL, USERS, all(FORBIDDEN)),
			row("switched user, PolarIdentityPrincipal", switched(new ShopUser()), LOCAL, USERS, all(FORBIDDEN)),
			row("OpenID Connect", oidc("https://idp.example", "google"), GOOGLE, null, "1", REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("OpenID Connect in a test, without issuer", oidc(null, "test"), GOOGLE, null, "1", REJECTED, "1", "test:1", "7", REJECTED),
			row("OpenID Connect, another issuer", oidc("https://evil.example", "google"), GOOGLE, null, REJECTED, REJECTED, "1", "https://evil.example:1", "7", REJECTED),
			row("OpenID Connect, configured inline", oidc("https://idp.example", "google"), NONE, null, REJECTED, REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("OpenID Connect, while users are local", oidc("https://idp.example", "google"), LOCAL, USERS, REJECTED, REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("OAuth2 login", oauth2("github", 1), GITHUB, null, "1", REJECTED, "1", "github:1", "7", REJECTED),
			row("OAuth2 login, another registration", oauth2("gitlab", 1), GITHUB, null, REJECTED, REJECTED, "1", "gitlab:1", "7", REJECTED),
			row("OAuth2 login, name is a fraction", oauth2("github", 1.5), GITHUB, null, REJECTED, REJECTED, REJECTED, REJECTED, "7", REJECTED),
			row("OAuth2 login, registration reads like a source", oauth2("local", 1), Map.of("r", Set.of("registration:local")), null, "1", REJECTED, "1", REJECTED, "7", REJECTED),
			row("OAuth2 login, registration reads like an issuer", oauth2("https", 1), Map.of("r", Set.of("registration:https")), null, "1", REJECTED, "1", REJECTED, "7", REJECTED),
			row("OAuth2 login, attributes without value", github(), GITHUB, null, "583231", REJECTED, "583231", "github:583231", REJECTED, REJECTED),
			row("OAuth2 login of a user who is UserDetails, too", new OAuth2AuthenticationToken(new BothUser(Map.of("id", 9)), USER, "github"), GITHUB, USERS, "9", REJECTED, "9", "github:9", REJECTED, "alice"),
			row("password of a user who is an OAuth2 user, too", password(new BothUser(null)), LOCAL, USERS, alice),
			row("remember-me of a user who is an OAuth2 user, too", new RememberMeAuthenticationToken("key", new BothUser(Map.of()), USER), LOCAL, USERS, alice),
			row("JWT", jwt("https://idp.example"), TOKENS, null, "1", REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("JWT without issuer", jwt(null), TOKENS, null, "1", REJECTED, "1", REJECTED, "7", REJECTED),
			row("JWT, another issuer", jwt("https://evil.example"), TOKENS, null, REJECTED, REJECTED, "1", "https://evil.example:1", "7", REJECTED),
			row("JWT, issuer not configured", jwt("https://idp.example"), ANY_ISSUER, null, REJECTED, REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("JWT of the issuer of a login", jwt("https://idp.example"), GOOGLE, null, "1", REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("JWT, while users are local", jwt("https://idp.example"), LOCAL, USERS, REJECTED, REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("JWT, issuer is no address", jwt("local"), Map.of("d", Set.of("token", "issuer:local")), null, "1", REJECTED, "1", REJECTED, "7", REJECTED),
			row("opaque token", opaque(null), ANY_ISSUER, null, "1", REJECTED, "1", REJECTED, "7", REJECTED),
			row("opaque token, unknown issuer", opaque("https://idp.example"), ANY_ISSUER, null, REJECTED, REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("opaque token, one server", opaque("https://idp.example"), ONE_KEY_SET, null, "1", REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("JWT, one set of keys", jwt("https://idp.example"), ONE_KEY_SET, null, "1", REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("OpenID Connect, while there are only tokens", oidc("https://idp.example", "google"), ONE_KEY_SET, null, REJECTED, REJECTED, "1", "https://idp.example:1", "7", REJECTED),
			row("opaque token of a test", new BearerTokenAuthentication(new DefaultOAuth2AuthenticatedPrincipal(Map.of("sub", "1", "account", 7), USER), token(), USER), ANY_ISSUER, null, "1", REJECTED, "1", REJECTED, "7", REJECTED),
			row("LDAP, as it was typed", password(ldap("ALICE")), NONE, null, REJECTED, REJECTED, REJECTED, REJECTED, REJECTED, "ALICE"),
			row("LDAP, as the directory spells it", password(person("ALICE", "alice")), NONE, null, "alice", REJECTED, "alice", "local:alice", REJECTED, "ALICE"),
			row("LDAP beside a service", password(person("ALICE", "alice")), LOCAL, USERS, REJECTED, REJECTED, "alice", "local:alice", REJECTED, "ALICE"),
			row("another principal with a name, such as that of SAML", new TestingAuthenticationToken((AuthenticatedPrincipal) () -> "alice", null, USER), NONE, null, nameOnly),
			row("text of an own filter", password("alice"), LOCAL, USERS, nameOnly),
			row("number of an own filter", password(42L), LOCAL, USERS, REJECTED, REJECTED, "42", REJECTED, REJECTED, REJECTED),
			row("UUID of an own filter", password(new UUID(0, 1)), LOCAL, USERS, REJECTED, REJECTED, new UUID(0, 1).toString(), REJECTED, REJECTED, REJECTED),
			row("object of an own class", password(new Account("alice")), LOCAL, USERS, REJECTED, REJECTED, REJECTED, REJECTED, REJECTED, "alice"),
			row("own authentication, UserDetails", new OwnAuthentication(user("alice")), LOCAL, USERS, alice),
			row("own authentication, own class", new OwnAuthentication(new Account("alice")), LOCAL, USERS, REJECTED, REJECTED, REJECTED, REJECTED, REJECTED, "alice"),
			row("own authentication, no principal", new OwnAuthentication(null), LOCAL, USERS, all(REJECTED)),
			row("own authentication, PolarIdentityPrincipal", new ShopAuthentication(), LOCAL, USERS, shop),
			row("principal of the container", (Principal) () -> "alice", NONE, null, "alice", REJECTED, "alice", "local:alice", REJECTED, REJECTED),
			row("several sources", password(user("alice")), Map.of("a", Set.of("local"), "b", Set.of("token")), USERS, REJECTED, REJECTED, "alice", "local:alice", REJECTED, "alice")
		// @formatter:on
		);
	}

	@Test
	void noOneDependsOnWhoCameFirst() {
		for (IdentityStrategy strategy : IdentityStrategy.values()) {
			List<Arguments> rows = new ArrayList<>(table().toList());
			for (int order = 0; order < 2; order++) {
				Map<Set<String>, AuthenticationIdentityResolver> resolvers = new HashMap<>();
				for (Arguments row : rows) {
					Map<String, Set<String>> sources = sources(row);
					UserDetailsService users = (UserDetailsService) row.get()[3];
					AuthenticationIdentityResolver resolver = resolvers.computeIfAbsent(
							Set.of(sources.toString(), String.valueOf(users)),
							(key) -> resolver(strategy, true, sources, users));
					Principal user = (row.get()[1] instanceof Principal known) ? known : null;
					assertThat(outcome(resolver, user)).as("%s, %s", row.get()[0], strategy)
						.isEqualTo(((String[]) row.get()[4])[strategy.ordinal()]);
				}
				Collections.reverse(rows);
			}
		}
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Set<String>> sources(Arguments row) {
		return (Map<String, Set<String>>) row.get()[2];
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("table")
	void everyKindByEveryStrategy(String kind, Object user, Map<String, Set<String>> sources,
			@Nullable UserDetailsService users, String[] expected) {
		for (IdentityStrategy strategy : IdentityStrategy.values()) {
			AuthenticationIdentityResolver resolver = resolver(strategy, true, sources, users);
			Principal principal = (user instanceof Principal known) ? known : null;
			assertThat(outcome(resolver, principal)).as("%s, %s", kind, strategy)
				.isEqualTo(expected[strategy.ordinal()]);
		}
	}

	private static AuthenticationIdentityResolver resolver(IdentityStrategy strategy, boolean rejectSwitchedUser,
			Map<String, Set<String>> sources, @Nullable UserDetailsService users) {
		String attribute = switch (strategy) {
			case CLAIM -> "account";
			case PROPERTY -> "username";
			default -> null;
		};
		return new AuthenticationIdentityResolver(new PrincipalIdentityReader(strategy, attribute),
				new AuthenticationIdentityResolver.Settings(rejectSwitchedUser, () -> users, () -> sources));
	}

	private static String outcome(AuthenticationIdentityResolver resolver, @Nullable Principal user) {
		try {
			PolarIdentity identity = resolver.resolve(user);
			return (identity != null) ? identity.externalId() : GUEST;
		}
		catch (PolarIdentityException ex) {
			assertThat(ex).hasMessageNotContainingAny("alice", "ALICE", "No user").hasNoCause();
			return REJECTED;
		}
		catch (AccessDeniedException ex) {
			return FORBIDDEN;
		}
	}

	@Test
	void switchedUserBuysWhereThatIsAllowed() {
		for (IdentityStrategy strategy : IdentityStrategy.values()) {
			assertThat(outcome(resolver(strategy, false, LOCAL, USERS), switched(new ShopUser()))).isEqualTo("42");
		}
	}

	@Test
	void rejectionNamesTheClassAndTheSetting() {
		AuthenticationIdentityResolver resolver = resolver(IdentityStrategy.AUTO, true, LOCAL, USERS);
		for (Object principal : List.of("alice", new Account("alice"), 42L)) {
			assertThatExceptionOfType(PolarIdentityException.class)
				.isThrownBy(() -> resolver.resolve(password(principal)))
				.withMessageContainingAll(principal.getClass().getName(), "'polar.identity.strategy'",
						"PolarIdentityPrincipal", "PolarIdentityResolver");
		}
	}

	@Test
	void onlyTextWholeNumbersAndUuidsAreIds() {
		PrincipalIdentityReader reader = new PrincipalIdentityReader(IdentityStrategy.CLAIM, "account");
		AuthenticationIdentityResolver resolver = new AuthenticationIdentityResolver(reader,
				new AuthenticationIdentityResolver.Settings(true, () -> null, () -> TOKENS));
		for (Object value : List.of("7", 7, 7L, (short) 7, (byte) 7, new BigInteger("7"))) {
			assertThat(outcome(resolver, token(value))).isEqualTo("7");
		}
		assertThat(outcome(resolver, token(new UUID(0, 7)))).isEqualTo(new UUID(0, 7).toString());
		for (Object value : List.of(7.0, 7f, new BigDecimal("7"), true, Instant.EPOCH, List.of("7"), Map.of("id", "7"),
				new StringBuilder("7"))) {
			assertThatExceptionOfType(PolarIdentityException.class).isThrownBy(() -> resolver.resolve(token(value)))
				.withMessageContaining("Only text, a whole number or a UUID");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", " a", "a ", "a\u2003", "a\u0000b", "a\nb", "a\u007fb", "a\u0085b", "\ud83d",
			"\ude42x" })
	void textThatPolarCannotStoreIsRejected(String id) {
		AuthenticationIdentityResolver resolver = resolver(IdentityStrategy.CLAIM, true, TOKENS, null);
		assertThat(outcome(resolver, token(id))).isEqualTo(REJECTED);
	}

	@Test
	void pairsOfSourceAndNameNeverHaveTheSameQualifiedName() {
		AuthenticationIdentityResolver resolver = resolver(IdentityStrategy.QUALIFIED_NAME, true, NONE, null);
		assertThat(outcome(resolver, jwt("https://idp.example", "8443:alice")))
			.isEqualTo("https://idp.example:8443%3Aalice");
		assertThat(outcome(resolver, jwt("https://idp.example:8443", "alice")))
			.isEqualTo("https://idp.example:8443:alice");
		assertThat(outcome(resolver, jwt("https://idp.example", "8443%3Aalice")))
			.isEqualTo("https://idp.example:8443%253Aalice");
	}

	@Test
	void browserAndTokenOfOneIssuerAreOneCustomer() {
		for (IdentityStrategy strategy : List.of(IdentityStrategy.AUTO, IdentityStrategy.NAME,
				IdentityStrategy.QUALIFIED_NAME, IdentityStrategy.CLAIM)) {
			AuthenticationIdentityResolver resolver = resolver(strategy, true, GOOGLE, null);
			assertThat(outcome(resolver, oidc("https://idp.example", "google")))
				.isEqualTo(outcome(resolver, jwt("https://idp.example")))
				.isNotEqualTo(REJECTED);
		}
	}

	private static UserDetails user(String name) {
		return new User(name, "secret", USER);
	}

	private static Authentication password(Object principal) {
		return UsernamePasswordAuthenticationToken.authenticated(principal, null, USER);
	}

	private static Authentication passkey(String name) {
		return new WebAuthnAuthentication(ImmutablePublicKeyCredentialUserEntity.builder()
			.name(name)
			.id(Bytes.random())
			.displayName(name)
			.build(), USER);
	}

	private static Authentication preAuthenticated(Object principal) {
		return new PreAuthenticatedAuthenticationToken(principal, "N/A", USER);
	}

	private static Authentication switched(UserDetails target) {
		return UsernamePasswordAuthenticationToken.authenticated(target, null,
				List.of(new SwitchUserGrantedAuthority("ROLE_PREVIOUS_ADMINISTRATOR", password(user("support")))));
	}

	private static Authentication oidc(@Nullable String issuer, String registration) {
		Map<String, Object> claims = (issuer != null) ? Map.of("iss", issuer, "sub", "1", "account", 7)
				: Map.of("sub", "1", "account", 7);
		OidcIdToken token = new OidcIdToken("token", Instant.now(), Instant.now().plusSeconds(60), claims);
		return new OAuth2AuthenticationToken(new DefaultOidcUser(USER, token, "account"), USER, registration);
	}

	private static Authentication oauth2(String registration, Object id) {
		DefaultOAuth2User user = new DefaultOAuth2User(USER, Map.of("id", id, "sub", "other", "account", 7), "id");
		return new OAuth2AuthenticationToken(user, USER, registration);
	}

	/**
	 * What is empty in a profile has no value.
	 */
	private static Authentication github() {
		Map<String, Object> attributes = new HashMap<>(Map.of("id", 583231, "login", "octocat"));
		attributes.put("company", null);
		attributes.put("email", null);
		return new OAuth2AuthenticationToken(new DefaultOAuth2User(USER, attributes, "id"), USER, "github");
	}

	private static Authentication jwt(@Nullable String issuer) {
		return jwt(issuer, "1");
	}

	private static Authentication jwt(@Nullable String issuer, String subject) {
		Jwt.Builder jwt = Jwt.withTokenValue("token").header("alg", "none").subject(subject).claim("account", 7);
		if (issuer != null) {
			jwt.issuer(issuer);
		}
		return new JwtAuthenticationToken(jwt.build(), USER, "another name");
	}

	private static Authentication token(Object account) {
		Jwt jwt = Jwt.withTokenValue("token").header("alg", "none").subject("1").claim("account", account).build();
		return new JwtAuthenticationToken(jwt, USER);
	}

	private static Authentication opaque(@Nullable String issuer) {
		Map<String, Object> attributes = (issuer != null) ? Map.of("iss", issuer, "sub", "1", "account", 7)
				: Map.of("sub", "1", "account", 7);
		return new BearerTokenAuthentication(
				new OAuth2IntrospectionAuthenticatedPrincipal("another name", attributes, USER), token(), USER);
	}

	private static OAuth2AccessToken token() {
		return new OAuth2AccessToken(TokenType.BEARER, "token", null, null);
	}

	private static UserDetails ldap(String typed) {
		LdapUserDetailsImpl.Essence user = new LdapUserDetailsImpl.Essence();
		user.setDn("uid=" + typed + ",ou=people,dc=example");
		user.setUsername(typed);
		user.setAuthorities(USER);
		return user.createUserDetails();
	}

	private static UserDetails person(String typed, String uid) {
		InetOrgPerson.Essence user = new InetOrgPerson.Essence();
		user.setDn("uid=" + typed + ",ou=people,dc=example");
		user.setUsername(typed);
		user.setUid(uid);
		user.setSn("Okafor");
		user.setCn(new String[] { "Alice Okafor" });
		user.setAuthorities(USER);
		return user.createUserDetails();
	}

	record Account(String username) {

	}

	private static final class ShopUser extends User implements PolarIdentityPrincipal {

		ShopUser() {
			super("shop", "secret", USER);
		}

		@Override
		public PolarIdentity toPolarIdentity() {
			return PolarIdentity.of("42");
		}

	}

	/**
	 * As in many tutorials.
	 */
	private static final class BothUser extends User implements OAuth2User {

		private final transient @Nullable Map<String, Object> attributes;

		BothUser(@Nullable Map<String, Object> attributes) {
			super("alice", "secret", USER);
			this.attributes = attributes;
		}

		@Override
		public @Nullable Map<String, Object> getAttributes() {
			return this.attributes;
		}

		@Override
		public String getName() {
			return "9";
		}

	}

	private static class OwnAuthentication extends AbstractAuthenticationToken {

		private final transient @Nullable Object principal;

		OwnAuthentication(@Nullable Object principal) {
			super(USER);
			this.principal = principal;
			setAuthenticated(true);
		}

		@Override
		public @Nullable Object getCredentials() {
			return null;
		}

		@Override
		public @Nullable Object getPrincipal() {
			return this.principal;
		}

	}

	private static final class ShopAuthentication extends OwnAuthentication implements PolarIdentityPrincipal {

		ShopAuthentication() {
			super("text");
		}

		@Override
		public PolarIdentity toPolarIdentity() {
			return PolarIdentity.of("42");
		}

	}

}
