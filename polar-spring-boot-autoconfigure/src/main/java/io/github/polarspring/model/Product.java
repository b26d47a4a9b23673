package io.github.polarspring.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.github.polarspring.checkout.AttachedCustomField;
import io.github.polarspring.checkout.CheckoutProduct;
import io.github.polarspring.checkout.ProductBenefit;
import io.github.polarspring.checkout.ProductMedia;
import io.github.polarspring.checkout.ProductPrice;
import io.github.polarspring.checkout.RecurringInterval;
import io.github.polarspring.checkout.TrialInterval;
import io.github.polarspring.client.ResponseValues;
import org.jspecify.annotations.Nullable;

/**
 * A product. Within an order, prices, benefits, pictures and custom fields are empty.
 *
 * @param id id of the product
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param trialInterval unit of the trial's length
 * @param trialIntervalCount length of the trial
 * @param name name
 * @param description description, in Markdown
 * @param visibility who can see it
 * @param recurringInterval unit of the billing period, {@code null} for a one-time
 * purchase
 * @param recurringIntervalCount length of the billing period
 * @param meterInterval unit of the period for usage
 * @param meterIntervalCount length of the period for usage
 * @param isRecurring whether it is a subscription
 * @param isArchived whether it is no longer sold
 * @param organizationId id of the seller's organization
 * @param metadata metadata, values are text, numbers and booleans
 * @param prices prices
 * @param benefits what buyers get
 * @param medias pictures
 * @param attachedCustomFields what buyers are asked for
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record Product(UUID id, Instant createdAt, @Nullable Instant modifiedAt, @Nullable TrialInterval trialInterval,
		@Nullable Integer trialIntervalCount, String name, @Nullable String description,
		CheckoutProduct.Visibility visibility, @Nullable RecurringInterval recurringInterval,
		@Nullable Integer recurringIntervalCount, @Nullable RecurringInterval meterInterval,
		@Nullable Integer meterIntervalCount, boolean isRecurring, boolean isArchived, UUID organizationId,
		Map<String, Object> metadata, List<ProductPrice> prices, List<ProductBenefit> benefits,
		List<ProductMedia> medias, List<AttachedCustomField> attachedCustomFields,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public Product {
		metadata = ResponseValues.map(metadata);
		prices = ResponseValues.list(prices);
		benefits = ResponseValues.list(benefits);
		medias = ResponseValues.list(medias);
		attachedCustomFields = ResponseValues.list(attachedCustomFields);
		additionalProperties = ResponseValues.map(additionalProperties);
		visibility = ResponseValues.known(visibility, CheckoutProduct.Visibility.UNKNOWN);
	}

	/**
	 * Names no personal data.
	 */
	@Override
	public String toString() {
		return "Product[id=" + this.id + "]";
	}

}
