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

package io.github.polarspring.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRequest;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.support.HttpRequestWrapper;

/**
 * Last interceptor in the chain. Regardless of customizers, initializers and other
 * interceptors, it ensures that the token is sent to Polar only, that Polar accepts the
 * request, and that the size and the duration of the response are limited.
 */
final class PolarRequestInterceptor implements ClientHttpRequestInterceptor {

	private static final List<String> FORBIDDEN_HEADERS = List.of(HttpHeaders.TRANSFER_ENCODING,
			HttpHeaders.CONTENT_ENCODING, HttpHeaders.ACCEPT_ENCODING, HttpHeaders.COOKIE);

	/**
	 * Methods that Polar rejects with 411 if there is no length, even without a body.
	 */
	private static final Set<HttpMethod> METHODS_WITH_LENGTH = Set.of(HttpMethod.POST, HttpMethod.PUT,
			HttpMethod.PATCH);

	private final PolarEndpoint endpoint;

	private final String accessToken;

	private final Duration readTimeout;

	private final long maxResponseSize;

	PolarRequestInterceptor(PolarEndpoint endpoint, String accessToken, Duration readTimeout, long maxResponseSize) {
		this.endpoint = endpoint;
		this.accessToken = accessToken;
		this.readTimeout = readTimeout;
		this.maxResponseSize = maxResponseSize;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		if (!(request.getAttributes().get(Target.ATTRIBUTE) instanceof Target target)) {
			throw new PolarConfigurationException(
					("A call to Polar (%s) was blocked: an interceptor replaced the request with one that lacks"
							+ " its attributes.")
						.formatted(this.endpoint.name()),
					"In interceptors, pass on the original request, or an HttpRequestWrapper around it.");
		}
		URI asked = request.getURI();
		if (!asked.equals(target.visibleUri()) || !this.endpoint.isOriginOf(target.uri())) {
			throw new PolarConfigurationException(
					("A call to Polar (%s) was blocked: its address was changed to %s. The access token was not"
							+ " sent.")
						.formatted(this.endpoint.name(),
								this.endpoint.isOriginOf(asked) ? "another path or query"
										: PolarEndpoint.origin(asked)),
					"Do not change the address of calls to Polar in a RestClientCustomizer, a"
							+ " PolarRestClientCustomizer or an interceptor. To call another address, set"
							+ " 'polar.base-url'.");
		}
		HttpHeaders headers = new HttpHeaders();
		headers.putAll(request.getHeaders());
		FORBIDDEN_HEADERS.forEach(headers::remove);
		if (target.anonymous()) {
			headers.remove(HttpHeaders.AUTHORIZATION);
		}
		else {
			headers.setBearerAuth(this.accessToken);
		}
		headers.set(PolarEndpoint.VERSION_HEADER, this.endpoint.apiVersion());
		headers.setAccept(List.of(MediaType.APPLICATION_JSON));
		if (body.length > 0 || METHODS_WITH_LENGTH.contains(request.getMethod())) {
			// even without a body, because Jetty drops the length of a PATCH without a
			// content type
			headers.setContentType(MediaType.APPLICATION_JSON);
			headers.setContentLength(body.length);
		}
		HttpRequest polarRequest = new HttpRequestWrapper(request) {

			@Override
			public URI getURI() {
				return target.uri();
			}

			@Override
			public HttpHeaders getHeaders() {
				return headers;
			}

		};
		long start = System.nanoTime();
		try {
			return read(execution.execute(polarRequest, body), target.deadline());
		}
		catch (IOException ex) {
			throw (isLate(start) && CallOutcome.of(ex) == CallOutcome.BROKEN) ? late(ex) : ex;
		}
		catch (PolarException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw isLate(start) ? late(ex) : new IOException(ex);
		}
	}

	/**
	 * Return whether the read timeout has passed: a stream that is closed at its timeout
	 * only reports that it is closed.
	 */
	private boolean isLate(long start) {
		return System.nanoTime() - start >= this.readTimeout.toNanos();
	}

	private static IOException late(Exception ex) {
		return new LateResponseException("The response did not end within the read timeout", ex);
	}

	private ClientHttpResponse read(ClientHttpResponse response, long deadline) throws IOException {
		if (response instanceof BufferedClientHttpResponse) {
			return response;
		}
		try (response) {
			return new BufferedClientHttpResponse(response.getStatusCode(), response.getHeaders(),
					BoundedBody.read(response.getBody(), this.maxResponseSize, deadline));
		}
	}

}
