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

package io.github.polarspring.testsupport.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

/**
 * Interceptor that makes each call to a checkout endpoint fail if its body does not
 * conform to Polar's schema. It does nothing if the schema is not available.
 */
public final class ConformingRequests implements ClientHttpRequestInterceptor {

	private static final Map<String, OpenApiDocument> DOCUMENTS = OpenApiDocument.all();

	private ConformingRequests() {
	}

	/**
	 * Add the check to a client.
	 * @param builder builder of the client
	 */
	public static void check(RestClient.Builder builder) {
		builder.requestInterceptor(new ConformingRequests());
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		String schema = schema(request.getMethod() + " " + request.getURI().getPath());
		if (schema != null) {
			DOCUMENTS.forEach((name, document) -> {
				List<String> violations = document.violations(schema, new String(body, StandardCharsets.UTF_8));
				if (!violations.isEmpty()) {
					throw new AssertionError("Polar would reject this request according to %s of %s: %s"
						.formatted(schema, name, String.join("; ", violations)));
				}
			});
		}
		return execution.execute(request, body);
	}

	private static @Nullable String schema(String operation) {
		if (operation.equals("POST /v1/checkouts/")) {
			return "CheckoutCreate";
		}
		if (operation.startsWith("PATCH /v1/checkouts/client/")) {
			return "CheckoutUpdatePublic";
		}
		return operation.startsWith("PATCH /v1/checkouts/") ? "CheckoutUpdate" : null;
	}

}
