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

package io.github.polarspring.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarDeadLetters.DeadLetter;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarWebhookException;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} to show the inbox and its dead letters, and to requeue them.
 * The read operations do not expose personal data.
 */
@Endpoint(id = "polar", defaultAccess = Access.READ_ONLY)
final class PolarEndpoint {

	private static final int MAX_LISTED = 100;

	/**
	 * Fields of the payload that are assigned by Polar and are sufficient to find the
	 * object in Polar's dashboard.
	 */
	private static final List<String> SHOWN = List.of("id", "status", "customer_id", "checkout_id", "order_id",
			"subscription_id", "product_id", "benefit_id");

	private final StoredInbox inbox;

	private final PolarDeadLetters deadLetters;

	PolarEndpoint(StoredInbox inbox, PolarDeadLetters deadLetters) {
		this.inbox = inbox;
		this.deadLetters = deadLetters;
	}

	@ReadOperation
	Map<String, Object> inbox() {
		Map<String, Object> result = new LinkedHashMap<>();
		JdbcWebhookInbox stored = this.inbox.get();
		if (stored != null) {
			JdbcWebhookInbox.Backlog backlog = stored.backlog();
			result.put("pending", backlog.pending());
			result.put("oldestAge", backlog.oldest().toString());
			result.put("blockedCustomers", backlog.blockedCustomers());
			result.put("deadLetterCount", backlog.deadLetters());
		}
		result.put("deadLetters", this.deadLetters.list(MAX_LISTED));
		return result;
	}

	@ReadOperation
	@Nullable DeadLetterDetails deadLetter(@Selector String id) {
		DeadLetter letter = this.deadLetters.find(id).orElse(null);
		return (letter != null) ? DeadLetterDetails.of(letter, read(id)) : null;
	}

	private @Nullable PolarEvent<?> read(String id) {
		try {
			return this.deadLetters.read(id).orElse(null);
		}
		catch (PolarWebhookException ex) {
			return null;
		}
	}

	@WriteOperation
	Requeued requeueAll() {
		return new Requeued(this.deadLetters.requeueAll());
	}

	@WriteOperation
	Requeued requeue(@Selector String id) {
		return new Requeued(this.deadLetters.requeue(id) ? 1 : 0);
	}

	record DeadLetterDetails(DeadLetter event, boolean outOfOrder, @Nullable String buyer,
			@Nullable Map<String, String> payload) {

		static DeadLetterDetails of(DeadLetter letter, @Nullable PolarEvent<?> event) {
			return (event != null)
					? new DeadLetterDetails(letter, event.isOutOfOrder(), buyer(event), shown(event.payload()))
					: new DeadLetterDetails(letter, false, null, null);
		}

		private static Map<String, String> shown(JsonNode payload) {
			Map<String, String> shown = new LinkedHashMap<>();
			SHOWN.forEach((name) -> payload.path(name).stringValueOpt().ifPresent((value) -> shown.put(name, value)));
			return shown;
		}

		private static String buyer(PolarEvent<?> event) {
			try {
				return event.buyer().getClass().getSimpleName();
			}
			catch (PolarDataException ex) {
				return "Unreadable";
			}
		}

	}

	record Requeued(int requeued) {

	}

}
