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

package io.github.polarspring.order;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.model.Refund;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Refund to make. The key makes it safe to ask for the same refund again: an order is
 * refunded once for each key.
 *
 * <pre class="code">
 * RefundRequest.of(500, "return-4711").reason(Refund.Reason.SATISFACTION_GUARANTEE)
 * </pre>
 *
 * Immutable.
 *
 * @since 0.1.0
 */
public final class RefundRequest {

	/**
	 * Key of the metadata of a refund that contains the key of the request.
	 */
	static final String KEY = "refund_key";

	/**
	 * Maximum length of a value of metadata.
	 */
	private static final int MAX_KEY_LENGTH = 500;

	private final @Nullable Long amount;

	private final String key;

	private final Refund.Reason reason;

	private final @Nullable String comment;

	private final boolean revokeBenefits;

	private RefundRequest(@Nullable Long amount, String key, Refund.Reason reason, @Nullable String comment,
			boolean revokeBenefits) {
		this.amount = amount;
		this.key = key;
		this.reason = reason;
		this.comment = comment;
		this.revokeBenefits = revokeBenefits;
	}

	/**
	 * Return a request to refund an amount, because the customer asked for it.
	 * @param amount the amount without tax, in minor units such as cents. Polar refunds
	 * the tax in addition, in proportion
	 * @param key identifies this refund of the order, such as the number of a return
	 * @return a request
	 */
	public static RefundRequest of(long amount, String key) {
		Assert.isTrue(amount > 0, "amount must be positive");
		return new RefundRequest(amount, requireKey(key), Refund.Reason.CUSTOMER_REQUEST, null, false);
	}

	/**
	 * Return a request to refund everything that is left, because the customer asked for
	 * it. Refunds that are in progress are not left.
	 * @param key identifies this refund of the order
	 * @return a request
	 */
	public static RefundRequest ofRemainder(String key) {
		return new RefundRequest(null, requireKey(key), Refund.Reason.CUSTOMER_REQUEST, null, false);
	}

	private static String requireKey(String key) {
		Assert.hasText(key, "key must not be blank");
		Assert.isTrue(key.codePointCount(0, key.length()) <= MAX_KEY_LENGTH,
				() -> "key must have at most " + MAX_KEY_LENGTH + " characters");
		return key;
	}

	/**
	 * Return a request with another reason.
	 * @param reason the reason, which Polar accepts only if it is neither
	 * {@code DISPUTE_PREVENTION} nor {@code UNKNOWN}
	 * @return a new request
	 */
	public RefundRequest reason(Refund.Reason reason) {
		Assert.isTrue(reason != null && reason != Refund.Reason.DISPUTE_PREVENTION && reason != Refund.Reason.UNKNOWN,
				"reason must be one that Polar accepts");
		return new RefundRequest(this.amount, this.key, reason, this.comment, this.revokeBenefits);
	}

	/**
	 * Return a request with a comment for the merchant. The customer does not see it.
	 * @param comment the comment
	 * @return a new request
	 */
	public RefundRequest comment(String comment) {
		Assert.hasText(comment, "comment must not be blank");
		return new RefundRequest(this.amount, this.key, this.reason, comment, this.revokeBenefits);
	}

	/**
	 * Return a request that also takes all benefits of the order away, even if only a
	 * part is refunded. Polar rejects it for the order of a subscription: revoke the
	 * subscription instead.
	 * @return a new request
	 */
	public RefundRequest revokingBenefits() {
		return new RefundRequest(this.amount, this.key, this.reason, this.comment, true);
	}

	/**
	 * Return the amount without tax, in minor units.
	 * @return the amount, or {@code null} for everything that is left
	 */
	public @Nullable Long amount() {
		return this.amount;
	}

	/**
	 * Return what identifies the refund.
	 */
	public String key() {
		return this.key;
	}

	Map<String, Object> body(UUID orderId, long amount) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("order_id", orderId);
		body.put("reason", this.reason.name().toLowerCase(Locale.ROOT));
		body.put("amount", amount);
		if (this.comment != null) {
			body.put("comment", this.comment);
		}
		if (this.revokeBenefits) {
			body.put("revoke_benefits", true);
		}
		body.put("metadata", Map.of(KEY, this.key));
		return body;
	}

	@Override
	public String toString() {
		return "RefundRequest[amount=" + this.amount + ", reason=" + this.reason + "]";
	}

}
