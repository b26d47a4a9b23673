package io.github.polarspring.autoconfigure.webhook;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.webhook.PolarEventAnnouncements;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookInbox;

/**
 * Creates an inbox that stores events. Whether it is wanted is known when the application
 * runs, whether it is possible when it is built.
 */
@FunctionalInterface
interface StoredInboxFactory {

	PolarWebhookInbox create(PolarEventListeners listeners, PolarEventAnnouncements announcements);

	static StoredInboxFactory missing() {
		throw new PolarConfigurationException(
				"'polar.webhook.inbox' is 'jdbc', and the application has no Spring JDBC.",
				"Add the dependency 'spring-boot-starter-jdbc' (or '-data-jpa') and the driver of your database, or set"
						+ " 'polar.webhook.inbox: direct'.");
	}

}
