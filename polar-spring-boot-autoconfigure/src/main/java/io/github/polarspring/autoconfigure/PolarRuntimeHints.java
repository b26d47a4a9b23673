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

package io.github.polarspring.autoconfigure;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.polarspring.checkout.BillingAddress;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutUpdate;
import io.github.polarspring.checkout.ClientCheckoutUpdate;
import io.github.polarspring.customer.CustomerRequest;
import io.github.polarspring.customer.CustomerUpdate;
import io.github.polarspring.entitlement.PolarExpressions;
import io.github.polarspring.model.PolarResource;
import io.github.polarspring.model.TrialInterval;
import io.github.polarspring.usage.PolarUsageDeadLetters;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarIdentityMismatch;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * {@link RuntimeHintsRegistrar} for the types that are read and written as JSON, for
 * expressions, and for the classes that are looked up by name.
 */
final class PolarRuntimeHints implements RuntimeHintsRegistrar {

	private static final String OWN_PACKAGE = "io.github.polarspring.";

	private static final List<Class<?>> JSON = List.of(CheckoutRequest.class, CheckoutUpdate.class,
			ClientCheckoutUpdate.class, CustomerRequest.class, CustomerUpdate.class, BillingAddress.class,
			TrialInterval.class, CheckoutOutcome.class, PolarDeadLetters.DeadLetter.class, PolarEvent.class,
			PolarIdentityMismatch.class, PolarUsageDeadLetters.DeadLetter.class);

	/**
	 * The type that resources are created from.
	 */
	private static final String VALUE = OWN_PACKAGE + "model.Value";

	private static final List<String> INTERNAL_JSON = List.of(OWN_PACKAGE + "client.ListResource",
			OWN_PACKAGE + "checkout.CheckoutPrices", OWN_PACKAGE + "entitlement.Holdings");

	static final List<String> LOOKED_UP = List.of("io.micrometer.tracing.propagation.Propagator",
			"kotlinx.coroutines.reactor.MonoKt", "org.springframework.orm.jpa.JpaTransactionManager",
			"org.springframework.security.core.Authentication",
			"org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken",
			"org.springframework.security.oauth2.client.registration.ClientRegistrationRepository",
			"org.springframework.security.oauth2.core.ClaimAccessor",
			"org.springframework.security.oauth2.jwt.JwtDecoder",
			"org.springframework.security.oauth2.server.resource.authentication.JwtIssuerAuthenticationManagerResolver",
			"org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector",
			"org.springframework.security.saml2.provider.service.registration.RelyingPartyRegistrationRepository",
			"org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority",
			"org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity",
			"org.springframework.transaction.interceptor.TransactionAspectSupport",
			"org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping",
			"org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping");

	private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		Deque<Class<?>> open = new ArrayDeque<>(JSON);
		INTERNAL_JSON.forEach((name) -> open.add(ClassUtils.resolveClassName(name, classLoader)));
		Set<Class<?>> bound = new LinkedHashSet<>();
		while (!open.isEmpty()) {
			Class<?> type = open.remove();
			if (type.getName().startsWith(OWN_PACKAGE) && bound.add(type)) {
				this.binding.registerReflectionHints(hints.reflection(), type);
				open.addAll(related(type));
			}
		}
		hints.reflection().registerType(TypeReference.of(VALUE), MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		registerResource(hints.reflection(), PolarResource.class);
		hints.reflection().registerType(PolarEvent.class, MemberCategory.INVOKE_DECLARED_METHODS);
		hints.reflection().registerType(PolarExpressions.class, MemberCategory.INVOKE_PUBLIC_METHODS);
		LOOKED_UP.forEach((name) -> hints.reflection().registerTypeIfPresent(classLoader, name));
	}

	/**
	 * Register the executables that Jackson calls to create a resource: its constructor,
	 * or the factory method of a sealed type. The method that writes a resource is in the
	 * base class.
	 */
	private static void registerResource(ReflectionHints hints, Class<?> type) {
		hints.registerType(type,
				type.isSealed() ? MemberCategory.INVOKE_DECLARED_METHODS : MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		if (type.isSealed()) {
			for (Class<?> permitted : type.getPermittedSubclasses()) {
				registerResource(hints, permitted);
			}
		}
	}

	/**
	 * Return the related types that Spring does not detect: the types of the fields,
	 * which have no getters, and the supertype and subtypes.
	 */
	private static Set<Class<?>> related(Class<?> type) {
		Set<Class<?>> related = new LinkedHashSet<>();
		for (Field field : type.getDeclaredFields()) {
			if (!Modifier.isStatic(field.getModifiers())) {
				collect(ResolvableType.forField(field), related);
			}
		}
		if (type.getSuperclass() != null) {
			related.add(type.getSuperclass());
		}
		if (type.isSealed()) {
			related.addAll(List.of(type.getPermittedSubclasses()));
		}
		return related;
	}

	private static void collect(ResolvableType type, Set<Class<?>> types) {
		types.add(type.toClass());
		for (ResolvableType generic : type.getGenerics()) {
			collect(generic, types);
		}
	}

}
