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

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityPrincipal;
import io.github.polarspring.identity.PrincipalIdentityReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;
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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AuthenticationIdentityResolver}.
 */
@ExtendWith(OutputCaptureExtension.class)
class AuthenticationIdentityResolverTests {

	private static final List<GrantedAuthority> USER = AuthorityUtils.createAuthorityList("ROLE_USER");

	private @Nullable PolarIdentity resolve(@Nullable Authentication authentication) {
		return resolve(authentication, new PrincipalIdentityReader(null, true, true));
	}

	private @Nullable PolarIdentity resolve(@Nullable Authentication authentication, @Nullable String externalId) {
		return resolve(authentication, new PrincipalIdentityReader(externalId, true, true));
	}

	private @Nullable PolarIdentity resolve(@Nullable Authentication authentication, PrincipalIdentityReader reader) {
		SecurityContextHolderStrategy securityContext = mock();
		given(securityContext.getContext()).willReturn(new SecurityContextImpl(authentication));
		return new AuthenticationIdentityResolver(securityContext, reader, true).resolve(new MockHttpServletRequest());
	}

	private static Authentication formLogin(UserDetails user) {
		return UsernamePasswordAuthenticationToken.authenticated(user, null, USER);
	}

	private static OAuth2AuthenticationToken oidc(Map<String, Object> claims) {
		OidcIdToken token = new OidcIdToken("token", Instant.now(), Instant.now().plusSeconds(60), claims);
		return new OAuth2AuthenticationToken(new DefaultOidcUser(USER, token, "email"), USER, "google");
	}

	@Test
	void nobodyIsAGuest() {
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
		assertThat(resolve(formLogin(user), "username"))
			.isEqualTo(PolarIdentity.of("4711").withEmail("alice@example.com").withName("Alice"));
		assertThat(resolve(formLogin(user), new PrincipalIdentityReader(null, false, false)))
			.isEqualTo(PolarIdentity.of("4711"));
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
			.isEqualTo(PolarIdentity.of("g-1").withEmail("alice@example.com"));
	}

	@Test
	void emailAndNameCanBeSwitchedOff() {
		assertThat(resolve(oidc(Map.of("sub", "g-1", "email", "alice@example.com", "name", "Alice")),
				new PrincipalIdentityReader(null, false, false)))
			.isEqualTo(PolarIdentity.of("g-1"));
	}

