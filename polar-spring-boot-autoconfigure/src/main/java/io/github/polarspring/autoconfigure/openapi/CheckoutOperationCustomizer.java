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

import java.lang.reflect.Method;

import io.github.polarspring.web.PolarCheckout;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.DateTimeSchema;
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
 * {@link GlobalOperationCustomizer} that describes the responses of {@link PolarCheckout}
 * methods. Responses that the application describes itself are kept.
 */
final class CheckoutOperationCustomizer implements GlobalOperationCustomizer {

	@Override
	public Operation customize(Operation operation, HandlerMethod handlerMethod) {
		if (isCheckout(handlerMethod.getMethod())) {
			ApiResponses responses = (operation.getResponses() != null) ? operation.getResponses() : new ApiResponses();
			ApiResponse success = responses.get("200");
			if (success == null || !hasSchema(success.getContent())) {
				responses.addApiResponse("200", json());
			}
			responses.putIfAbsent("303", redirect());
			responses.putIfAbsent("503", unavailable());
			operation.setResponses(responses);
		}
		return operation;
	}

	private static boolean isCheckout(@Nullable Method method) {
		return method != null && AnnotatedElementUtils.hasAnnotation(method, PolarCheckout.class);
	}

	private static boolean hasSchema(@Nullable Content content) {
		return content != null && content.values().stream().anyMatch((type) -> type.getSchema() != null);
	}

	private static ApiResponse redirect() {
		return new ApiResponse().description("Redirect of a browser to the checkout page")
			.addHeaderObject("Location",
					new Header().description("URL of the checkout page").schema(new StringSchema().format("uri")));
	}

	private static ApiResponse json() {
		Schema<?> schema = new ObjectSchema()
			.addProperty("url", new StringSchema().format("uri").description("URL of the checkout page"))
			.addProperty("expiresAt", new DateTimeSchema().description("Time at which the checkout session expires"))
			.addRequiredItem("url");
		return new ApiResponse().description("Checkout session, for a script or a caller that prefers JSON")
			.content(new Content().addMediaType("application/json", new MediaType().schema(schema)));
	}

	private static ApiResponse unavailable() {
		return new ApiResponse().description("The checkout is not available right now");
	}

}
