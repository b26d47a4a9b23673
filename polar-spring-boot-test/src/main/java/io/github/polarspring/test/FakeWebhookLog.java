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

package io.github.polarspring.test;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.polarspring.test.FakeWebhookClient.Outcome;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints, their events, and the attempts to deliver them. Thread-safe.
 */
final class FakeWebhookLog {

	private static final Log logger = LogFactory.getLog(FakeWebhookLog.class);

	static final int ATTEMPTS = 10;

	/**
	 * Number of the newest finished events that disable an endpoint if all have failed.
	 */
	private static final int FAILED_EVENTS = 10;

	private final Map<UUID, FakeEndpoint> endpoints = new LinkedHashMap<>();

	/**
	 * The endpoints of the test, as they were added.
	 */
	private final List<Supplier<FakeEndpoint>> permanent = new ArrayList<>();

	private final Map<UUID, FakeWebhook> events = new LinkedHashMap<>();

	private final List<FakeAttempt> attempts = new ArrayList<>();

	/**
	 * Add an endpoint of a test, which {@link #reset()} restores.
	 */
	synchronized void addPermanently(Supplier<FakeEndpoint> endpoint) {
		this.permanent.add(endpoint);
		add(endpoint.get());
	}

	synchronized void add(FakeEndpoint endpoint) {
		this.endpoints.put(endpoint.id, endpoint);
	}

	/**
	 * Perform an action with an endpoint that is not deleted and whose URL is known.
	 * @return the result, or {@code null} if there is no such endpoint
	 */
	synchronized <T> @Nullable T withEndpoint(UUID id, Function<FakeEndpoint, T> action) {
		FakeEndpoint endpoint = this.endpoints.get(id);
		return (endpoint != null && isVisible(endpoint)) ? action.apply(endpoint) : null;
	}

	private static boolean isVisible(FakeEndpoint endpoint) {
		return !endpoint.isDeleted() && !endpoint.isPending();
	}

	/**
	 * Return the JSON of the endpoints, newest first.
	 */
	synchronized List<Map<String, @Nullable Object>> endpoints(UUID organizationId) {
		List<Map<String, @Nullable Object>> all = new ArrayList<>();
		this.endpoints.values()
			.stream()
			.filter(FakeWebhookLog::isVisible)
			.forEach((endpoint) -> all.add(0, endpoint.toJson(organizationId)));
		return all;
	}

	/**
	 * Record an event for each endpoint that receives its type.
	 */
	synchronized List<FakeWebhook> record(String type, Function<FakeEndpoint, FakeWebhook> event) {
		List<FakeWebhook> recorded = this.endpoints.values()
			.stream()
			.filter((endpoint) -> endpoint.receives(type))
			.map(event)
			.toList();
		recorded.forEach(this::add);
		return recorded;
	}

	synchronized void add(FakeWebhook event) {
		this.events.put(event.id, event);
	}

	synchronized @Nullable FakeWebhook event(UUID id) {
		return this.events.get(id);
	}

	/**
	 * Archive an event.
	 * @return whether there is such an event
	 */
	synchronized boolean archive(UUID id) {
		FakeWebhook event = this.events.get(id);
		if (event != null) {
			event.archive();
		}
		return event != null;
	}

	/**
	 * Start an attempt.
	 * @return how to send the event, or {@code null} if it is not sent
	 */
	synchronized @Nullable Sending begin(FakeWebhook event, boolean retry) {
		FakeEndpoint endpoint = event.endpoint;
		int number = endpoint.isPending() ? 0 : event.begin(retry);
		if (number == 0) {
			return null;
		}
		URI receiver = endpoint.receiver();
		URI url = (receiver != null) ? receiver
				: FakeWebhookSchema.toUri(Objects.requireNonNullElse(endpoint.url(), ""));
		return new Sending(number, receiver, url, endpoint.signer());
	}

	/**
	 * Finish an attempt.
	 * @return whether it failed and is retried
	 */
	synchronized boolean finish(FakeWebhook event, Sending sending, Outcome outcome) {
		FakeAttempt attempt = new FakeAttempt(UUID.randomUUID(), FakeEndpoint.now(), event, sending.url(),
				sending.number(), outcome.code(), outcome.text());
		this.attempts.add(attempt);
		boolean last = sending.number() >= ATTEMPTS;
		event.finish(attempt, last);
		if (!attempt.succeeded() && last) {
			disableIfNecessary(event.endpoint);
		}
		return !attempt.succeeded() && !last;
	}

	private void disableIfNecessary(FakeEndpoint endpoint) {
		List<FakeWebhook> all = new ArrayList<>(
				this.events.values().stream().filter((event) -> event.endpoint.equals(endpoint)).toList());
		Collections.reverse(all);
		List<FakeWebhook> finished = all.stream()
			.filter((event) -> event.succeeded() != null)
			.limit(FAILED_EVENTS)
			.toList();
		if (endpoint.isEnabled() && finished.size() == FAILED_EVENTS
				&& finished.stream().noneMatch((event) -> Boolean.TRUE.equals(event.succeeded()))) {
			logger.warn(
					"The fake has disabled the webhook endpoint %s, because its ten latest events have failed. Enable it with PATCH /v1/webhooks/endpoints/%s, or reset the fake"
						.formatted(endpoint.url(), endpoint.id));
			endpoint.disable();
			all.stream().filter((event) -> event.succeeded() == null).forEach(FakeWebhook::skip);
		}
	}

	/**
	 * Return the attempts, in the order of the responses.
	 */
	synchronized List<FakeAttempt> attempts() {
		return List.copyOf(this.attempts);
	}

	/**
	 * Return the JSON of the attempts, newest first.
	 */
	synchronized List<Map<String, @Nullable Object>> deliveries() {
		List<Map<String, @Nullable Object>> all = new ArrayList<>(
				this.attempts.stream().map(FakeAttempt::toJson).toList());
		Collections.reverse(all);
		return all;
	}

	/**
	 * Return the events, newest first.
	 * @param held the events that are held back
	 */
	synchronized List<FakeEvent> events(Set<FakeWebhook> held) {
		Map<FakeWebhook, List<Delivery>> deliveries = this.attempts.stream()
			.collect(Collectors.groupingBy(FakeAttempt::event,
					Collectors.mapping(FakeAttempt::toDelivery, Collectors.toList())));
		return FakeState.newestFirst(this.events)
			.stream()
			.map((event) -> new FakeEvent(event.id.toString(), event.type, event.cause, event.text(),
					held.contains(event), event.isDuplicate(), deliveries.getOrDefault(event, List.of())))
			.toList();
	}

	/**
	 * Remove all events, and all endpoints but those of the test, which are as they were
	 * added.
	 */
	synchronized void reset() {
		this.events.clear();
		this.attempts.clear();
		this.endpoints.clear();
		this.permanent.forEach((endpoint) -> add(endpoint.get()));
	}

	/**
	 * How an event is sent.
	 *
	 * @param number the number of the attempt, starting at 1
	 * @param receiver where the event is sent, or {@code null} for nowhere
	 * @param url the URL to show
	 * @param signer the signer
	 */
	record Sending(int number, @Nullable URI receiver, URI url, WebhookSigner signer) {

	}

}
