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

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Attempt to pay.
 *
 * @since 0.1.0
 */
public final class Payment extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	Payment(Value value) {
		super(value);
	}

	/**
	 * Return the status.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public Status status() {
		return required("status", Form.oneOf(Status.class));
	}

	/**
	 * Return the amount with tax.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long amount() {
		return required("amount", Form.LONG);
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
	 * Return the kind of the payment method, such as {@code card}.
	 * @return the kind, or {@code null} if absent or unreadable
	 */
	public @Nullable String method() {
		return read("method", Form.TEXT);
	}

	/**
	 * Return what caused the attempt, such as {@code purchase},
	 * {@code subscription_cycle} for a renewal, or {@code retry_dunning} for another
	 * attempt after a failed one.
	 * @return the cause, or {@code null} if absent or unreadable
	 */
	public @Nullable String trigger() {
		return read("trigger", Form.TEXT);
	}

	/**
	 * Return why the attempt failed, such as {@code insufficient_funds}.
	 * @return the reason, or {@code null} if it did not fail, or if it cannot be read
	 */
	public @Nullable String declineReason() {
		return read("decline_reason", Form.TEXT);
	}

	/**
	 * Return why the attempt failed, as a sentence.
	 * @return the sentence, or {@code null} if it did not fail, or if it cannot be read
	 */
	public @Nullable String declineMessage() {
		return read("decline_message", Form.TEXT);
	}

	/**
	 * Return the checkout session.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID checkoutId() {
		return read("checkout_id", Form.ID);
	}

	/**
	 * Return the order. A failed attempt to pay a checkout or a change of the plan has
	 * none.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID orderId() {
		return read("order_id", Form.ID);
	}

	/**
	 * Status of a payment.
	 */
	public enum Status {

		/**
		 * In progress.
		 */
		PENDING,

		/**
		 * Paid.
		 */
		SUCCEEDED,

		/**
		 * Not paid.
		 */
		FAILED,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
