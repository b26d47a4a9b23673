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

package io.github.polarspring.autoconfigure.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityPrincipal;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.security.AuthenticationIdentityResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.authentication.WebAuthnAuthentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarIdentityAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarIdentityAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarIdentityAutoConfiguration.class));

	private static ClientRegistration registration(String id, String issuer, String... scopes) {
		return ClientRegistration.withRegistrationId(id)
			.clientId(id)
			.authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
			.redirectUri("{baseUrl}/login")
			.authorizationUri("https://idp.example/authorize")
			.tokenUri("https://idp.example/token")
			.issuerUri(issuer)
			.scope(scopes)
			.build();
	}

	private static ClientRegistration google() {
		return registration("google", "https://accounts.google.example", "openid", "email");
	}

	private static ClientRegistration github() {
		return registration("github", null, "read:user");
	}

	private WebApplicationContextRunner with(ClientRegistration... registrations) {
		return this.contextRunner.withBean("registrations", ClientRegistrationRepository.class,
				() -> new InMemoryClientRegistrationRepository(List.of(registrations)));
	}

	private static WebApplicationContextRunner withUsers(WebApplicationContextRunner runner) {
		return runner.withBean("users", UserDetailsService.class, InMemoryUserDetailsManager::new);
	}

	private static WebApplicationContextRunner withDecoder(WebApplicationContextRunner runner, String name) {
		return runner.withBean(name, JwtDecoder.class, () -> (token) -> null);
	}

	private static void assertStarts(WebApplicationContextRunner runner) {
		runner.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(PolarIdentityResolver.class));
	}

	private static void assertRejected(WebApplicationContextRunner runner, String... sources) {
		runner.run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).isInstanceOfSatisfying(PolarConfigurationException.class, (ex) -> {
				assertThat(ex).hasMessageContainingAll(sources);
				assertThat(ex.getAction()).contains("\n    polar.identity.strategy: qualified-name ",
						"\n    polar.identity.strategy: principal ", "PolarIdentityPrincipal", "PolarIdentityResolver");
			});
		});
		assertOfferedLinesStart(runner);
		// the ways out
		for (String strategy : List.of("qualified-name", "principal", "name")) {
			assertStarts(runner.withPropertyValues("polar.identity.strategy=" + strategy));
		}
		for (String strategy : List.of("claim", "property")) {
			assertStarts(runner.withPropertyValues("polar.identity.strategy=" + strategy,
					"polar.identity." + strategy + "=user_id"));
		}
		assertStarts(runner.withBean("own", PolarIdentityResolver.class, () -> (request) -> PolarIdentity.of("42")));
	}

	private static void assertOfferedLinesStart(WebApplicationContextRunner runner) {
		List<String> lines = new ArrayList<>();
		runner.run((context) -> ((PolarConfigurationException) context.getStartupFailure()).getAction()
			.lines()
			.filter((line) -> line.startsWith("    polar."))
			.map((line) -> line.strip().replaceFirst(" *#.*", "").replace(": ", "="))
			.forEach(lines::add));
		assertThat(lines).hasSize(2).allSatisfy((line) -> assertStarts(runner.withPropertyValues(line)));
	}

	@Test
	void oneSourceOfNamesIsFine() {
		assertStarts(this.contextRunner);
		assertStarts(withUsers(this.contextRunner));
		assertStarts(with(google()));
		assertStarts(with(github()));
		assertStarts(withDecoder(this.contextRunner, "decoder"));
	}

	@Test
	void clientsOfTheSameIssuerAreOneSource() {
		assertStarts(with(google(), registration("google-admin", "https://accounts.google.example", "openid")));
		assertStarts(withDecoder(with(google()), "decoder").withPropertyValues(
				"spring.security.oauth2.resourceserver.jwt.issuer-uri=https://accounts.google.example"));
	}

	@Test
	void severalSourcesOfNamesFailTheStart() {
		assertRejected(with(google(), registration("okta", "https://okta.example", "openid")),
				"client registration 'google'", "client registration 'okta'");
		assertRejected(with(google(), github()), "client registration 'google'", "client registration 'github'");
		assertRejected(withUsers(with(github())), "client registration 'github'", "UserDetailsService 'users'");
		assertRejected(withDecoder(withDecoder(this.contextRunner, "first"), "second"), "JWT decoder 'first'",
				"JWT decoder 'second'");
		assertRejected(
				withDecoder(with(google()), "decoder")
					.withPropertyValues("spring.security.oauth2.resourceserver.jwt.issuer-uri=https://other.example"),
				"client registration 'google'", "JWT decoder 'decoder'");
		assertRejected(withUsers(withDecoder(this.contextRunner, "decoder")), "JWT decoder 'decoder'",
				"UserDetailsService 'users'");
	}

	@Test
	void registrationsOfTheApplicationItselfAreNoLogins() {
		ClientRegistration machine = ClientRegistration.withRegistrationId("m2m")
			.clientId("m2m")
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.tokenUri("https://idp.example/token")
			.build();
		assertStarts(with(google(), machine));
		assertStarts(withUsers(with(machine)));
	}

	@Test
	void issuerCountsForOpenIdConnectOnly() {
		assertRejected(with(google(), registration("other", "https://accounts.google.example", "email")),
				"client registration 'google'", "client registration 'other'");
	}

	@Test
	void decoderBesideAnotherIsNotTakenForTheConfiguredIssuers() {
		assertRejected(
				withDecoder(withDecoder(this.contextRunner, "first"), "second").withPropertyValues(
						"spring.security.oauth2.resourceserver.jwt.issuer-uri=https://accounts.google.example"),
				"JWT decoder 'first'", "JWT decoder 'second'");
	}

	@Test
	void usersOfTwoStoresCannotBeDistinguishedByQualifiedNames() {
		WebApplicationContextRunner runner = withUsers(this.contextRunner).withBean("admins", UserDetailsService.class,
				InMemoryUserDetailsManager::new);
		for (WebApplicationContextRunner each : List.of(runner,
				runner.withPropertyValues("polar.identity.strategy=qualified-name"))) {
			each.run((context) -> assertThat(context.getStartupFailure())
				.hasMessageContainingAll("UserDetailsService 'users'", "UserDetailsService 'admins'"));
		}
		assertOfferedLinesStart(runner);
		assertStarts(runner.withPropertyValues("polar.identity.strategy=property", "polar.identity.property=username"));
	}

	@Test
	void ownProvidersAreASource() {
		AuthenticationProvider own = new OwnProvider();
		assertStarts(this.contextRunner.withBean("provider", AuthenticationProvider.class, () -> own));
		assertRejected(with(google()).withBean("provider", AuthenticationProvider.class, () -> own),
				"client registration 'google'", "AuthenticationProvider 'provider'");
		this.contextRunner.withBean("users", UserDetailsService.class, InMemoryUserDetailsManager::new)
			.withBean("provider", AuthenticationProvider.class, () -> own)
			.run((context) -> assertThat(context.getStartupFailure())
				.hasMessageContainingAll("AuthenticationProvider 'provider'", "UserDetailsService 'users'"));
		assertStarts(withUsers(this.contextRunner).withBean("dao", AuthenticationProvider.class,
				() -> new DaoAuthenticationProvider(new InMemoryUserDetailsManager())));
		assertStarts(withUsers(this.contextRunner).withBean("two factors", AuthenticationProvider.class,
				() -> new DaoAuthenticationProvider(new InMemoryUserDetailsManager()) {
				}));
	}

	@Test
	void lazyProviderCountsWhetherSomeoneUsedItOrNot() {
		for (boolean used : List.of(true, false)) {
			withUsers(this.contextRunner)
				.withBean("provider", AuthenticationProvider.class, OwnProvider::new,
						(definition) -> definition.setLazyInit(true))
				.run((context) -> {
					if (used) {
						context.getBean("provider");
					}
					assertThatExceptionOfType(PolarIdentityException.class)
						.isThrownBy(() -> context.getBean(PolarIdentityResolver.class)
							.resolve(UsernamePasswordAuthenticationToken
								.authenticated(User.withUsername("alice").password("").build(), null, List.of())))
						.withMessageContainingAll("UserDetailsService 'users'", "AuthenticationProvider 'provider'");
				});
		}
	}

	@Test
	void lazySourcesCountWhenSomeoneBuysAnyoneWhoIsFirst() {
		WebApplicationContextRunner runner = this.contextRunner.withBean("lazy", ClientRegistrationRepository.class,
				() -> new SupplierClientRegistrationRepository(
						() -> new InMemoryClientRegistrationRepository(google(), github())));
		for (List<String> order : List.of(List.of("google", "github"), List.of("github", "google"))) {
			runner.run(
					(context) -> order.forEach((registration) -> assertThatExceptionOfType(PolarIdentityException.class)
						.isThrownBy(() -> context.getBean(PolarIdentityResolver.class).resolve(login(registration)))
						.withMessageContainingAll("client registration 'google'", "client registration 'github'")));
		}
	}

	@Test
	void onlyTheConfiguredIssuerIsAccepted(CapturedOutput output) {
		withDecoder(this.contextRunner, "decoder")
			.withPropertyValues("spring.security.oauth2.resourceserver.jwt.issuer-uri=https://idp.example")
			.run((context) -> {
				PolarIdentityResolver resolver = context.getBean(PolarIdentityResolver.class);
				assertThat(resolver.resolve(token("https://idp.example"))).isEqualTo(PolarIdentity.of("1"));
				assertThat(resolver.resolve(token(null))).isEqualTo(PolarIdentity.of("1"));
				assertThatExceptionOfType(PolarIdentityException.class)
					.isThrownBy(() -> resolver.resolve(token("https://evil.example")));
				assertThat(output).doesNotContain("issuer-uri");
			});
		withDecoder(this.contextRunner, "decoder")
			.withPropertyValues("spring.security.oauth2.resourceserver.jwt.jwk-set-uri=https://idp.example/keys")
			.run((context) -> assertThat(
					context.getBean(PolarIdentityResolver.class).resolve(token("https://idp.example")))
				.as("one set of keys is one issuer")
				.isEqualTo(PolarIdentity.of("1")));
		withDecoder(this.contextRunner, "decoder").run((context) -> {
			PolarIdentityResolver resolver = context.getBean(PolarIdentityResolver.class);
			assertThat(resolver.resolve(token(null))).isEqualTo(PolarIdentity.of("1"));
			assertThatExceptionOfType(PolarIdentityException.class)
				.isThrownBy(() -> resolver.resolve(token("https://idp.example")))
				.withMessageContainingAll("'spring.security.oauth2.resourceserver.jwt.issuer-uri'",
						"'polar.identity.strategy: claim'", "'polar.identity.claim: sub'");
			assertThat(output).contains("Set 'spring.security.oauth2.resourceserver.jwt.issuer-uri'");
		});
	}

	@Test
	void passkeyLeadsToTheUserOfThePassword() {
		UserDetails alice = new ShopUser();
		WebApplicationContextRunner runner = this.contextRunner.withBean("users", UserDetailsService.class,
				() -> (name) -> alice);
		runner.run((context) -> {
			PolarIdentityResolver resolver = context.getBean(PolarIdentityResolver.class);
			assertThat(resolver.resolve(UsernamePasswordAuthenticationToken.authenticated(alice, null, List.of())))
				.isEqualTo(PolarIdentity.of("42"));
			assertThat(resolver.resolve(new WebAuthnAuthentication(ImmutablePublicKeyCredentialUserEntity.builder()
				.name("alice")
				.displayName("Alice")
				.id(Bytes.random())
				.build(), List.of()))).isEqualTo(PolarIdentity.of("42"));
		});
	}

	private static Authentication login(String registration) {
		return new OAuth2AuthenticationToken(new DefaultOAuth2User(List.of(), Map.of("id", 1), "id"), List.of(),
				registration);
	}

	private static Authentication token(String issuer) {
		Jwt.Builder jwt = Jwt.withTokenValue("token").header("alg", "none").subject("1");
		if (issuer != null) {
			jwt.issuer(issuer);
		}
		Authentication token = new TestingAuthenticationToken(jwt.build(), null, "ROLE_USER");
		token.setAuthenticated(true);
		return token;
	}

	@Test
	void sourcesOfParentContextsCount() {
		with(github()).run((parent) -> withUsers(this.contextRunner).withParent(parent)
			.run((context) -> assertThat(context.getStartupFailure())
				.hasMessageContainingAll("client registration 'github'", "UserDetailsService 'users'")));
	}

	@Test
	void startAsksNoIdentityProvider() {
		AtomicInteger calls = new AtomicInteger();
		Supplier<InMemoryClientRegistrationRepository> discovery = () -> {
			calls.incrementAndGet();
			return new InMemoryClientRegistrationRepository(google(), github());
		};
		assertStarts(withUsers(this.contextRunner).withBean("supplier", ClientRegistrationRepository.class,
				() -> new SupplierClientRegistrationRepository(discovery)));
		assertStarts(withUsers(this.contextRunner).withBean("lazy", ClientRegistrationRepository.class, discovery::get,
				(definition) -> definition.setLazyInit(true)));
		assertThat(calls).hasValue(0);
	}

	@Test
	void switchedUserIsRejectedOrBuys() {
		SwitchUserGrantedAuthority switched = new SwitchUserGrantedAuthority("ROLE_PREVIOUS_ADMINISTRATOR",
				new TestingAuthenticationToken("support", null));
		Authentication user = UsernamePasswordAuthenticationToken
			.authenticated(User.withUsername("alice").password("").build(), null, List.of(switched));
		this.contextRunner.run((context) -> assertThatExceptionOfType(AccessDeniedException.class)
			.isThrownBy(() -> context.getBean(PolarIdentityResolver.class).resolve(user)));
		this.contextRunner.withPropertyValues("polar.identity.switched-user=target")
			.run((context) -> assertThat(context.getBean(PolarIdentityResolver.class).resolve(user).externalId())
				.isEqualTo("alice"));
	}

	@Test
	void registrationsThatCannotBeCountedFailTheStart() {
		assertRejected(this.contextRunner.withBean("dynamic", ClientRegistrationRepository.class,
				() -> (registrationId) -> github()), "the client registrations of 'dynamic'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "reject", "TARGET" })
	void switchedUserIsBound(String value) {
		this.contextRunner.withPropertyValues("polar.identity.switched-user=" + value)
			.run((context) -> assertThat(context).hasSingleBean(AuthenticationIdentityResolver.class));
		this.contextRunner.withPropertyValues("polar.identity.switched-user=" + value + "x")
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void withoutSpringSecurityThePrincipalOfTheContainerIsRead() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Authentication.class))
			.run((context) -> assertThat(context.getBean(PolarIdentityResolver.class).resolve(() -> "alice"))
				.isEqualTo(PolarIdentity.of("alice")));
	}

	@Test
	void withoutServletsThereIsNothing() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarIdentityAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarIdentityResolver.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "claim", "property" })
	void strategyAndItsAttributeMustFitTogether(String strategy) {
		this.contextRunner.withPropertyValues("polar.identity.strategy=" + strategy)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("Set 'polar.identity." + strategy + "' to the name of the " + strategy));
		this.contextRunner.withPropertyValues("polar.identity." + strategy + "=sub")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("Set 'polar.identity.strategy: " + strategy + "' or remove it"));
	}

	/**
	 * Spring reflects on the methods of each bean. (That such an application starts is
	 * seen in the sample, which has no OAuth2.)
	 */
	@Test
	void beansHaveNoTypesOfOAuth2InTheirMethods() {
		this.contextRunner
			.run((context) -> assertThat(context.getBeansOfType(Object.class).values()).map(Object::getClass)
				.filteredOn((type) -> type.getName().startsWith("io.github.polarspring"))
				.isNotEmpty()
				.flatMap((type) -> List.of(type.getDeclaredMethods()))
				.noneMatch((method) -> method.toString().contains("security.oauth2")));
	}

	private static final class OwnProvider implements AuthenticationProvider {

		@Override
		public Authentication authenticate(Authentication authentication) {
			return authentication;
		}

		@Override
		public boolean supports(Class<?> authentication) {
			return true;
		}

	}

	private static final class ShopUser extends User implements PolarIdentityPrincipal {

		ShopUser() {
			super("alice", "secret", List.of());
		}

		@Override
		public PolarIdentity toPolarIdentity() {
			return PolarIdentity.of("42");
		}

	}

}
