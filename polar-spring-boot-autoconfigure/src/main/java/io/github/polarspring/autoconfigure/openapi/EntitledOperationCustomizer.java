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

package io.github.polarspring.autoconfigure.openapi;

import io.github.polarspring.entitlement.PolarEntitled;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;

/**
 * {@link GlobalOperationCustomizer} that describes the responses of {@link PolarEntitled}
 * methods to callers who do not have the feature. Responses that the application
 * describes itself are kept.
 */
final class EntitledOperationCustomizer implements GlobalOperationCustomizer {

	@Override
	public Operation customize(Operation operation, HandlerMethod handlerMethod) {
		PolarEntitled annotation = find(handlerMethod);
		if (annotation != null) {
			ApiResponses responses = (operation.getResponses() != null) ? operation.getResponses() : new ApiResponses();
			responses.putIfAbsent("402", upgrade(annotation.value()));
			responses.putIfAbsent("503",
					new ApiResponse()
						.description("It is not known right now whether the user has the feature '%s'. Try again later"
							.formatted(annotation.value())));
			operation.setResponses(responses);
		}
		return operation;
	}

	private static @Nullable PolarEntitled find(HandlerMethod handlerMethod) {
		PolarEntitled own = AnnotatedElementUtils.findMergedAnnotation(handlerMethod.getMethod(), PolarEntitled.class);
		return (own != null) ? own
				: AnnotatedElementUtils.findMergedAnnotation(handlerMethod.getBeanType(), PolarEntitled.class);
	}

	private static ApiResponse upgrade(String feature) {
		Schema<?> schema = new ObjectSchema().addProperty("type", new StringSchema())
			.addProperty("title", new StringSchema())
			.addProperty("status", new IntegerSchema())
			.addProperty("detail", new StringSchema())
			.addProperty("feature", new StringSchema().description("Name of the feature"))
			.addProperty("upgradeUrl",
					new StringSchema().format("uri-reference").description("Page where the feature can be bought"))
			.addRequiredItem("feature");
		return new ApiResponse()
			.description("The user does not have the feature '%s'. Browsers are redirected to the upgrade page"
				.formatted(feature))
			.content(new Content().addMediaType("application/problem+json", new MediaType().schema(schema)));
	}

}
