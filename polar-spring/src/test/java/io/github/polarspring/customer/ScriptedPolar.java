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

package io.github.polarspring.customer;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

import io.github.polarspring.client.PolarClient;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Polar with a script of responses, which records the requests.
 */
final class ScriptedPolar {

	static final String NONE = "{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}";

	private final Deque<Response> responses = new ArrayDeque<>();

	private final List<String> requests = new ArrayList<>();

	PolarClient client() {
		return PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(URI.create("https://sandbox-api.polar.sh"))
			.requestFactory((uri, method) -> new MockClientHttpRequest(method, uri) {

				@Override
				protected ClientHttpResponse executeInternal() {
					String body = getBodyAsString(StandardCharsets.UTF_8);
					ScriptedPolar.this.requests
						.add("%s %s%s".formatted(method, uri.toString().replace("https://sandbox-api.polar.sh", ""),
								body.isEmpty() ? "" : " " + body));
					return ScriptedPolar.this.responses.remove().toHttp();
				}

			})
			.build();
	}

	List<String> requests() {
		return this.requests;
	}

	void respond(int status, String body) {
		this.responses.add(new Response(status, body, null));
	}

	void reject(String scope) {
		this.responses.add(new Response(403, "{\"error\":\"insufficient_scope\",\"error_description\":\"no\"}",
				"Bearer realm=\"polar\", scope=\"%s\"".formatted(scope)));
	}

	void verify() {
		assertThat(this.responses).isEmpty();
	}

	static String customer(UUID id, @Nullable String externalId) {
		return "{\"id\":\"%s\",\"external_id\":%s,\"active_subscriptions\":[],\"granted_benefits\":[]}".formatted(id,
				(externalId != null) ? "\"" + externalId + "\"" : "null");
	}

	static String session() {
		return "{\"id\":\"%s\",\"token\":\"t\",\"customer_portal_url\":\"https://polar.sh/shop/portal?customer_session_token=t\"}"
			.formatted(UUID.randomUUID());
	}

	static String list(String item) {
		return "{\"items\":[%s],\"pagination\":{\"total_count\":1,\"max_page\":1}}".formatted(item);
	}

	static String taken(String field) {
		return "{\"error\":\"PolarRequestValidationError\",\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\",\"%s\"],\"msg\":\"no\",\"input\":\"x\"}]}"
			.formatted(field);
	}

	private record Response(int status, String body, @Nullable String authenticate) {

		ClientHttpResponse toHttp() {
			MockClientHttpResponse response = new MockClientHttpResponse(this.body.getBytes(StandardCharsets.UTF_8),
					HttpStatus.valueOf(this.status));
			response.getHeaders().set("Polar-Version", "2026-10");
			if (this.authenticate != null) {
				response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, this.authenticate);
			}
			return response;
		}

	}

}
