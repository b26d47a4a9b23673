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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.util.Assert;

/**
 * Webhooks of a {@link PolarFake}, including faults of their delivery. As with Polar, the
 * first attempts are made sequentially in the order of the events. An attempt without a
 * 2xx response within ten seconds is retried up to nine times, with the same ID and a new
 * timestamp. The delay between attempts starts at 50 ms and doubles up to two seconds.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class PolarFakeWebhooks {

	private static final Log logger = LogFactory.getLog(PolarFakeWebhooks.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final int ATTEMPTS = 10;

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

	private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();

	private final List<Delivery> deliveries = Collections.synchronizedList(new ArrayList<>());

	private final Map<String, Event> events = Collections.synchronizedMap(new LinkedHashMap<>());

	private final AtomicInteger twice = new AtomicInteger();

	private final AtomicInteger corrupt = new AtomicInteger();

	private final AtomicReference<Duration> age = new AtomicReference<>(Duration.ZERO);

	private final List<Event> held = new ArrayList<>();

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(2))
		.build();

	private final ScheduledExecutorService executor = executor();

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

	PolarFakeWebhooks() {
	}

	private static ScheduledExecutorService executor() {
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = Executors.defaultThreadFactory().newThread(task);
			thread.setName("polar-fake-webhooks");
			thread.setDaemon(true);
			return thread;
		});
		executor.setRemoveOnCancelPolicy(true);
		return executor;
	}

	/**
	 * Add an endpoint, which receives all future events.
	 * @param url the URL
	 * @param secret the secret to sign the events with. If it starts with {@code whsec_},
	 * followed by padded Base64, the decoded bytes are used, otherwise the text
	 */
	public void addEndpoint(URI url, String secret) {
		Assert.isTrue(("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null,
				() -> "The URL of a webhook endpoint must start with http:// or https:// and a host: " + url);
		Assert.hasText(secret, "The secret of a webhook endpoint must not be blank");
		addEndpoint(() -> url, secret);
	}

	/**
	 * Add an endpoint whose URL is not known yet.
	 * @param url a supplier of the URL, or of {@code null} as long as the URL is not
	 * known. Nothing is sent in that case
	 * @param secret the secret to sign the events with
	 */
	public void addEndpoint(Supplier<@Nullable URI> url, String secret) {
		this.endpoints.add(new Endpoint(url, WebhookSigner.of(secret)));
	}

	/**
	 * Return all attempts to deliver an event, in the order of the responses.
	 * @return an immutable copy of the deliveries
	 */
	public List<Delivery> deliveries() {
		synchronized (this.deliveries) {
			return List.copyOf(this.deliveries);
		}
	}

	/**
	 * Send an event to every endpoint.
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
	 * Redeliver an event, as the button in Polar's dashboard does.
	 * @param id the ID of the event, see {@link Delivery#id()}
	 */
	public void redeliver(String id) {
		Event event = this.events.get(id);
		Assert.state(event != null, () -> "The fake has not sent an event with ID " + id);
		submit(event);
		await();
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
	synchronized void deliverInDisorder() {
		Random random = this.disorder;
		if (random == null || this.holding) {
			return;
		}
		List<Event> deliveries = new ArrayList<>();
		for (Event event : this.held) {
			deliveries.add(event);
			if (random.nextInt(4) == 0) {
				deliveries.add(event);
			}
			ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(event.body());
			String kind = event.type().substring(0, Math.max(event.type().indexOf('.'), 0));
			JsonNode earlier = this.earlier.put(kind + json.at("/data/id"), json.path("data"));
			if (earlier instanceof ObjectNode data && CHANGING.contains(kind) && random.nextBoolean()) {
				deliveries.add(outdated(event, kind + ".updated", data.deepCopy()));
			}
		}
		this.held.clear();
		Collections.shuffle(deliveries, random);
		deliveries.forEach(this::submit);
	}

	private Event outdated(Event event, String type, ObjectNode data) {
		Instant now = Instant.now();
		data.put("modified_at", now.toString());
		Event outdated = new Event(UUID.randomUUID().toString(), type, event.endpoint(), body(type, now, data), false,
				Duration.ZERO, OUTDATED);
		this.events.put(outdated.id(), outdated);
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
		byte[] body = body(type, timestamp, data);
		int times = takeOne(this.twice) ? 2 : 1;
		boolean corrupt = takeOne(this.corrupt);
		Duration age = this.age.getAndSet(Duration.ZERO);
		for (Endpoint endpoint : this.endpoints) {
			Event event = new Event(UUID.randomUUID().toString(), type, endpoint, body, corrupt, age, cause);
			this.events.put(event.id(), event);
			for (int i = 0; i < times; i++) {
				sendOrHold(event);
			}
		}
	}

	private static byte[] body(String type, Instant timestamp, Object data) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("type", type);
		json.put("timestamp", timestamp);
		json.put("data", data);
		json.put("api_version", "2026-10");
		return JsonMapper.shared().writeValueAsBytes(json);
	}

	private synchronized void sendOrHold(Event event) {
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

	private void submit(Event event) {
		int generation = this.generation;
		synchronized (this.pending) {
			this.pending.incrementAndGet();
		}
		this.executor.execute(() -> {
			try {
				attempt(event, 1, generation);
			}
			finally {
				synchronized (this.pending) {
					this.pending.decrementAndGet();
					this.pending.notifyAll();
				}
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

	private void attempt(Event event, int attempt, int generation) {
		if (generation != this.generation) {
			return;
		}
		URI url = event.endpoint().url().get();
		if (url == null) {
			return;
		}
		int status = post(url, event, attempt);
		if (generation != this.generation) {
			return;
		}
		this.deliveries.add(new Delivery(event.id(), event.type(), url, attempt, status,
				new String(event.body(), StandardCharsets.UTF_8)));
		if (status / 100 == 2) {
			return;
		}
		if (attempt == 1) {
			logger.warn("The delivery of webhook '%s' of the fake to %s failed (%s) and will be retried"
				.formatted(event.type(), url, (status == 0) ? "no response" : "status " + status));
		}
		if (attempt < ATTEMPTS) {
			long wait = Math.min(FIRST_WAIT << (attempt - 1), LONGEST_WAIT);
			this.executor.schedule(() -> attempt(event, attempt + 1, generation), wait, TimeUnit.MILLISECONDS);
		}
	}

	private int post(URI url, Event event, int attempt) {
		WebhookSigner other = this.otherSigner;
		byte[] body = event.body();
		Map<String, String> signature = ((other != null) ? other : event.endpoint().signer()).headers(event.id(),
				Instant.now().minus(event.age()), body);
		if (attempt == 1 && event.corrupt()) {
			body = new String(body, StandardCharsets.UTF_8).replaceFirst("\\{", "{ ").getBytes(StandardCharsets.UTF_8);
		}
		try {
			HttpRequest.Builder request = HttpRequest.newBuilder(url)
				.timeout(TIMEOUT)
				.header("Content-Type", "application/json")
				.header("User-Agent", "polar.sh webhooks")
				.header("webhook-api-version", "2026-10")
				.POST(BodyPublishers.ofByteArray(body));
			signature.forEach(request::header);
			return this.client.send(request.build(), BodyHandlers.discarding()).statusCode();
		}
		catch (IOException | IllegalArgumentException ex) {
			logger.debug("The webhook '%s' could not be delivered".formatted(event.type()), ex);
			return 0;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return 0;
		}
	}

	/**
	 * Remove all events. Endpoints remain.
	 */
	void reset() {
		this.generation++;
		await();
		this.events.clear();
		this.deliveries.clear();
		this.twice.set(0);
		this.corrupt.set(0);
		this.age.set(Duration.ZERO);
		this.otherSigner = null;
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
	 * Return the URLs of the endpoints that are known.
	 */
	List<URI> endpointUrls() {
		return this.endpoints.stream()
			.map((endpoint) -> endpoint.url().get())
			.filter(Objects::nonNull)
			.map(Objects::requireNonNull)
			.toList();
	}

	/**
	 * Return all events, newest first.
	 */
	List<FakeEvent> events() {
		Map<String, List<Delivery>> attempts = deliveries().stream().collect(Collectors.groupingBy(Delivery::id));
		Set<String> held = new HashSet<>();
		synchronized (this) {
			this.held.forEach((event) -> held.add(event.id()));
		}
		List<FakeEvent> all = new ArrayList<>();
		synchronized (this.events) {
			this.events.values()
				.forEach((event) -> all.add(new FakeEvent(event.id(), event.type(), event.cause(),
						new String(event.body(), StandardCharsets.UTF_8), held.contains(event.id()),
						attempts.getOrDefault(event.id(), List.of()))));
		}
		Collections.reverse(all);
		return all;
	}

	void close() {
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

	private record Endpoint(Supplier<@Nullable URI> url, WebhookSigner signer) {

	}

	private record Event(String id, String type, Endpoint endpoint, byte[] body, boolean corrupt, Duration age,
			String cause) {

	}

}
