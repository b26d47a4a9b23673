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
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.identity.IdentityStrategy;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityPrincipal;
import io.github.polarspring.identity.PrincipalIdentityReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AuthenticationIdentityResolver}.
 */
@ExtendWith(OutputCaptureExtension.class)
class AuthenticationIdentityResolverTests {

	private static final List<GrantedAuthority> USER = AuthorityUtils.createAuthorityList("ROLE_USER");

	private @Nullable PolarIdentity resolve(@Nullable Authentication authentication) {
		return resolve(authentication, reader(IdentityStrategy.AUTO));
	}

	private @Nullable PolarIdentity resolve(@Nullable Authentication authentication, IdentityStrategy strategy) {
		return resolve(authentication, reader(strategy));
	}

	private static PrincipalIdentityReader reader(IdentityStrategy strategy) {
		return new PrincipalIdentityReader(strategy, null);
	}

	private static AuthenticationIdentityResolver.Settings settings(boolean rejectSwitchedUser) {
		return new AuthenticationIdentityResolver.Settings(rejectSwitchedUser, () -> null, Map::of);
	}

	private static PrincipalIdentityReader claim(String name) {
		return new PrincipalIdentityReader(IdentityStrategy.CLAIM, name);
	}

	private static PrincipalIdentityReader property(String name) {
		return new PrincipalIdentityReader(IdentityStrategy.PROPERTY, name);
	}

	private @Nullable PolarIdentity resolve(@Nullable Authentication authentication, PrincipalIdentityReader reader) {
		return new AuthenticationIdentityResolver(reader, settings(true)).resolve(authentication);
	}

	private static Authentication formLogin(UserDetails user) {
		return UsernamePasswordAuthenticationToken.authenticated(user, null, USER);
	}

	private static OAuth2AuthenticationToken oidc(Map<String, Object> claims) {
		OidcIdToken token = new OidcIdToken("token", Instant.now(), Instant.now().plusSeconds(60), claims);
		return new OAuth2AuthenticationToken(new DefaultOidcUser(USER, token, "email"), USER, "google");
	}

	@Test
	void noOneIsAGuest() {
		assertThat(resolve(null)).isNull();
		assertThat(resolve(new AnonymousAuthenticationToken("key", "anonymousUser", USER))).isNull();
		assertThat(resolve(new TestingAuthenticationToken("alice", "secret"))).isNull();
		assertThat(resolve(UsernamePasswordAuthenticationToken.unauthenticated("alice", "secret"))).isNull();
	}

	@Test
	void userDetailsAreKnownByTheirName() {
		assertThat(resolve(formLogin(new User("alice", "secret", USER)))).isEqualTo(PolarIdentity.of("alice"));
	}

	@Test
	void rememberedUserIsLoggedIn() {
		assertThat(resolve(new RememberMeAuthenticationToken("key", new User("alice", "secret", USER), USER)))
			.isEqualTo(PolarIdentity.of("alice"));
	}

	@Test
	void principalThatKnowsItsCustomerIsAsked() {
		ShopUser user = new ShopUser();
		assertThat(resolve(formLogin(user)))
			.isEqualTo(PolarIdentity.of("4711").withEmail("alice@example.com").withName("Alice"));
		assertThat(resolve(formLogin(user), property("username")))
			.isEqualTo(PolarIdentity.of("4711").withEmail("alice@example.com").withName("Alice"));
	}

	@Test
	void oidcUserIsKnownByTheSubject() {
		assertThat(resolve(oidc(Map.of("sub", "g-1", "email", "alice@example.com", "name", "Alice"))))
			.isEqualTo(PolarIdentity.of("g-1").withEmail("alice@example.com").withName("Alice"));
	}

	@Test
	void emailThatIsNotVerifiedIsLeftOut() {
		assertThat(resolve(oidc(Map.of("sub", "g-1", "email", "victim@example.com", "email_verified", false))))
			.isEqualTo(PolarIdentity.of("g-1"));
		assertThat(resolve(oidc(Map.of("sub", "g-1", "email", "victim@example.com", "email_verified", "false"))))
			.isEqualTo(PolarIdentity.of("g-1"));
		assertThat(resolve(oidc(Map.of("sub", "g-1", "email", "alice@example.com", "email_verified", true))))
			.isEqualTo(PolarIdentity.of("g-1").withVerifiedEmail("alice@example.com"));
		assertThat(resolve(oidc(Map.of("sub", "g-1", "email", "alice@example.com"))))
			.isEqualTo(PolarIdentity.of("g-1").withEmail("alice@example.com"));
	}

