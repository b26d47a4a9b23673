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

package io.github.polarspring.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.polarspring.webhook.PolarWebhookException.Reason;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.InputStreamSource;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Receiver for webhooks from Polar that is independent of the transport. It verifies the
 * signature, enforces the limits, passes the event to the {@link PolarWebhookInbox}, and
 * determines the response. The starter's endpoints use it. Use it in your own endpoint,
 * for which the body is read only if the headers are acceptable:
 *
 * <pre class="code">
 * PolarWebhookReceipt receipt = receiver.receive(headers, request::getInputStream);
 * response.setStatus(receipt.status());
 * </pre>
 *
 * To put webhooks into a queue, verify them first and store the events in a
 * {@link PolarWebhookInbox}: a webhook that is received after the tolerance is rejected.
 * <p>
 * Methods do not throw exceptions because of invalid webhooks or failing listeners.
 * Rejected webhooks are logged, at most once a minute for each reason. Each webhook is an
 * observation with the name {@code polar.webhook}.
 * <p>
 * Receiving blocks, with the {@code direct} inbox until the listeners have returned.
 * Instances are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarWebhookReceiver {

	private static final Log logger = LogFactory.getLog(PolarWebhookReceiver.class);

	private static final String ID = "webhook-id";

	private static final String TIMESTAMP = "webhook-timestamp";

	private static final String SIGNATURE = "webhook-signature";

	private static final String TRIGGERED = "x-polar-triggered";

	private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

	private static final long UNKNOWN_LENGTH = -1;

	private static final long LARGE = DataSize.ofKilobytes(64).toBytes();

	private static final DataSize MAX_MAX_BODY_SIZE = DataSize.ofGigabytes(1);

	/**
	 * Maximum number of large bodies that are in memory before their signature is
	 * verified.
	 */
	private static final int MAX_LARGE_BODIES = 16;

	private final @Nullable PolarWebhookVerifier verifier;

	private final PolarWebhookInbox inbox;

	private final int maxBodySize;

	private final @Nullable UUID organizationId;

	private final boolean identifyByBody;

	private final ObservationRegistry observations;

	private final Clock clock;

	private final Semaphore largeBodies = new Semaphore(MAX_LARGE_BODIES);

	private final Map<Reason, Instant> warned = new EnumMap<>(Reason.class);

	private PolarWebhookReceiver(Builder builder) {
		this.verifier = builder.verifier;
		this.inbox = builder.inbox;
		this.maxBodySize = (int) builder.maxBodySize.toBytes();
		this.organizationId = builder.organizationId;
		this.identifyByBody = builder.identifyByBody;
		this.observations = builder.observations;
		this.clock = builder.clock;
	}

	/**
	 * Receive a webhook whose body has been read.
	 * @param headers headers of the request; all except {@code webhook-id},
	 * {@code webhook-timestamp}, {@code webhook-signature} and {@code Content-Length} are
	 * ignored
	 * @param body the body, byte for byte as it was received
	 * @return the receipt
	 */
	public PolarWebhookReceipt receive(HttpHeaders headers, byte[] body) {
		Assert.notNull(headers, "headers must not be null");
		Assert.notNull(body, "body must not be null");
		return observe((observation) -> {
			verifier().checkHeaders(single(headers, ID), single(headers, TIMESTAMP), single(headers, SIGNATURE));
			requireNotConsumed(headers, body);
			return (body.length > this.maxBodySize) ? PolarWebhookReceipt.TOO_LARGE
					: accept(verified(headers, body), observation);
		});
	}

	/**
	 * Receive a webhook whose body is read only if it can be one of Polar's: if the
	 * headers are acceptable, the body is not announced to be too large, and there are
	 * not too many large bodies in memory whose signature is not verified yet.
	 * @param headers headers of the request; all except {@code webhook-id},
	 * {@code webhook-timestamp}, {@code webhook-signature} and {@code Content-Length} are
	 * ignored
	 * @param body opens the body, such as {@code request::getInputStream}. Called at most
	 * once; no more than the maximum size is read, and the stream is not closed
	 * @return the receipt
	 */
	public PolarWebhookReceipt receive(HttpHeaders headers, InputStreamSource body) {
		Assert.notNull(body, "body must not be null");
		try (Admission admission = admit(headers)) {
			return admission.receive(body);
		}
	}

	/**
	 * Decide whether to read the body of a webhook, for an endpoint that reads it
	 * asynchronously. Does not block.
	 * @param headers headers of the request; all except {@code webhook-id},
	 * {@code webhook-timestamp}, {@code webhook-signature} and {@code Content-Length} are
	 * ignored
	 * @return the decision, to be closed when the request ends, including when it is
	 * canceled
	 */
	public Admission admit(HttpHeaders headers) {
		Assert.notNull(headers, "headers must not be null");
		try {
			verifier().checkHeaders(single(headers, ID), single(headers, TIMESTAMP), single(headers, SIGNATURE));
		}
		catch (PolarWebhookException ex) {
			return rejected(headers, (observation) -> {
				throw ex;
			});
		}
		long length = announcedLength(headers);
		if (length > this.maxBodySize) {
			return rejected(headers, (observation) -> PolarWebhookReceipt.TOO_LARGE);
		}
		boolean large = length > LARGE || length == UNKNOWN_LENGTH;
		if (large && !this.largeBodies.tryAcquire()) {
			return rejected(headers, (observation) -> PolarWebhookReceipt.LATER);
		}
		return new Admission(headers, null, large);
	}

	private Admission rejected(HttpHeaders headers, Reception reception) {
		return new Admission(headers, observe(reception), false);
	}

	/**
	 * Receive an event that was not delivered but read from Polar's API, over an
	 * authenticated connection. It is processed like a delivered one, except that there
	 * is no signature to verify.
	 * @param id the id of the event
	 * @param body the payload, as Polar would have sent it
	 * @return the receipt
	 */
	public PolarWebhookReceipt receiveFromApi(String id, byte[] body) {
		Assert.hasText(id, "id must not be blank");
		Assert.notNull(body, "body must not be null");
		return observe((observation) -> accept(read(id, body, false), observation));
	}

	/**
	 * Return the event that {@link #receiveFromApi} would pass to the inbox.
	 * @param id the id of the event
	 * @param body the payload
	 * @return the event
	 * @throws PolarWebhookException if it is not an event, or belongs to another
	 * organization
	 */
	public PolarEvent<?> readFromApi(String id, byte[] body) {
		return read(id, body, false);
	}

	private PolarWebhookReceipt observe(Reception reception) {
		Observation observation = Observation.createNotStarted("polar.webhook", this.observations)
			.contextualName("polar webhook")
			.lowCardinalityKeyValue("type", "none")
			.lowCardinalityKeyValue("reason", "none")
			.lowCardinalityKeyValue("buyer", "none")
			.lowCardinalityKeyValue("outcome", "none")
			.start();
		try (Observation.Scope scope = observation.openScope()) {
			PolarWebhookReceipt receipt = safely(reception, observation);
			observation.lowCardinalityKeyValue("outcome", receipt.name().toLowerCase(Locale.ROOT));
			return receipt;
		}
		finally {
			observation.stop();
		}
	}

	private PolarWebhookReceipt safely(Reception reception, Observation observation) {
		try {
			return reception.receive(observation);
		}
		catch (PolarWebhookException ex) {
			observation.lowCardinalityKeyValue("reason", ex.getReason().name().toLowerCase(Locale.ROOT));
			warn(ex);
			return switch (ex.getReason()) {
				case HEADERS, MALFORMED, BODY -> PolarWebhookReceipt.MALFORMED;
				case TIMESTAMP, SIGNATURE, ORGANIZATION -> PolarWebhookReceipt.REJECTED;
			};
		}
		catch (ConsumedBodyException ex) {
			logger.error("The body of the webhook was read by another filter before it could be verified."
					+ " Exclude the path of the endpoint from that filter");
			return PolarWebhookReceipt.FAILED;
		}
		catch (IOException ex) {
			logger.debug("The body of the webhook ended early", ex);
			return PolarWebhookReceipt.MALFORMED;
		}
		catch (RuntimeException ex) {
			observation.error(ex);
			logger.error("The webhook could not be received", ex);
			return PolarWebhookReceipt.FAILED;
		}
	}

	private PolarWebhookVerifier verifier() {
		Assert.state(this.verifier != null, "This receiver is only for events that are read from Polar's API");
		return this.verifier;
	}

	private static @Nullable String single(HttpHeaders headers, String name) {
		List<String> values = headers.getOrEmpty(name);
		if (values.size() > 1) {
			throw new PolarWebhookException(Reason.HEADERS, "The webhook has more than one header " + name);
		}
		return values.isEmpty() ? null : values.get(0);
	}

	private static long announcedLength(HttpHeaders headers) {
		String length = headers.getFirst(HttpHeaders.CONTENT_LENGTH);
		return (length != null && length.matches("\\d{1,18}")) ? Long.parseLong(length) : UNKNOWN_LENGTH;
	}

	private byte[] read(HttpHeaders headers, InputStreamSource body) throws IOException {
		InputStream stream;
		try {
			stream = body.getInputStream();
		}
		catch (IllegalStateException ex) {
			// thrown by a servlet request whose reader is in use
			throw new ConsumedBodyException();
		}
		byte[] content = stream.readNBytes(this.maxBodySize + 1);
		requireNotConsumed(headers, content);
		return content;
	}

	private static void requireNotConsumed(HttpHeaders headers, byte[] content) {
		if (content.length == 0 && announcedLength(headers) > 0) {
			throw new ConsumedBodyException();
		}
	}

	private PolarEvent<?> verified(HttpHeaders headers, byte[] body) {
		String id = single(headers, ID);
		verifier().verify(id, single(headers, TIMESTAMP), single(headers, SIGNATURE), body);
		String triggered = headers.getFirst(TRIGGERED);
		return read(String.valueOf(id), body, triggered != null && !triggered.equalsIgnoreCase("false"));
	}

	private PolarEvent<?> read(String deliveryId, byte[] body, boolean triggered) {
		boolean hashed = this.identifyByBody && !deliveryId.startsWith(PolarEvent.REBUILT);
		String id = hashed ? "body-" + sha256(body) : deliveryId;
		PolarEvent<?> event = PolarEvent.read(triggered ? PolarEvent.TRIGGERED + id : id, body);
		UUID organization = event.organizationId();
		if (this.organizationId != null && organization != null && !this.organizationId.equals(organization)) {
			throw new PolarWebhookException(Reason.ORGANIZATION,
					"The webhook belongs to another organization than 'polar.organization-id'");
		}
		return event;
	}

	private static String sha256(byte[] body) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform supports SHA-256", ex);
		}
	}

	private PolarWebhookReceipt accept(PolarEvent<?> event, Observation observation) {
		observation.lowCardinalityKeyValue("type", event.observedType())
			.lowCardinalityKeyValue("buyer", event.observedBuyer());
		try {
			return switch (this.inbox.accept(event)) {
				case ACCEPTED -> PolarWebhookReceipt.ACCEPTED;
				case LATER -> PolarWebhookReceipt.LATER;
			};
		}
		catch (RuntimeException | Error ex) {
			observation.error(ex);
			logger.error("The event %s could not be accepted, so it is not acknowledged".formatted(event), ex);
			return PolarWebhookReceipt.FAILED;
		}
	}

	/**
	 * Log at most one warning a minute for each reason, because anyone can send invalid
	 * requests.
	 */
	private void warn(PolarWebhookException ex) {
		Instant now = this.clock.instant();
		synchronized (this.warned) {
			Instant last = this.warned.get(ex.getReason());
			if (last != null && now.isBefore(last.plus(BETWEEN_WARNINGS))) {
				return;
			}
			this.warned.put(ex.getReason(), now);
		}
		logger.warn("A webhook was rejected. %s. %s".formatted(ex.getMessage(), hint(ex.getReason())));
	}

	private static String hint(Reason reason) {
		return switch (reason) {
			case HEADERS, MALFORMED -> "Polar sends each of these headers once. A proxy may have removed or"
					+ " changed them, or the request did not come from Polar";
			case TIMESTAMP ->
				"Check the clock of this machine. Otherwise a proxy or a queue delayed the webhook, or someone"
						+ " other than Polar sent an old one again";
			case SIGNATURE -> "Check that 'polar.webhook.secret' is the secret of this endpoint in Polar's"
					+ " dashboard, in the same environment. After a rotation, the new secret is required, too. A"
					+ " proxy or filter that changes the body has the same effect";
			case BODY ->
				"Polar signed it, so check that the format of the endpoint in Polar's dashboard is 'Raw'. If it is,"
						+ " Polar may have changed the format: check for a newer version of polar-spring-boot";
			case ORGANIZATION -> "Organizations of sandbox and production are separate: check 'polar.organization-id'."
					+ " Otherwise, an endpoint of another organization uses the same URL";
		};
	}

	/**
	 * Return a builder, for use without Spring Boot. With it, there is a bean that is
	 * configured by {@code polar.webhook.*}.
	 * @param verifier verifies the signatures
	 * @param inbox accepts the events, such as
	 * {@link PolarWebhookInbox#direct(PolarEventListeners, org.springframework.context.ApplicationEventPublisher)}
	 * @return a new builder
	 */
	public static Builder builder(PolarWebhookVerifier verifier, PolarWebhookInbox inbox) {
		Assert.notNull(verifier, "verifier must not be null");
		return new Builder(verifier, inbox);
	}

	/**
	 * Return a builder of a receiver for events that are read from Polar's API. It
	 * accepts no others: it has no secret.
	 * @param inbox accepts the events
	 * @return a new builder
	 */
	public static Builder builderForApi(PolarWebhookInbox inbox) {
		return new Builder(null, inbox);
	}

	/**
	 * Decision whether to read the body of a webhook. An admission of a large body, or of
	 * one without an announced length, is one of a limited number until the signature is
	 * verified or it is closed. Safe for use by multiple threads.
	 */
	public final class Admission implements AutoCloseable {

		private final HttpHeaders headers;

		private final @Nullable PolarWebhookReceipt rejection;

		private final AtomicBoolean large;

		private Admission(HttpHeaders headers, @Nullable PolarWebhookReceipt rejection, boolean large) {
			this.headers = headers;
			this.rejection = rejection;
			this.large = new AtomicBoolean(large);
		}

		/**
		 * Return how to respond without reading the body.
		 * @return the receipt, empty if the body has to be read
		 */
		public Optional<PolarWebhookReceipt> rejection() {
			return Optional.ofNullable(this.rejection);
		}

		/**
		 * Return how much of the body to read. It is one byte more than the maximum size,
		 * so that {@link #receive(InputStreamSource)} detects larger bodies.
		 * @return the maximum number of bytes to read
		 */
		public int readLimit() {
			return PolarWebhookReceiver.this.maxBodySize + 1;
		}

		/**
		 * Receive the webhook. Blocks until the inbox has accepted the event.
		 * @param body opens the body. If the body could not be read, it throws an
		 * {@link IOException}, or an {@link IllegalStateException} if it was already read
		 * elsewhere. Not called if there is a {@link #rejection()}
		 * @return the receipt
		 */
		public PolarWebhookReceipt receive(InputStreamSource body) {
			Assert.notNull(body, "body must not be null");
			return (this.rejection != null) ? this.rejection : observe((observation) -> {
				PolarEvent<?> event;
				try {
					byte[] content = read(this.headers, body);
					if (content.length > PolarWebhookReceiver.this.maxBodySize) {
						return PolarWebhookReceipt.TOO_LARGE;
					}
					event = verified(this.headers, content);
				}
				finally {
					close();
				}
				return accept(event, observation);
			});
		}

		@Override
		public void close() {
			if (this.large.getAndSet(false)) {
				PolarWebhookReceiver.this.largeBodies.release();
			}
		}

	}

	/**
	 * Builder for a {@link PolarWebhookReceiver}. Not safe for use by multiple threads.
	 */
	public static final class Builder {

		private final @Nullable PolarWebhookVerifier verifier;

		private final PolarWebhookInbox inbox;

		private DataSize maxBodySize = DataSize.ofMegabytes(4);

		private @Nullable UUID organizationId;

		private boolean identifyByBody;

		private ObservationRegistry observations = ObservationRegistry.NOOP;

		private Clock clock = Clock.systemUTC();

		private Builder(@Nullable PolarWebhookVerifier verifier, PolarWebhookInbox inbox) {
			Assert.notNull(inbox, "inbox must not be null");
			this.verifier = verifier;
			this.inbox = inbox;
		}

		/**
		 * Set the maximum size of a body, 4 MB by default.
		 * @param maxBodySize the size, 1 byte to 1 GB
		 * @return this builder
		 */
		public Builder maxBodySize(DataSize maxBodySize) {
			Assert.isTrue(maxBodySize.toBytes() > 0 && maxBodySize.compareTo(MAX_MAX_BODY_SIZE) <= 0,
					"maxBodySize must be 1 byte to 1 GB");
			this.maxBodySize = maxBodySize;
			return this;
		}

		/**
		 * Set the organization whose events are accepted. By default, events of all
		 * organizations are accepted. Events that do not contain an organization
		 * ({@code member.*} and {@code customer_seat.*}) are always accepted: an endpoint
		 * belongs to one organization, and its secret has signed them.
		 * @param organizationId ID of the organization, {@code null} for any
		 * @return this builder
		 * @throws IllegalArgumentException if it is not a UUID of version 4, as are all
		 * of Polar's IDs
		 */
		public Builder organizationId(@Nullable UUID organizationId) {
			Assert.isTrue(organizationId == null || organizationId.version() == 4,
					"organizationId must be a UUID of version 4, as are all of Polar's IDs");
			this.organizationId = organizationId;
			return this;
		}

		/**
		 * Set whether the id of an event is a hash of its body rather than the id that
		 * Polar sends. The same event then has the same id, whichever way it arrives:
		 * Polar's event stream and every endpoint have a separate id for it. By default,
		 * Polar's id is used.
		 * @param identifyByBody whether to use a hash
		 * @return this builder
		 */
		public Builder identifyByBody(boolean identifyByBody) {
			this.identifyByBody = identifyByBody;
			return this;
		}

		/**
		 * Set the registry that webhooks are observed with, none by default.
		 * @param observations the registry
		 * @return this builder
		 */
		public Builder observations(ObservationRegistry observations) {
			Assert.notNull(observations, "observations must not be null");
			this.observations = observations;
			return this;
		}

		Builder clock(Clock clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Build the receiver.
		 * @return a new receiver
		 */
		public PolarWebhookReceiver build() {
			return new PolarWebhookReceiver(this);
		}

	}

	/**
	 * Operation to observe.
	 */
	@FunctionalInterface
	private interface Reception {

		PolarWebhookReceipt receive(Observation observation) throws IOException;

	}

	@SuppressWarnings("serial")
	private static final class ConsumedBodyException extends RuntimeException {

	}

}
