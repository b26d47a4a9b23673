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

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * State of a customer: everything that the customer currently has. Use it to determine
 * access. Contains personal data such as e-mail address, names and addresses.
 *
 * @since 0.1.0
 */
public final class CustomerState extends CustomerFields {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	CustomerState(Value value) {
		super(value);
	}

	/**
	 * Return the subscriptions that give access.
	 * @return an unmodifiable list, empty if absent or unreadable
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public List<ActiveSubscription> activeSubscriptions() {
		return required("active_subscriptions", Form.completeListOf(Form.object(ActiveSubscription::new)));
	}

	/**
	 * Return the benefits that the customer has.
	 * @return an unmodifiable list, empty if absent or unreadable
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public List<GrantedBenefit> grantedBenefits() {
		return required("granted_benefits", Form.completeListOf(Form.object(GrantedBenefit::new)));
	}

	/**
	 * Return usage and credit.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<Meter> activeMeters() {
		return resources("active_meters", Meter::new);
	}

	/**
	 * Subscription that gives access.
	 */
	public static final class ActiveSubscription extends SubscriptionFields {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		ActiveSubscription(Value value) {
			super(value);
		}

		/**
		 * Return the start of the paid period.
		 * @return the time, or {@code null} if absent or unreadable
		 */
		public @Nullable Instant currentPeriodStart() {
			return read("current_period_start", Form.TIME);
		}

		/**
		 * Return the end of the paid period.
		 * @return the time, or {@code null} if absent or unreadable
		 */
		public @Nullable Instant currentPeriodEnd() {
			return read("current_period_end", Form.TIME);
		}

		/**
		 * Return whether the subscription ends with the current period.
		 * @return {@code true} if so
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public boolean cancelAtPeriodEnd() {
			return required("cancel_at_period_end", Form.FLAG);
		}

		/**
		 * Return the usage in the current period.
		 * @return an unmodifiable list, empty if absent or unreadable
		 */
		public List<Meter> meters() {
			return resources("meters", Meter::new);
		}

	}

	/**
	 * Benefit that the customer has.
	 */
	public static final class GrantedBenefit extends IdentifiedResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		GrantedBenefit(Value value) {
			super(value);
		}

		/**
		 * Return when the benefit was granted.
		 * @return the time, or {@code null} if absent or unreadable
		 */
		public @Nullable Instant grantedAt() {
			return read("granted_at", Form.TIME);
		}

		/**
		 * Return the benefit.
		 * @return the id, or {@code null} if absent or unreadable
		 */
		public @Nullable UUID benefitId() {
			return read("benefit_id", Form.ID);
		}

		/**
		 * Return the kind of benefit.
		 * @return the type, or {@code null} if absent or unreadable
		 */
		public ProductBenefit.@Nullable Type benefitType() {
			return read("benefit_type", Form.oneOf(ProductBenefit.Type.class));
		}

		/**
		 * Return the metadata of the benefit.
		 * @return an unmodifiable map to text, numbers and booleans, empty if absent
		 * @throws PolarDataException if they cannot be read
		 */
		public Map<String, @Nullable Object> benefitMetadata() {
			return checkedMap("benefit_metadata");
		}

		/**
		 * Return the data of this kind of benefit, such as a license key.
		 * @return an unmodifiable map, empty if absent or unreadable
		 */
		public Map<String, @Nullable Object> properties() {
			return map("properties");
		}

	}

	/**
	 * Usage on a meter.
	 */
	public static final class Meter extends IdentifiedResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Meter(Value value) {
			super(value);
		}

		/**
		 * Return the meter.
		 * @return the id, or {@code null} if absent or unreadable
		 */
		public @Nullable UUID meterId() {
			return read("meter_id", Form.ID);
		}

		/**
		 * Return the number of units that were used.
		 * @return the number, or {@code null} if absent or unreadable
		 */
		public @Nullable BigDecimal consumedUnits() {
			return read("consumed_units", Form.NUMBER);
		}

		/**
		 * Return the number of units that were paid for or given.
		 * @return the number, or {@code null} if absent or unreadable
		 */
		public @Nullable Long creditedUnits() {
			return read("credited_units", Form.LONG);
		}

		/**
		 * Return the number of units that are left.
		 * @return the number, or {@code null} if within a subscription, or if it cannot
		 * be read
		 */
		public @Nullable BigDecimal balance() {
			return read("balance", Form.NUMBER);
		}

		/**
		 * Return the cost of the usage.
		 * @return the amount in minor units, or {@code null} if outside of a subscription
		 * @throws PolarDataException if it cannot be read
		 */
		public @Nullable Long amount() {
			return checked("amount", Form.LONG);
		}

	}

}
