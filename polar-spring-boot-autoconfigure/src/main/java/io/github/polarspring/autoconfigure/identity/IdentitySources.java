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

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.identity.IdentityStrategy;
import io.github.polarspring.identity.PrincipalIdentityReader;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Detects the sources of users. Startup fails if user names can come from more than one
 * source: {@code alice} of one identity provider would get access to the purchases of
 * {@code alice} of another one. The result depends only on the configuration, not on the
 * order of logins.
 */
final class IdentitySources implements SmartInitializingSingleton, Supplier<Map<String, Set<String>>> {

	private static final Log logger = LogFactory.getLog(IdentitySources.class);

	private static final String TOKEN = "token";

	private static final String ANY_ISSUER = "issuer:*";

	private static final String RESOURCE_SERVER = "spring.security.oauth2.resourceserver.";

	private static final String CLIENT_REGISTRATIONS = "org.springframework.security.oauth2.client.registration.ClientRegistrationRepository";

	private static final String JWT_DECODER = "org.springframework.security.oauth2.jwt.JwtDecoder";

	private static final String JWT_ISSUERS = "org.springframework.security.oauth2.server.resource.authentication.JwtIssuerAuthenticationManagerResolver";

	private static final String OPAQUE_TOKENS = "org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector";

	private static final String RELYING_PARTIES = "org.springframework.security.saml2.provider.service.registration.RelyingPartyRegistrationRepository";

	private final ListableBeanFactory beanFactory;

	private final Environment environment;

	private final IdentityStrategy strategy;

	private final SingletonSupplier<Map<String, Set<String>>> sources = SingletonSupplier.of(() -> sources(true));

