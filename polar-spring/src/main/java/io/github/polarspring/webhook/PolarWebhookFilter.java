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
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import io.github.polarspring.webhook.PolarWebhookException.Reason;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * The endpoint for Polar's webhooks. A filter, because it answers ahead of Spring
 * Security: the signature over the raw bytes is the authentication, and there is neither
 * session nor CSRF token. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarWebhookFilter implements Filter {

	private static final Log logger = LogFactory.getLog(PolarWebhookFilter.class);

	private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

	private static final int UNKNOWN_LENGTH = -1;

	private static final int LARGE = 64 * 1024;

	/**
	 * How many large bodies are held at a time, as long as nobody knows whether they are
	 * Polar's.
	 */
	private static final int MAX_LARGE_BODIES = 16;

	private final Supplier<PolarWebhookVerifier> verifier;

	private final Supplier<PolarWebhookInbox> inbox;

	private final Supplier<ObservationRegistry> observations;

	private final String path;

	private final long maxBodySize;

	private final @Nullable UUID organizationId;

	private final Clock clock;

	private final Semaphore largeBodies = new Semaphore(MAX_LARGE_BODIES);

	private final Map<Reason, Instant> warned = new EnumMap<>(Reason.class);

	/**
	 * Create a filter.
	 * @param verifier tells webhooks from forgeries
	 * @param inbox takes the events
	 * @param observations observes them
	 * @param path path of the endpoint within the context path
	 * @param maxBodySize what a body may have at most, in bytes
	 * @param organizationId whose events are taken, {@code null} for those that the
	 * secret signs
	 * @param clock tells the time
	 */
	public PolarWebhookFilter(Supplier<PolarWebhookVerifier> verifier, Supplier<PolarWebhookInbox> inbox,
			Supplier<ObservationRegistry> observations, String path, long maxBodySize, @Nullable UUID organizationId,
			Clock clock) {
		Assert.isTrue(maxBodySize > 0 && maxBodySize < Integer.MAX_VALUE, "maxBodySize must be 1 byte to 2 GB");
		this.verifier = verifier;
		this.inbox = inbox;
		this.observations = observations;
		this.path = path;
		this.maxBodySize = maxBodySize;
		this.organizationId = organizationId;
		this.clock = clock;
	}

	@Override
	public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain) {
		HttpServletRequest request = (HttpServletRequest) servletRequest;
		HttpServletResponse response = (HttpServletResponse) servletResponse;
		ServerHttpObservationFilter.findObservationContext(request)
			.ifPresent((context) -> context.setPathPattern(this.path));
		if (!request.getMethod().equals("POST")) {
			response.setHeader("Allow", "POST");
			answer(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Webhooks are sent by POST");
			return;
		}
		Observation observation = Observation.createNotStarted("polar.webhook", this.observations.get())
			.contextualName("polar webhook")
			.lowCardinalityKeyValue("type", "none")
			.lowCardinalityKeyValue("reason", "none")
			.lowCardinalityKeyValue("buyer", "none")
			.lowCardinalityKeyValue("outcome", "none")
			.start();
		Observation.Scope scope = observation.openScope();
		try {
			Answer answer = receiveSafely(request, observation);
			observation.lowCardinalityKeyValue("outcome", answer.name().toLowerCase(Locale.ROOT));
			answer(response, answer.status, answer.text);
		}
		finally {
			scope.close();
			observation.stop();
		}
	}

	/**
	 * No exception leaves the filter: the error page is guarded by the application.
	 */
	private Answer receiveSafely(HttpServletRequest request, Observation observation) {
		try {
			return receive(request, observation);
		}
		catch (IOException ex) {
			logger.debug("The webhook broke off", ex);
			return Answer.MALFORMED;
		}
		catch (RuntimeException ex) {
			observation.error(ex);
			logger.error("The endpoint for webhooks failed", ex);
			return Answer.FAILED;
		}
	}

	private Answer receive(HttpServletRequest request, Observation observation) throws IOException {
		PolarEvent<?> event;
		try {
			if (request.getContentLengthLong() > this.maxBodySize) {
				checkHeaders(request);
				return Answer.TOO_LARGE;
			}
			boolean large = request.getContentLengthLong() > LARGE || request.getContentLengthLong() == UNKNOWN_LENGTH;
			if (large && !this.largeBodies.tryAcquire()) {
				return Answer.LATER;
			}
			byte[] body;
			try {
				body = verifiedBody(request);
			}
			finally {
				if (large) {
					this.largeBodies.release();
				}
			}
			if (body == null) {
				return Answer.TOO_LARGE;
			}
			event = read(String.valueOf(request.getHeader("webhook-id")), body);
		}
		catch (PolarWebhookException ex) {
			observation.lowCardinalityKeyValue("reason", ex.getReason().name().toLowerCase(Locale.ROOT));
			warn(ex);
			return switch (ex.getReason()) {
				case HEADERS, MALFORMED, BODY -> Answer.MALFORMED;
				case TIMESTAMP, SIGNATURE, ORGANIZATION -> Answer.REFUSED;
			};
		}
		catch (ConsumedBodyException ex) {
			logger
				.error("The body of the webhook was read by another filter before it could be verified. Let that filter"
						+ " leave out " + this.path);
			return Answer.FAILED;
		}
		observation.lowCardinalityKeyValue("type", event.observedType())
			.lowCardinalityKeyValue("buyer", event.observedBuyer());
		try {
			return (this.inbox.get().accept(event) == PolarWebhookInbox.Receipt.ACCEPTED) ? Answer.ACCEPTED
					: Answer.LATER;
		}
		catch (RuntimeException | Error ex) {
			observation.error(ex);
			logger.error("The event %s could not be taken; Polar sends it again".formatted(event), ex);
			return Answer.FAILED;
		}
	}

	/**
	 * Check all that can be checked before the body is read.
	 */
	private void checkHeaders(HttpServletRequest request) {
		this.verifier.get()
			.checkHeaders(single(request, "webhook-id"), single(request, "webhook-timestamp"),
					single(request, "webhook-signature"));
	}

	private byte @Nullable [] verifiedBody(HttpServletRequest request) throws IOException {
		checkHeaders(request);
		byte[] body = body(request);
		if (body.length > this.maxBodySize) {
			return null;
		}
		this.verifier.get()
			.verify(single(request, "webhook-id"), single(request, "webhook-timestamp"),
					single(request, "webhook-signature"), body);
		return body;
	}

	private static @Nullable String single(HttpServletRequest request, String name) {
		Enumeration<String> values = request.getHeaders(name);
		String value = values.hasMoreElements() ? values.nextElement() : null;
		if (values.hasMoreElements()) {
			throw new PolarWebhookException(Reason.HEADERS, "The webhook has more than one header " + name);
		}
		return value;
	}

	private byte[] body(HttpServletRequest request) throws IOException {
		InputStream stream;
		try {
			stream = request.getInputStream();
		}
		catch (IllegalStateException ex) {
			throw new ConsumedBodyException();
		}
		byte[] body = stream.readNBytes((int) this.maxBodySize + 1);
		if (body.length == 0 && request.getContentLengthLong() != 0
				&& request.getContentLengthLong() != UNKNOWN_LENGTH) {
			throw new ConsumedBodyException();
		}
		return body;
	}

	private PolarEvent<?> read(String id, byte[] body) {
		PolarEvent<?> event = PolarEvent.read(id, body);
		UUID organization = event.organizationId();
		if (this.organizationId != null && organization != null && !this.organizationId.equals(organization)) {
			throw new PolarWebhookException(Reason.ORGANIZATION,
					"The webhook is of another organization than 'polar.organization-id'");
		}
		return event;
	}

	/**
	 * One warning a minute for each reason: everybody can send us rubbish.
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
		logger.warn("A webhook was refused. %s. %s".formatted(ex.getMessage(), hint(ex.getReason())));
	}

	private static String hint(Reason reason) {
		return switch (reason) {
			case HEADERS, MALFORMED -> "Polar sends each of them once; a proxy may have removed or changed them, or"
					+ " it did not come from Polar";
			case TIMESTAMP -> "Is the clock of this machine right? Otherwise it is an old webhook, sent again";
			case SIGNATURE -> "Is 'polar.webhook.secret' that of this endpoint in Polar's dashboard, and of the same"
					+ " environment? After a rotation the new one is needed, too. A proxy or filter that changes the"
					+ " body has the same effect";
			case BODY -> "It is signed by Polar: is there a newer version of polar-spring-boot?";
			case ORGANIZATION -> "Sandbox and production are different organizations";
		};
	}

	private static void answer(HttpServletResponse response, int status, String text) {
		byte[] body = (text + "\n").getBytes(StandardCharsets.US_ASCII);
		response.setStatus(status);
		response.setContentType("text/plain;charset=US-ASCII");
		response.setHeader("Cache-Control", "no-store");
		response.setContentLength(body.length);
		try {
			response.getOutputStream().write(body);
		}
		catch (IOException ex) {
			logger.debug("The answer could not be written", ex);
		}
	}

	/**
	 * What the sender is told, and no more: not why a forgery was found out.
	 */
	private enum Answer {

		ACCEPTED(HttpServletResponse.SC_ACCEPTED, "Accepted"),

		MALFORMED(HttpServletResponse.SC_BAD_REQUEST, "This is no webhook"),

		REFUSED(HttpServletResponse.SC_FORBIDDEN, "Refused"),

		TOO_LARGE(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "Too large"),

		FAILED(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "Failed"),

		LATER(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "Try again later");

		private final int status;

		private final String text;

		Answer(int status, String text) {
			this.status = status;
			this.text = text;
		}

	}

	@SuppressWarnings("serial")
	private static final class ConsumedBodyException extends RuntimeException {

	}

}
