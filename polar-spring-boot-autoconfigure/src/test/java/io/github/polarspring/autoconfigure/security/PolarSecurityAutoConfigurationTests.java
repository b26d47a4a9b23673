package io.github.polarspring.autoconfigure.security;

import java.util.List;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.customer.PolarCustomer;
import io.github.polarspring.customer.PolarCustomerResolver;
import io.github.polarspring.security.AuthenticationCustomerResolver;
import io.github.polarspring.security.EntryPointLoginRequirement;
import io.github.polarspring.web.LoginRequirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarSecurityAutoConfiguration}.
 */
class PolarSecurityAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarSecurityAutoConfiguration.class));

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
		runner.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(PolarCustomerResolver.class));
	}

	private static void assertRefused(WebApplicationContextRunner runner, String... sources) {
		runner.run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).isInstanceOfSatisfying(PolarConfigurationException.class, (ex) -> {
				assertThat(ex).hasMessageContainingAll(sources);
				assertThat(ex.getAction()).contains("'polar.customer.external-id'", "'qualified-name'",
						"PolarCustomerPrincipal", "PolarCustomerResolver");
			});
		});
		// the ways out
		for (String externalId : List.of("user_id", "qualified-name", "principal")) {
			assertStarts(runner.withPropertyValues("polar.customer.external-id=" + externalId));
		}
		assertStarts(runner.withBean("own", PolarCustomerResolver.class, () -> (request) -> PolarCustomer.of("42")));
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
		assertRefused(with(google(), registration("okta", "https://okta.example", "openid")),
				"client registration 'google'", "client registration 'okta'");
		assertRefused(with(google(), github()), "client registration 'google'", "client registration 'github'");
		assertRefused(withUsers(with(github())), "client registration 'github'", "UserDetailsService 'users'");
		assertRefused(withDecoder(withDecoder(this.contextRunner, "first"), "second"), "JWT decoder 'first'",
				"JWT decoder 'second'");
		assertRefused(
				withDecoder(with(google()), "decoder")
					.withPropertyValues("spring.security.oauth2.resourceserver.jwt.issuer-uri=https://other.example"),
				"client registration 'google'", "JWT decoder 'decoder'");
		assertRefused(withUsers(withDecoder(this.contextRunner, "decoder")), "JWT decoder 'decoder'",
				"UserDetailsService 'users'");
	}

	@Test
	void registrationsThatCannotBeCountedFailTheStart() {
		assertRefused(this.contextRunner.withBean("dynamic", ClientRegistrationRepository.class,
				() -> (registrationId) -> github()), "the client registrations of 'dynamic'");
	}

	@Test
	void loginIsTheApplicationsOwnAndCanBeReplaced() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(LoginRequirement.class)
			.hasSingleBean(EntryPointLoginRequirement.class));
		this.contextRunner.withBean(LoginRequirement.class, () -> new LoginRequirement() {
		})
			.run((context) -> assertThat(context).hasSingleBean(LoginRequirement.class)
				.doesNotHaveBean(EntryPointLoginRequirement.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "refuse", "TARGET" })
	void switchedUserIsBound(String value) {
		this.contextRunner.withPropertyValues("polar.customer.switched-user=" + value)
			.run((context) -> assertThat(context).hasSingleBean(AuthenticationCustomerResolver.class));
		this.contextRunner.withPropertyValues("polar.customer.switched-user=" + value + "x")
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void withoutSpringSecurityOrServletsThereIsNothing() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Authentication.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarCustomerResolver.class));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarSecurityAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarCustomerResolver.class));
	}

	@Test
	void withoutOAuth2OnTheClassPathItStarts() {
		withUsers(this.contextRunner).withClassLoader(new FilteredClassLoader("org.springframework.security.oauth2"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(AuthenticationCustomerResolver.class));
	}

}
