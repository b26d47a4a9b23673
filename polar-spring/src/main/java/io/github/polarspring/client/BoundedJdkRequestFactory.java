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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Request factory for the JDK's HTTP client that buffers requests and responses. Both are
 * small, so nothing is streamed, no additional thread is needed, and the read timeout
 * includes the body.
 */
final class BoundedJdkRequestFactory implements ClientHttpRequestFactory {

	/**
	 * Headers that the client sets itself. They are never set for calls to Polar, even if
	 * a system property permits it.
	 */
	private static final Set<String> RESTRICTED_HEADERS = Set.of("connection", "content-length", "expect", "host",
			"upgrade");

	private final HttpClient httpClient;

	private final Duration readTimeout;

	private final long maxResponseSize;

	BoundedJdkRequestFactory(HttpClient httpClient, Duration readTimeout, long maxResponseSize) {
		this.httpClient = httpClient;
		this.readTimeout = readTimeout;
		this.maxResponseSize = maxResponseSize;
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod httpMethod) {
		return new JdkRequest(uri, httpMethod);
	}

	private final class JdkRequest extends AbstractClientHttpRequest {

		private final URI uri;

		private final HttpMethod method;

		private final ByteArrayOutputStream body = new ByteArrayOutputStream();

		JdkRequest(URI uri, HttpMethod method) {
			this.uri = uri;
			this.method = method;
		}

		@Override
		public HttpMethod getMethod() {
			return this.method;
		}

		@Override
		public URI getURI() {
			return this.uri;
		}

		@Override
		protected OutputStream getBodyInternal(HttpHeaders headers) {
			return this.body;
		}

		@Override
		protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
			CompletableFuture<HttpResponse<byte[]>> future = BoundedJdkRequestFactory.this.httpClient.sendAsync(
					request(headers),
					(info) -> new BoundedBodySubscriber(info, BoundedJdkRequestFactory.this.maxResponseSize));
			try {
				HttpResponse<byte[]> response = future.get(timeout(), TimeUnit.NANOSECONDS);
				HttpHeaders responseHeaders = new HttpHeaders();
				response.headers().map().forEach(responseHeaders::addAll);
				return new BufferedClientHttpResponse(HttpStatusCode.valueOf(response.statusCode()), responseHeaders,
						response.body());
			}
			catch (TimeoutException ex) {
				future.cancel(true);
				throw new HttpTimeoutException("The response did not end within the read timeout");
			}
			catch (InterruptedException ex) {
				future.cancel(true);
				Thread.currentThread().interrupt();
				throw new InterruptedIOException("The thread was interrupted");
			}
			catch (ExecutionException ex) {
				if (ex.getCause() instanceof Error error) {
					throw error;
				}
				throw (ex.getCause() instanceof IOException cause) ? cause : new IOException(ex.getCause());
			}
		}

		/**
		 * Return the read timeout, or the time that is left if it is less.
		 */
		private long timeout() {
			long timeout = BoundedJdkRequestFactory.this.readTimeout.toNanos();
			return (getAttributes().get(Target.ATTRIBUTE) instanceof Target target && target.limit() != null)
					? Math.min(timeout, target.limit() - System.nanoTime()) : timeout;
		}

		private HttpRequest request(HttpHeaders headers) {
			HttpRequest.Builder request = HttpRequest.newBuilder(this.uri)
				.header(HttpHeaders.ACCEPT_ENCODING, "identity");
			headers.forEach((name, values) -> {
				if (!RESTRICTED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
					values.forEach((value) -> request.header(name, (value != null) ? value : ""));
				}
			});
			if (this.body.size() == 0 && this.method == HttpMethod.GET) {
				return request.GET().build();
			}
			BodyPublisher publisher = (this.body.size() > 0) ? BodyPublishers.ofByteArray(this.body.toByteArray())
					: BodyPublishers.noBody();
			return request.method(this.method.name(), publisher).build();
		}

	}

}
