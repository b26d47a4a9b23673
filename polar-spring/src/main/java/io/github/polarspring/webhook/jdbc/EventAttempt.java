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

package io.github.polarspring.webhook.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarApiVersionException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventAnnouncements;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarEventListeners.Listener;
import io.github.polarspring.webhook.PolarWebhookException;
import io.github.polarspring.webhook.jdbc.InboxStore.Row;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Attempt to handle the first event of a lane. Each listener runs in a separate
 * transaction, in which it is also marked as complete.
 */
final class EventAttempt {

	private static final Log logger = LogFactory.getLog(EventAttempt.class);

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	private static final Duration MAX_DELAY = Duration.ofMinutes(1);

	/**
	 * Minimum time for which an event is held because of an outage of Polar, which is
	 * longer than what is reasonable for a listener that fails.
	 */
	private static final Duration OUTAGE = Duration.ofDays(1);

	/**
	 * How long after a failed read another outage is expected.
	 */
	private static final Duration SUSPICION = Duration.ofMinutes(1);

	private static final String OUTAGE_MARK = " while reading from Polar";

	private static final Set<Integer> UNAVAILABLE = Set.of(502, 503, 504);

	private final InboxStore store;

	private final PolarEventListeners listeners;

	private final PolarEventAnnouncements announcements;

	private final Duration holdFor;

	private final Clock clock;

	private final Function<String, Runnable> waiting;

	/**
	 * Lanes that a worker of this instance handles. Between the calls of two listeners,
	 * the first event is not locked. Another worker that takes it then would let a
	 * listener wait for the next attempt, or wait for Polar as well.
	 */
	private final Set<String> handling = ConcurrentHashMap.newKeySet();

	/**
	 * Lanes for which a worker reads from Polar.
	 */
	private final Set<String> reading = ConcurrentHashMap.newKeySet();

	private volatile Instant suspectedUntil = Instant.MIN;

	EventAttempt(InboxStore store, PolarEventListeners listeners, PolarEventAnnouncements announcements,
			Duration holdFor, Clock clock, Function<String, Runnable> waiting) {
		this.store = store;
		this.listeners = listeners;
		this.announcements = announcements;
		this.holdFor = holdFor;
		this.clock = clock;
		this.waiting = waiting;
	}

	/**
	 * Handle the first event of a lane.
	 * @return {@code true} if there may be another event to handle in the lane
	 */
	boolean handleFirst(String lane) {
		if (!this.handling.add(lane)) {
			return false;
		}
		Progress progress = new Progress();
		try {
			while (next(lane, progress)) {
				// call its next listener
			}
			return finish(progress);
		}
		finally {
			if (progress.reading) {
				this.reading.remove(lane);
			}
			this.handling.remove(lane);
		}
	}

	/**
	 * Call the next listener.
	 * @return whether there may be another one
	 */
	private boolean next(String lane, Progress progress) {
		progress.calling = null;
		try {
			boolean next = Boolean.TRUE.equals(this.store.inTransaction(() -> nextInTransaction(lane, progress)));
			Unprepared unprepared = progress.unprepared;
			if (unprepared != null) {
				// without a transaction, which would hold a connection while Polar
				// responds
				progress.prepared = new Prepared(unprepared.listener().key(),
						this.listeners.arguments(unprepared.listener(), unprepared.event()));
				progress.unprepared = null;
				this.suspectedUntil = Instant.MIN;
			}
			return next;
		}
		catch (RuntimeException | Error ex) {
			Listener listener = progress.calling;
			if (listener == null) {
				throw ex;
			}
			progress.failed.add(listener.key());
			boolean outage = progress.unprepared != null && isOutage(ex);
			if (outage) {
				this.suspectedUntil = this.clock.instant().plus(SUSPICION);
			}
			progress.failed(new Failure(listener.name(), ex, outage));
			progress.unprepared = null;
			// the failure can have occurred after the commit
			progress.done = progress.done && progress.row != null && this.store.isDone(progress.row.id());
			return !progress.done;
		}
	}