	@Test
	void switchedUserIsRejectedUnlessItIsAllowed(CapturedOutput output) {
		Authentication support = UsernamePasswordAuthenticationToken.authenticated("support", null, USER);
		Authentication switched = UsernamePasswordAuthenticationToken.authenticated(
				User.withUsername("alice").password("").build(), null,
				List.of(new SwitchUserGrantedAuthority("ROLE_PREVIOUS_ADMINISTRATOR", support)));
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> resolve(switched))
			.withMessageContaining("'polar.identity.switched-user'");
		assertThat(output).contains("'polar.identity.switched-user'").doesNotContain("alice", "support");
		PolarIdentity customer = new AuthenticationIdentityResolver(reader(IdentityStrategy.AUTO), settings(false))
			.resolve(switched);
		assertThat(customer).isNotNull();
		assertThat(customer.externalId()).isEqualTo("alice");
	}

	@Test
	void nameIsPutTogetherFromItsParts() {
		assertThat(
				resolve(oidc(Map.of("sub", "1", "email", "a@b.example", "given_name", "Ada", "family_name", "Okafor")))
					.name())
			.isEqualTo("Ada Okafor");
		assertThat(resolve(oidc(Map.of("sub", "1", "email", "a@b.example", "name", "Ada O.", "given_name", "Ada",
				"family_name", "Okafor")))
			.name()).isEqualTo("Ada O.");
		assertThat(resolve(oidc(Map.of("sub", "1", "email", "a@b.example", "given_name", "Ada"))).name()).isNull();
	}

	@Test
	void noneButACustomerPrincipalCanBeDemanded() {
		Authentication user = formLogin(User.withUsername("alice").password("").build());
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> resolve(user, IdentityStrategy.PRINCIPAL))
			.withMessageContaining("is not a PolarIdentityPrincipal");
		PolarIdentityPrincipal principal = () -> PolarIdentity.of("42");
		assertThat(resolve(UsernamePasswordAuthenticationToken.authenticated(principal, null, USER),
				IdentityStrategy.PRINCIPAL)
			.externalId()).isEqualTo("42");
	}

	@Test
	void jwtIsKnownByTheSubject() {
		Jwt jwt = Jwt.withTokenValue("token").header("alg", "none").subject("j-1").claim("tenant", "acme").build();
		assertThat(resolve(UsernamePasswordAuthenticationToken.authenticated(jwt, null, USER)))
			.isEqualTo(PolarIdentity.of("j-1"));
		assertThat(resolve(UsernamePasswordAuthenticationToken.authenticated(jwt, null, USER), claim("tenant")))
			.isEqualTo(PolarIdentity.of("acme"));
	}

	@Test
	void configuredClaimOrPropertyIsTheId() {
		assertThat(resolve(oidc(Map.of("sub", "g-1", "email", "a@example.com", "account", 42)), claim("account")))
			.isEqualTo(PolarIdentity.of("42").withEmail("a@example.com"));
		assertThat(resolve(formLogin(new User("alice", "secret", USER)), property("username")))
			.isEqualTo(PolarIdentity.of("alice"));
	}

	@Test
	void configuredClaimThatIsMissingDoesNotMakeAGuest() {
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> resolve(formLogin(new User("alice", "secret", USER)), claim("account")))
			.withMessageContaining("no claim 'account', which is specified by 'polar.identity.claim'")
			.withMessageNotContaining("alice");
	}

	@Test
	void nameThatCannotBeQualifiedFails() {
		DefaultOAuth2User user = new DefaultOAuth2User(USER, Map.of("id", "alice"), "id");
		for (String registration : List.of("local", "a:b")) {
			assertThatExceptionOfType(PolarIdentityException.class)
				.isThrownBy(() -> resolve(new OAuth2AuthenticationToken(user, USER, registration),
						IdentityStrategy.QUALIFIED_NAME))
				.withMessageContaining("cannot be qualified");
		}
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> resolve(UsernamePasswordAuthenticationToken.authenticated("alice", null, USER),
					IdentityStrategy.QUALIFIED_NAME))
			.withMessageContaining("cannot be qualified");
	}

	@Test
	void textFormOfAnObjectIsNoName() {
		Authentication authentication = UsernamePasswordAuthenticationToken
			.authenticated(new Account(42, "alice@example.com", "{bcrypt}secret"), null, USER);
		assertThatExceptionOfType(PolarIdentityException.class).isThrownBy(() -> resolve(authentication))
			.withMessageContaining("does not identify a user")
			.withMessageContaining("polar.identity.strategy")
			.withMessageNotContaining("alice@example.com")
			.withMessageNotContaining("secret");
		assertThat(resolve(authentication, property("number"))).isEqualTo(PolarIdentity.of("42"));
	}

	@Test
	void jwtWithoutSubjectIsNoGuest() {
		Jwt jwt = Jwt.withTokenValue("token").header("alg", "none").claim("scope", "x").build();
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> resolve(UsernamePasswordAuthenticationToken.authenticated(jwt, null, USER)));
	}

	@Test
	void principalOfTheContainerCountsWhereSpringSecurityDoesNotWatch() {
		Principal principal = () -> "alice";
		assertThat(new AuthenticationIdentityResolver(reader(IdentityStrategy.AUTO), settings(true)).resolve(principal))
			.isEqualTo(PolarIdentity.of("alice"));
	}

	@Test
	void idThatCannotBeOneFailsInsteadOfMakingAGuest() {
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> resolve(formLogin(new User("a\tb", "secret", USER))))
			.withMessageContaining("control characters");
	}

	@Test
	void principalWithoutIdentityFailsInsteadOfMakingAGuest() {
		PolarIdentityPrincipal principal = () -> null;
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> resolve(UsernamePasswordAuthenticationToken.authenticated(principal, null, USER)))
			.withMessageContaining("toPolarIdentity()");
	}

	@Test
	void nameThatIsAnEmailAddressIsWarnedAboutOnce(CapturedOutput output) {
		PrincipalIdentityReader reader = reader(IdentityStrategy.AUTO);
		for (int i = 0; i < 3; i++) {
			assertThat(resolve(formLogin(new User("alice@example.com", "secret", USER)), reader))
				.isEqualTo(PolarIdentity.of("alice@example.com"));
		}
		assertThat(output).containsOnlyOnce("polar.identity.strategy").doesNotContain("alice@example.com");
	}

	record Account(long number, String email, String passwordHash) {

	}

	static class ShopUser extends User implements PolarIdentityPrincipal {

		ShopUser() {
			super("alice", "secret", USER);
		}

		@Override
		public PolarIdentity toPolarIdentity() {
			return PolarIdentity.of("4711").withEmail("alice@example.com").withName("Alice");
		}

	}

}
