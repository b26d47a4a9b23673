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

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What the application knows of a buyer. Immutable.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/customer-management">Polar on
 * customers</a>
 */
public final class PolarIdentity {

	private static final int MAX_EXTERNAL_ID_LENGTH = 200;

	private final String externalId;

	private final @Nullable String email;

	private final @Nullable String name;

	private PolarIdentity(String externalId, @Nullable String email, @Nullable String name) {
		this.externalId = requireExternalId(externalId);
		Assert.isTrue(externalId.equals(externalId.strip()),
				"external_customer_id must not begin or end with white space, which Polar keeps in some places only");
		this.email = email;
		this.name = name;
	}

	/**
	 * Create a customer of whom only the id is known.
	 * @param externalId id of the user in the application, see {@link #externalId()}
	 * @return a customer
	 * @throws IllegalArgumentException if the id is blank, begins or ends with white
	 * space, has more than 200 characters, or contains control characters or half a
	 * surrogate pair; the message does not repeat it
	 */
	public static PolarIdentity of(String externalId) {
		return new PolarIdentity(externalId, null, null);
	}

	/**
	 * Return this customer with an e-mail address to fill in on the checkout page.
	 * @param email the address, {@code null} if it is not known or not verified
	 * @return a new customer
	 */
	public PolarIdentity withEmail(@Nullable String email) {
		return new PolarIdentity(this.externalId, email, this.name);
	}

	/**
	 * Return this customer with a name to fill in on the checkout page.
	 * @param name the name, {@code null} if it is not known
	 * @return a new customer
	 */
	public PolarIdentity withName(@Nullable String name) {
		return new PolarIdentity(this.externalId, this.email, name);
	}

	/**
	 * Check an external customer id.
	 * @param externalId the id to check
	 * @return the same id
	 * @throws IllegalArgumentException if it is blank, has more than 200 characters, or
	 * contains control characters or half a surrogate pair; the message does not repeat
	 * it
	 */
	public static String requireExternalId(String externalId) {
		Assert.hasText(externalId, "external_customer_id must not be blank");
		Assert.isTrue(externalId.length() <= MAX_EXTERNAL_ID_LENGTH, () -> "external_customer_id must have at most "
				+ MAX_EXTERNAL_ID_LENGTH + " characters, but has " + externalId.length());
		Assert.isTrue(externalId.codePoints().noneMatch(PolarIdentity::isUnstorable),
				"external_customer_id must not contain control characters or half a surrogate pair");
		return externalId;
	}

	private static boolean isUnstorable(int codePoint) {
		return Character.isISOControl(codePoint)
				|| (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
	}

	/**
	 * Return the id of the user in the application. It opens the customer's portal,
	 * address and saved cards at Polar, so it must be unique, never change and never be
	 * given to somebody else. Used exactly as it is.
	 * @return the id
	 */
	public String externalId() {
		return this.externalId;
	}

	/**
	 * Return the e-mail address to fill in on the checkout page.
	 * @return the address, or {@code null} if there is none
	 */
	public @Nullable String email() {
		return this.email;
	}

	/**
	 * Return the name to fill in on the checkout page.
	 * @return the name, or {@code null} if there is none
	 */
	public @Nullable String name() {
		return this.name;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof PolarIdentity other && this.externalId.equals(other.externalId)
				&& Objects.equals(this.email, other.email) && Objects.equals(this.name, other.name);
	}

	@Override
	public int hashCode() {
		return this.externalId.hashCode();
	}

	/**
	 * Names nothing: even the id is an e-mail address in some applications.
	 */
	@Override
	public String toString() {
		return "PolarIdentity[***]";
	}

}
