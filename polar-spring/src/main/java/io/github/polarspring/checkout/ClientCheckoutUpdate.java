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

package io.github.polarspring.checkout;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Changes to an open checkout session on behalf of the buyer, who has its client secret.
 * Fields that are not set are not sent and remain unchanged. {@code null} is sent, and
 * removes the value; the builder accepts it only for fields that Polar can clear.
 * Immutable.
 *
 * @since 0.1.0
 * @see PolarCheckoutOperations#updateByClientSecret(String, ClientCheckoutUpdate)
 * @see <a href=
 * "https://polar.sh/docs/api-reference/checkouts/update-session-from-client">Polar's API
 * reference</a>
 */
public final class ClientCheckoutUpdate {

	private final Map<String, @Nullable Object> fields;

	private ClientCheckoutUpdate(Map<String, @Nullable Object> fields) {
		this.fields = Collections.unmodifiableMap(fields);
	}

	/**
	 * Return a builder without any changes.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	@JsonValue
	Map<String, @Nullable Object> fields() {
		return this.fields;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof ClientCheckoutUpdate other && this.fields.equals(other.fields);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.fields);
	}

	/**
	 * Return the names of the fields only: their values can be personal data.
	 */
	@Override
	public String toString() {
		return "ClientCheckoutUpdate" + this.fields.keySet();
	}

	/**
	 * Builder for a {@link ClientCheckoutUpdate}. Fields that are not set remain
	 * unchanged. Methods accept {@code null} only where Polar removes the value then; for
	 * other fields, Polar ignores {@code null}, or fails. Methods throw an
	 * {@link IllegalArgumentException} that names the field and the limit for values that
	 * Polar would reject. Not safe for use by multiple threads.
	 */
	public static final class Builder extends AbstractCheckoutUpdateBuilder<Builder> {

		private Builder() {
		}

		/**
		 * Apply a discount code. Polar ignores it if the session does not allow codes.
		 * @param discountCode the code as the buyer entered it, {@code null} to remove
		 * the discount
		 * @return this builder
		 */
		public Builder discountCode(@Nullable String discountCode) {
			return set("discount_code",
					(discountCode != null) ? CheckoutFields.text("discount_code", discountCode) : null);
		}

		/**
		 * Set the type of payment method that the buyer chose. It can be changed, but not
		 * removed.
		 * @param paymentMethodType Polar's name of the type, such as {@code card}
		 * @return this builder
		 */
		public Builder paymentMethodType(String paymentMethodType) {
			return set("payment_method_type", CheckoutFields.text("payment_method_type", paymentMethodType));
		}

		/**
		 * Decline the trial. A buyer cannot request one.
		 * @return this builder
		 */
		public Builder withoutTrial() {
			return set("allow_trial", false);
		}

		/**
		 * Build the update.
		 * @return an immutable update
		 */
		public ClientCheckoutUpdate build() {
			return new ClientCheckoutUpdate(snapshot());
		}

	}

}
