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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import io.github.polarspring.test.RecordedComparison.Difference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Replays one recorded scenario against a new fake.
 */
final class RecordedScenario {

	/**
	 * Types whose order is fixed. The others are sent by background jobs of Polar, as are
	 * most {@code order.updated}.
	 */
	private static final List<String> ORDERED = List.of("checkout.", "subscription.", "order.");

	/**
	 * The number, among known differences, that stands for the number and the order of
	 * all webhooks.
	 */
	private static final int EVENTS = 0;

	private static final Pattern INVITATION = Pattern.compile("<(invitation-token:\\d+)>");

	private static final Pattern EVENT = Pattern.compile("(?:events/|query=)<(id:\\d+)>");

	private static final Pattern DAYS = Pattern.compile("(\\d+) days");

	private static final String SECRET = "a-secret-of-at-least-thirty-two-characters";

	private final String name;

	private final JsonNode steps;

	private final Set<Integer> known;

	private final RecordedReceiver receiver;

	/**
	 * Whether the recording has endpoints, which receive the events.
	 */
	private final boolean endpoints;

	private final RecordedLabels labels = new RecordedLabels();

	private final List<String> report = new ArrayList<>();

	private final List<Delivery> left = new ArrayList<>();

	private final List<Integer> order = new ArrayList<>();

	private final Score score = new Score();

	private final PolarFake fake = PolarFake.start();

	private int seen;

	/**
	 * Index of the last delivery that is recorded.
	 */
	private int lastRecorded = -1;

	private boolean pausedSilently;

	private RecordedScenario(String name, JsonNode recording, Set<Integer> known, RecordedReceiver receiver) {
		this.name = name;
		this.steps = recording.path("steps");
		this.known = known;
		this.receiver = receiver;
		this.endpoints = recording.path("steps")
			.valueStream()
			.anyMatch((step) -> step.path("kind").asString().equals("setup") && isNewEndpoint(step));
	}

	private static boolean isNewEndpoint(JsonNode step) {
		return step.at("/request/path").asString("").equals("/v1/webhooks/endpoints")
				&& step.at("/request/method").asString().equals("POST");
	}

	/**
	 * Replay a scenario.
	 * @param name the name of the scenario
	 * @param recording the recording
	 * @param known the numbers of the steps that are known to be different
	 * @param receiver the receiver of webhooks
	 */
	static Result replay(String name, JsonNode recording, Set<Integer> known, RecordedReceiver receiver)
			throws IOException {
		RecordedScenario scenario = new RecordedScenario(name, recording, known, receiver);
		try (scenario.fake) {
			return scenario.replay();
		}
	}

	private Result replay() throws IOException {
		this.receiver.expect(this.steps);
		if (this.endpoints) {
			this.fake.webhooks().holdRetries();
		}
		else {
			this.fake.webhooks().addEndpoint(this.receiver.url(), SECRET);
		}
		// the tax rates of the recordings are invented: in Illinois, where most of their
		// buyers live, there is none
		this.fake.taxRate("US", 0).taxRate("US-NY", 8.875);
		this.labels.bind("organization", this.fake.state().organizationId().toString());
		this.steps.forEach((step) -> {
			if (step.path("name").asString().contains("only after the second card was accepted")) {
				this.fake.holdNextDecline();
			}
		});
		for (String label : List.of("api", "web")) {
			this.labels.bind(label, this.fake.baseUrl().toString());
		}
		if (this.steps.path(0).at("/request/path").asString("").startsWith("/v1/webhooks/deliveries?")) {
			new RecordedFailures(this.fake, this.receiver.url(), this.labels).prepare(this.steps);
		}
		for (int i = 0; i < this.steps.size(); i++) {
			JsonNode step = this.steps.get(i);
			String kind = step.path("kind").asString();
			if (!kind.equals("delivery")) {
				finishGroup();
			}
			switch (kind) {
				case "setup", "call" -> exchange(i + 1, step, kind.equals("call"));
				case "delivery" -> delivery(i + 1, step);
				case "control" -> control(i + 1, step);
				default -> this.report.add("%d %s: not replayed".formatted(i + 1, kind));
			}
		}
		finishGroup();
		receive();
		// an endpoint of a recording has not subscribed to all types
		Set<String> types = new TreeSet<>();
		this.steps.forEach((step) -> types.add(step.at("/request/body/type").asString("")));
		this.left.removeIf((delivery) -> !types.contains(delivery.type()));
		// no recording contains the events that followed its last one
		List<Delivery> all = this.fake.webhooks().deliveries();
		this.left.removeIf((delivery) -> all.indexOf(delivery) > this.lastRecorded);
		this.left.forEach((delivery) -> this.report.add("+ webhook " + delivery.type()));
		this.score.extraWebhooks = this.known.contains(EVENTS) ? 0 : this.left.size();
		return new Result(this.name, this.score, this.report);
	}

