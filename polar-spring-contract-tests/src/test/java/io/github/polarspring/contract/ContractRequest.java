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

package io.github.polarspring.contract;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A call that the client of this project does not offer or does not allow, such as one
 * with a wrong body.
 */
final class ContractRequest {

	static final String VERSION = "2026-10";

	private final ContractHttp http;

	private final ContractReport report;

	private final Shapes shapes;

	private final URI uri;

	private final String method;

	private @Nullable String token;

	private @Nullable String version = VERSION;

	private String contentType = "application/json";

	private HttpRequest.@Nullable BodyPublisher body;

	ContractRequest(ContractHttp http, ContractReport report, Shapes shapes, String method, URI uri, String token) {
		this.http = http;
		this.report = report;
		this.shapes = shapes;
		this.method = method;
		this.uri = uri;
		this.token = token;
	}

	ContractRequest token(@Nullable String token) {
		this.token = token;
		return this;
	}

	/**
	 * Send no token, as the buyer's browser.
	 */
	ContractRequest anonymous() {
		return token(null);
	}

	ContractRequest version(@Nullable String version) {
		this.version = version;
		return this;
	}

	ContractRequest body(Map<String, ? extends @Nullable Object> body) {
		return text(JsonMapper.shared().writeValueAsString(body), "application/json");
	}

	ContractRequest text(String body, String contentType) {
		this.contentType = contentType;
		this.body = HttpRequest.BodyPublishers.ofString(body);
		return this;
	}

	/**
	 * Send the body without a {@code Content-Length}.
	 */
	ContractRequest chunked(String body) {
		this.body = HttpRequest.BodyPublishers
			.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
		return this;
	}

	/**
	 * Send the request, and check the status.
	 */
	ContractResponse expect(int status) {
		ContractResponse response = send(String.valueOf(status));
		response.requireStatus(status);
		return response;
	}

	/**
	 * Send the request, and check the error.
	 * @param status the status
	 * @param error the name of the error, or {@code null} for an error without one
	 * @param details details that must be among those of the error, each as type and
	 * location, such as {@code "missing body.products"}
	 */
	ContractResponse expectError(int status, @Nullable String error, String... details) {
		ContractResponse response = send((status + " " + ((error != null) ? error : "")).strip());
		response.requireError(status, error, details);
		return response;
	}

	/**
	 * Send the request without a check.
	 */
	ContractResponse send(String expected) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.uri)
			.timeout(Duration.ofSeconds(60))
			.method(this.method, (this.body != null) ? this.body : HttpRequest.BodyPublishers.noBody());
		if (this.body != null) {
			request.header("Content-Type", this.contentType);
		}
		if (this.token != null) {
			request.header("Authorization", "Bearer " + this.token);
		}
		if (this.version != null) {
			request.header("Polar-Version", this.version);
		}
		HttpResponse<String> response = this.http.send(request.build(), expected);
		return new ContractResponse(ContractHttp.describe(this.method, this.uri), response, this.report, this.shapes);
	}

}
