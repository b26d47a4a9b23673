package io.github.polarspring.autoconfigure.security;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.polarspring.PolarConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Refuses to start where the names of users can come from more than one source: the
 * {@code alice} of one identity provider would get what the {@code alice} of another one
 * bought.
 */
final class IdentitySources implements SmartInitializingSingleton {

	private static final String CLIENT_REGISTRATIONS = "org.springframework.security.oauth2.client.registration.ClientRegistrationRepository";

	private static final String JWT_DECODER = "org.springframework.security.oauth2.jwt.JwtDecoder";

	private static final String JWT_ISSUERS = "org.springframework.security.oauth2.server.resource.authentication.JwtIssuerAuthenticationManagerResolver";

	private static final String OPAQUE_TOKENS = "org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector";

	private static final String RELYING_PARTIES = "org.springframework.security.saml2.provider.service.registration.RelyingPartyRegistrationRepository";

	private final ListableBeanFactory beanFactory;

	private final Environment environment;

	private final @Nullable String externalId;

	IdentitySources(ListableBeanFactory beanFactory, Environment environment, @Nullable String externalId) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.externalId = externalId;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (StringUtils.hasText(this.externalId)) {
			return;
		}
		Map<String, String> sources = sources();
		if (sources.size() > 1) {
			throw new PolarConfigurationException(
					"The names of customers can come from more than one source, and the same name from two of them would be"
							+ " one customer at Polar: %s.".formatted(String.join(", ", sources.values())),
					"Set 'polar.customer.external-id' to a claim or property that is unique among all users, or to"
							+ " 'qualified-name' to put the source before the name, or to 'principal' and let every"
							+ " principal implement PolarCustomerPrincipal; or declare a PolarCustomerResolver bean.");
		}
	}

	/**
	 * Return what authenticates users, with a description of each.
	 */
	private Map<String, String> sources() {
		Map<String, String> sources = new LinkedHashMap<>();
		if (isPresent(CLIENT_REGISTRATIONS)) {
			Registrations.addAll(this.beanFactory, sources);
		}
		for (String decoder : beans(JWT_DECODER)) {
			String issuer = this.environment.getProperty("spring.security.oauth2.resourceserver.jwt.issuer-uri");
			sources.putIfAbsent((issuer != null) ? issuer : decoder, "JWT decoder '" + decoder + "'");
		}
		for (String resolver : beans(JWT_ISSUERS)) {
			sources.put(resolver, "the JWT issuers of '" + resolver + "'");
			sources.put(resolver + ":others", "of which there can be several");
		}
		for (String introspector : beans(OPAQUE_TOKENS)) {
			sources.put(introspector, "opaque tokens of '" + introspector + "'");
		}
		for (String repository : beans(RELYING_PARTIES)) {
			sources.put(repository, "SAML relying parties of '" + repository + "'");
		}
		for (String service : this.beanFactory.getBeanNamesForType(UserDetailsService.class, true, false)) {
			sources.putIfAbsent("local", "UserDetailsService '" + service + "'");
		}
		return sources;
	}

	private Iterable<String> beans(String className) {
		return isPresent(className)
				? Arrays.asList(this.beanFactory.getBeanNamesForType(
						ClassUtils.resolveClassName(className, IdentitySources.class.getClassLoader()), true, false))
				: List.of();
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, IdentitySources.class.getClassLoader());
	}

	/**
	 * Apart, because an application without OAuth2 cannot load this class.
	 */
	private static final class Registrations {

		static void addAll(ListableBeanFactory beanFactory, Map<String, String> sources) {
			beanFactory.getBeansOfType(ClientRegistrationRepository.class, true, false)
				.forEach((name, repository) -> add(name, repository, sources));
		}

		private static void add(String name, ClientRegistrationRepository repository, Map<String, String> sources) {
			if (!(repository instanceof Iterable<?> registrations)) {
				sources.put(name, "the client registrations of '" + name + "'");
				sources.put(name + ":others", "of which there can be several");
				return;
			}
			for (Object candidate : registrations) {
				if (candidate instanceof ClientRegistration registration) {
					sources.putIfAbsent(key(registration),
							"client registration '" + registration.getRegistrationId() + "'");
				}
			}
		}

		/**
		 * An issuer of OpenID Connect knows each user by one subject, whatever the
		 * client.
		 */
		private static String key(ClientRegistration registration) {
			String issuer = registration.getProviderDetails().getIssuerUri();
			boolean openId = registration.getScopes() != null && registration.getScopes().contains("openid");
			return (openId && issuer != null) ? issuer : "client registration " + registration.getRegistrationId();
		}

	}

}
