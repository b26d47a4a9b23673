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

package io.github.polarspring.webhook.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.client.PolarUrls;
import io.github.polarspring.webhook.PolarWebhookReceipt;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;

/**
 * Relay for the events of a sandbox organization to an application that Polar cannot
 * reach, such as one on a laptop. It listens to the stream that Polar's command line
 * uses, so no tunnel and no command line are needed, and passes the events to a
 * {@link PolarWebhookReceiver}.
 * <p>
 * Intended for development: the stream does not keep the order of events, and never sends
 * again what was missed or what a listener failed for. Polar does not document the stream
 * for others. If it changes, the relay logs what to use instead, and the application goes
 * on without it.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/integrate/webhooks/locally">Polar on local
 * development</a>
 */
public final class PolarEventRelay {

	private static final Log logger = LogFactory.getLog(PolarEventRelay.class);

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(15);

	/**
	 * Three times the interval at which Polar pings.
	 */
	private static final Duration MAX_SILENCE = Duration.ofSeconds(45);

	private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

	private static final Duration MAX_HANDLING = Duration.ofSeconds(10);

	private static final int MAX_MESSAGE = 8 * 1024 * 1024;

	private static final List<String> HEADERS = List.of("webhook-id", "webhook-timestamp", "webhook-signature",
			"x-polar-triggered");

	private static final String INSTEAD = "Use 'polar listen' of Polar's command line instead, or a tunnel";

	private final URI baseUrl;

	private final String accessToken;

	private final Supplier<UUID> organizationId;

	private final Function<String, PolarWebhookReceiver> receivers;

	private final Duration maxSilence;

	private final Duration firstWait;

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(CONNECT_TIMEOUT)
		.followRedirects(HttpClient.Redirect.NEVER)
		.build();

	private final CountDownLatch stopped = new CountDownLatch(1);

	private final ReentrantLock handling = new ReentrantLock();

	private volatile @Nullable ResponsePieces current;

	private volatile @Nullable CompletableFuture<?> connecting;

	private volatile boolean listening;

	private @Nullable PolarWebhookReceiver receiver;

	private boolean reconnect;

	private @Nullable UUID organization;

	private boolean announced;

	private boolean failureReported;

	private boolean unreadableReported;

	/**
	 * Create a relay.
	 * @param baseUrl the base URL of the API of Polar's sandbox, or of a server on this
	 * machine
	 * @param accessToken the organization access token, with the scope
	 * {@code webhooks:read}
	 * @param organizationId supplies the organization. It can call Polar
	 * @param receivers creates the receiver for the events of a stream, from the secret
	 * that signs them
	 * @throws PolarConfigurationException if the URL is that of another environment
	 */
	public PolarEventRelay(URI baseUrl, String accessToken, Supplier<UUID> organizationId,
			Function<String, PolarWebhookReceiver> receivers) {
		this(baseUrl, accessToken, organizationId, receivers, MAX_SILENCE, FIRST_WAIT);
	}

	PolarEventRelay(URI baseUrl, String accessToken, Supplier<UUID> organizationId,
			Function<String, PolarWebhookReceiver> receivers, Duration maxSilence, Duration firstWait) {
		Assert.hasText(accessToken, "accessToken must not be blank");
		Assert.notNull(organizationId, "organizationId must not be null");
		Assert.notNull(receivers, "receivers must not be null");
		this.baseUrl = requireSandbox(PolarUrls.requireBaseUrl(baseUrl));
		this.accessToken = accessToken;
		this.organizationId = organizationId;
		this.receivers = receivers;
		this.maxSilence = maxSilence;
		this.firstWait = firstWait;
	}

	/**
	 * Check that a relay for an API can be created.
	 * @param baseUrl the base URL of the API
	 * @return the URL
	 * @throws PolarConfigurationException if it is neither that of Polar's sandbox nor
	 * that of a server on this machine
	 */
	public static URI requireSandbox(URI baseUrl) {
		if (!"sandbox".equals(PolarUrls.environment(baseUrl)) && !PolarUrls.isLoopback(baseUrl)) {
			throw new PolarConfigurationException("The relay of Polar's events works only in the sandbox.",
					"Remove 'polar.webhook.listen' in production, and add a webhook endpoint in Polar's dashboard.");
		}
		return baseUrl;
	}

