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

package io.github.polarspring.model;

import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Refund. If it belongs to a dispute, {@code property("dispute")} contains it.
 *
 * @since 0.1.0
 */
public final class Refund extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	Refund(Value value) {
		super(value);
	}

	/**
	 * Return the metadata.
	 * @return an unmodifiable map to text, numbers and booleans, empty if absent
	 * @throws PolarDataException if they cannot be read
	 */
	public Map<String, @Nullable Object> metadata() {
		return checkedMap("metadata");
	}

	/**
	 * Return the status.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public Status status() {
		return required("status", Form.oneOf(Status.class));
	}

	/**
	 * Return the reason.
	 * @return the reason, or {@code null} if absent or unreadable
	 */
	public @Nullable Reason reason() {
		return read("reason", Form.oneOf(Reason.class));
	}

	/**
	 * Return the net amount. The buyer receives this amount and the
	 * {@linkplain #taxAmount() tax}.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long amount() {
		return required("amount", Form.LONG);
	}

	/**
	 * Return the tax that is refunded in addition to the net amount: in proportion to it,
	 * rounded. The refund of the rest of an order takes the rest of its tax.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long taxAmount() {
		return required("tax_amount", Form.LONG);
	}

	/**
	 * Return the currency.
	 * @return three letters in lower case
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public String currency() {
		return required("currency", Form.TEXT);
	}

	/**
	 * Return the organization that it belongs to.
	 * @return the id, or {@code null} if absent
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable UUID organizationId() {
		return checked("organization_id", Form.ID);
	}

	/**
	 * Return the order.
	 * @return the id, or {@code null} if absent or unreadable
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable UUID orderId() {
		return checked("order_id", Form.ID);
	}

	/**
	 * Return the subscription.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable UUID subscriptionId() {
		return checked("subscription_id", Form.ID);
	}

	/**
	 * Return Polar's id of the customer.
	 * @return the id
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public UUID customerId() {
		return required("customer_id", Form.ID);
	}

	/**
	 * Return whether the benefits are revoked.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean revokeBenefits() {
		return required("revoke_benefits", Form.FLAG);
	}

	/**
	 * Status of a refund.
	 */
	public enum Status {

		/**
		 * In progress.
		 */
		PENDING,

		/**
		 * Refunded.
		 */
		SUCCEEDED,

		/**
		 * The refund failed.
		 */
		FAILED,

		/**
		 * Canceled.
		 */
		CANCELED,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

	/**
	 * Reason of a refund.
	 */
	public enum Reason {

		/**
		 * Paid twice.
		 */
		DUPLICATE,

		/**
		 * Fraud.
		 */
		FRAUDULENT,

		/**
		 * The customer asked for it.
		 */
		CUSTOMER_REQUEST,

		/**
		 * The service was disrupted.
		 */
		SERVICE_DISRUPTION,

		/**
		 * A guarantee.
		 */
		SATISFACTION_GUARANTEE,

		/**
		 * To prevent a dispute.
		 */
		DISPUTE_PREVENTION,

		/**
		 * Something else.
		 */
		OTHER,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
