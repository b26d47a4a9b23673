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

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
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