	/**
	 * Listen until {@link #stop()} is called, or until Polar rejects the request for
	 * good. Blocks the calling thread, and must be called only once.
	 */
	public void run() {
		Duration wait = this.firstWait;
		Result result = Result.LOST;
		while (result != Result.REJECTED) {
			long start = System.nanoTime();
			result = attempt();
			boolean stable = System.nanoTime() - start > LONGEST_WAIT.toNanos();
			wait = stable ? this.firstWait : wait;
			boolean atOnce = stable && result == Result.RECONNECT;
			if (!atOnce && pause(wait)) {
				return;
			}
			wait = longer(wait);
		}
	}

	private Result attempt() {
		try {
			UUID organization = this.organization;
			if (organization == null) {
				organization = this.organizationId.get();
				this.organization = organization;
			}
			return listen(organization);
		}
		catch (PolarConfigurationException ex) {
			logger.warn("Polar's events are not relayed. " + ex.getMessage() + " " + ex.getAction());
			return Result.REJECTED;
		}
		catch (PolarAuthenticationException | PolarPermissionException ex) {
			logger.warn("Polar's events are not relayed. " + ex.getMessage());
			return Result.REJECTED;
		}
		catch (PolarException | IOException ex) {
			reportFailure(String.valueOf(ex.getMessage()));
			return Result.LOST;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Result.REJECTED;
		}
		catch (RuntimeException ex) {
			logger.debug("Polar's events are not relayed", ex);
			reportFailure("An unexpected " + ex.getClass().getSimpleName() + " was thrown");
			return Result.LOST;
		}
		finally {
			this.listening = false;
		}
	}

	private static Duration longer(Duration wait) {
		Duration longer = wait.multipliedBy(2);
		return (longer.compareTo(LONGEST_WAIT) < 0) ? longer : LONGEST_WAIT;
	}

