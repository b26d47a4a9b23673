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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.identity.IdentityStrategy;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.util.ClassUtils;

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

	private final IdentityStrategy strategy;

	IdentitySources(ListableBeanFactory beanFactory, Environment environment, IdentityStrategy strategy) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.strategy = strategy;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Map<String, String> sources = switch (this.strategy) {
			case AUTO -> sources();
			case QUALIFIED_NAME -> userDetails();
			default -> Map.of();
		};
		if (sources.size() > 1) {
			throw new PolarConfigurationException(
					"The names of customers can come from more than one source, and the same name from two of them would be"
							+ " one customer at Polar: %s.".formatted(String.join(", ", sources.values())),
					"Set 'polar.identity.strategy' to 'claim' or 'property' and name one that is unique among all users, or"
							+ " to 'qualified-name' to put the source before the name, or to 'principal' and let every"
							+ " principal implement PolarIdentityPrincipal, or to 'name' if no two users of all sources ever"
							+ " have the same; or declare a PolarIdentityResolver bean.");
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
		List<String> decoders = beans(JWT_DECODER);
		String issuer = (decoders.size() == 1)
				? this.environment.getProperty("spring.security.oauth2.resourceserver.jwt.issuer-uri") : null;
		decoders.forEach((decoder) -> sources.putIfAbsent((issuer != null) ? issuer : "decoder " + decoder,
				"JWT decoder '" + decoder + "'"));
		beans(JWT_ISSUERS).forEach((resolver) -> addSeveral(sources, "the JWT issuers of '" + resolver + "'"));
		beans(OPAQUE_TOKENS).forEach(
				(introspector) -> sources.put("tokens " + introspector, "opaque tokens of '" + introspector + "'"));
		for (String repository : beans(RELYING_PARTIES)) {
			String description = "the SAML relying parties of '" + repository + "'";
			Object created = created(this.beanFactory, repository);
			if (created instanceof Iterable<?> parties) {
				parties.forEach((party) -> sources.put("party " + sources.size(), description));
			}
			else if (created != null) {
				addSeveral(sources, description);
			}
		}
		sources.putAll(userDetails());
		return sources;
	}

	private static void addSeveral(Map<String, String> sources, String description) {
		sources.put(description, description);
		sources.put(description + " others", "of which there can be several");
	}

	/**
	 * Return the sources of users of the application's own.
	 */
	private Map<String, String> userDetails() {
		Map<String, String> sources = new LinkedHashMap<>();
		for (String service : names(UserDetailsService.class)) {
			sources.put("users " + service, "UserDetailsService '" + service + "'");
		}
		List<String> providers = names(AuthenticationProvider.class);
		if (sources.isEmpty() && !providers.isEmpty()) {
			// with a UserDetailsService they may only use it
			sources.put("local", "AuthenticationProvider '" + providers.get(0) + "'");
		}
		return sources;
	}

	/**
	 * Return a bean that is there already. What is lazy may ask a remote server when it
	 * is created, which is not to happen at start; users of a second source are then
	 * refused when they buy.
	 */
	private static @Nullable Object created(@Nullable BeanFactory beanFactory, String name) {
		if (beanFactory instanceof SingletonBeanRegistry registry && registry.containsSingleton(name)) {
			return registry.getSingleton(name);
		}
		return (beanFactory instanceof HierarchicalBeanFactory child) ? created(child.getParentBeanFactory(), name)
				: null;
	}

	private List<String> beans(String className) {
		return isPresent(className)
				? names(ClassUtils.resolveClassName(className, IdentitySources.class.getClassLoader())) : List.of();
	}

	private List<String> names(Class<?> type) {
		return List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type, true, false));
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, IdentitySources.class.getClassLoader());
	}

	/**
	 * Apart, because an application without OAuth2 cannot load this class.
	 */
	private static final class Registrations {

		static void addAll(ListableBeanFactory beanFactory, Map<String, String> sources) {
			for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory,
					ClientRegistrationRepository.class, true, false)) {
				Object created = created(beanFactory, name);
				// asks the identity providers when it is first used
				if (created instanceof ClientRegistrationRepository repository
						&& !(created instanceof SupplierClientRegistrationRepository)) {
					add(name, repository, sources);
				}
			}
		}

		private static void add(String name, ClientRegistrationRepository repository, Map<String, String> sources) {
			if (!(repository instanceof Iterable<?> registrations)) {
				addSeveral(sources, "the client registrations of '" + name + "'");
				return;
			}
			for (Object candidate : registrations) {
				// the others are for the application itself, not for logins
				if (candidate instanceof ClientRegistration registration
						&& registration.getAuthorizationGrantType().equals(AuthorizationGrantType.AUTHORIZATION_CODE)) {
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
