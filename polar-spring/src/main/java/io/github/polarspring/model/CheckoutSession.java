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

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Checkout session. Contains secrets and personal data, which {@link #toString()} leaves
 * out. Its id is not a secret.
 * <p>
 * A session that was read by its client secret includes the organization, but neither
 * metadata, customer metadata, external customer id, subscription id nor the trial that
 * was set for the session.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/checkouts/get-session">Polar's API
 * reference</a>
 */
public final class CheckoutSession extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	CheckoutSession(Value value) {
		super(value);
	}

	/**
	 * Return the status. A session can still be {@code OPEN} for some minutes after it
	 * expired, see {@link #isExpired(Clock)}.
	 * @return the status
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public CheckoutStatus status() {
		return required("status", Form.oneOf(CheckoutStatus.class));
	}

	/**
	 * Return the client secret. Anyone who knows it can read and change the session.
	 * @return the secret, or {@code null} if absent or unreadable
	 */
	public @Nullable String clientSecret() {
		return read("client_secret", Form.TEXT);
	}

	/**
	 * Return the URL of the checkout page. Treat it as a password: it contains the client
	 * secret, and for a known customer, the page shows the address and the saved cards.
	 * @return an absolute URL
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public String url() {
		return required("url", Form.TEXT);
	}

	/**
	 * Return when the session expires, 24 hours after its creation.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public @Nullable Instant expiresAt() {
		return read("expires_at", Form.TIME);
	}

	/**
	 * Return where Polar redirects to after the payment, with the placeholder replaced.
	 * @return an absolute URL, or {@code null} if absent or unreadable
	 */
	public @Nullable String successUrl() {
		return read("success_url", Form.TEXT);
	}

	/**
	 * Return the target of the back button.
	 * @return an absolute URL, or {@code null} if there is no button, or if it cannot be
	 * read
	 */
	public @Nullable String returnUrl() {
		return read("return_url", Form.TEXT);
	}

	/**
	 * Return the origin of the page that embeds the session.
	 * @return the origin, or {@code null} if not set, or if it cannot be read
	 */
	public @Nullable String embedOrigin() {
		return read("embed_origin", Form.TEXT);
	}

	/**
	 * Return the price before discount. If it {@linkplain #taxBehavior() includes tax},
	 * it is gross, otherwise net.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long amount() {
		return required("amount", Form.LONG);
	}

	/**
	 * Return the discount. If the price {@linkplain #taxBehavior() includes tax}, it is
	 * gross, otherwise net.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long discountAmount() {
		return required("discount_amount", Form.LONG);
	}

	/**
	 * Return the price after discount, without tax. It contains tax as long as the tax is
	 * unknown and the price includes it.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long netAmount() {
		return required("net_amount", Form.LONG);
	}

	/**
	 * Return the tax on the net amount.
	 * @return the amount in minor units, 0 if nothing is to be paid or no tax applies, or
	 * {@code null} as long as the address of the buyer is unknown or incomplete
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable Long taxAmount() {
		return checked("tax_amount", Form.LONG);
	}

	/**
	 * Return whether the price includes tax.
	 * @return the behavior, or {@code null} if not known yet, or if it cannot be read
	 */
	public @Nullable TaxBehavior taxBehavior() {
		return read("tax_behavior", Form.oneOf(TaxBehavior.class));
	}

	/**
	 * Return the gross amount that the buyer pays: net amount plus tax. It does not
	 * contain a tax that is added to the price as long as the {@linkplain #taxAmount()
	 * tax} is unknown.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long totalAmount() {
		return required("total_amount", Form.LONG);
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
	 * Return the number of seats.
	 * @return the number, or {@code null} if there is no seat-based price, or if it
	 * cannot be read
	 */
	public @Nullable Integer seats() {
		return read("seats", Form.INTEGER);
	}

	/**
	 * Return the minimum number of seats that the buyer can choose.
	 * @return the number, or {@code null} if not limited, or if it cannot be read
	 */
	public @Nullable Integer minSeats() {
		return read("min_seats", Form.INTEGER);
	}

	/**
	 * Return the maximum number of seats that the buyer can choose.
	 * @return the number, or {@code null} if not limited, or if it cannot be read
	 */
	public @Nullable Integer maxSeats() {
		return read("max_seats", Form.INTEGER);
	}

	/**
	 * Return the number of units.
	 * @return the number, or {@code null} if there is no unit-based price, or if it
	 * cannot be read
	 */
	public @Nullable Integer units() {
		return read("units", Form.INTEGER);
	}

	/**
	 * Return the minimum number of units that the buyer can choose.
	 * @return the number, or {@code null} if not limited, or if it cannot be read
	 */
	public @Nullable Integer minUnits() {
		return read("min_units", Form.INTEGER);
	}

	/**
	 * Return the maximum number of units that the buyer can choose.
	 * @return the number, or {@code null} if not limited, or if it cannot be read
	 */
	public @Nullable Integer maxUnits() {
		return read("max_units", Form.INTEGER);
	}

	/**
	 * Return whether a trial of the product applies.
	 * @return {@code true} if so, or {@code null} if not set, or if it cannot be read
	 */
	public @Nullable Boolean allowTrial() {
		return read("allow_trial", Form.FLAG);
	}

	/**
	 * Return the unit of the length of the trial that was set for this session.
	 * @return the unit, or {@code null} if not set, or if it cannot be read
	 */
	public @Nullable TrialInterval trialInterval() {
		return read("trial_interval", Form.oneOf(TrialInterval.class));
	}

	/**
	 * Return the length of the trial that was set for this session.
	 * @return the number of units, or {@code null} if not set, or if it cannot be read
	 */
	public @Nullable Integer trialIntervalCount() {
		return read("trial_interval_count", Form.INTEGER);
	}

	/**
	 * Return the unit of the length of the trial that applies, from the session or the
	 * product.
	 * @return the unit, or {@code null} if there is no trial, or if it cannot be read
	 */
	public @Nullable TrialInterval activeTrialInterval() {
		return read("active_trial_interval", Form.oneOf(TrialInterval.class));
	}

	/**
	 * Return the length of the trial that applies, from the session or the product.
	 * @return the number of units, or {@code null} if there is no trial, or if it cannot
	 * be read
	 */
	public @Nullable Integer activeTrialIntervalCount() {
		return read("active_trial_interval_count", Form.INTEGER);
	}

	/**
	 * Return when the trial would end.
	 * @return the time, or {@code null} if there is no trial, or if it cannot be read
	 */
	public @Nullable Instant trialEnd() {
		return read("trial_end", Form.TIME);
	}

	/**
	 * Return the selling organization.
	 * @return the id, or {@code null} if absent
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable UUID organizationId() {
		return checked("organization_id", Form.ID);
	}

	/**
	 * Return the selected product.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID productId() {
		return read("product_id", Form.ID);
	}

	/**
	 * Return the selected product.
	 * @return the product, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable CheckoutProduct product() {
		return resource("product", CheckoutProduct::new);
	}

	/**
	 * Return the products that the buyer can choose from, in display order.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<CheckoutProduct> products() {
		return resources("products", CheckoutProduct::new);
	}

	/**
	 * Return what is charged for each product: the ad-hoc prices of the session if there
	 * are any, otherwise the prices of the catalog.
	 * @return an unmodifiable map from ids of products to prices, empty if absent or
	 * unreadable
	 */
	public Map<UUID, List<ProductPrice>> prices() {
		return map("prices", Form::uuid, Form.listOf(Form.object(ProductPrice::of)));
	}

	/**
	 * Return the discount that is applied.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID discountId() {
		return read("discount_id", Form.ID);
	}

	/**
	 * Return the discount that is applied.
	 * @return the discount, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable CheckoutDiscount discount() {
		return resource("discount", CheckoutDiscount::of);
	}

	/**
	 * Return whether the buyer can enter a discount code.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean allowDiscountCodes() {
		return flag("allow_discount_codes");
	}

	/**
	 * Return whether the buyer must enter a full billing address.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean requireBillingAddress() {
		return flag("require_billing_address");
	}

	/**
	 * Return whether a discount can apply to the product.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean isDiscountApplicable() {
		return flag("is_discount_applicable");
	}

	/**
	 * Return whether the product is free.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean isFreeProductPrice() {
		return flag("is_free_product_price");
	}

	/**
	 * Return whether a payment is required now.
	 * @return {@code true} if the total is not 0 and there is no trial
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean isPaymentRequired() {
		return required("is_payment_required", Form.FLAG);
	}

	/**
	 * Return whether a payment method must be set up for later payments.
	 * @return {@code true} for a recurring product that is not free
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean isPaymentSetupRequired() {
		return required("is_payment_setup_required", Form.FLAG);
	}

	/**
	 * Return whether the page must ask for a payment method.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean isPaymentFormRequired() {
		return required("is_payment_form_required", Form.FLAG);
	}

	/**
	 * Return the subscription that is being upgraded, not the one that this session
	 * creates.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID subscriptionId() {
		return read("subscription_id", Form.ID);
	}

	/**
	 * Return Polar's id of the customer.
	 * @return the id, or {@code null} if a new buyer has not paid yet
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable UUID customerId() {
		return checked("customer_id", Form.ID);
	}

	/**
	 * Return the application's own id of the buyer, as it was sent.
	 * @return the id, or {@code null} if the buyer is a guest
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable String externalCustomerId() {
		return checked("external_customer_id", Form.TEXT);
	}

	/**
	 * Return whether the buyer is a business.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean isBusinessCustomer() {
		return flag("is_business_customer");
	}

	/**
	 * Return the name of the customer.
	 * @return the name, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String customerName() {
		return read("customer_name", Form.TEXT);
	}

	/**
	 * Return the e-mail address of the customer.
	 * @return the address, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String customerEmail() {
		return read("customer_email", Form.TEXT);
	}

	/**
	 * Return the IP address of the buyer.
	 * @return the address, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String customerIpAddress() {
		return read("customer_ip_address", Form.TEXT);
	}

	/**
	 * Return the name on the invoice.
	 * @return the name, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String customerBillingName() {
		return read("customer_billing_name", Form.TEXT);
	}

	/**
	 * Return the billing address.
	 * @return the address, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable Address customerBillingAddress() {
		return resource("customer_billing_address", Address::new);
	}

	/**
	 * Return the tax id.
	 * @return the id, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String customerTaxId() {
		return read("customer_tax_id", Form.TEXT);
	}

	/**
	 * Return the parts of the billing address that the page asks for.
	 * @return the parts, or {@code null} if absent or unreadable
	 */
	public @Nullable BillingAddressFields billingAddressFields() {
		return resource("billing_address_fields", BillingAddressFields::new);
	}

	/**
	 * Return the custom fields of the product.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<AttachedCustomField> attachedCustomFields() {
		return resources("attached_custom_fields", AttachedCustomField::new);
	}

	/**
	 * Return what the buyer entered into the custom fields, by slug.
	 * @return an unmodifiable map to text (including dates), numbers, booleans and {@code
	 * null}, empty if absent or unreadable
	 */
	public Map<String, @Nullable Object> customFieldData() {
		return map("custom_field_data");
	}

	/**
	 * Return the language of the checkout page.
	 * @return a BCP 47 tag, or {@code null} if not set, or if it cannot be read
	 */
	public @Nullable String locale() {
		return read("locale", Form.TEXT);
	}

	/**
	 * Return Polar's name of the payment processor.
	 * @return the name, such as {@code stripe}, or {@code null} if absent or unreadable
	 */
	public @Nullable String paymentProcessor() {
		return read("payment_processor", Form.TEXT);
	}

	/**
	 * Return Polar's name of the kind of payment method that the buyer chose.
	 * @return the name, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String paymentMethodType() {
		return read("payment_method_type", Form.TEXT);
	}

	/**
	 * Return the data for the form of the payment processor. Contains credentials.
	 * @return an unmodifiable map, empty if absent or unreadable
	 */
	public Map<String, String> paymentProcessorMetadata() {
		return map("payment_processor_metadata", Function.identity(), Form.TEXT);
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
	 * Return the metadata for the customer.
	 * @return an unmodifiable map to text, numbers and booleans, empty if absent
	 * @throws PolarDataException if they cannot be read
	 */
	public Map<String, @Nullable Object> customerMetadata() {
		return checkedMap("customer_metadata");
	}

	/**
	 * Return the selling organization.
	 * @return the organization, or {@code null} if the session was not read by its client
	 * secret, or if it cannot be read
	 */
	public @Nullable CheckoutOrganization organization() {
		return resource("organization", CheckoutOrganization::new);
	}

	/**
	 * Return whether the session was paid. Does not tell by whom.
	 * @return {@code true} for the status {@code SUCCEEDED}
	 * @throws PolarDataException if the status is missing or cannot be read
	 */
	public boolean isSucceeded() {
		return status() == CheckoutStatus.SUCCEEDED;
	}

	/**
	 * Return whether the session can no longer be paid because it expired. Polar changes
	 * the status only some minutes later.
	 * @param clock the clock
	 * @return {@code true} for the status {@code EXPIRED}, and for an open session at and
	 * after {@link #expiresAt()}
	 * @throws PolarDataException if the status is missing or cannot be read
	 */
	public boolean isExpired(Clock clock) {
		CheckoutStatus status = status();
		Instant expiresAt = expiresAt();
		return status == CheckoutStatus.EXPIRED
				|| (status == CheckoutStatus.OPEN && expiresAt != null && !clock.instant().isBefore(expiresAt));
	}

	/**
	 * Return the type, the id and the status only: everything else can be secret or
	 * personal data.
	 */
	@Override
	public String toString() {
		return describe(CheckoutStatus.class);
	}

}
