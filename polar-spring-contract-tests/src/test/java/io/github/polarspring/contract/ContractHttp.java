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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Makes all calls, those of the client too: below the limits, again after a 429, and
 * recorded in the report.
 */
final class ContractHttp implements ClientHttpRequestInterceptor {

	/**
	 * Polar blocks new tokens and restricted organizations at 60 calls a minute.
	 */
	private static final int CALLS_PER_MINUTE = 50;

	/**
	 * Polar blocks a caller at 6 confirmations a minute, for half an hour.
	 */
	private static final int CONFIRMATIONS_PER_MINUTE = 5;

	private static final int MAX_ATTEMPTS = 4;

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.followRedirects(HttpClient.Redirect.NEVER)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	private final Throttle calls;

	private final Throttle confirmations;

	private final ContractReport report;

	private String expected = "";

	private int status;

	ContractHttp(boolean limited, Clock clock, Throttle.Sleeper sleeper, ContractReport report) {
		this.calls = new Throttle(limited ? CALLS_PER_MINUTE : Integer.MAX_VALUE, clock, sleeper);
		this.confirmations = new Throttle(limited ? CONFIRMATIONS_PER_MINUTE : Integer.MAX_VALUE, clock, sleeper);
		this.report = report;
	}

	/**
	 * Set the status that the next calls of the client are expected to have.
	 */
	void expect(int status) {
		this.expected = String.valueOf(status);
		this.status = 0;
	}

	/**
	 * The status of the last call of the client.
	 */
	int status() {
		return this.status;
	}

	int peak() {
		return this.calls.peak();
	}

	HttpResponse<String> send(HttpRequest request, String expected) {
		HttpResponse<String> response = attempt(request);
		for (int i = 1; i < MAX_ATTEMPTS && response.statusCode() == 429; i++) {
			this.calls.block(retryAfter(response.headers().firstValue("Retry-After")));
			response = attempt(request);
		}
		this.report.call(describe(request.method(), request.uri()), expected, String.valueOf(response.statusCode()));
		return response;
	}

	private HttpResponse<String> attempt(HttpRequest request) {
		acquire(request.uri());
		try {
			return this.client.send(request, HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(describe(request.method(), request.uri()) + " got no response", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public ClientHttpResponse intercept(org.springframework.http.HttpRequest request, byte[] body,
			ClientHttpRequestExecution execution) throws IOException {
		acquire(request.getURI());
		ClientHttpResponse response = execution.execute(request, body);
		for (int i = 1; i < MAX_ATTEMPTS && response.getStatusCode().value() == 429; i++) {
			this.calls.block(retryAfter(Optional.ofNullable(response.getHeaders().getFirst("Retry-After"))));
			response.close();
			acquire(request.getURI());
			response = execution.execute(request, body);
		}
		this.status = response.getStatusCode().value();
		this.report.call(describe(request.getMethod().name(), request.getURI()), this.expected,
				String.valueOf(this.status));
		return response;
	}

	private void acquire(URI uri) {
		if (uri.getPath().endsWith("/confirm")) {
			this.confirmations.acquire();
		}
		this.calls.acquire();
	}

	private static Duration retryAfter(Optional<String> header) {
		return header.filter((value) -> value.matches("\\d{1,4}"))
			.map((value) -> Duration.ofSeconds(Long.parseLong(value)))
			.orElse(Duration.ofMinutes(1));
	}

	/**
	 * Describe a call without the values in its path and query.
	 */
	static String describe(String method, URI uri) {
		String path = Arrays.stream(uri.getRawPath().split("/", -1))
			.map(ContractHttp::withoutValue)
			.collect(Collectors.joining("/"));
		return method + " " + path + parameters(uri.getRawQuery());
	}

	private static String withoutValue(String segment) {
		if (segment.matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
			return "{id}";
		}
		if (segment.startsWith("polar_")) {
			return "{secret}";
		}
		return segment.startsWith(ContractNames.PREFIX) ? "{external_id}" : segment;
	}

	private static String parameters(@Nullable String query) {
		return (query != null) ? Arrays.stream(query.split("&"))
			.map((parameter) -> parameter.split("=", 2)[0])
			.distinct()
			.collect(Collectors.joining("&", "?", "")) : "";
	}

}
