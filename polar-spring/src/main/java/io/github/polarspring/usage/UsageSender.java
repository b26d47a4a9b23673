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

package io.github.polarspring.usage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.client.PolarClient;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

/**
 * Thread that sends the events of a store. It makes one request at a time, each with a
 * single attempt, and at most one per interval with all instances together.
 */
final class UsageSender {

	private static final Log logger = LogFactory.getLog(UsageSender.class);

	private static final int MAX_EVENTS = 500;

	private static final int MAX_SIZE = 1_000_000;

	private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

	private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(10);

	private static final Duration BETWEEN_FLUSHES = Duration.ofMillis(200);

	private static final Duration BETWEEN_DELETIONS = Duration.ofMinutes(10);

	/**
	 * Time after which Polar has certainly counted an event, and for which keys are
	 * remembered.
	 */
	private static final Duration KEPT = Duration.ofDays(1);

	private static final int CONTENT_TOO_LARGE = 413;

	private static final Pattern INDEX = Pattern.compile("events\\[(\\d+)].*");

	private final UsageStore store;

	private final PolarClient client;

	private final Clock clock;

	private final PolarUsageTemplate.Settings settings;

	private final Pause pause;

	private final AtomicLong sent = new AtomicLong();

	private @Nullable Worker worker;

	UsageSender(UsageStore store, PolarClient client, Clock clock, PolarUsageTemplate.Settings settings) {
		this(store, client, clock, settings,
				(stopping, duration) -> stopping.await(duration.toNanos(), TimeUnit.NANOSECONDS));
	}

	UsageSender(UsageStore store, PolarClient client, Clock clock, PolarUsageTemplate.Settings settings, Pause pause) {
		this.store = store;
		this.client = client;
		this.clock = clock;
		this.settings = settings;
		this.pause = pause;
	}

	synchronized void start(Runnable preparation) {
		if (this.worker == null) {
			this.worker = new Worker(preparation);
			this.worker.start();
		}
	}

