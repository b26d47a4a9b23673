package io.github.polarspring.autoconfigure.actuate;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarDeadLetters.DeadLetter;
import io.github.polarspring.webhook.jdbc.InboxBacklog;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows the inbox and its dead letters, and puts them back. Whoever may only read sees no
 * personal data.
 */
@Endpoint(id = "polar", defaultAccess = Access.READ_ONLY)
final class PolarEndpoint {

	private static final int MAX_LISTED = 100;

	private final StoredInbox inbox;

	PolarEndpoint(StoredInbox inbox) {
		this.inbox = inbox;
	}

	@ReadOperation
	Map<String, Object> inbox() {
		JdbcWebhookInbox stored = this.inbox.get();
		if (stored == null) {
			return Map.of("storesEvents", false);
		}
		InboxBacklog backlog = stored.backlog();
		Map<String, Object> result = new LinkedHashMap<>();
		result.put("storesEvents", true);
		result.put("pending", backlog.pending());
		result.put("oldestAge", backlog.oldest().toString());
		result.put("heldLanes", backlog.heldLanes());
		result.put("deadLetterCount", backlog.deadLetters());
		result.put("deadLetters", stored.deadLetters().list(MAX_LISTED).stream().map(DeadLetterSummary::of).toList());
		return result;
	}

	@ReadOperation
	@Nullable DeadLetterDetails deadLetter(@Selector String id) {
		PolarDeadLetters deadLetters = deadLetters();
		return (deadLetters != null) ? deadLetters.find(id).map(DeadLetterDetails::of).orElse(null) : null;
	}

	@WriteOperation
	Requeued requeueAll() {
		PolarDeadLetters deadLetters = deadLetters();
		return new Requeued((deadLetters != null) ? deadLetters.requeueAll() : 0);
	}

	@WriteOperation
	Requeued requeue(@Selector String id) {
		PolarDeadLetters deadLetters = deadLetters();
		return new Requeued((deadLetters != null && deadLetters.requeue(id)) ? 1 : 0);
	}

	private @Nullable PolarDeadLetters deadLetters() {
		JdbcWebhookInbox stored = this.inbox.get();
		return (stored != null) ? stored.deadLetters() : null;
	}

	record DeadLetterSummary(String id, String type, Instant receivedAt, Instant parkedAt, int attempts,
			@Nullable String failure) {

		static DeadLetterSummary of(DeadLetter letter) {
			return new DeadLetterSummary(letter.event().id(), letter.event().type(), letter.receivedAt(),
					letter.parkedAt(), letter.attempts(), letter.failure());
		}

	}

	record DeadLetterDetails(DeadLetterSummary event, boolean outOfOrder, String buyer, @Nullable Object payload) {

		static DeadLetterDetails of(DeadLetter letter) {
			return new DeadLetterDetails(DeadLetterSummary.of(letter), letter.event().isOutOfOrder(),
					letter.event().buyer().getClass().getSimpleName(), RedactedPayload.of(letter.event().payload()));
		}

	}

	record Requeued(int requeued) {

	}

}
