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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * Event stream of a {@link PolarFake}, from which Polar's command line relays webhooks to
 * the machine of a developer: {@code GET /v1/cli/listen/{organization id}}. As with
 * Polar, each listener receives all events, whether or not there is an endpoint for them,
 * and what happens between two connections is lost. Thread-safe.
 *
 * @since 0.1.0
 */
public final class PolarFakeStream {

	private static final Duration LIFETIME = Duration.ofMinutes(10);

	private static final Duration PING = Duration.ofSeconds(15);

	private static final int OVERSIZED = 10 * 1024 * 1024;

	private final Supplier<UUID> organizationId;

	private final Set<FakeListener> listeners = ConcurrentHashMap.newKeySet();

	/**
	 * Messages that are sent in another order.
	 */
	private final List<Consumer<FakeListener>> shuffled = new ArrayList<>();

	private volatile Duration lifetime = LIFETIME;

	private volatile Duration pingInterval = PING;

	private volatile boolean silent;

	private boolean truncating;

	private @Nullable Random random;

	PolarFakeStream(Supplier<UUID> organizationId) {
		this.organizationId = organizationId;
	}

	/**
	 * Return the number of programs that are listening. Those that have closed their
	 * connection do not count.
	 * @return the number of open connections
	 */
	public int listeners() {
		this.listeners.removeIf(FakeListener::isClosed);
		return this.listeners.size();
	}

	/**
	 * Send a test event to all listeners, as {@code polar trigger} does: it is marked
	 * with the header {@code x-polar-triggered}, and nothing has happened.
	 * @param type the type of the event
	 * @param data the payload as a JSON object
	 * @throws IllegalStateException if no program is listening
	 */
	public void trigger(String type, String data) {
		JsonNode json = JsonMapper.shared().readTree(data);
		Assert.isTrue(json.isObject(), "data must be a JSON object");
		Assert.state(listeners() > 0, "No program is listening to the event stream of the fake");
		send(message(type, Instant.now(), json, true));
		flush();
	}

	/**
	 * Set how long a connection lasts before the listener is told to connect again, until
	 * the fake is reset. Applies to open connections, too.
	 * @param lifetime the duration, ten minutes by default
	 */
	public void lifetime(Duration lifetime) {
		Assert.isTrue(!lifetime.isNegative() && !lifetime.isZero(), "lifetime must be positive");
		this.lifetime = lifetime;
		this.listeners.forEach(FakeListener::wake);
	}

	/**
	 * Set the interval of the comments that keep a connection open, until the fake is
	 * reset. Applies to open connections, too.
	 * @param interval the duration, 15 seconds by default
	 */
	public void pingInterval(Duration interval) {
		Assert.isTrue(!interval.isNegative() && !interval.isZero(), "interval must be positive");
		this.pingInterval = interval;
		this.listeners.forEach(FakeListener::wake);
	}

	/**
	 * Tell all listeners to connect again, and end their connections.
	 */
	public void reconnect() {
		end(FakeListener::reconnect);
	}

	/**
	 * Accept connections, but send nothing at all on them, until the fake is reset. Open
	 * connections receive nothing more, either.
	 */
	public void silence() {
		this.silent = true;
		this.listeners.forEach(FakeListener::silence);
	}

	/**
	 * Send a message that is not valid JSON to all listeners.
	 */
	public void sendGarbage() {
		this.listeners
			.forEach((listener) -> listener.send("data: {\"key\": \"webhook.created\", \"payload\": \r\n\r\n"));
	}

	/**
	 * Send an event of 10 MB to all listeners.
	 */
	public void sendOversized() {
		send(message("customer.updated", Instant.now(), Map.of("id", "x".repeat(OVERSIZED)), false));
		flush();
	}

	/**
	 * Close all connections in the middle of the next event.
	 */
	public synchronized void truncateNext() {
		this.truncating = true;
	}

	/**
	 * Send the events of each future action in any order, as Polar does, until the fake
	 * is reset.
	 * @param seed determines the order: the same seed leads to the same order
	 */
	public synchronized void disorder(long seed) {
		this.random = new Random(seed);
	}

	/**
	 * Send an event, if there are listeners.
	 */
	void publish(String type, Instant timestamp, Object data) {
		if (!this.listeners.isEmpty()) {
			send(message(type, timestamp, data, false));
		}
	}

	private void send(Consumer<FakeListener> message) {
		synchronized (this) {
			if (this.random != null) {
				this.shuffled.add(message);
				return;
			}
		}
		this.listeners.forEach(message);
	}

	/**
	 * Send the events that were collected since the last action.
	 */
	void flush() {
		List<Consumer<FakeListener>> due;
		synchronized (this) {
			if (this.random == null) {
				return;
			}
			due = new ArrayList<>(this.shuffled);
			this.shuffled.clear();
			Collections.shuffle(due, this.random);
		}
		due.forEach(this.listeners::forEach);
	}

	/**
	 * Return a message for all listeners. As with Polar, its IDs differ from those of the
	 * same event for an endpoint, and each listener has a separate timestamp.
	 */
	private Consumer<FakeListener> message(String type, Instant timestamp, Object data, boolean triggered) {
		String text = JsonMapper.shared()
			.writeValueAsString(FakeWebhookFormat.raw(type, timestamp, data, FakeTransformer.CURRENT_VERSION));
		String id = UUID.randomUUID().toString();
		String eventId = UUID.randomUUID().toString();
		boolean truncated;
		synchronized (this) {
			truncated = this.truncating;
			this.truncating = false;
		}
		return (listener) -> {
			Map<String, Object> headers = new LinkedHashMap<>();
			headers.put("user-agent", "polar.sh webhooks");
			headers.put("content-type", "application/json");
			headers.putAll(WebhookSigner.legacy(secret())
				.headers(eventId, Instant.now(), text.getBytes(StandardCharsets.UTF_8)));
			if (triggered) {
				headers.put("x-polar-triggered", "true");
			}
			Map<String, Object> payload = new LinkedHashMap<>();
			payload.put("webhook_event_id", eventId);
			payload.put("payload", text);
			Map<String, Object> envelope = new LinkedHashMap<>();
			envelope.put("id", id);
			envelope.put("key", "webhook.created");
			envelope.put("payload", payload);
			envelope.put("headers", headers);
			String message = FakeListener.data(envelope);
			if (truncated) {
				listener.breakOff(message.substring(0, message.length() / 2));
			}
			else {
				listener.send(message);
			}
		};
	}

	/**
	 * Return the secret of the signatures: the ID of the organization without dashes.
	 */
	String secret() {
		return this.organizationId.get().toString().replace("-", "");
	}

	Duration lifetime() {
		return this.lifetime;
	}

	Duration pingInterval() {
		return this.pingInterval;
	}

	boolean isSilent() {
		return this.silent;
	}

	void add(FakeListener listener) {
		this.listeners.add(listener);
	}

	void remove(FakeListener listener) {
		this.listeners.remove(listener);
	}

	private void end(Consumer<FakeListener> action) {
		List<FakeListener> ended = List.copyOf(this.listeners);
		ended.forEach(this.listeners::remove);
		ended.forEach(action);
	}

	/**
	 * End all connections, and restore the defaults.
	 */
	void reset() {
		end(FakeListener::end);
		this.lifetime = LIFETIME;
		this.pingInterval = PING;
		this.silent = false;
		synchronized (this) {
			this.truncating = false;
			this.random = null;
			this.shuffled.clear();
		}
	}

}
