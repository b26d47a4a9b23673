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

import java.math.BigInteger;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.polarspring.PolarIdentityException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.util.StringUtils;

/**
 * {@link PolarIdentityResolver} that derives the identity from a principal. The same
 * principal always has the same identity: no state is stored between calls. Internal: not
 * meant for applications, which implement {@link PolarIdentityPrincipal} or
 * {@link PolarIdentityResolver}.
 *
 * @since 0.1.0
 */
public final class PrincipalIdentityReader implements PolarIdentityResolver {

	/**
	 * Source of users that the application itself manages.
	 */
	public static final String LOCAL = "local";

	private static final Log logger = LogFactory.getLog(PrincipalIdentityReader.class);

	private static final String HINT = "Implement PolarIdentityPrincipal in the principal, or set"
			+ " 'polar.identity.strategy' to 'claim' or 'property' and specify a claim or property that is"
			+ " unique and never changes, or declare a PolarIdentityResolver bean.";

	private static final Set<Class<?>> IDS = Set.of(String.class, UUID.class, Byte.class, Short.class, Integer.class,
			Long.class, BigInteger.class);

	private final IdentityStrategy strategy;

	private final @Nullable String attribute;

	private final AtomicBoolean emailAsIdReported = new AtomicBoolean();

	/**
	 * Create a reader.
	 * @param strategy how the id is determined
	 * @param attribute name of the claim or property, for the strategies that require one
	 */
	public PrincipalIdentityReader(IdentityStrategy strategy, @Nullable String attribute) {
		this.strategy = strategy;
		this.attribute = attribute;
	}

	/**
	 * Return the identity of the container's principal.
	 */
	@Override
	public @Nullable PolarIdentity resolve(@Nullable Principal user) {
		return (user != null) ? read(user, new Login(user.getName(), LOCAL, Map.of(), () -> null)) : null;
	}

	/**
	 * Return the identity of a principal.
	 * @param principal the object that describes the user
	 * @param login how the user logged in
	 * @return the identity
	 * @throws PolarIdentityException if the id cannot be determined with certainty: the
	 * buyer must not be treated as a guest
	 */
	public PolarIdentity read(Object principal, Login login) {
		if (principal instanceof PolarIdentityPrincipal identityPrincipal) {
			PolarIdentity identity = identityPrincipal.toPolarIdentity();
			if (identity == null) {
				throw new PolarIdentityException(
						"toPolarIdentity() of %s returned null. Return the identity of the user"
							.formatted(principal.getClass().getName()));
			}
			return identity;
		}
		String id = externalId(principal, login);
		try {
			PolarIdentity identity = PolarIdentity.of(id).withName(name(login.claims()));
			String email = email(login.claims());
			return (email != null && isVerified(login.claims())) ? identity.withVerifiedEmail(email)
					: identity.withEmail(email);
		}
		catch (IllegalArgumentException ex) {
			throw new PolarIdentityException("The id of the principal (%s) cannot be an external customer id: %s. %s"
				.formatted(principal.getClass().getName(), ex.getMessage(), HINT));
		}
	}

	private String externalId(Object principal, Login login) {
		return switch (this.strategy) {
			case AUTO -> {
				String objection = login.objection().get();
				if (objection != null) {
					throw new PolarIdentityException(objection + " " + HINT);
				}
				yield name(principal, login);
			}
			case NAME -> name(principal, login);
			case QUALIFIED_NAME -> qualifiedName(principal, login);
			case PRINCIPAL -> throw new PolarIdentityException(
					"The principal (%s) is not a PolarIdentityPrincipal, and 'polar.identity.strategy' is 'principal'"
						.formatted(principal.getClass().getName()));
			case CLAIM -> attribute(login.claims().get(this.attribute), principal, "claim");
			case PROPERTY -> attribute(property(principal), principal, "property");
		};
	}

	private String name(Object principal, Login login) {
		String name = login.name();
		if (name == null) {
			throw new PolarIdentityException("The principal (%s) has no name that could be an external customer id. %s"
				.formatted(principal.getClass().getName(), HINT));
		}
		if (name.contains("@") && this.emailAsIdReported.compareAndSet(false, true)) {
			logger.warn("The name of a user looks like an e-mail address and becomes the external customer id at"
					+ " Polar. An address can change or be reassigned, but the id must not. Set"
					+ " 'polar.identity.strategy' to 'claim' or 'property', or implement PolarIdentityPrincipal"
					+ " in the principal");
		}
		return name;
	}

	/**
	 * Return the name with its source as a prefix. The result is unique for each pair:
	 * the name is encoded if the source contains a colon, as the URL of an issuer does.
	 */
	private String qualifiedName(Object principal, Login login) {
		String source = login.source();
		if (source == null) {
			throw new PolarIdentityException(
					"The source of the principal (%s) is unknown, so its name cannot be qualified. %s"
						.formatted(principal.getClass().getName(), HINT));
		}
		String name = name(principal, login);
		return source + ":" + (source.contains(":") ? name.replace("%", "%25").replace(":", "%3A") : name);
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
			throw new PolarIdentityException(
					"The principal (%s) has no %s '%s', which is specified by 'polar.identity.%s'"
						.formatted(principal.getClass().getName(), kind, this.attribute, kind));
		}
		if (!isId(value)) {
			throw new PolarIdentityException(
					("The %s '%s' of the principal (%s) is a %s. Only text, a whole number or a UUID can be an external"
							+ " customer id")
						.formatted(kind, this.attribute, principal.getClass().getName(), value.getClass().getName()));
		}
		return value.toString();
	}

	/**
	 * Return whether a value can be an id, which requires that its text is the same on
	 * every instance and after every restart.
	 * @param value the value
	 * @return {@code true} for text, a whole number or a UUID
	 */
	public static boolean isId(Object value) {
		return IDS.contains(value.getClass());
	}

	private static boolean isVerified(Map<String, Object> claims) {
		Object verified = claims.get("email_verified");
		return Boolean.TRUE.equals(verified) || "true".equals(verified);
	}

	private static @Nullable String email(Map<String, Object> claims) {
		Object verified = claims.get("email_verified");
		return (Boolean.FALSE.equals(verified) || "false".equals(verified)) ? null : text(claims.get("email"));
	}

	private static @Nullable String name(Map<String, Object> claims) {
		String name = text(claims.get("name"));
		String given = text(claims.get("given_name"));
		String family = text(claims.get("family_name"));
		return (name != null || given == null || family == null) ? name : given + " " + family;
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value instanceof String text && StringUtils.hasText(text)) ? text : null;
	}

	/**
	 * Information about how a user logged in.
	 *
	 * @param name the name by which the source knows the user, {@code null} if there is
	 * none that could be an id
	 * @param source source of the user: an issuer, a client registration or
	 * {@link #LOCAL}; {@code null} if unknown
	 * @param claims claims of an identity provider about the user, empty if there is none
	 * @param objection returns why the name alone does not identify the user, {@code
	 * null} if it does. Called for the strategy {@code auto} only
	 */
	public record Login(@Nullable String name, @Nullable String source, Map<String, Object> claims,
			Supplier<@Nullable String> objection) {

	}

}