	synchronized void stop() {
		Worker stopped = this.worker;
		if (stopped == null) {
			return;
		}
		this.worker = null;
		stopped.end = System.nanoTime() + this.settings.shutdownTimeout().toNanos();
		stopped.stopping.countDown();
		try {
			stopped.join(this.settings.shutdownTimeout().toMillis() + 1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.store.isVolatile() && !this.store.isEmpty()) {
			logger.error(("%d usage events were not sent to Polar before the application stopped, and are lost. To keep"
					+ " events in the database, set 'polar.usage.outbox: jdbc'")
				.formatted(this.store.backlog(this.clock.instant()).pending()));
		}
	}

	synchronized boolean isRunning() {
		return this.worker != null;
	}

	long sent() {
		return this.sent.get();
	}

	/**
	 * How the thread waits.
	 */
	@FunctionalInterface
	interface Pause {

		/**
		 * Wait until the duration is over, or the application stops.
		 * @return {@code true} if the application stops
		 */
		boolean await(CountDownLatch stopping, Duration duration) throws InterruptedException;

	}

	private final class Worker extends Thread {

		private final Runnable preparation;

		private final CountDownLatch stopping = new CountDownLatch(1);

		private volatile long end;

		private Instant nextDeletion = Instant.MIN;

		private boolean prepared;

		private int failures;

		private long turnEnd;

		/**
		 * The {@link System#nanoTime()} from which the next request is permitted.
		 */
		private long nextRequest = System.nanoTime();

		Worker(Runnable preparation) {
			super("polar-usage");
			this.preparation = preparation;
			setDaemon(true);
		}

		@Override
		public void run() {
			while (!isStopping(Duration.ZERO)) {
				Duration pause;
				try {
					pause = work();
				}
				catch (Throwable ex) {
					pause = failed(ex);
				}
				isStopping(pause);
			}
			if (UsageSender.this.store.isVolatile()) {
				flush();
			}
		}

		/**
		 * Wait, but not when the application stops.
		 */
		private boolean isStopping(Duration pause) {
			try {
				return UsageSender.this.pause.await(this.stopping, pause);
			}
			catch (InterruptedException ex) {
				// ignored, because only stop() ends the thread
				return false;
			}
		}

		/**
		 * Send a batch, if it is the turn of this instance.
		 * @return how long to wait
		 */
		private Duration work() {
			UsageStore store = UsageSender.this.store;
			if (!this.prepared) {
				this.preparation.run();
				this.prepared = true;
			}
			deleteOld();
			if (store.isEmpty()) {
				return UsageSender.this.settings.pollInterval();
			}
			if (!takeTurn()) {
				return UsageSender.this.settings.pollInterval();
			}
			Duration pause;
			try {
				send(batch());
				recovered();
				pause = untilNextRequest();
			}
			catch (PolarException ex) {
				pause = failed(ex);
			}
			moveTurn(pause);
			return pause;
		}

		/**
		 * Delete what is known about events that Polar has counted.
		 */
		private void deleteOld() {
			Instant now = UsageSender.this.clock.instant();
			if (!now.isBefore(this.nextDeletion)) {
				this.nextDeletion = now.plus(BETWEEN_DELETIONS);
				UsageSender.this.store.deleteSentBefore(now.minus(KEPT));
			}
		}

		private boolean takeTurn() {
			long now = UsageSender.this.clock.millis();
			this.turnEnd = now + UsageSender.this.settings.turn().toMillis();
			return UsageSender.this.store.take(now, this.turnEnd);
		}

		/**
		 * Let the turn end after a duration.
		 * @return {@code false} if another instance has the turn
		 */
		private boolean moveTurn(Duration duration) {
			long end = this.turnEnd;
			this.turnEnd = UsageSender.this.clock.millis() + duration.toMillis();
			return UsageSender.this.store.move(end, this.turnEnd);
		}

		private List<PendingEvent> batch() {
			List<PendingEvent> batch = new ArrayList<>();
			int size = 0;
			for (PendingEvent event : UsageSender.this.store.next(MAX_EVENTS)) {
				size += event.size();
				if (size > MAX_SIZE && !batch.isEmpty()) {
					break;
				}
				batch.add(event);
			}
			return batch;
		}

		/**
		 * Send events. If Polar rejects them because of their content, send them in
		 * parts.
		 */
		private void send(List<PendingEvent> events) {
			if (events.isEmpty()) {
				return;
			}
			Instant sentAt = UsageSender.this.clock.instant();
			try {
				ingest(events);
			}
			catch (PolarApiException | IllegalArgumentException ex) {
				if (!isRejection(ex)) {
					throw ex;
				}
				rejected(events, ex);
				return;
			}
			UsageSender.this.store.sent(events, sentAt);
			UsageSender.this.sent.addAndGet(events.size());
		}

		/**
		 * Return whether the content is the cause, so that the same request would fail
		 * again. The client throws an {@link IllegalArgumentException} for a body that
		 * Polar cannot store.
		 */
		private static boolean isRejection(RuntimeException ex) {
			return ex instanceof PolarValidationException || ex instanceof IllegalArgumentException
					|| (ex instanceof PolarApiException api && api.getStatus() == CONTENT_TOO_LARGE);
		}

		private void ingest(List<PendingEvent> events) {
			this.nextRequest = System.nanoTime() + UsageSender.this.settings.interval().toNanos();
			List<Map<String, Object>> json = events.stream()
				.map((event) -> event.toJson(UsageSender.this.clock.instant()))
				.toList();
			JsonNode response = UsageSender.this.client.call(HttpMethod.POST, "/v1/events/ingest")
				.body(Map.of("events", json))
				.withoutRetries()
				.retrieve(JsonNode.class);
			if (!response.path("inserted").isIntegralNumber()) {
				throw new PolarConnectionException(
						"The response to POST /v1/events/ingest does not say how many events were inserted", null);
			}
		}

		private void rejected(List<PendingEvent> events, RuntimeException ex) {
			if (events.size() == 1) {
				PendingEvent event = events.get(0);
				String failure = String.valueOf(ex.getMessage());
				UsageSender.this.store.reject(event, failure, UsageSender.this.clock.instant());
				logger.warn("The usage event %s ('%s') was moved to the dead letters and is not billed: %s"
					.formatted(event.id(), event.name(), failure));
				return;
			}
			for (List<PendingEvent> part : parts(events, ex)) {
				boolean proceed = isStopping(untilNextRequest()) ? UsageSender.this.store.isVolatile()
						: moveTurn(UsageSender.this.settings.turn());
				if (!proceed) {
					return;
				}
				send(part);
			}
		}

		/**
		 * Split rejected events. If Polar names a few of them, send the others together,
		 * and halve them otherwise.
		 */
		private static List<List<PendingEvent>> parts(List<PendingEvent> events, RuntimeException ex) {
			TreeSet<Integer> named = new TreeSet<>();
			if (ex instanceof PolarValidationException validation) {
				validation.getFieldErrors().forEach((error) -> {
					Matcher index = INDEX.matcher(error.field());
					if (index.matches() && index.group(1).length() < 6) {
						named.add(Integer.valueOf(index.group(1)));
					}
				});
			}
			int middle = events.size() / 2;
			if (named.isEmpty() || named.size() > middle || named.last() >= events.size()) {
				return List.of(events.subList(0, middle), events.subList(middle, events.size()));
			}
			List<PendingEvent> others = new ArrayList<>();
			List<List<PendingEvent>> parts = new ArrayList<>(List.of(others));
			for (int i = 0; i < events.size(); i++) {
				if (named.contains(i)) {
					parts.add(List.of(events.get(i)));
				}
				else {
					others.add(events.get(i));
				}
			}
			return parts;
		}

		private Duration untilNextRequest() {
			return Duration.ofNanos(Math.max(0, this.nextRequest - System.nanoTime()));
		}

		/**
		 * Send everything that would be lost, until the time is up.
		 */
		private void flush() {
			while (!UsageSender.this.store.isEmpty() && System.nanoTime() - this.end < 0) {
				try {
					send(batch());
				}
				catch (RuntimeException ex) {
					logger.debug("Usage events could not be sent while the application stops", ex);
					pauseOfFlush();
				}
			}
		}

		private void pauseOfFlush() {
			try {
				Thread.sleep(BETWEEN_FLUSHES.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		/**
		 * Log the second failure in a row, because a single one is not unusual, and
		 * nothing afterwards.
		 * @return how long to wait
		 */
		private Duration failed(Throwable ex) {
			this.failures++;
			String message = "Usage events cannot be sent to Polar. They wait %s, and sending is retried"
				.formatted(UsageSender.this.store.isVolatile() ? "in memory" : "in the database");
			if (this.failures != 2) {
				logger.debug(message, ex);
			}
			else if (ex instanceof PolarException) {
				logger.warn(message + ": " + ex.getMessage());
			}
			else {
				logger.error(message, ex);
			}
			long pause = Math.min(MAX_PAUSE.toMillis(),
					UsageSender.this.settings.pollInterval().toMillis() << Math.min(this.failures - 1, 10));
			Duration delay = Duration.ofMillis(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
			Duration retryAfter = (ex instanceof PolarApiException api) ? api.getRetryAfter() : null;
			if (retryAfter != null && retryAfter.compareTo(delay) > 0) {
				delay = (retryAfter.compareTo(MAX_RETRY_AFTER) < 0) ? retryAfter : MAX_RETRY_AFTER;
			}
			Duration untilNextRequest = untilNextRequest();
			return (delay.compareTo(untilNextRequest) > 0) ? delay : untilNextRequest;
		}

		private void recovered() {
			if (this.failures > 1) {
				logger.info("Usage events are sent to Polar again");
			}
			this.failures = 0;
		}

	}

}
