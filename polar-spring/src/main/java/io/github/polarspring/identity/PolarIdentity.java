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
 * Identity of a buyer, as known by the application. Immutable.
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

	private final boolean emailVerified;

	private final @Nullable String memberId;

	private PolarIdentity(String externalId, @Nullable String email, @Nullable String name, boolean emailVerified,
			@Nullable String memberId) {
		this.externalId = requireExternalId(externalId);
		Assert.isTrue(externalId.equals(externalId.strip()),
				"external_customer_id must not begin or end with whitespace, which Polar does not preserve everywhere");
		this.email = email;
		this.name = name;
		this.emailVerified = emailVerified;
		this.memberId = memberId;
	}

	/**
	 * Create an identity that contains only the id.
	 * @param externalId id of the user in the application, see {@link #externalId()}
	 * @return an identity
	 * @throws IllegalArgumentException if the id is blank, begins or ends with
	 * whitespace, has more than 200 characters, or contains control characters or
	 * unpaired surrogates; the message does not contain the id
	 */
	public static PolarIdentity of(String externalId) {
		return new PolarIdentity(externalId, null, null, false, null);
	}

	/**
	 * Return this identity with an e-mail address with which the checkout page is
	 * prefilled.
	 * @param email the address, {@code null} if it is not known or not verified
	 * @return a new identity
	 */
	public PolarIdentity withEmail(@Nullable String email) {
		return new PolarIdentity(this.externalId, email, this.name, false, this.memberId);
	}

	/**
	 * Return this identity with an e-mail address that certainly belongs to the user,
	 * because the application or the identity provider has verified it. A customer with
	 * this address who has no external id can then become the customer of this identity.
	 * @param email the address
	 * @return a new identity
	 */
	public PolarIdentity withVerifiedEmail(String email) {
		Assert.hasText(email, "email must not be blank");
		return new PolarIdentity(this.externalId, email, this.name, true, this.memberId);
	}

	/**
	 * Return this identity with the id of the user, for an identity that is not a user
	 * but a workspace or a company. If the customer is a team, it identifies the member.
	 * Polar gives the owner of a team the id of the team, so no user may have an id that
	 * a workspace has, for example because both are numbers: add a prefix to one of them.
	 * @param memberId id of the user in the application, which must be unique and must
	 * never change
	 * @return a new identity
	 * @throws IllegalArgumentException if it cannot be an id, see {@link #of}
	 */
	public PolarIdentity withMemberId(String memberId) {
		Assert.hasText(memberId, "memberId must not be blank");
		return new PolarIdentity(this.externalId, this.email, this.name, this.emailVerified,
				requireExternalId(memberId));
	}

	/**
	 * Return this identity with a name with which the checkout page is prefilled.
	 * @param name the name, {@code null} if it is not known
	 * @return a new identity
	 */
	public PolarIdentity withName(@Nullable String name) {
		return new PolarIdentity(this.externalId, this.email, name, this.emailVerified, this.memberId);
	}

	/**
	 * Check an external customer id.
	 * @param externalId the id to check
	 * @return the same id
	 * @throws IllegalArgumentException if it is blank, has more than 200 characters, or
	 * contains control characters or unpaired surrogates; the message does not contain
	 * the id
	 */
	public static String requireExternalId(String externalId) {
		Assert.hasText(externalId, "external_customer_id must not be blank");
		Assert.isTrue(externalId.length() <= MAX_EXTERNAL_ID_LENGTH, () -> "external_customer_id must have at most "
				+ MAX_EXTERNAL_ID_LENGTH + " characters, but has " + externalId.length());
		Assert.isTrue(isStorable(externalId),
				"external_customer_id must not contain control characters or unpaired surrogates");
		return externalId;
	}

	private static boolean isStorable(String text) {
		int codePoint;
		for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
			codePoint = text.codePointAt(i);
			if (isUnstorable(codePoint)) {
				return false;
			}
		}
		return true;
	}

	private static boolean isUnstorable(int codePoint) {
		return Character.isISOControl(codePoint)
				|| (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
	}

	/**
	 * Return the id of the user in the application. It gives access to the customer's
	 * portal, address and saved cards at Polar, so it must be unique, must never change,
	 * and must never be assigned to another user. It is used unchanged.
	 * @return the id
	 */
	public String externalId() {
		return this.externalId;
	}

	/**
	 * Return the e-mail address with which the checkout page is prefilled.
	 * @return the address, or {@code null} if there is none
	 */
	public @Nullable String email() {
		return this.email;
	}

	/**
	 * Return whether the e-mail address certainly belongs to the user.
	 * @return {@code true} if it was verified
	 */
	public boolean isEmailVerified() {
		return this.emailVerified;
	}

	/**
	 * Return the id of the user as a member of a team.
	 * @return the id, which is the {@linkplain #externalId() external id} if the identity
	 * is a user
	 */
	public String memberId() {
		return (this.memberId != null) ? this.memberId : this.externalId;
	}

	/**
	 * Return the name with which the checkout page is prefilled.
	 * @return the name, or {@code null} if there is none
	 */
	public @Nullable String name() {
		return this.name;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof PolarIdentity other && this.externalId.equals(other.externalId)
				&& Objects.equals(this.email, other.email) && Objects.equals(this.name, other.name)
				&& this.emailVerified == other.emailVerified && Objects.equals(this.memberId, other.memberId);
	}

	@Override
	public int hashCode() {
		return this.externalId.hashCode();
	}

	/**
	 * Return a text without any values: in some applications, even the id is an e-mail
	 * address.
	 */
	@Override
	public String toString() {
		return "PolarIdentity[***]";
	}

}