	IdentitySources(ListableBeanFactory beanFactory, Environment environment, IdentityStrategy strategy) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.strategy = strategy;
	}

	/**
	 * Return the sources, each with the keys of its logins. Creates lazy beans, as this
	 * method is called when a user is about to buy.
	 */
	@Override
	public Map<String, Set<String>> get() {
		return this.sources.obtain();
	}

	@Override
	public void afterSingletonsInstantiated() {
		Map<String, Set<String>> sources = switch (this.strategy) {
			case AUTO -> sources(false);
			case QUALIFIED_NAME -> local(false);
			default -> Map.of();
		};
		if (sources.size() > 1) {
			boolean several = local(false).size() > 1;
			throw new PolarConfigurationException(
					"Users can come from more than one source. Users with the same name in two sources would be the same"
							+ " Polar customer. The sources are: %s.".formatted(String.join(", ", sources.keySet())),
					"""
							Choose a property of the user that is unique across all sources, with one of these lines:

							    polar.identity.strategy: %s
							    polar.identity.strategy: principal         # every principal implements PolarIdentityPrincipal

							Alternatively, set 'polar.identity.strategy' to 'claim' or 'property' with a unique claim or property%s, or \
							declare a PolarIdentityResolver bean."""
						.formatted(
								several ? "name              # user names are unique across all sources"
										: "qualified-name    # '{source}:{name}', such as 'local:alice'",
								several ? "" : ", or to 'name' if user names are unique across all sources"));
		}
		if (sources.values().stream().anyMatch((keys) -> keys.equals(Set.of(TOKEN)))) {
			logger
				.warn("Checkouts by users with a token that contains an issuer will be rejected, because the 'auto' strategy"
						+ " does not know the issuer. Set 'spring.security.oauth2.resourceserver.jwt.issuer-uri', or set"
						+ " 'polar.identity.strategy' to 'claim' and 'polar.identity.claim' to 'sub'");
		}
	}

	private Map<String, Set<String>> sources(boolean create) {
		Map<String, Set<String>> sources = new LinkedHashMap<>();
		if (isPresent(CLIENT_REGISTRATIONS)) {
			Registrations.addAll(this, create, sources);
		}
		addTokens(sources);
		for (String repository : beans(RELYING_PARTIES)) {
			String description = "the SAML relying parties of '" + repository + "'";
			Object bean = bean(repository, create);
			if (bean instanceof Iterable<?> parties) {
				parties.forEach((party) -> sources.put(description + " (" + sources.size() + ")", Set.of()));
			}
			else if (bean != null) {
				addSeveral(sources, description);
			}
		}
		sources.putAll(local(create));
		return sources;
	}

	private void addTokens(Map<String, Set<String>> sources) {
		List<String> decoders = beans(JWT_DECODER);
		String issuer = (decoders.size() == 1) ? this.environment.getProperty(RESOURCE_SERVER + "jwt.issuer-uri")
				: null;
		boolean oneKeySet = decoders.size() == 1
				&& (this.environment.containsProperty(RESOURCE_SERVER + "jwt.jwk-set-uri")
						|| this.environment.containsProperty(RESOURCE_SERVER + "jwt.public-key-location"));
		for (String decoder : decoders) {
			Set<String> keys = (issuer != null) ? Set.of(TOKEN, "issuer:" + issuer)
					: (oneKeySet ? Set.of(TOKEN, ANY_ISSUER) : Set.of(TOKEN));
			Optional<Set<String>> sameIssuer = sources.values()
				.stream()
				.filter((known) -> issuer != null && known.contains("issuer:" + issuer))
				.findFirst();
			sameIssuer.ifPresentOrElse((known) -> known.addAll(keys),
					() -> sources.put("JWT decoder '" + decoder + "'", keys));
		}
		beans(JWT_ISSUERS).forEach((resolver) -> addSeveral(sources, "the JWT issuers of '" + resolver + "'"));
		boolean oneServer = this.environment.containsProperty(RESOURCE_SERVER + "opaquetoken.introspection-uri");
		beans(OPAQUE_TOKENS).forEach((introspector) -> sources.put("opaque tokens of '" + introspector + "'",
				oneServer ? Set.of(TOKEN, ANY_ISSUER) : Set.of(TOKEN)));
	}

	private static void addSeveral(Map<String, Set<String>> sources, String description) {
		sources.put(description, Set.of());
		sources.put("which can contain several", Set.of());
	}

	/**
	 * Return the local sources of users. The providers of Spring Security use a
	 * {@link UserDetailsService}, except for those of a directory.
	 */
	private Map<String, Set<String>> local(boolean create) {
		Map<String, Set<String>> sources = new LinkedHashMap<>();
		for (String service : names(UserDetailsService.class)) {
			sources.put("UserDetailsService '" + service + "'", Set.of(PrincipalIdentityReader.LOCAL));
		}
		for (String provider : names(AuthenticationProvider.class)) {
			Object bean = bean(provider, create);
			if (bean != null && isSource(AopUtils.getTargetClass(bean))) {
				sources.put("AuthenticationProvider '" + provider + "'", Set.of(PrincipalIdentityReader.LOCAL));
			}
		}
		return sources;
	}

	private static boolean isSource(Class<?> provider) {
		return !DaoAuthenticationProvider.class.isAssignableFrom(provider)
				&& (!provider.getName().startsWith("org.springframework.security.")
						|| provider.getName().startsWith("org.springframework.security.ldap."));
	}

	/**
	 * Return a bean. The creation of a lazy bean may call a remote server, which must not
	 * happen during startup.
	 */
	private @Nullable Object bean(String name, boolean create) {
		return create ? this.beanFactory.getBean(name) : created(this.beanFactory, name);
	}

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
	 * Separate class, because it cannot be loaded without OAuth2.
	 */
	private static final class Registrations {

		static void addAll(IdentitySources beans, boolean create, Map<String, Set<String>> sources) {
			for (String name : beans.names(ClientRegistrationRepository.class)) {
				Object bean = beans.bean(name, create);
				// calls the identity providers when it is first used
				if (bean instanceof ClientRegistrationRepository repository
						&& (create || !(bean instanceof SupplierClientRegistrationRepository))) {
					add(name, repository, sources);
				}
			}
		}

		private static void add(String name, ClientRegistrationRepository repository,
				Map<String, Set<String>> sources) {
			if (!(repository instanceof Iterable<?> registrations)) {
				addSeveral(sources, "the client registrations of '" + name + "'");
				return;
			}
			Map<String, Set<String>> issuers = new HashMap<>();
			for (Object candidate : registrations) {
				// other registrations are for the application itself, not for logins
				if (candidate instanceof ClientRegistration registration
						&& registration.getAuthorizationGrantType().equals(AuthorizationGrantType.AUTHORIZATION_CODE)) {
					String issuer = issuer(registration);
					Set<String> keys = (issuer != null) ? issuers.computeIfAbsent(issuer, (key) -> new HashSet<>())
							: new HashSet<>();
					if (keys.isEmpty()) {
						sources.put("client registration '" + registration.getRegistrationId() + "'", keys);
					}
					keys.add("registration:" + registration.getRegistrationId());
					if (issuer != null) {
						keys.add("issuer:" + issuer);
					}
				}
			}
		}

		/**
		 * An OpenID Connect issuer uses the same subject for a user for all clients.
		 */
		private static @Nullable String issuer(ClientRegistration registration) {
			boolean openId = registration.getScopes() != null && registration.getScopes().contains("openid");
			return openId ? registration.getProviderDetails().getIssuerUri() : null;
		}

	}

}
