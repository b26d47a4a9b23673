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

package io.github.polarspring.identity;

import java.security.Principal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Reads an identity from a principal. Internal: not meant for applications, which
 * implement {@link PolarIdentityPrincipal} or {@link PolarIdentityResolver}.
 *
 * @since 0.1.0
 */
public final class PrincipalIdentityReader implements PolarIdentityResolver {

	private static final Log logger = LogFactory.getLog(PrincipalIdentityReader.class);

	private static final String HINT = "Set 'polar.identity.strategy' to 'claim' or 'property' and name a claim or"
			+ " property that never changes, or let the principal implement PolarIdentityPrincipal.";

	private static final String LOCAL = "local";

	private final IdentityStrategy strategy;

	private final @Nullable String attribute;

	private final AtomicReference<@Nullable String> firstSource = new AtomicReference<>();

	private final AtomicBoolean emailAsIdReported = new AtomicBoolean();

	/**
	 * Create a reader.
	 * @param strategy how the id is determined
	 * @param attribute name of the claim or property, for the strategies that need one
	 */
	public PrincipalIdentityReader(IdentityStrategy strategy, @Nullable String attribute) {
		this.strategy = strategy;
		this.attribute = attribute;
	}

	/**
	 * Read the identity of the container's principal.
	 */
	@Override
	public @Nullable PolarIdentity resolve(@Nullable Principal user) {
		return (user != null) ? read(user.getName(), user, LOCAL, Map.of()) : null;
	}

	/**
	 * Read the identity.
	 * @param name the name by which the user is known, the id unless another is
	 * configured; {@code null} if there is none that could be an id
	 * @param principal the object that describes the user
	 * @param source what authenticated the user: a client registration, an issuer or
	 * {@code local}; {@code null} if unknown
	 * @param claims what an identity provider says of the user, empty if there is none
	 * @return the identity
	 * @throws IllegalStateException if there is no id: the purchase must not become a
	 * guest's
	 */
	public PolarIdentity read(@Nullable String name, Object principal, @Nullable String source,
			Map<String, Object> claims) {
		if (principal instanceof PolarIdentityPrincipal identityPrincipal) {
			PolarIdentity identity = identityPrincipal.toPolarIdentity();
			Assert.state(identity != null, () -> "toPolarIdentity() of the principal (" + principal.getClass().getName()
					+ ") returned null. Return the identity of the user: the purchase must not become a guest's");
			return identity;
		}
		boolean verified = !Boolean.FALSE.equals(claims.get("email_verified"))
				&& !"false".equals(claims.get("email_verified"));
		return PolarIdentity.of(externalId(name, principal, source, claims))
			.withEmail(verified ? text(claims.get("email")) : null)
			.withName(name(claims));
	}

	private static @Nullable String name(Map<String, Object> claims) {
		String name = text(claims.get("name"));
		String given = text(claims.get("given_name"));
		String family = text(claims.get("family_name"));
		if (name != null || given == null || family == null) {
			return name;
		}
		return given + " " + family;
	}

	/**
	 * Refuse users of a second source, when names are the ids: what the start-up check
	 * cannot see shows here.
	 * @param principal the object that describes the user
	 * @param source what knows the user by his name, {@code null} if unknown
	 * @throws IllegalStateException if it is not the source of the users before
	 */
	public void requireOneSource(Object principal, @Nullable String source) {
		if (this.strategy != IdentityStrategy.AUTO || source == null || principal instanceof PolarIdentityPrincipal) {
			return;
		}
		String first = this.firstSource.updateAndGet((known) -> (known != null) ? known : source);
		if (!source.equals(first)) {
			throw new IllegalStateException("A user of '%s' wants to buy after one of '%s', and the same name from both"
				.formatted(source, first) + " would be one customer at Polar. " + HINT
					+ " 'qualified-name' puts the source before the name.");
		}
	}

	private String externalId(@Nullable String name, Object principal, @Nullable String source,
			Map<String, Object> claims) {
		return switch (this.strategy) {
			case AUTO, NAME -> {
				String id = requireName(name, principal);
				warnIfEmail(id);
				yield id;
			}
			case QUALIFIED_NAME -> qualified(requireName(name, principal), principal, source);
			case PRINCIPAL -> throw new IllegalStateException(
					"The principal (%s) is not a PolarIdentityPrincipal, and 'polar.identity.strategy' is 'principal'"
						.formatted(principal.getClass().getName()));
			case CLAIM -> attribute(claims.get(this.attribute), principal, "claim");
			case PROPERTY -> attribute(property(principal), principal, "property");
		};
	}

	private static String requireName(@Nullable String name, Object principal) {
		if (name == null) {
			throw new IllegalStateException("The principal (%s) has no name that could be a customer's id. %s"
				.formatted(principal.getClass().getName(), HINT));
		}
		return name;
	}

	private static String qualified(String name, Object principal, @Nullable String source) {
		if (source == null) {
			throw new IllegalStateException(
					"It is not known what authenticated the principal (%s), so its name cannot be qualified. %s"
						.formatted(principal.getClass().getName(), HINT));
		}
		return source + ":" + name;
	}

	private @Nullable Object property(Object principal) {
		if (this.attribute == null) {
			return null;
		}
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(principal);
		return properties.isReadableProperty(this.attribute) ? properties.getPropertyValue(this.attribute) : null;
	}

	private String attribute(@Nullable Object value, Object principal, String kind) {
		if (value == null) {
			throw new IllegalStateException("The principal (%s) has no %s '%s', which 'polar.identity.%s' names"
				.formatted(principal.getClass().getName(), kind, this.attribute, kind));
		}
		return value.toString();
	}

	private void warnIfEmail(String name) {
		if (name.contains("@") && this.emailAsIdReported.compareAndSet(false, true)) {
			logger.warn("The principal's name looks like an e-mail address and becomes the external customer id at"
					+ " Polar. An address can change or be given to somebody else, the id cannot: set"
					+ " 'polar.identity.strategy' to 'claim' or 'property', or let the principal implement"
					+ " PolarIdentityPrincipal");
		}
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value instanceof String text && StringUtils.hasText(text)) ? text : null;
	}

}
