package io.github.polarspring.autoconfigure.actuate;

import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The inbox, if it is one that can be looked into.
 */
final class StoredInbox {

	private final ObjectProvider<PolarWebhookInbox> inbox;

	StoredInbox(ObjectProvider<PolarWebhookInbox> inbox) {
		this.inbox = inbox;
	}

	@Nullable JdbcWebhookInbox get() {
		return (this.inbox.getIfAvailable() instanceof JdbcWebhookInbox stored) ? stored : null;
	}

}