	/**
	 * Return whether Polar could not be read for a reason that says nothing about the
	 * event or the listener, such as an outage, a wrong access token, or a gateway that
	 * responds instead of Polar. A crash of Polar (500) can be caused by the resource.
	 */
	private static boolean isOutage(Throwable ex) {
		return ex instanceof PolarConnectionException || ex instanceof PolarRateLimitException
				|| ex instanceof PolarSaturationException || ex instanceof PolarAuthenticationException
				|| ex instanceof PolarPermissionException || (ex instanceof PolarApiException api
						&& (UNAVAILABLE.contains(api.getStatus()) || isOfAnotherServer(api)));
	}

	private static boolean isOfAnotherServer(PolarApiException ex) {
		return ex instanceof PolarApiVersionException
				|| (ex.getStatus() < 500 && ex.getError() == null && ex.getDetail() == null);
	}

	/**
	 * Reserve a lane for this worker to read from Polar. After an outage, one worker
	 * reads at a time, so that the others handle events that need no call.
	 */
	private synchronized boolean reserve(String lane, Progress progress) {
		if (!progress.reading) {
			boolean outage = this.clock.instant().isBefore(this.suspectedUntil);
			progress.reading = (!outage || this.reading.isEmpty()) && this.reading.add(lane);
		}
		return progress.reading;
	}

	private boolean nextInTransaction(String lane, Progress progress) {
		Row row = this.store.lockFirst(lane, this.clock.instant());
		if (row == null || (progress.row != null && !progress.row.id().equals(row.id()))) {
			return false;
		}
		if (progress.row == null) {
			progress.waiting = this.waiting.apply(row.id());
		}
		progress.row = row;
		PolarEvent<?> event;
		try {
			event = row.event();
		}
		catch (PolarWebhookException ex) {
			progress.failed(new Failure("The inbox", ex, false));
			return false;
		}
		List<Listener> listeners = this.listeners.to(event);
		List<Listener> remaining = listeners.stream()
			.filter((listener) -> !row.handledBy().contains(listener.key()))
			.toList();
		Set<String> missing = missing(row, listeners);
		for (Listener listener : remaining) {
			if (!progress.failed.contains(listener.key())) {
				progress.calling = listener;
				Prepared prepared = progress.prepared;
				progress.prepared = null;
				if (prepared != null && !prepared.listener().equals(listener.key())) {
					prepared = null;
				}
				if (prepared == null && listener.reads(event)) {
					if (!reserve(lane, progress)) {
						return false;
					}
					progress.unprepared = new Unprepared(listener, event);
					return true;
				}
				call(listener, event, prepared);
				progress.done = remaining.size() == 1 && missing.isEmpty();
				if (progress.done) {
					this.store.done(row.id(), this.clock.instant());
				}
				else {
					Set<String> handledBy = new TreeSet<>(row.handledBy());
					handledBy.add(listener.key());
					this.store.markHandledBy(row.id(), handledBy);
				}
				return !progress.done;
			}
		}
		if (!missing.isEmpty()) {
			progress.failed(new Failure(missing.iterator().next(), new MissingListenerException(), false));
		}
		else if (remaining.isEmpty()) {
			this.store.done(row.id(), this.clock.instant());
			progress.done = true;
		}
		return false;
	}

	/**
	 * Return the listeners that exist in the instance that received the event but not in
	 * this one, most likely because it runs another version of the application.
	 */
	private static Set<String> missing(Row row, List<Listener> listeners) {
		Set<String> missing = new TreeSet<>(row.wantedBy());
		missing.removeAll(row.handledBy());
		listeners.forEach((listener) -> missing.remove(listener.key()));
		return missing;
	}

	private void call(Listener listener, PolarEvent<?> event, @Nullable Prepared prepared) {
		try {
			if (prepared != null) {
				this.listeners.call(listener, event, prepared.arguments());
			}
			else {
				this.listeners.call(listener, event);
			}
		}
		finally {
			// do not pass an interrupt on to the next listener
			Thread.interrupted();
		}
	}