	/**
	 * Let the time pass that a recording only tells of in words.
	 */
	private void passTime(String name) {
		if (name.matches(".*(later|now is found|state now|left|after the pause|below zero|all counted).*")) {
			countUsage();
		}
	}

	private void countUsage() {
		if (!this.fake.state().meters().pending().isEmpty()) {
			this.fake.advance(Duration.ofSeconds(16));
		}
	}

	/**
	 * Ingest events of other scenarios, which a recording contains.
	 */
	private void ingestUsageOfOthers() {
		for (int i = 1; i <= 3; i++) {
			JsonNode event = JsonMapper.shared()
				.readTree("{\"name\":\"chat\",\"external_customer_id\":\"other_%d\",\"metadata\":{\"tokens\":480}}"
					.formatted(i));
			synchronized (this.fake.state()) {
				this.fake.state().usage().ingest(event);
			}
		}
	}

	private void exchange(int number, JsonNode step, boolean counts) throws IOException {
		passTime(step.path("name").asString());
		JsonNode recorded = step.path("response");
		if (!counts && step.path("token").asString().equals("other")) {
			// the fake has one organization
			return;
		}
		if (step.path("name").asString().contains("with an expired token")) {
			this.fake.advance(Duration.ofHours(1));
		}
		if (step.path("name").asString().contains("all customers by day")) {
			ingestUsageOfOthers();
		}
		RawHttp.Response response = send(step);
		if (isNewEndpoint(step) && response.status() == 201 && this.endpoints) {
			this.fake.webhooks()
				.deliverTo(UUID.fromString(JsonMapper.shared().readTree(response.body()).path("id").asString()),
						this.receiver.url());
		}
		if (step.at("/request/path").asString().startsWith("/v1/organizations/")) {
			changeSettings(step.at("/request/body"));
		}
		if (this.pausedSilently && response.body().contains("PaymentNotReady")) {
			// the recording does not tell when the pause ended
			this.fake.checkoutPayments(true);
		}
		this.fake.state().webhooks().await();
		int status = recorded.path("status").asInt();
		List<Difference> differences = new ArrayList<>();
		if (response.status() != status) {
			differences.add(new Difference("status", status + " " + brief(recorded),
					response.status() + " " + response.body().substring(0, Math.min(2500, response.body().length())),
					false));
		}
		else {
			compareHeaders(recorded.path("headers"), response, differences);
			compareBodies(recorded, response, differences);
		}
		boolean serverError = status >= 500;
		if (counts && !serverError && !this.known.contains(number)) {
			boolean butWording = differences.stream().allMatch(Difference::isWording);
			this.score.calls++;
			this.score.sameStatus += (response.status() == status) ? 1 : 0;
			this.score.identical += differences.isEmpty() ? 1 : 0;
			this.score.identicalButWording += butWording ? 1 : 0;
			if (status < 300) {
				this.score.successes++;
				this.score.identicalSuccesses += differences.isEmpty() ? 1 : 0;
			}
			else {
				this.score.errors++;
				this.score.errorsButWording += butWording ? 1 : 0;
			}
		}
		else if (counts) {
			this.score.known++;
		}
		if (!differences.isEmpty()) {
			this.report.add("%d %s%s %s %s [%s]".formatted(number,
					(serverError || this.known.contains(number)) ? "(known) " : counts ? "" : "(setup) ",
					step.at("/request/method").asString(), step.at("/request/path").asString(),
					step.path("name").asString(), status));
			differences.forEach((difference) -> this.report.add("    " + difference));
		}
	}

	private static String brief(JsonNode recorded) {
		JsonNode body = recorded.path("body");
		String text = body.has("error") ? body.toString() : "";
		return text.substring(0, Math.min(400, text.length()));
	}

