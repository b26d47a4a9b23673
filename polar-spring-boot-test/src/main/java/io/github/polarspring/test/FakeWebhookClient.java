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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * Sends events like Polar, which does not follow redirects, and waits for ten seconds
 * without a byte.
 */
final class FakeWebhookClient {

	private static final Log logger = LogFactory.getLog(FakeWebhookClient.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final int MAX_TEXT = 2048;

	/**
	 * What Polar reports of an address that does not accept connections.
	 */
	static final Outcome UNREACHABLE = new Outcome(null, "All connection attempts failed");

	private static final Outcome UNKNOWN_NAME = new Outcome(null, "[Errno -2] Name or service not known");

	private static final Outcome TIMED_OUT = new Outcome(null, "");

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(2))
		.build();

	Outcome post(URI url, Map<String, String> headers, byte[] body) {
		Body received = new Body();
		try {
			HttpRequest.Builder request = HttpRequest.newBuilder(url)
				.header("Content-Type", "application/json")
				.header("User-Agent", "polar.sh webhooks")
				.POST(BodyPublishers.ofByteArray(body));
			headers.forEach(request::header);
			CompletableFuture<HttpResponse<Void>> response = this.client.sendAsync(request.build(), (info) -> {
				received.receive(new byte[0]);
				return BodyHandlers.ofByteArrayConsumer(received::receive).apply(info);
			});
			return outcome(url, await(response, received), received.text());
		}
		catch (TimeoutException ex) {
			return TIMED_OUT;
		}
		catch (ExecutionException ex) {
			logger.debug("A webhook could not be delivered", ex);
			return outcome(Objects.requireNonNull(ex.getCause()));
		}
		catch (IllegalArgumentException ex) {
			// not a host name
			return UNKNOWN_NAME;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return TIMED_OUT;
		}
	}

	private static HttpResponse<Void> await(CompletableFuture<HttpResponse<Void>> response, Body received)
			throws InterruptedException, ExecutionException, TimeoutException {
		try {
			while (true) {
				long left = TIMEOUT.toNanos() - received.idle();
				try {
					return response.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
				}
				catch (TimeoutException ex) {
					if (received.idle() >= TIMEOUT.toNanos()) {
						throw ex;
					}
				}
			}
		}
		finally {
			response.cancel(true);
		}
	}

	private static Outcome outcome(URI url, HttpResponse<Void> response, @Nullable String text) {
		int code = response.statusCode();
		return new Outcome(code,
				(code / 100 == 3) ? redirect(url, code, response.headers().firstValue("Location")) : text);
	}

	private static String redirect(URI url, int code, Optional<String> location) {
		HttpStatus status = HttpStatus.resolve(code);
		return "Redirect response '%d %s' for url '%s'\n%sFor more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/%d"
			.formatted(code, (status != null) ? status.getReasonPhrase() : "", url,
					location.map("Redirect location: '%s'\n"::formatted).orElse(""), code);
	}

	private static Outcome outcome(Throwable problem) {
		if (problem instanceof HttpTimeoutException) {
			return TIMED_OUT;
		}
		for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnresolvedAddressException || cause instanceof IllegalArgumentException) {
				return UNKNOWN_NAME;
			}
		}
		if (problem instanceof ConnectException) {
			return UNREACHABLE;
		}
		String message = Objects.requireNonNullElse(problem.getMessage(), "");
		return new Outcome(null, (problem instanceof IOException && message.contains("received no bytes"))
				? "Server disconnected without sending a response." : message);
	}

	/**
	 * What became of an attempt.
	 *
	 * @param code the status of the response, or {@code null} if there was none
	 * @param text the start of the response, or what went wrong; {@code null} for an
	 * empty response
	 */
	record Outcome(@Nullable Integer code, @Nullable String text) {

		boolean isSuccess() {
			return this.code != null && this.code / 100 == 2;
		}

	}

	/**
	 * The start of the body of a response, and the time of its latest byte.
	 */
	private static final class Body {

		private final ByteArrayOutputStream start = new ByteArrayOutputStream();

		private long latest = System.nanoTime();

		synchronized void receive(byte[] bytes) {
			this.latest = System.nanoTime();
			this.start.write(bytes, 0, Math.min(bytes.length, Math.max(0, 4 * MAX_TEXT - this.start.size())));
		}

		void receive(Optional<byte[]> bytes) {
			bytes.ifPresent(this::receive);
		}

		synchronized long idle() {
			return System.nanoTime() - this.latest;
		}

		synchronized @Nullable String text() {
			String text = this.start.toString(StandardCharsets.UTF_8).replace("\0", "");
			int length = Math.min(MAX_TEXT, text.codePointCount(0, text.length()));
			return text.isEmpty() ? null : text.substring(0, text.offsetByCodePoints(0, length));
		}

	}

}