	private boolean finish(Progress progress) {
		Row row = progress.row;
		if (row == null) {
			return false;
		}
		Failure failure = progress.failure;
		if (!progress.done) {
			// without a failure, another worker handles it
			return failure != null && fail(row, failure, progress.waiting);
		}
		if (failure != null) {
			log(row, failure, "failed after its transaction was committed, for the event");
		}
		progress.waiting.run();
		PolarEvent<?> event = row.event();
		if (this.listeners.to(event).isEmpty()) {
			this.announcements.withoutListener(event);
		}
		this.announcements.done(event);
		return true;
	}

	/**
	 * Record the failed attempt, and retry the event later or move it to the dead
	 * letters.
	 * @return whether its lane continues
	 */
	private boolean fail(Row row, Failure failure, Runnable waiting) {
		Instant now = this.clock.instant();
		Instant since = (row.failingSince() != null && failure.continues(row.failure())) ? row.failingSince() : now;
		boolean outage = failure.outage() && this.holdFor.compareTo(OUTAGE) < 0;
		Instant until = since.plus(outage ? OUTAGE : this.holdFor);
		boolean giveUp = !now.isBefore(until);
		Instant next = now.plus(delay(row.attempts()));
		Instant due = next.isBefore(until) ? next : until;
		if (!this.store.failed(row.id(), row.attempts(), failure.summary(), since, giveUp ? null : due, now)) {
			log(row, failure, "failed, while another worker handled it, for the event");
			return false;
		}
		waiting.run();
		if (row.attempts() == 0) {
			log(row, failure, "failed for the event");
		}
		else {
			logger.debug("%s failed again for the event %s".formatted(failure.source(), row.describe()),
					failure.exception());
		}
		if (giveUp) {
			logger.warn(("The event %s was moved to the dead letters after %d attempt(s): %s. Later events of"
					+ " the same customer are no longer blocked. Fix the cause, then requeue the event")
				.formatted(row.describe(), row.attempts() + 1, failure.summary()));
		}
		return giveUp;
	}

	private static void log(Row row, Failure failure, String what) {
		logger.error("%s %s %s".formatted(failure.source(), what, row.describe()), failure.exception());
	}

	private static Duration delay(int attempts) {
		long delay = Math.min(MAX_DELAY.toMillis(), FIRST_DELAY.toMillis() << Math.min(attempts, 10));
		return Duration.ofMillis(delay * 3 / 4 + ThreadLocalRandom.current().nextLong(delay / 4 + 1));
	}

	private static final class Progress {

		private final Set<String> failed = new HashSet<>();

		private @Nullable Row row;

		/**
		 * Releases the request that waits for the event now, but none that waits for its
		 * next delivery.
		 */
		private Runnable waiting = () -> {
		};

		private @Nullable Listener calling;

		private boolean reading;

		private @Nullable Unprepared unprepared;

		private @Nullable Prepared prepared;

		private @Nullable Failure failure;

		private boolean done;

		void failed(Failure failure) {
			this.failure = (this.failure != null) ? this.failure : failure;
		}

	}

	/**
	 * Listener whose arguments are to be read from Polar.
	 */
	private record Unprepared(Listener listener, PolarEvent<?> event) {

	}

	private record Prepared(String listener, @Nullable Object[] arguments) {

	}

	private record Failure(String source, Throwable exception, boolean outage) {

		/**
		 * Return a summary without the message of the exception, which can contain
		 * personal data.
		 */
		String summary() {
			return this.source + ": " + this.exception.getClass().getName() + (this.outage ? OUTAGE_MARK : "");
		}

		/**
		 * Return whether this failure is of the same kind as the previous one. The time
		 * of an outage does not count for a listener that fails afterwards.
		 */
		boolean continues(@Nullable String previous) {
			return (previous != null && previous.endsWith(OUTAGE_MARK)) == this.outage;
		}

	}

	@SuppressWarnings("serial")
	private static final class MissingListenerException extends RuntimeException {

		MissingListenerException() {
			super("The listener existed when the event was received, but is not in this version of the application");
		}

	}

}
