package io.github.polarspring.webhook.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import io.github.polarspring.webhook.PolarEventAnnouncements;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarEventListeners.Listener;
import io.github.polarspring.webhook.jdbc.InboxStore.Row;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Handles the first event of a lane: each listener in a transaction of its own, together
 * with the mark that it is done.
 */
final class EventAttempt {

	private static final Log logger = LogFactory.getLog(EventAttempt.class);

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	private static final Duration MAX_DELAY = Duration.ofMinutes(1);

	private final InboxStore store;

	private final PolarEventListeners listeners;

	private final PolarEventAnnouncements announcements;

	private final Duration holdFor;

	private final Clock clock;

	private final Consumer<String> handled;

	EventAttempt(InboxStore store, PolarEventListeners listeners, PolarEventAnnouncements announcements,
			Duration holdFor, Clock clock, Consumer<String> handled) {
		this.store = store;
		this.listeners = listeners;
		this.announcements = announcements;
		this.holdFor = holdFor;
		this.clock = clock;
		this.handled = handled;
	}

	/**
	 * Handle the first event of a lane.
	 * @return {@code true} if there may be another one to handle in it
	 */
	boolean firstOf(String lane) {
		Progress progress = new Progress();
		while (true) {
			progress.calling = null;
			Step step;
			try {
				step = this.store.inTransaction(() -> next(lane, progress));
			}
			catch (RuntimeException | Error ex) {
				if (progress.calling == null) {
					throw ex;
				}
				progress.failed(ex);
				step = Step.CALLED;
			}
			if (step == Step.CALLED) {
				continue;
			}
			Row row = progress.row;
			if (step == Step.DONE && row != null) {
				this.announcements.done(row.event());
				this.handled.accept(row.id());
				return true;
			}
			if (row != null && progress.failure != null) {
				boolean held = fail(row, progress.failure);
				this.handled.accept(row.id());
				return !held;
			}
			return false;
		}
	}

	/**
	 * Call the next listener, in a transaction that holds the event.
	 */
	private Step next(String lane, Progress progress) {
		Row row = this.store.lockFirst(lane, this.clock.instant());
		if (row == null || (progress.row != null && !progress.row.id().equals(row.id()))) {
			return Step.NOTHING;
		}
		progress.row = row;
		List<Listener> remaining = this.listeners.to(row.event())
			.stream()
			.filter((listener) -> !row.handledBy().contains(listener.key()))
			.toList();
		if (remaining.isEmpty()) {
			this.store.done(row.id(), this.clock.instant());
			return Step.DONE;
		}
		for (Listener listener : remaining) {
			if (!progress.failed.contains(listener.key())) {
				progress.calling = listener;
				this.listeners.call(listener, row.event());
				if (remaining.size() == 1) {
					this.store.done(row.id(), this.clock.instant());
					return Step.DONE;
				}
				Set<String> handledBy = new TreeSet<>(row.handledBy());
				handledBy.add(listener.key());
				this.store.handledBy(row.id(), handledBy);
				return Step.CALLED;
			}
		}
		return Step.NOTHING;
	}

	/**
	 * Count the attempt, and try again later or give the event up.
	 * @return whether it still holds up its lane
	 */
	private boolean fail(Row row, Failure failure) {
		Instant now = this.clock.instant();
		Instant since = (row.failingSince() != null) ? row.failingSince() : now;
		Instant until = since.plus(this.holdFor);
		boolean giveUp = !now.isBefore(until);
		Instant next = now.plus(delay(row.attempts()));
		Instant due = next.isBefore(until) ? next : until;
		if (!this.store.failed(row.id(), row.attempts(), failure.summary(), since, giveUp ? null : due, now)) {
			return false;
		}
		log(row, failure, giveUp);
		return !giveUp;
	}

	private static void log(Row row, Failure failure, boolean giveUp) {
		String failed = "%s failed for the event %s".formatted(failure.listener(), row.event());
		if (row.attempts() == 0) {
			logger.error(failed + (giveUp ? "" : "; it is tried again"), failure.exception());
		}
		else {
			logger.debug(failed + " again", failure.exception());
		}
		if (giveUp) {
			logger.warn(("The event %s is parked after %d attempt(s): %s. The following events of its customer go on"
					+ " without it. To have it handled, put it back when the cause is gone")
				.formatted(row.event(), row.attempts() + 1, failure.summary()));
		}
	}

	private static Duration delay(int attempts) {
		long delay = Math.min(MAX_DELAY.toMillis(), FIRST_DELAY.toMillis() << Math.min(attempts, 10));
		return Duration.ofMillis(delay * 3 / 4 + ThreadLocalRandom.current().nextLong(delay / 4 + 1));
	}

	private enum Step {

		/**
		 * A listener was called, there may be another one.
		 */
		CALLED,

		/**
		 * The event is done.
		 */
		DONE,

		/**
		 * There is nothing to handle, or nobody left to call.
		 */
		NOTHING

	}

	private static final class Progress {

		private final Set<String> failed = new HashSet<>();

		private @Nullable Row row;

		private @Nullable Listener calling;

		private @Nullable Failure failure;

		void failed(Throwable ex) {
			Listener listener = this.calling;
			if (listener != null) {
				this.failed.add(listener.key());
				if (this.failure == null) {
					this.failure = new Failure(listener.name(), ex);
				}
			}
		}

	}

	private record Failure(String listener, Throwable exception) {

		/**
		 * Without the exception's message: it can hold what is nobody's business.
		 */
		String summary() {
			return this.listener + ": " + this.exception.getClass().getName();
		}

	}

}
