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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.polarspring.test.FakeWebhookClient.Outcome;
import io.github.polarspring.test.FakeWebhookLog.Sending;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.util.Assert;

/**
 * Webhooks of a {@link PolarFake}, including faults of their delivery. As with Polar, the
 * first attempts for an endpoint are made sequentially in the order of the events. An
 * attempt without a 2xx response within ten seconds is retried up to nine times, with the
 * same ID and a new timestamp. The delay between attempts starts at 50 ms and doubles up
 * to two seconds. An endpoint is disabled when the ten newest finished events have all
 * failed, and receives nothing until it is enabled through the API or the fake is reset.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class PolarFakeWebhooks {

	private static final Log logger = LogFactory.getLog(PolarFakeWebhooks.class);

	private static final long FIRST_WAIT = 50;

	private static final long LONGEST_WAIT = 2000;

	/**
	 * Maximum time that Polar waits for the delivery before it redirects the buyer.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(15);

	/**
	 * Kinds of resources that have an event for changes.
	 */
	private static final Set<String> CHANGING = Set.of("checkout", "customer", "order", "subscription");

	/**
	 * Cause of an event that only disorder adds.
	 */
	static final String OUTDATED = "Disorder: an older state";

	private final PolarFakeStream stream;

	private final FakeWebhookLog log = new FakeWebhookLog();

	private final AtomicInteger twice = new AtomicInteger();

	private final AtomicInteger corrupt = new AtomicInteger();

	private final AtomicReference<Duration> age = new AtomicReference<>(Duration.ZERO);

	private final List<FakeWebhook> held = new ArrayList<>();

	private final FakeWebhookClient client = new FakeWebhookClient();

	private final ThreadFactory threads = threads();

	private final ExecutorService executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS,
			new SynchronousQueue<>(), this.threads);

	private final ScheduledExecutorService retries = new ScheduledThreadPoolExecutor(1, this.threads,
			new ThreadPoolExecutor.DiscardPolicy());

	/**
	 * Retries that are held back. Guarded by its own lock.
	 */
	private final List<Runnable> heldRetries = new ArrayList<>();

	private boolean holdingRetries;

	private volatile @Nullable WebhookSigner otherSigner;

	/**
	 * Number of outstanding first attempts. Guarded by its own lock.
	 */
	private final AtomicInteger pending = new AtomicInteger();

	private volatile int generation;

	private boolean holding;

	private @Nullable Random disorder;

	private @Nullable Long seed;

	/**
	 * The states of the resources in the latest events, for disorder.
	 */
	private final Map<String, JsonNode> earlier = new HashMap<>();

	PolarFakeWebhooks(PolarFakeStream stream) {
		this.stream = stream;
	}

	private static ThreadFactory threads() {
		return (task) -> {
			Thread thread = new Thread(task, "polar-fake-webhooks");
			thread.setDaemon(true);
			return thread;
		};
	}

	FakeWebhookLog log() {
		return this.log;
	}

	/**
	 * Add an endpoint that is subscribed to all events. It is part of the list of
	 * endpoints at {@code /v1/webhooks/endpoints}, where it can be changed. Unlike with
	 * Polar, the URL can be one of this machine.
	 * @param url the URL
	 * @param secret the secret to sign the events with. If it starts with {@code whsec_},
	 * followed by padded Base64, the decoded bytes are used, otherwise the text
	 */
	public void addEndpoint(URI url, String secret) {
		check(url);
		addEndpoint(() -> url, secret);
	}

	/**
	 * Add an endpoint that is subscribed to some types of events.
	 * @param url the URL
	 * @param secret the secret to sign the events with
	 * @param types the types, such as {@code order.paid}
	 */
	public void addEndpoint(URI url, String secret, Set<String> types) {
		check(url);
		Assert.isTrue(FakeWebhookSchema.TYPES.containsAll(types),
				() -> "The types of a webhook endpoint must be of " + FakeWebhookSchema.TYPES);
		List<String> sorted = types.stream().sorted().toList();
		addEndpoint(() -> url, secret, sorted);
	}

	/**
	 * Add an endpoint whose URL is not known yet.
	 * @param url a supplier of the URL, or of {@code null} as long as the URL is not
	 * known. Nothing is sent in that case
	 * @param secret the secret to sign the events with
	 */
	public void addEndpoint(Supplier<@Nullable URI> url, String secret) {
		addEndpoint(url, secret, null);
	}

	private void addEndpoint(Supplier<@Nullable URI> url, String secret, @Nullable List<String> types) {
		Assert.hasText(secret, "The secret of a webhook endpoint must not be blank");
		this.log.addPermanently(() -> new FakeEndpoint(url, secret, types));
	}

	private static void check(URI url) {
		Assert.isTrue(("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null,
				() -> "The URL of a webhook endpoint must start with http:// or https:// and a host: " + url);
	}

	/**
	 * Deliver the events of an endpoint to another URL than its own. Without this, the
	 * events of an endpoint that was created with {@code POST /v1/webhooks/endpoints} are
	 * sent nowhere, as if no connection were accepted, because the fake does not connect
	 * to other machines.
	 * @param endpointId the ID of the endpoint
	 * @param url the URL, such as one of this machine
	 */
	public void deliverTo(UUID endpointId, URI url) {
		check(url);
		Boolean found = this.log.withEndpoint(endpointId, (endpoint) -> {
			endpoint.deliverTo(url);
			return true;
		});
		Assert.state(found != null, () -> "The fake has no webhook endpoint " + endpointId);
	}

	/**
	 * Return all attempts to deliver an event, in the order of the responses.
	 * @return an immutable copy of the deliveries
	 */
	public List<Delivery> deliveries() {
		return this.log.attempts().stream().map(FakeAttempt::toDelivery).toList();
	}

	/**
	 * Send an event to every enabled endpoint that is subscribed to its type. Types that
	 * are unknown to Polar are sent to the endpoints that are subscribed to all.
	 * @param type the type of the event, which can be unknown to Polar
	 * @param data the payload as a JSON object
	 */
	public void send(String type, String data) {
		JsonNode json = JsonMapper.shared().readTree(data);
		Assert.isTrue(json.isObject(), "data must be a JSON object");
		send(type, Instant.now(), json, "Sent on request");
		await();
	}

	/**
	 * Redeliver an event, as the button in Polar's dashboard does. As with Polar, nothing
	 * is sent if the event is archived, or its endpoint is disabled.
	 * @param id the ID of the event, see {@link Delivery#id()}
	 */
	public void redeliver(String id) {
		requireEvent(id, this::submit);
		await();
	}

	/**
	 * Remove the payload of an event, as Polar does after 90 days. Such an event can no
	 * longer be redelivered.
	 * @param id the ID of the event, see {@link Delivery#id()}
	 */
	public void archive(String id) {
		requireEvent(id, this.log::archive);
	}

	private static void requireEvent(String id, Predicate<UUID> action) {
		Assert.state(FakeTransformer.isUuid(id) && action.test(UUID.fromString(id)),
				() -> "The fake has not sent an event with ID " + id);
	}

	/**
	 * Redeliver an event, without waiting for the response.
	 * @return whether there is such an event
	 */
	boolean submit(UUID id) {
		FakeWebhook event = this.log.event(id);
		if (event != null) {
			submit(event);
		}
		return event != null;
	}

	/**
	 * Send the next event twice.
	 */
	public void duplicateNext() {
		this.twice.incrementAndGet();
	}

	/**
	 * Change the body of the next event after it was signed, for its first attempt.
	 */
	public void corruptNext() {
		this.corrupt.incrementAndGet();
	}

	/**
	 * Sign all attempts of the next event with a timestamp in the past, as in a replay
	 * attack.
	 * @param age the age of the timestamp
	 */
	public void backdateNext(Duration age) {
		this.age.set(age);
	}

	/**
	 * Sign all future events with the given secret instead of the secrets of the
	 * endpoints, as after a rotation.
	 * @param secret the secret, or {@code null} to use the secrets of the endpoints
	 */
	public void signWith(@Nullable String secret) {
		this.otherSigner = (secret != null) ? WebhookSigner.of(secret) : null;
	}

	/**
	 * Hold back all events until {@link #release()} or {@link #releaseReversed()} is
	 * called.
	 */
	public synchronized void hold() {
		this.holding = true;
	}

	/**
	 * Send the events that were held back.
	 */
	public void release() {
		release(false);
	}

	/**
	 * Send the events that were held back, newest first, as after an outage.
	 */
	public void releaseReversed() {
		release(true);
	}

	/**
	 * Deliver all future events as Polar was seen to do under load: the events of an
	 * action in any order, some of them twice, and some resources also in an older state,
	 * as {@code order.updated} and the like under a new ID, with a later timestamp and a
	 * later {@code modified_at}. A listener that acts on the current resource does not
	 * notice the difference.
	 * @param seed determines what happens: the same seed leads to the same disorder
	 * @see #order()
	 */
	public synchronized void disorder(long seed) {
		this.disorder = new Random(seed);
		this.seed = seed;
	}

	/**
	 * Deliver all future events in order again.
	 */
	public synchronized void order() {
		this.disorder = null;
		this.seed = null;
	}

	/**
	 * Deliver the events that were collected since the last action.
	 */
	void deliverInDisorder() {
		this.stream.flush();
		deliverHeld();
	}

	private synchronized void deliverHeld() {
		Random random = this.disorder;
		if (random == null || this.holding) {
			return;
		}
		List<FakeWebhook> deliveries = new ArrayList<>();
		for (FakeWebhook event : this.held) {
			deliveries.add(event);
			if (random.nextInt(4) == 0) {
				deliveries.add(event);
			}
			JsonNode json = JsonMapper.shared().readTree(event.body);
			String kind = event.type.substring(0, Math.max(event.type.indexOf('.'), 0));
			JsonNode earlier = this.earlier.put(kind + json.at("/data/id"), json.path("data"));
			if (earlier instanceof ObjectNode data && CHANGING.contains(kind) && random.nextBoolean()) {
				deliveries.add(outdated(event, kind + ".updated", data.deepCopy()));
			}
		}
		this.held.clear();
		Collections.shuffle(deliveries, random);
		deliveries.forEach(this::submit);
	}

	private FakeWebhook outdated(FakeWebhook event, String type, ObjectNode data) {
		Instant now = Instant.now();
		data.put("modified_at", now.toString());
		FakeWebhook outdated = new FakeWebhook(type, event.endpoint,
				FakeWebhookFormat.body(type, now, data, event.endpoint), false, Duration.ZERO, OUTDATED);
		this.log.add(outdated);
		return outdated;
	}

	private void release(boolean reversed) {
		synchronized (this) {
			this.holding = false;
			if (reversed) {
				Collections.reverse(this.held);
			}
			this.held.forEach(this::submit);
			this.held.clear();
		}
		await();
	}

	void send(String type, Instant timestamp, Object data, String cause) {
		this.stream.publish(type, timestamp, data);
		int times = takeOne(this.twice) ? 2 : 1;
		boolean corrupt = takeOne(this.corrupt);
		Duration age = this.age.getAndSet(Duration.ZERO);
		List<FakeWebhook> events = this.log.record(type, (endpoint) -> new FakeWebhook(type, endpoint,
				FakeWebhookFormat.body(type, timestamp, data, endpoint), corrupt, age, cause));
		for (FakeWebhook event : events) {
			for (int i = 0; i < times; i++) {
				sendOrHold(event);
			}
		}
	}

	private synchronized void sendOrHold(FakeWebhook event) {
		if (this.holding || this.disorder != null) {
			this.held.add(event);
		}
		else {
			submit(event);
		}
	}

	private static boolean takeOne(AtomicInteger counter) {
		return counter.getAndUpdate((count) -> Math.max(count - 1, 0)) > 0;
	}

	private void submit(FakeWebhook event) {
		int generation = this.generation;
		synchronized (this.pending) {
			this.pending.incrementAndGet();
		}
		event.endpoint.inOrder(() -> attempt(event, false, generation), this.executor)
			.whenComplete((result, problem) -> {
				synchronized (this.pending) {
					this.pending.decrementAndGet();
					this.pending.notifyAll();
				}
			});
	}

	/**
	 * Wait for the first attempt of all events, including events that listeners cause
	 * meanwhile.
	 */
	void await() {
		deliverInDisorder();
		long end = System.nanoTime() + PATIENCE.toNanos();
		try {
			synchronized (this.pending) {
				while (this.pending.get() > 0) {
					long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
					if (left <= 0) {
						logger.warn("Webhooks of the fake have not been delivered yet");
						return;
					}
					this.pending.wait(left);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void attempt(FakeWebhook event, boolean retry, int generation) {
		Sending sending = (generation == this.generation) ? this.log.begin(event, retry) : null;
		if (sending == null) {
			return;
		}
		Outcome outcome = (sending.receiver() != null) ? post(sending.receiver(), event, sending)
				: FakeWebhookClient.UNREACHABLE;
		if (generation != this.generation) {
			return;
		}
		if (sending.number() == 1 && !outcome.isSuccess()) {
			warn(event, sending, outcome);
		}
		if (this.log.finish(event, sending, outcome)) {
			retry(() -> attempt(event, true, generation), sending.number());
		}
	}

	private void retry(Runnable attempt, int number) {
		synchronized (this.heldRetries) {
			if (this.holdingRetries) {
				this.heldRetries.add(attempt);
				return;
			}
		}
		long wait = Math.min(FIRST_WAIT << (number - 1), LONGEST_WAIT);
		this.retries.schedule(() -> this.executor.execute(attempt), wait, TimeUnit.MILLISECONDS);
	}

	/**
	 * Hold all retries back until {@link #retry()} is called.
	 */
	void holdRetries() {
		synchronized (this.heldRetries) {
			this.holdingRetries = true;
		}
	}

	/**
	 * Make the retries that were held back, including those that follow from them.
	 */
	void retry() {
		while (true) {
			List<Runnable> due;
			synchronized (this.heldRetries) {
				due = List.copyOf(this.heldRetries);
				this.heldRetries.clear();
			}
			if (due.isEmpty()) {
				return;
			}
			due.forEach(Runnable::run);
		}
	}

	private static void warn(FakeWebhook event, Sending sending, Outcome outcome) {
		if (sending.receiver() != null) {
			logger.warn("The delivery of webhook '%s' of the fake to %s failed (%s) and will be retried".formatted(
					event.type, sending.url(), (outcome.code() == null) ? "no response" : "status " + outcome.code()));
		}
		else {
			logger.warn(
					"The fake sends webhook '%s' nowhere, because it does not connect to %s. Call webhooks().deliverTo with the ID %s of the endpoint and a URL of this machine"
						.formatted(event.type, sending.url(), event.endpoint.id));
		}
	}

	private Outcome post(URI receiver, FakeWebhook event, Sending sending) {
		WebhookSigner other = this.otherSigner;
		byte[] body = event.body;
		Map<String, String> headers = new LinkedHashMap<>(((other != null) ? other : sending.signer())
			.headers(event.id.toString(), Instant.now().minus(event.age), body));
		headers.put("webhook-api-version", event.apiVersion());
		if (sending.number() == 1 && event.corrupt) {
			body = event.text().replaceFirst("\\{", "{ ").getBytes(StandardCharsets.UTF_8);
		}
		return this.client.post(receiver, headers, body);
	}

	/**
	 * Remove all events, and the endpoints that were created through the API. Those of
	 * the test are as they were added.
	 */
	void reset() {
		this.generation++;
		await();
		this.log.reset();
		this.twice.set(0);
		this.corrupt.set(0);
		this.age.set(Duration.ZERO);
		this.otherSigner = null;
		synchronized (this.heldRetries) {
			this.heldRetries.clear();
		}
		synchronized (this) {
			this.holding = false;
			this.held.clear();
			this.disorder = null;
			this.seed = null;
			this.earlier.clear();
		}
	}

	/**
	 * Return the seed of the disorder, or {@code null} if events are delivered in order.
	 */
	synchronized @Nullable Long seed() {
		return this.seed;
	}

	synchronized boolean isHolding() {
		return this.holding;
	}

	/**
	 * Return all events, newest first.
	 */
	List<FakeEvent> events() {
		Set<FakeWebhook> held;
		synchronized (this) {
			held = Set.copyOf(this.held);
		}
		return this.log.events(held);
	}

	void close() {
		this.retries.shutdownNow();
		this.executor.shutdownNow();
	}

	/**
	 * An attempt to deliver an event.
	 *
	 * @param id the ID of the event, the same for all attempts
	 * @param type the type of the event
	 * @param url the URL of the endpoint
	 * @param attempt the number of the attempt, starting at 1
	 * @param status the status of the response, or 0 if there was none
	 * @param body the event as JSON
	 */
	public record Delivery(String id, String type, URI url, int attempt, int status, String body) {

	}

}