	private RawHttp.Response send(JsonNode step) throws IOException {
		JsonNode request = step.path("request");
		bindInvitation(request.toString());
		Map<String, String> headers = new LinkedHashMap<>();
		request.path("headers")
			.properties()
			.forEach((header) -> headers.put(header.getKey(), header.getValue().asString()));
		String token = token(step.path("token").asString());
		if (token != null) {
			headers.put("authorization", "Bearer " + token);
		}
		byte[] body = body(request, step.path("name").asString(), headers);
		if (body == null && step.at("/response/status").asInt() != 411
				&& List.of("POST", "PATCH").contains(request.path("method").asString())) {
			// the recording does not contain headers of HTTP clients
			headers.putIfAbsent("content-length", "0");
		}
		if (request.path("path").asString().equals("/v1/refunds/")) {
			this.fake.delayRefunds(step.at("/response/body/status").asString("").equals("pending"));
		}
		try {
			return RawHttp.send(this.fake.baseUrl(), request.path("method").asString(),
					path(request.path("path").asString(), step.path("name").asString()), headers, body);
		}
		catch (IOException ex) {
			return new RawHttp.Response(0, Map.of(), ex.toString());
		}
		finally {
			this.fake.state().restrictScopes(null);
		}
	}

	private String path(String path, String name) {
		Matcher event = EVENT.matcher(path);
		List<FakeEvent> events = this.fake.webhooks().log().events(Set.of());
		if (this.endpoints && event.find() && this.labels.value(event.group(1)) == null && !events.isEmpty()) {
			this.labels.bind(event.group(1), events.get(0).id());
		}
		String time = name.contains("tomorrow") ? Instant.now().plus(Duration.ofDays(1)).toString() : "<time>";
		return this.labels.resolve(path.replace("<time>", time)).replace(" ", "%20");
	}

	/**
	 * Bind the token of an invitation, which Polar has sent by mail.
	 */
	private void bindInvitation(String request) {
		Matcher label = INVITATION.matcher(request);
		String token = this.fake.state().seats().lastInvitation();
		if (label.find() && this.labels.value(label.group(1)) == null && token != null) {
			this.labels.bind(label.group(1), token);
		}
	}

	private @Nullable String token(String name) {
		return switch (name) {
			case "all" -> this.fake.accessToken();
			case "minimal" -> withScopes("checkouts:write");
			case "readonly" -> withScopes("checkouts:read", "products:read");
			case "none" -> null;
			default -> name.startsWith("<") ? this.labels.resolve(name) : FakeState.secret("polar_oat_");
		};
	}

	private String withScopes(String... scopes) {
		this.fake.restrictScopes(scopes);
		return this.fake.accessToken();
	}

	/**
	 * Return a time that a request contains. The recording tells of it in words only.
	 */
	private Instant sentTime(JsonNode request, String name) {
		Instant now = this.fake.state().now();
		if (!request.path("path").asString().startsWith("/v1/subscriptions/") || name.contains("in the past")) {
			return now.minusSeconds(60);
		}
		Matcher days = DAYS.matcher(name);
		return name.contains("before the period end") ? now.plus(Duration.ofDays(1))
				: now.plus(Duration.ofDays(days.find() ? Long.parseLong(days.group(1)) : 90));
	}

