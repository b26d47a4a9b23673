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

package io.github.polarspring.checkout;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.testsupport.conformance.ConformingRequests;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

/**
 * Remembers what a template sends, and answers what it is told to.
 */
public class CapturingPolar {

	static final UUID SESSION = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private final List<Request> requests = new ArrayList<>();

	private final PolarCheckoutTemplate template;

	private String answer = """
			{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"https://polar.sh/checkout/polar_c_x",
			"metadata":{"external_customer_id":"user_1042","old":true}}""";

	public CapturingPolar() {
		PolarClient client = PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(URI.create("https://sandbox-api.polar.sh"))
			.requestFactory((uri, method) -> new MockClientHttpRequest(method, uri) {

				@Override
				protected ClientHttpResponse executeInternal() {
					String body = getBodyAsString(StandardCharsets.UTF_8);
					CapturingPolar.this.requests.add(new Request(method + " " + uri, body,
							getHeaders().getFirst("Authorization"), getHeaders().getContentLength()));
					return new MockClientHttpResponse(CapturingPolar.this.answer.getBytes(StandardCharsets.UTF_8),
							HttpStatus.OK);
				}

			})
			.restClient(ConformingRequests::check)
			.build();
		this.template = PolarCheckoutTemplate.builder(client)
			.products(new PolarProducts(Map.of("pro", SESSION)))
			.build();
	}

	PolarCheckoutTemplate template() {
		return this.template;
	}

	void answer(String json) {
		this.answer = json;
	}

	public CheckoutSession read(String json) {
		answer(json);
		return this.template.get(SESSION);
	}

	List<Request> requests() {
		return this.requests;
	}

	Request last() {
		return this.requests.get(this.requests.size() - 1);
	}

	String sent(CheckoutRequest request) {
		this.template.create(request);
		return last().body();
	}

	/**
	 * A request as it went over the wire.
	 */
	record Request(String line, String body, String authorization, long contentLength) {

		JsonNode json() {
			return JsonMapper.shared().readTree(this.body);
		}

	}

}
