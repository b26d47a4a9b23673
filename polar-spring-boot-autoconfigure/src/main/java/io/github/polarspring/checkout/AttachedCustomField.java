package io.github.polarspring.checkout;

import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.github.polarspring.client.ResponseValues;
import org.jspecify.annotations.Nullable;

/**
 * A custom field on the checkout page of a product.
 *
 * @param customFieldId id of the field
 * @param customField the field
 * @param order its place on the page
 * @param required whether the buyer must fill it in
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record AttachedCustomField(UUID customFieldId, CustomField customField, int order, boolean required,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public AttachedCustomField {
		additionalProperties = ResponseValues.map(additionalProperties);
	}

}
