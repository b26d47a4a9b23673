package io.github.polarspring.customer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What the application knows of a buyer.
 *
 * @param externalId id of the user in the application. Opens the customer's portal,
 * address and saved cards at Polar, so it must be unique, never change and never be given
 * to somebody else. Used exactly as it is, never trimmed. At most 200 characters.
 * @param email e-mail address to fill in on the checkout page, {@code null} if unknown or
 * not verified
 * @param name name to fill in on the checkout page, {@code null} if unknown
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/customer-management">Polar on
 * customers</a>
 */
public record PolarCustomer(String externalId, @Nullable String email, @Nullable String name) {

	private static final int MAX_EXTERNAL_ID_LENGTH = 200;

	/**
	 * Create a customer.
	 * @throws IllegalArgumentException if the id is blank, too long or holds control
	 * characters; the message does not repeat it
	 */
	public PolarCustomer {
		requireExternalId(externalId);
	}

	/**
	 * Create a customer of whom only the id is known.
	 * @param externalId id of the user in the application
	 */
	public PolarCustomer(String externalId) {
		this(externalId, null, null);
	}

	/**
	 * Check an external customer id.
	 * @param externalId the id to check
	 * @return the same id
	 * @throws IllegalArgumentException if it is blank, too long or holds control
	 * characters; the message does not repeat it
	 */
	public static String requireExternalId(String externalId) {
		Assert.hasText(externalId, "external_customer_id must not be blank");
		Assert.isTrue(externalId.length() <= MAX_EXTERNAL_ID_LENGTH, () -> "external_customer_id must have at most "
				+ MAX_EXTERNAL_ID_LENGTH + " characters, but has " + externalId.length());
		Assert.isTrue(externalId.chars().noneMatch(Character::isISOControl),
				"external_customer_id must not hold control characters");
		return externalId;
	}

	/**
	 * Names the id only: e-mail and name are personal data.
	 */
	@Override
	public String toString() {
		return "PolarCustomer[externalId=" + this.externalId + "]";
	}

}
