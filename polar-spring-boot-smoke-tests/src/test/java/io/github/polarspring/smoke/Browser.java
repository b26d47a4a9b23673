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

package io.github.polarspring.smoke;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps cookies, follows no redirects, and can sign webhooks as Polar does.
 */
final class Browser {

	/**
	 * What Polar signs with.
	 */
	static final String SECRET = "polar_whs_q7Yd2Lk9ZbV4nR8tX1mS6wC3eA5uH0";

	static final String ORDER_PAID = """
			{"type":"order.paid","timestamp":"2026-11-23T09:00:00Z",
			"data":{"id":"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4","metadata":{},"customer":{}}}""";

	private final HttpClient client = HttpClient.newBuilder()
		.version(Version.HTTP_1_1)
		.cookieHandler(new CookieManager())
		.build();

	HttpResponse<String> get(int port, String path, String... headers) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder().GET(), port, path, headers);
	}

	HttpResponse<String> post(int port, String path, String... headers) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder().POST(BodyPublishers.noBody()), port, path, headers);
	}

	HttpResponse<String> webhook(int port, String secret) throws IOException, InterruptedException {
		return webhook(port, "/webhooks/polar", secret, "msg_1", ORDER_PAID);
	}

	HttpResponse<String> webhook(int port, String path, String secret, String id, String body, String... headers)
			throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)), port, path,
				Stream.concat(sign(secret, id, body).stream(), Stream.of(headers)).toArray(String[]::new));
	}

	/**
	 * Return the headers of a webhook, as names and values.
	 */
	static List<String> sign(String secret, String id, String body) {
		String timestamp = String.valueOf(Instant.now().getEpochSecond());
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
			byte[] signature = mac.doFinal((id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
			return List.of("webhook-id", id, "webhook-timestamp", timestamp, "webhook-signature",
					"v1," + Base64.getEncoder().encodeToString(signature));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private HttpResponse<String> send(HttpRequest.Builder request, int port, String path, String... headers)
			throws IOException, InterruptedException {
		request.uri(URI.create("http://localhost:" + port + path));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

}