	private byte @Nullable [] body(JsonNode request, String name, Map<String, String> headers) throws IOException {
		byte[] body = null;
		if (request.has("raw")) {
			body = bytes(this.labels.resolve(request.path("raw").asString()));
		}
		else if (request.has("body")) {
			// a recording does not tell the times of a request: starts are still to come,
			// and ends are over or after the start
			long first = name.contains("ends before it starts") ? 3 : 1;
			String text = request.path("body")
				.toString()
				.replaceFirst("(\"starts_at\":\"<time>\".*\"ends_at\":\")<time>",
						"$1" + Instant.now().plus(Duration.ofDays(2)))
				.replace("\"starts_at\":\"<time>\"",
						"\"starts_at\":\"" + Instant.now().plus(Duration.ofDays(first)) + "\"")
				.replace("\"<time>\"", "\"" + sentTime(request, name) + "\"");
			body = this.labels.resolve(text).getBytes(StandardCharsets.UTF_8);
			headers.putIfAbsent("content-type", "application/json");
		}
		if (headers.containsKey("transfer-encoding") && body != null) {
			ByteArrayOutputStream chunks = new ByteArrayOutputStream();
			chunks.writeBytes((Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
			chunks.writeBytes(body);
			chunks.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			return chunks.toByteArray();
		}
		if (body != null) {
			headers.putIfAbsent("content-length", String.valueOf(body.length));
		}
		return body;
	}

	/**
	 * Return the bytes of a text. A recording contains the replacement character where a
	 * byte was no UTF-8.
	 */
	private static byte[] bytes(String text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		text.codePoints().forEach((codePoint) -> {
			if (codePoint == 0xfffd) {
				bytes.write(0xe4);
			}
			else {
				bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
			}
		});
		return bytes.toByteArray();
	}

	private void compareHeaders(JsonNode recorded, RawHttp.Response response, List<Difference> differences) {
		for (String name : List.of("content-type", "polar-version", "www-authenticate", "allow", "location")) {
			String expected = recorded.path(name).asString(null);
			String actual = response.headers().get(name);
			if (expected == null && actual == null) {
				continue;
			}
			boolean same = expected != null && actual != null
					&& (this.labels.matches(expected, actual) || words(expected).equals(words(actual)));
			if (!same) {
				differences
					.add(new Difference("header " + name, String.valueOf(expected), String.valueOf(actual), false));
			}
		}
	}

	private static Set<String> words(String text) {
		return new TreeSet<>(Arrays.asList(text.split("[ \"]")));
	}

	private void compareBodies(JsonNode recorded, RawHttp.Response response, List<Difference> differences) {
		if (recorded.has("text")) {
			if (!this.labels.matches(recorded.path("text").asString(), response.body())) {
				differences.add(new Difference("text", recorded.path("text").asString(), response.body(), true));
			}
			return;
		}
		JsonNode body = recorded.path("body");
		if (body.isMissingNode() || (body.isNull() && response.body().isEmpty())) {
			return;
		}
		try {
			differences
				.addAll(RecordedComparison.compare(body, JsonMapper.shared().readTree(response.body()), this.labels));
		}
		catch (JacksonException ex) {
			differences.add(new Difference("body", body.toString(), response.body(), false));
		}
	}

	private void receive() {
		this.fake.state().webhooks().await();
		List<Delivery> all = this.fake.webhooks().deliveries();
		this.left.addAll(all.subList(this.seen, all.size()));
		this.seen = all.size();
	}

	private void delivery(int number, JsonNode step) {
		JsonNode recorded = step.at("/request/body");
		if (!recorded.at("/data/active_meters").isEmpty()) {
			countUsage();
		}
		this.fake.webhooks().retry();
		receive();
		String type = recorded.path("type")
			.asString(step.path("name").asString().replaceFirst("^(slack|discord) ", ""));
		boolean isKnown = this.known.contains(number);
		this.score.webhooks += isKnown ? 0 : 1;
		record Candidate(Delivery delivery, List<Difference> differences) {
		}
		Candidate best = this.left.stream()
			.filter((delivery) -> delivery.type().equals(type))
			.map((delivery) -> new Candidate(delivery,
					RecordedComparison.compare(recorded, JsonMapper.shared().readTree(delivery.body()),
							this.labels.copy())))
			.min(Comparator.comparingInt((candidate) -> candidate.differences().size()))
			.orElse(null);
		if (best == null) {
			this.report.add("%d %swebhook %s: not sent".formatted(number, isKnown ? "(known) " : "", type));
			return;
		}
		List<Difference> differences = RecordedComparison.compare(recorded,
				JsonMapper.shared().readTree(best.delivery().body()), this.labels);
		if (isKnown && !differences.isEmpty()) {
			this.report.add("%d (known) webhook %s".formatted(number, type));
			return;
		}
		this.left.remove(best.delivery());
		if (this.endpoints && differences.isEmpty()) {
			this.labels.matches(step.at("/request/headers/webhook-id").asString(""), best.delivery().id());
		}
		this.lastRecorded = Math.max(this.lastRecorded, this.fake.webhooks().deliveries().indexOf(best.delivery()));
		this.score.webhooksSent += isKnown ? 0 : 1;
		if (ORDERED.stream().anyMatch(type::startsWith) && !type.equals("order.updated")) {
			this.order.add(this.fake.webhooks().deliveries().indexOf(best.delivery()));
		}
		if (differences.isEmpty()) {
			this.score.webhooksWhole += isKnown ? 0 : 1;
		}
		else {
			this.report.add("%d %swebhook %s".formatted(number, isKnown ? "(known) " : "", type));
			differences.forEach((difference) -> this.report.add("    " + difference));
		}
	}

	private void finishGroup() {
		if (!this.order.isEmpty()) {
			boolean inOrder = this.order.equals(this.order.stream().sorted().toList());
			boolean counts = inOrder || !this.known.contains(EVENTS);
			this.score.groups += counts ? 1 : 0;
			this.score.groupsInOrder += inOrder ? 1 : 0;
			if (!inOrder) {
				this.report.add((counts ? "" : "(known) ") + "webhooks in another order: " + this.order);
			}
			this.order.clear();
		}
	}

	/**
	 * Do what no call of Polar's API does.
	 */
	private void control(int number, JsonNode step) {
		JsonNode set = step.path("set");
		// what happens is only told in a sentence
		String text = step.path("name").asString();
		try {
			if (set.has("checkout")) {
				UUID checkout = UUID.fromString(Objects
					.requireNonNull(this.labels.value("id:" + set.path("checkout").asString().replaceAll("\\D", ""))));
				if (set.has("status")) {
					this.fake.expire(checkout);
				}
				else {
					this.fake.advance(Duration.ofHours(24));
				}
			}
			else if (set.has("endpoint")) {
				changeEndpoint(set);
			}
			else if (set.has("events") || set.has("event")) {
				changeEvents(set);
			}
			else if (set.has("subscription") || set.has("order")) {
				passTime(set);
			}
			else if (set.has("prevent_trial_abuse")) {
				this.fake.preventTrialAbuse(set.path("prevent_trial_abuse").asBoolean());
			}
			else if (set.has("checkout_payments")) {
				this.fake.checkoutPayments(set.path("checkout_payments").asBoolean());
			}
			else if (set.has("api_access")) {
				this.fake.apiAccess(set.path("api_access").asBoolean());
			}
			else if (text.contains("paused payments")) {
				this.fake.checkoutPayments(false);
				this.pausedSilently = true;
			}
			else if (text.contains("refund")) {
				List<UUID> refunds = this.fake.refundIds();
				this.fake.completeRefund(refunds.get(text.contains("first") ? refunds.size() - 1 : 0),
						text.contains("succeeds"));
			}
			else if (text.contains("dispute")) {
				UUID order = this.fake.orderIds().get(0);
				if (text.contains("open")) {
					this.fake.dispute(order);
				}
				if (text.contains("lost")) {
					this.fake.closeDispute(order, false);
				}
			}
			else if (text.contains("seven days of grace")) {
				this.fake.gracePeriod(Duration.ofDays(7));
			}
			else if (text.contains("only after the second card was accepted")) {
				this.report.add("%d control performed at the start".formatted(number));
			}
			else if (text.contains("challenge")) {
				this.fake.completeChallenge(this.fake.checkoutIds().get(0), text.contains("passes"));
			}
			else if (text.contains("period ends") || text.contains("trial ends")) {
				this.fake.declineRenewals(text.contains("declined") || text.contains("expired"));
				if (text.contains("asks for authentication")) {
					this.fake.declineRenewals("authentication_required");
				}
				this.fake.subscriptionIds().forEach(this.fake::renewSubscription);
			}
			else if (text.contains("half of the billing period")) {
				FakeSubscription subscription = this.fake.state().subscriptions().get(0);
				this.fake.advance(Duration.between(subscription.periodStart, subscription.periodEnd).dividedBy(2));
			}
			else if (text.contains("is declined from now on") || text.contains("has no funds from now on")) {
				this.fake.declineRenewals(true);
			}
			else if (text.contains("the card works again")) {
				this.fake.declineRenewals(false);
			}
			else if (text.contains("asks for authentication")) {
				this.fake.declineRenewals("authentication_required");
			}
			else if (text.contains("every quarter of an hour")) {
				this.fake.advance(Duration.ofMinutes(15));
			}
			else if (text.contains("the invitation has expired")) {
				this.fake.advance(Duration.ofDays(1));
			}
			else if (text.contains("the invitation mail arrives")) {
				bindInvitation(text);
			}
			else if (text.contains("eight days later")) {
				this.fake.advance(Duration.ofDays(8));
			}
			else if (text.contains("two days later")) {
				this.fake.advance(Duration.ofDays(2));
			}
			else if (text.contains("next attempt succeeds")) {
				this.fake.declineRenewals(false).advance(Duration.ofDays(5));
			}
			else if (text.contains("after the last attempt")) {
				this.fake.advance(Duration.ofDays(21));
			}
			else {
				this.report.add("%d control not performed: %s".formatted(number, text));
			}
		}
		catch (IllegalStateException | NullPointerException ex) {
			this.report.add("%d control failed: %s: %s".formatted(number, text, ex));
		}
		this.fake.state().webhooks().await();
	}

	/**
	 * Change an endpoint as in the database of Polar. The fake delivers to the receiver
	 * anyway.
	 */
	private void changeEndpoint(JsonNode set) {
		String url = set.path("url").asString("");
		if (!url.isEmpty()) {
			this.fake.webhooks().log().withEndpoint(id(set.path("endpoint")), (endpoint) -> {
				if (set.has("enabled")) {
					endpoint.update(Map.of("url", url, "enabled", set.path("enabled").asBoolean()));
				}
				else {
					endpoint.deliverTo(URI.create(url.replace("<receiver>", this.receiver.url().getAuthority())));
				}
				return true;
			});
		}
	}

	private void changeEvents(JsonNode set) {
		FakeWebhookLog log = this.fake.webhooks().log();
		this.fake.state().webhooks().await();
		if (set.has("payload")) {
			log.archive(id(set.path("event")));
			return;
		}
		int attempts = set.path("attempts").asInt(10);
		List<FakeEvent> newestFirst = log.events(Set.of());
		newestFirst.subList(0, set.path("events").asInt(1))
			.forEach((event) -> log.event(UUID.fromString(event.id())).pretend(attempts, attempts == 10));
	}

	/**
	 * Change settings of the organization, for which the fake has no endpoint.
	 */
	private void changeSettings(JsonNode body) {
		JsonNode subscriptions = body.path("subscription_settings");
		if (!subscriptions.isMissingNode()) {
			this.fake.gracePeriod(Duration.ofDays(subscriptions.path("benefit_revocation_grace_period").asInt()));
		}
		JsonNode portal = body.at("/customer_portal_settings/subscription");
		if (!portal.isMissingNode()) {
			this.fake.portalPermissions(portal.path("update_plan").asBoolean(), portal.path("update_seats").asBoolean(),
					portal.path("pause").asBoolean(false));
		}
	}

	/**
	 * Set times as they were set in the database of Polar.
	 */
	private void passTime(JsonNode set) {
		FakeState state = this.fake.state();
		FakeSubscription subscription = set.has("subscription") ? state.subscription(id(set.path("subscription")))
				: null;
		FakeOrder order = set.has("order") ? state.order(id(set.path("order"))) : null;
		if (set.has("paid")) {
			this.fake.emit("order.paid", id(set.path("order")));
			return;
		}
		synchronized (state) {
			if (subscription != null && set.has("past_due_at")) {
				subscription.pastDueAt = state.now().minus(Duration.ofDays(40));
			}
			else if (subscription != null && set.has("resumes_at")) {
				subscription.resumesAt = state.now();
			}
			else if (subscription != null) {
				subscription.periodEnd = state.now();
			}
			if (order != null) {
				order.nextPaymentAttemptAt = state.now();
			}
		}
		this.fake.advance(Duration.ZERO);
	}

	private UUID id(JsonNode label) {
		return UUID
			.fromString(Objects.requireNonNull(this.labels.value("id:" + label.asString().replaceAll("\\D", ""))));
	}

	/**
	 * Numbers of calls and webhooks.
	 */
	static final class Score {

		int calls;

		int sameStatus;

		int identical;

		int identicalButWording;

		int successes;

		int identicalSuccesses;

		int errors;

		int errorsButWording;

		int known;

		int webhooks;

		int webhooksSent;

		int webhooksWhole;

		int extraWebhooks;

		int groups;

		int groupsInOrder;

		void add(Score other) {
			this.calls += other.calls;
			this.sameStatus += other.sameStatus;
			this.identical += other.identical;
			this.identicalButWording += other.identicalButWording;
			this.successes += other.successes;
			this.identicalSuccesses += other.identicalSuccesses;
			this.errors += other.errors;
			this.errorsButWording += other.errorsButWording;
			this.known += other.known;
			this.webhooks += other.webhooks;
			this.webhooksSent += other.webhooksSent;
			this.webhooksWhole += other.webhooksWhole;
			this.extraWebhooks += other.extraWebhooks;
			this.groups += other.groups;
			this.groupsInOrder += other.groupsInOrder;
		}

	}

	/**
	 * Result of a scenario.
	 *
	 * @param name the name of the scenario
	 * @param score the numbers
	 * @param report what is different
	 */
	record Result(String name, Score score, List<String> report) {

	}

}
