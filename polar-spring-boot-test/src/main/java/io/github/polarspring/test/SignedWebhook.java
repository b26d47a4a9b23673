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

package io.github.polarspring.test;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/**
 * Request post-processor and interceptor that signs the requests of a test like Polar's
 * webhooks. With MockMvc:
 *
 * <pre class="code">
 * mvc.post().uri("/webhooks/polar").content(json).with(signedWebhook(secret))
 * </pre>
 *
 * With {@code RestTestClient}:
 *
 * <pre class="code">
 * client.mutate().requestInterceptor(signedWebhook(secret)).build()
 * 	.post().uri("/webhooks/polar").body(json).exchange();
 * </pre>
 *
 * With other clients, use {@link #headers(byte[])}. Immutable. Requires
 * {@code spring-test}.
 *
 * @since 0.1.0
 */
public final class SignedWebhook implements RequestPostProcessor, ClientHttpRequestInterceptor {

	private final WebhookSigner signer;

	private final @Nullable String id;

	private final @Nullable Instant timestamp;

	private SignedWebhook(WebhookSigner signer, @Nullable String id, @Nullable Instant timestamp) {
		this.signer = signer;
		this.id = id;
		this.timestamp = timestamp;
	}

	/**
	 * Sign with the text of the secret. This is the scheme of secrets that Polar
	 * generated before September 2026 or that were chosen by the merchant. The starter
	 * accepts it for every secret.
	 * @param secret the value of {@code polar.webhook.secret}
	 * @return a signer that uses a new ID and the current time for each request
	 */
	public static SignedWebhook signedWebhook(String secret) {
		return new SignedWebhook(WebhookSigner.legacy(secret.strip()), null, null);
	}

	/**
	 * Sign with the bytes that follow the prefix of the secret in Base64. This is the
	 * scheme of secrets that Polar generates today.
	 * @param secret the value of {@code polar.webhook.secret}, which starts with
	 * {@code whsec_}
	 * @return a signer that uses a new ID and the current time for each request
	 * @throws IllegalArgumentException if the secret does not have this form
	 */
	public static SignedWebhook standardSignedWebhook(String secret) {
		return new SignedWebhook(WebhookSigner.standard(secret.strip()), null, null);
	}

	/**
	 * Set the ID of the event, to send an event twice.
	 * @param id the value of the header {@code webhook-id}
	 * @return a copy with this ID
	 */
	public SignedWebhook withId(String id) {
		return new SignedWebhook(this.signer, id, this.timestamp);
	}

	/**
	 * Set the timestamp, to send an old event.
	 * @param timestamp the timestamp
	 * @return a copy with this timestamp
	 */
	public SignedWebhook withTimestamp(Instant timestamp) {
		return new SignedWebhook(this.signer, this.id, timestamp);
	}

	/**
	 * Return the headers to send with a body.
	 * @param body the body
	 * @return the headers with ID, timestamp and signature
	 */
	public Map<String, String> headers(byte[] body) {
		return this.signer.headers((this.id != null) ? this.id : UUID.randomUUID().toString(),
				(this.timestamp != null) ? this.timestamp : Instant.now(), body);
	}

	@Override
	public MockHttpServletRequest postProcessRequest(MockHttpServletRequest request) {
		byte[] content = request.getContentAsByteArray();
		headers((content != null) ? content : new byte[0]).forEach(request::addHeader);
		return request;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		headers(body).forEach(request.getHeaders()::set);
		return execution.execute(request, body);
	}

}
