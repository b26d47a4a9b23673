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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarPortal;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
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
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;

/**
 * {@link GlobalOperationCustomizer} that describes the responses of {@link PolarCheckout}
 * and {@link PolarPortal} methods. Responses that the application describes itself are
 * kept, except that they do not contain the return value of the method. Afterward, it
 * removes the schemas that only these return values use.
 */
final class RedirectOperationCustomizer implements GlobalOperationCustomizer, GlobalOpenApiCustomizer {

	private static final Pattern REFERENCE = Pattern.compile("#/components/schemas/([^\"]+)\"");

	private final Set<String> returnValues = ConcurrentHashMap.newKeySet();

	@Override
	public Operation customize(Operation operation, HandlerMethod handlerMethod) {
		Method method = handlerMethod.getMethod();
		boolean checkout = AnnotatedElementUtils.hasAnnotation(method, PolarCheckout.class);
		if (checkout || AnnotatedElementUtils.hasAnnotation(method, PolarPortal.class)) {
			String page = checkout ? "checkout page" : "customer portal";
			String session = checkout ? "checkout session" : "session";
			ApiResponses responses = (operation.getResponses() != null) ? operation.getResponses() : new ApiResponses();
			List<String> withoutContent = new ArrayList<>();
			Set<String> described = new HashSet<>();
			responseAnnotations(method).forEach((annotation) -> {
				described.add(annotation.responseCode());
				if (annotation.content().length == 0 && annotation.ref().isEmpty()) {
					withoutContent.add(annotation.responseCode());
				}
			});
			withoutContent.forEach((status) -> removeReturnValue(responses.get(status)));
			if (!described.contains("200")) {
				removeReturnValue(responses.put("200", json(page, session)));
			}
			else if (withoutContent.contains("200")) {
				responses.computeIfPresent("200",
						(status, response) -> response.content(json(page, session).getContent()));
			}
			responses.putIfAbsent("303", redirect(page));
			responses.putIfAbsent("503", unavailable(page));
			operation.setResponses(responses);
		}
		return operation;
	}

	private static Stream<io.swagger.v3.oas.annotations.responses.ApiResponse> responseAnnotations(Method method) {
		io.swagger.v3.oas.annotations.Operation operation = AnnotatedElementUtils.findMergedAnnotation(method,
				io.swagger.v3.oas.annotations.Operation.class);
		return Stream.concat((operation != null) ? Arrays.stream(operation.responses()) : Stream.empty(), Stream
			.of(method, method.getDeclaringClass())
			.flatMap((element) -> AnnotatedElementUtils
				.findMergedRepeatableAnnotations(element, io.swagger.v3.oas.annotations.responses.ApiResponse.class)
				.stream()));
	}

	private void removeReturnValue(@Nullable ApiResponse response) {
		if (response != null && response.getContent() != null) {
			this.returnValues.addAll(references(response.getContent()));
			response.setContent(null);
		}
	}

	@Override
	public void customise(OpenAPI openApi) {
		Components components = openApi.getComponents();
		if (components == null || components.getSchemas() == null) {
			return;
		}
		Map<String, Schema> schemas = components.getSchemas();
		Set<String> candidates = reachable(this.returnValues, schemas);
		components.setSchemas(null);
		Set<String> used = references(openApi);
		components.setSchemas(schemas);
		schemas.keySet().stream().filter((name) -> !candidates.contains(name)).forEach(used::add);
		candidates.removeAll(reachable(used, schemas));
		schemas.keySet().removeAll(candidates);
	}

	private static Set<String> reachable(Set<String> names, Map<String, Schema> schemas) {
		Set<String> reachable = new HashSet<>();
		Deque<String> remaining = new ArrayDeque<>(names);
		while (!remaining.isEmpty()) {
			String name = remaining.pop();
			if (schemas.containsKey(name) && reachable.add(name)) {
				remaining.addAll(references(schemas.get(name)));
			}
		}
		return reachable;
	}

	private static Set<String> references(Object value) {
		return REFERENCE.matcher(Json31.pretty(value))
			.results()
			.map((reference) -> reference.group(1))
			.collect(Collectors.toCollection(HashSet::new));
	}

	private static ApiResponse redirect(String page) {
		return new ApiResponse().description("Redirect of a browser to the " + page)
			.addHeaderObject("Location",
					new Header().description("URL of the " + page).schema(new StringSchema().format("uri")));
	}

	private static ApiResponse json(String page, String session) {
		Schema<?> schema = new ObjectSchema()
			.addProperty("url", new StringSchema().format("uri").description("URL of the " + page))
			.addProperty("expiresAt", new DateTimeSchema().description("Time at which the " + session + " expires"))
			.addRequiredItem("url");
		return new ApiResponse().description("URL of the " + page + ", for a script or a caller that prefers JSON")
			.content(new Content().addMediaType("application/json", new MediaType().schema(schema)));
	}

	private static ApiResponse unavailable(String page) {
		return new ApiResponse().description("The " + page + " is not available right now");
	}

}