	/**
	 * Wait before the next attempt.
	 * @return {@code true} if the relay was stopped
	 */
	private boolean pause(Duration wait) {
		try {
			return this.stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
	}

	private Result listen(UUID organization) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.baseUrl + "/v1/cli/listen/" + organization))
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + this.accessToken)
			.header(HttpHeaders.ACCEPT, "text/event-stream")
			.build();
		ResponsePieces pieces = new ResponsePieces();
		this.current = pieces;
		HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(request);
		response.body().subscribe(pieces);
		try {
			return (response.statusCode() == 200) ? relay(organization, pieces) : reject(response.statusCode());
		}
		finally {
			pieces.close();
		}
	}

	private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(HttpRequest request)
			throws IOException, InterruptedException {
		CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> response = this.http.sendAsync(request,
				BodyHandlers.ofPublisher());
		this.connecting = response;
		if (isStopped()) {
			response.cancel(true);
		}
		try {
			return response.get(RESPONSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			response.cancel(true);
			throw new IOException("Polar did not respond", ex);
		}
		catch (ExecutionException ex) {
			throw new IOException("There was no response", ex);
		}
		catch (CancellationException ex) {
			throw new IOException("Stopped");
		}
	}

	private Result reject(int status) {
		if (status == 429 || status >= 500) {
			reportFailure("Polar responded with the status " + status);
			return Result.LOST;
		}
		logger.warn("Polar's events are not relayed. " + switch (status) {
			case 401 -> "Polar rejected the access token. Check 'polar.access-token'";
			case 403 ->
				"The access token lacks a scope. Add 'webhooks:read' to it in Polar's dashboard, under Settings";
			case 404 -> "Polar does not know the organization, or has changed its event stream. Check"
					+ " 'polar.organization-id', which differs between sandbox and production. " + INSTEAD;
			default -> "Polar responded with the status %d, so it may have changed its event stream. %s"
				.formatted(status, INSTEAD);
		});
		return Result.REJECTED;
	}

	private Result relay(UUID organization, ResponsePieces pieces) throws InterruptedException {
		this.receiver = null;
		this.reconnect = false;
		EventStreamParser parser = new EventStreamParser(MAX_MESSAGE, (message) -> handle(organization, message),
				() -> logger.warn("A message of Polar's event stream was skipped, because it is too large"));
		List<ByteBuffer> piece = pieces.next(this.maxSilence);
		while (piece != null && !isStopped()) {
			piece.forEach(parser::parse);
			piece = this.reconnect ? null : pieces.next(this.maxSilence);
		}
		if (this.reconnect) {
			return Result.RECONNECT;
		}
		reportFailure(
				(this.receiver != null) ? "The connection was lost" : "The stream contains no events. " + INSTEAD);
		return Result.LOST;
	}

	private void handle(UUID organization, String message) {
		this.handling.lock();
		try {
			if (isStopped()) {
				return;
			}
			JsonNode json = PolarJson.MAPPER.readTree(message);
			String key = json.path("key").asString("");
			if (json.path("type").asString("").equals("reconnect")) {
				this.reconnect = true;
			}
			else if (key.equals("connected")) {
				connected(organization, json.path("secret").asString(""));
			}
			else if (key.equals("webhook.created")) {
				deliver(json);
			}
		}
		catch (JacksonException | IllegalArgumentException ex) {
			reportUnreadable();
		}
		finally {
			this.handling.unlock();
		}
	}

	private void connected(UUID organization, String secret) {
		this.receiver = this.receivers.apply(secret);
		this.listening = true;
		if (!this.announced) {
			logger.info("The events of the organization %s in Polar's sandbox are relayed to this application"
				.formatted(organization));
		}
		else if (this.failureReported) {
			logger.info("Polar's events are relayed again. Those that happened meanwhile were missed");
		}
		this.announced = true;
		this.failureReported = false;
	}

	private void deliver(JsonNode message) {
		PolarWebhookReceiver receiver = this.receiver;
		JsonNode body = message.path("payload").path("payload");
		if (receiver == null || !body.isString()) {
			reportUnreadable();
			return;
		}
		HttpHeaders headers = new HttpHeaders();
		message.path("headers").properties().forEach((header) -> {
			if (HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT)) && header.getValue().isValueNode()) {
				headers.set(header.getKey(), header.getValue().asString());
			}
		});
		PolarWebhookReceipt receipt = receiver.receive(headers, body.asString().getBytes(StandardCharsets.UTF_8));
		if (!receipt.isAccepted()) {
			logger.warn("An event of Polar's event stream was not accepted (" + receipt.text()
					+ "). The stream does not send it again");
		}
	}

	private void reportFailure(String reason) {
		if (isStopped()) {
			return;
		}
		if (this.failureReported) {
			logger.debug("Polar's events are still not relayed. " + reason);
			return;
		}
		this.failureReported = true;
		logger.warn("Polar's events are not relayed at present. %s. The relay tries again".formatted(reason));
	}

	private void reportUnreadable() {
		if (!this.unreadableReported) {
			this.unreadableReported = true;
			logger.warn("Polar's event stream contains a message that cannot be read, so Polar may have changed it. If"
					+ " events are missing: " + INSTEAD);
		}
	}

	/**
	 * Return whether events are relayed at present.
	 * @return {@code true} if the stream is open
	 */
	public boolean isListening() {
		return this.listening;
	}

	private boolean isStopped() {
		return this.stopped.getCount() == 0;
	}

	/**
	 * Make {@link #run()} return. Waits for the event that is being handled, if there is
	 * one, for at most ten seconds. A relay that was stopped cannot run again.
	 */
	public void stop() {
		this.stopped.countDown();
		CompletableFuture<?> connecting = this.connecting;
		if (connecting != null) {
			connecting.cancel(true);
		}
		ResponsePieces current = this.current;
		if (current != null) {
			current.close();
		}
		try {
			if (this.handling.tryLock(MAX_HANDLING.toSeconds(), TimeUnit.SECONDS)) {
				this.handling.unlock();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Ways in which a stream can end.
	 */
	private enum Result {

		/**
		 * Polar asked for another connection.
		 */
		RECONNECT,

		/**
		 * Another attempt can have another result.
		 */
		LOST,

		/**
		 * Another attempt would have the same result.
		 */
		REJECTED

	}

}
