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
 * Everything that a customer currently has. Use it to decide about access. Contains
 * personal data such as e-mail address, names and addresses.
 *
 * @since 0.1.0
 */
public final class CustomerState extends PolarResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	CustomerState(Value value) {
		super(value);
	}

	/**
	 * Return the id.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public UUID id() {
		return required("id", Form.ID);
	}

	/**
	 * Return when it was created.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public @Nullable Instant createdAt() {
		return read("created_at", Form.TIME);
	}

	/**
	 * Return when it was last changed.
	 * @return the time, or {@code null} if never, or if it cannot be read
	 */
	public @Nullable Instant modifiedAt() {
		return read("modified_at", Form.TIME);
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
	 * Return the application's own id of this customer. Polar matches customers by the
	 * e-mail address that was entered at the checkout. To find out who bought, use {@code
	 * PolarEvent.buyer()}.
	 * @return the id, or {@code null} if the customer has none
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable String externalId() {
		return checked("external_id", Form.TEXT);
	}

	/**
	 * Return the e-mail address as entered.
	 * @return the address, or {@code null} if absent or unreadable
	 */
	public @Nullable String email() {
		return read("email", Form.TEXT);
	}

	/**
	 * Return whether Polar verified that the e-mail address belongs to the customer.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean emailVerified() {
		return required("email_verified", Form.FLAG);
	}

	/**
	 * Return whether the customer is a person or a team.
	 * @return the type, or {@code null} if absent or unreadable
	 */
	public Customer.@Nullable Type type() {
		return read("type", Form.oneOf(Customer.Type.class));
	}

	/**
	 * Return the name.
	 * @return the name, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String name() {
		return read("name", Form.TEXT);
	}

	/**
	 * Return the name on invoices.
	 * @return the name, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String billingName() {
		return read("billing_name", Form.TEXT);
	}

	/**
	 * Return the address on invoices.
	 * @return the address, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable Address billingAddress() {
		return resource("billing_address", Address::new);
	}

	/**
	 * Return the tax id and its format.
	 * @return an unmodifiable list, empty if not known or unreadable
	 */
	public List<String> taxId() {
		return list("tax_id", Form.TEXT);
	}

	/**
	 * Return the language.
	 * @return a BCP 47 tag, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String locale() {
		return read("locale", Form.TEXT);
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
	 * Return the default payment method.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID defaultPaymentMethodId() {
		return read("default_payment_method_id", Form.ID);
	}

	/**
	 * Return when the customer was deleted.
	 * @return the time, or {@code null} if not deleted, or if it cannot be read
	 */
	public @Nullable Instant deletedAt() {
		return read("deleted_at", Form.TIME);
	}

	/**
	 * Return when the first usage event was received.
	 * @return the time, or {@code null} if there was none, or if it cannot be read
	 */
	public @Nullable Instant firstUserEventAt() {
		return read("first_user_event_at", Form.TIME);
	}

	/**
	 * Return the picture of the customer.
	 * @return an absolute URL, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable String avatarUrl() {
		return read("avatar_url", Form.TEXT);
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
	 * A subscription that gives access.
	 */
	public static final class ActiveSubscription extends PolarResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		ActiveSubscription(Value value) {
			super(value);
		}

		/**
		 * Return the id.
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public UUID id() {
			return required("id", Form.ID);
		}

		/**
		 * Return when it was created.
		 * @return the time, or {@code null} if absent or unreadable
		 */
		public @Nullable Instant createdAt() {
			return read("created_at", Form.TIME);
		}

		/**
		 * Return when it was last changed.
		 * @return the time, or {@code null} if never, or if it cannot be read
		 */
		public @Nullable Instant modifiedAt() {
			return read("modified_at", Form.TIME);
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
		 * Return what the buyer entered into custom fields, by slug.
		 * @return an unmodifiable map, empty if absent or unreadable
		 */
		public Map<String, @Nullable Object> customFieldData() {
			return map("custom_field_data");
		}

		/**
		 * Return the status.
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public SubscriptionStatus status() {
			return required("status", Form.oneOf(SubscriptionStatus.class));
		}

		/**
		 * Return the price.
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
		 * Return the unit of the billing period.
		 * @return the unit, or {@code null} if absent or unreadable
		 */
		public @Nullable RecurringInterval recurringInterval() {
			return read("recurring_interval", Form.oneOf(RecurringInterval.class));
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
		 * Return the start of the trial.
		 * @return the time, or {@code null} if there is no trial, or if it cannot be read
		 */
		public @Nullable Instant trialStart() {
			return read("trial_start", Form.TIME);
		}

		/**
		 * Return the end of the trial.
		 * @return the time, or {@code null} if there is no trial, or if it cannot be read
		 */
		public @Nullable Instant trialEnd() {
			return read("trial_end", Form.TIME);
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
		 * Return when the subscription was canceled.
		 * @return the time, or {@code null} if not canceled, or if it cannot be read
		 */
		public @Nullable Instant canceledAt() {
			return read("canceled_at", Form.TIME);
		}

		/**
		 * Return when the subscription started.
		 * @return the time, or {@code null} if not started, or if it cannot be read
		 */
		public @Nullable Instant startedAt() {
			return read("started_at", Form.TIME);
		}

		/**
		 * Return when the subscription will end.
		 * @return the time, or {@code null} if not canceled, or if it cannot be read
		 */
		public @Nullable Instant endsAt() {
			return read("ends_at", Form.TIME);
		}

		/**
		 * Return the product.
		 * @return the id, or {@code null} if absent or unreadable
		 */
		public @Nullable UUID productId() {
			return read("product_id", Form.ID);
		}

		/**
		 * Return the discount.
		 * @return the id, or {@code null} if there is none, or if it cannot be read
		 */
		public @Nullable UUID discountId() {
			return read("discount_id", Form.ID);
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
	 * A benefit that the customer has.
	 */
	public static final class GrantedBenefit extends PolarResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		GrantedBenefit(Value value) {
			super(value);
		}

		/**
		 * Return the id.
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public UUID id() {
			return required("id", Form.ID);
		}

		/**
		 * Return when it was created.
		 * @return the time, or {@code null} if absent or unreadable
		 */
		public @Nullable Instant createdAt() {
			return read("created_at", Form.TIME);
		}

		/**
		 * Return when it was last changed.
		 * @return the time, or {@code null} if never, or if it cannot be read
		 */
		public @Nullable Instant modifiedAt() {
			return read("modified_at", Form.TIME);
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
	public static final class Meter extends PolarResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Meter(Value value) {
			super(value);
		}

		/**
		 * Return the id.
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public UUID id() {
			return required("id", Form.ID);
		}

		/**
		 * Return when it was created.
		 * @return the time, or {@code null} if absent or unreadable
		 */
		public @Nullable Instant createdAt() {
			return read("created_at", Form.TIME);
		}

		/**
		 * Return when it was last changed.
		 * @return the time, or {@code null} if never, or if it cannot be read
		 */
		public @Nullable Instant modifiedAt() {
			return read("modified_at", Form.TIME);
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