	@Test
	void switchedUserIsRefusedUnlessItIsAllowed(CapturedOutput output) {
		Authentication support = UsernamePasswordAuthenticationToken.authenticated("support", null, USER);
		Authentication switched = UsernamePasswordAuthenticationToken.authenticated(
				User.withUsername("alice").password("").build(), null,
				List.of(new SwitchUserGrantedAuthority("ROLE_PREVIOUS_ADMINISTRATOR", support)));
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> resolve(switched))
			.withMessageContaining("'polar.customer.switched-user'");
		assertThat(output).contains("'polar.customer.switched-user'").doesNotContain("alice", "support");
		SecurityContextHolderStrategy securityContext = mock();
		given(securityContext.getContext()).willReturn(new SecurityContextImpl(switched));
		PolarIdentity customer = new AuthenticationIdentityResolver(securityContext,
				new PrincipalIdentityReader(null, true, true), false)
			.resolve(new MockHttpServletRequest());
		assertThat(customer).isNotNull();
		assertThat(customer.externalId()).isEqualTo("alice");
	}

	@Test
	void userOfASecondSourceIsRefusedWhereNamesAreIds() {
		PrincipalIdentityReader reader = new PrincipalIdentityReader(null, true, true);
		Map<String, Object> claims = Map.of("sub", "1", "email", "a@b.example", "iss", "https://one.example");
		assertThat(resolve(oidc(claims), reader)).isNotNull();
		assertThat(resolve(oidc(claims), reader)).isNotNull();
		Authentication local = formLogin(User.withUsername("1").password("").build());
		assertThatIllegalStateException().isThrownBy(() -> resolve(local, reader))
			.withMessageContaining("'local'")
			.withMessageContaining("'https://one.example'")
			.withMessageContaining("'polar.customer.external-id'");
		PrincipalIdentityReader anySource = new PrincipalIdentityReader("name", true, true);
		assertThat(resolve(oidc(claims), anySource).externalId()).isEqualTo("1");
		assertThat(resolve(local, anySource).externalId()).isEqualTo("1");
		PrincipalIdentityReader qualified = new PrincipalIdentityReader("qualified-name", true, true);
		assertThat(resolve(oidc(claims), qualified).externalId()).isEqualTo("google:1");
		assertThat(resolve(local, qualified).externalId()).isEqualTo("local:1");
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
		assertThatIllegalStateException().isThrownBy(() -> resolve(user, "principal"))
			.withMessageContaining("is no PolarIdentityPrincipal");
		PolarIdentityPrincipal principal = () -> PolarIdentity.of("42");
		assertThat(resolve(UsernamePasswordAuthenticationToken.authenticated(principal, null, USER), "principal")
			.externalId()).isEqualTo("42");
	}

	@Test
	void jwtIsKnownByTheSubject() {
		Jwt jwt = Jwt.withTokenValue("token").header("alg", "none").subject("j-1").claim("tenant", "acme").build();
		assertThat(resolve(UsernamePasswordAuthenticationToken.authenticated(jwt, null, USER)))
			.isEqualTo(PolarIdentity.of("j-1"));
		assertThat(resolve(UsernamePasswordAuthenticationToken.authenticated(jwt, null, USER), "tenant"))
			.isEqualTo(PolarIdentity.of("acme"));
	}

	@Test
	void oauth2UserIsKnownByTheName() {
		DefaultOAuth2User user = new DefaultOAuth2User(USER, Map.of("id", 583231, "sub", "other", "name", "Octo"),
				"id");
		assertThat(resolve(new OAuth2AuthenticationToken(user, USER, "github")))
			.isEqualTo(PolarIdentity.of("583231").withName("Octo"));
	}

	@Test
	void configuredClaimOrPropertyIsTheId() {
		assertThat(resolve(oidc(Map.of("sub", "g-1", "email", "a@example.com", "account", 42)), "account"))
			.isEqualTo(PolarIdentity.of("42").withEmail("a@example.com"));
		assertThat(resolve(formLogin(new User("alice", "secret", USER)), "username"))
			.isEqualTo(PolarIdentity.of("alice"));
	}

	@Test
	void configuredClaimThatIsMissingDoesNotMakeAGuest() {
		assertThatIllegalStateException()
			.isThrownBy(() -> resolve(formLogin(new User("alice", "secret", USER)), "account"))
			.withMessageContaining("no claim or property 'account'")
			.withMessageNotContaining("alice");
	}

	@Test
	void qualifiedNameTellsTheSourcesApart() {
		assertThat(resolve(oidc(Map.of("sub", "1", "email", "a@example.com")), "qualified-name"))
			.isEqualTo(PolarIdentity.of("google:1").withEmail("a@example.com"));
		assertThat(resolve(formLogin(new User("1", "secret", USER)), "qualified-name"))
			.isEqualTo(PolarIdentity.of("local:1"));
	}

	@Test
	void jwtIsQualifiedByItsIssuer() {
		Jwt jwt = Jwt.withTokenValue("token")
			.header("alg", "none")
			.issuer("https://idp.example")
			.subject("alice")
			.build();
		assertThat(resolve(UsernamePasswordAuthenticationToken.authenticated(jwt, null, USER), "qualified-name"))
			.isEqualTo(PolarIdentity.of("https://idp.example:alice"));
	}

	@Test
	void nameThatCannotBeQualifiedFails() {
		DefaultOAuth2User user = new DefaultOAuth2User(USER, Map.of("id", "alice"), "id");
		for (String registration : List.of("local", "a:b")) {
			assertThatIllegalStateException()
				.isThrownBy(() -> resolve(new OAuth2AuthenticationToken(user, USER, registration), "qualified-name"))
				.withMessageContaining("cannot be qualified");
		}
		assertThatIllegalStateException().isThrownBy(
				() -> resolve(UsernamePasswordAuthenticationToken.authenticated("alice", null, USER), "qualified-name"))
			.withMessageContaining("cannot be qualified");
	}

	record Account(long number, String email, String passwordHash) {

	}

	@Test
	void textFormOfAnObjectIsNoName() {
		Authentication authentication = UsernamePasswordAuthenticationToken
			.authenticated(new Account(42, "alice@example.com", "{bcrypt}secret"), null, USER);
		assertThatIllegalStateException().isThrownBy(() -> resolve(authentication))
			.withMessageContaining("no name that could be a customer's id")
			.withMessageContaining("polar.customer.external-id")
			.withMessageNotContaining("alice@example.com")
			.withMessageNotContaining("secret");
		assertThat(resolve(authentication, "number")).isEqualTo(PolarIdentity.of("42"));
	}

	@Test
	void jwtWithoutSubjectIsNoGuest() {
		Jwt jwt = Jwt.withTokenValue("token").header("alg", "none").claim("scope", "x").build();
		assertThatIllegalStateException()
			.isThrownBy(() -> resolve(UsernamePasswordAuthenticationToken.authenticated(jwt, null, USER)));
	}

	@Test
	void principalOfTheContainerCountsWhereSpringSecurityDoesNotWatch() {
		SecurityContextHolderStrategy securityContext = mock();
		given(securityContext.getContext()).willReturn(new SecurityContextImpl());
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setUserPrincipal(() -> "alice");
		assertThat(
				new AuthenticationIdentityResolver(securityContext, new PrincipalIdentityReader(null, true, true), true)
					.resolve(request))
			.isEqualTo(PolarIdentity.of("alice"));
	}

	@Test
	void idThatCannotBeOneFailsInsteadOfMakingAGuest() {
		assertThatIllegalArgumentException().isThrownBy(() -> resolve(formLogin(new User("a\tb", "secret", USER))))
			.withMessageContaining("control characters");
	}

	@Test
	void nameThatIsAnEmailAddressIsWarnedAboutOnce(CapturedOutput output) {
		PrincipalIdentityReader reader = new PrincipalIdentityReader(null, true, true);
		for (int i = 0; i < 3; i++) {
			assertThat(resolve(formLogin(new User("alice@example.com", "secret", USER)), reader))
				.isEqualTo(PolarIdentity.of("alice@example.com"));
		}
		assertThat(output).containsOnlyOnce("polar.customer.external-id").doesNotContain("alice@example.com");
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
