package io.github.polarspring.autoconfigure.actuate;

import java.time.Duration;

import io.github.polarspring.webhook.jdbc.InboxBacklog;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Says when somebody has to look at the inbox. It is degraded then, not down: taking the
 * instance out of service would not help.
 */
final class InboxHealthIndicator extends AbstractHealthIndicator {

	static final Status DEGRADED = new Status("DEGRADED", "Somebody has to look at it");

	/**
	 * Longer than anything takes that works.
	 */
	static final Duration LAG = Duration.ofMinutes(1);

	private final StoredInbox inbox;

	InboxHealthIndicator(StoredInbox inbox) {
		super("The inbox for Polar's webhooks cannot be asked");
		this.inbox = inbox;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		JdbcWebhookInbox stored = this.inbox.get();
		if (stored == null) {
			builder.up();
			return;
		}
		InboxBacklog backlog = stored.backlog();
		boolean degraded = backlog.deadLetters() > 0 || backlog.oldest().compareTo(LAG) > 0;
		builder.status(degraded ? DEGRADED : Status.UP)
			.withDetail("pending", backlog.pending())
			.withDetail("oldestAge", backlog.oldest().toString())
			.withDetail("heldLanes", backlog.heldLanes())
			.withDetail("deadLetters", backlog.deadLetters());
	}

}
