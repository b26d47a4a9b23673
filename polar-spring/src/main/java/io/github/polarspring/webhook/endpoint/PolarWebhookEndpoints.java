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

package io.github.polarspring.webhook.endpoint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.polarspring.PolarException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.WebhookDelivery;
import io.github.polarspring.model.WebhookEndpoint;
import io.github.polarspring.webhook.PolarEventTypes;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Finding;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Kind;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Webhook endpoints at Polar, compared with what the application needs. The endpoint of
 * the application is the one with its secret, or otherwise the one with its URL. Reading
 * needs the scope {@code webhooks:read}, repairing {@code webhooks:write}.
 * <p>
 * Calls Polar, and throws a {@link PolarException} if that fails. Safe for use by
 * multiple threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/integrate/webhooks/delivery">Polar on
 * deliveries</a>
 */
public final class PolarWebhookEndpoints {

	private static final String ENDPOINTS = "/v1/webhooks/endpoints";

	private static final String ENDPOINT = "/v1/webhooks/endpoints/{id}";

	private static final Duration RECENT = Duration.ofDays(1);

	private static final int MAX_SHOWN = 200;

	/**
	 * Type that is useful without a listener: Polar waits for its delivery before it
	 * redirects the buyer.
	 */
	private static final Set<String> ALWAYS_USEFUL = Set.of(PolarEventTypes.CHECKOUT_UPDATED);

	private final PolarClient client;

	private final Supplier<Needs> needs;

	private final Clock clock;

	private volatile @Nullable WebhookEndpointReport latest;

	/**
	 * Create an instance.
	 * @param client the client that calls Polar
	 * @param needs supplies what the application needs
	 * @param clock the clock
	 */
	public PolarWebhookEndpoints(PolarClient client, Supplier<Needs> needs, Clock clock) {
		Assert.notNull(client, "client must not be null");
		Assert.notNull(needs, "needs must not be null");
		Assert.notNull(clock, "clock must not be null");
		this.client = client;
		this.needs = needs;
		this.clock = clock;
	}

	/**
	 * Return what the application needs from its endpoint.
	 * @return the needs, as of now
	 */
	public Needs needs() {
		return this.needs.get();
	}

	/**
	 * Read all endpoints of the organization, newest first.
	 * @return the endpoints, which contain their secrets
	 */
	public List<WebhookEndpoint> list() {
		return PolarPage.stream(1, (page) -> this.client.list(WebhookEndpoint.class, ENDPOINTS, page(page))).toList();
	}

	private static MultiValueMap<String, String> page(int page) {
		return new LinkedMultiValueMap<>(Map.of("page", List.of(String.valueOf(page)), "limit", List.of("100")));
	}

	/**
	 * Read the endpoint of this application.
	 * @return the endpoint, empty if there is none
	 */
	public Optional<WebhookEndpoint> find() {
		return findAll(list(), this.needs.get()).stream().findFirst();
	}

	/**
	 * Return the endpoints of this application, the best match first. Several are usual
	 * while a secret is rotated, or if they have different types.
	 */
	private static List<WebhookEndpoint> findAll(List<WebhookEndpoint> endpoints, Needs needs) {
		Comparator<WebhookEndpoint> match = Comparator.comparing(needs::haveSecretOf)
			.thenComparing((endpoint) -> EndpointUrl.isSame(endpoint.url(), needs.url()))
			.thenComparing(WebhookEndpoint::enabled)
			// independent of the order in which Polar lists them
			.thenComparing((endpoint) -> endpoint.id().toString());
		return endpoints.stream()
			.filter((endpoint) -> needs.haveSecretOf(endpoint) || EndpointUrl.isSame(endpoint.url(), needs.url()))
			.sorted(match.reversed())
			.toList();
	}

	/**
	 * Compare the endpoint of this application with what the application needs. Makes two
	 * calls, or more if there are more than 100 endpoints. Changes nothing.
	 * @return the report
	 */
	public WebhookEndpointReport check() {
		Needs needs = this.needs.get();
		List<WebhookEndpoint> all = list();
		List<WebhookEndpoint> found = findAll(all, needs);
		WebhookEndpoint ours = found.isEmpty() ? null : found.get(0);
		List<Finding> findings = new ArrayList<>();
		if (ours == null) {
			findings.add(new Finding(Kind.MISSING, missing(needs)));
		}
		else {
			compare(ours, needs, findings);
			compareTypes(found, needs, findings);
			doubled(all, ours, findings);
			failures(ours, findings);
			findings.sort(Comparator.comparing(Finding::kind));
		}
		WebhookEndpointReport report = new WebhookEndpointReport(this.clock.instant(),
				(ours != null) ? ours.id() : null, (ours != null) ? ours.url() : null, findings);
		this.latest = report;
		return report;
	}

	/**
	 * Return the result of the last {@link #check()} or {@link #repair()} of this
	 * instance, without calling Polar.
	 * @return the report, empty if there is none yet
	 */
	public Optional<WebhookEndpointReport> latest() {
		return Optional.ofNullable(this.latest);
	}

	private static String missing(Needs needs) {
		return ("Polar has no webhook endpoint for this application. Add one in Polar's dashboard under Settings, Webhooks:"
				+ " URL %s, format Raw, events %s. Then set 'polar.webhook.secret' to its secret")
			.formatted((needs.url() != null) ? needs.url() : "<public URL of this application>" + needs.path(),
					needs.types().isEmpty() ? "of your choice" : String.join(", ", needs.types()));
	}

	private static void compare(WebhookEndpoint ours, Needs needs, List<Finding> findings) {
		if (!needs.haveSecretOf(ours)) {
			findings
				.add(new Finding(Kind.SECRET, "The endpoint with the URL of this application has another secret than"
						+ " 'polar.webhook.secret', so its events are rejected. Copy the secret from Polar's dashboard"));
		}
		if (!ours.enabled()) {
			findings
				.add(new Finding(Kind.DISABLED, "The endpoint is disabled, as Polar does after ten events in a row that"
						+ " it could not deliver. Correct the cause, enable it, and catch up: Polar never sends the events that"
						+ " happen meanwhile"));
		}
		if (ours.format() != WebhookEndpoint.Format.RAW) {
			findings.add(new Finding(Kind.FORMAT,
					"The format of the endpoint is %s, but an application needs Raw".formatted(ours.format())));
		}
		String version = ours.apiVersion();
		if (version != null && !version.equals(needs.apiVersion())) {
			findings.add(new Finding(Kind.API_VERSION,
					"The endpoint has the API version %s, but the application uses %s. Change it in Polar's dashboard"
						.formatted(version, needs.apiVersion())));
		}
		if (needs.url() != null && !EndpointUrl.isSame(ours.url(), needs.url())) {
			findings.add(new Finding(Kind.URL, "Polar sends events to %s, but the URL of the application is %s"
				.formatted(ours.url(), needs.url())));
		}
	}

	private static void compareTypes(List<WebhookEndpoint> found, Needs needs, List<Finding> findings) {
		Set<String> subscribed = found.stream()
			.flatMap((endpoint) -> endpoint.events().stream())
			.collect(Collectors.toSet());
		Set<String> missing = new TreeSet<>(needs.types());
		missing.removeAll(subscribed);
		if (!missing.isEmpty()) {
			findings.add(
					new Finding(Kind.MISSING_TYPES, "The endpoint is not subscribed to " + String.join(", ", missing)));
		}
		Set<String> unused = new TreeSet<>(subscribed);
		unused.removeAll(needs.types());
		unused.removeAll(ALWAYS_USEFUL);
		if (!unused.isEmpty() && !needs.anyType()) {
			findings.add(new Finding(Kind.UNUSED_TYPES, "No listener handles " + String.join(", ", unused)
					+ ", so the endpoint need not be subscribed to it"));
		}
	}

	private static void doubled(List<WebhookEndpoint> endpoints, WebhookEndpoint ours, List<Finding> findings) {
		List<String> others = endpoints.stream()
			.filter((endpoint) -> !endpoint.equals(ours) && endpoint.enabled()
					&& EndpointUrl.isSame(endpoint.url(), ours.url()))
			.map((endpoint) -> endpoint.id().toString())
			.toList();
		if (!others.isEmpty()) {
			findings.add(new Finding(Kind.DOUBLED,
					"Another endpoint has the same URL, so every event arrives more than once. Delete " + others
							+ " in Polar's dashboard"));
		}
	}

	private void failures(WebhookEndpoint ours, List<Finding> findings) {
		MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
		query.add("endpoint_id", ours.id().toString());
		query.add("succeeded", "false");
		query.add("start_timestamp", this.clock.instant().minus(RECENT).toString());
		query.add("limit", "100");
		List<WebhookDelivery> failed = this.client.list(WebhookDelivery.class, "/v1/webhooks/deliveries", query)
			.items()
			.stream()
			.filter((delivery) -> !Boolean.TRUE.equals(delivery.event().succeeded()))
			.toList();
		if (!failed.isEmpty()) {
			long events = failed.stream().map((delivery) -> delivery.event().id()).distinct().count();
			WebhookDelivery last = failed.get(0);
			findings.add(new Finding(Kind.FAILURES,
					"%d event(s) of the last day are not delivered. The last attempt (%s) failed at %s with %s"
						.formatted(events, last.event().type(), last.createdAt(), response(last))));
		}
	}

	private static String response(WebhookDelivery delivery) {
		String response = delivery.response();
		String text = (response != null) ? response.replaceAll("\\s+", " ").strip() : "";
		String shown = text.substring(0, Math.min(text.length(), MAX_SHOWN));
		String status = (delivery.httpCode() != null) ? "status " + delivery.httpCode() : "no response";
		return shown.isEmpty() ? status : status + ": " + shown;
	}

	/**
	 * Enable the endpoint of this application, set its format, and subscribe it to the
	 * missing types. Nothing else is changed, and nothing at all if nothing is missing.
	 * Enabling an endpoint does not make Polar send the events that were missed.
	 * @return the report after the repair. It still contains what cannot be repaired
	 * @throws PolarPermissionException if the access token lacks {@code webhooks:write}
	 * @throws io.github.polarspring.PolarValidationException if Polar rejects the change,
	 * for example because the URL of the endpoint has become invalid
	 */
	public WebhookEndpointReport repair() {
		Needs needs = this.needs.get();
		WebhookEndpoint ours = findAll(list(), needs).stream().findFirst().orElse(null);
		if (ours != null) {
			Set<String> events = new TreeSet<>(ours.events());
			if (events.addAll(needs.types())) {
				change(ours, Map.of("events", events));
			}
			if (ours.format() != WebhookEndpoint.Format.RAW) {
				change(ours, Map.of("format", "raw"));
			}
			if (!ours.enabled()) {
				change(ours, Map.of("enabled", true));
			}
		}
		return check();
	}

	private void change(WebhookEndpoint endpoint, Map<String, Object> changes) {
		this.client.patch(WebhookEndpoint.class, ENDPOINT, changes, endpoint.id());
	}

	/**
	 * What the application needs from its endpoint.
	 *
	 * @param secrets the secrets that the application accepts
	 * @param url public URL of the application's endpoint, or {@code null} if not known
	 * @param path path of the application's endpoint
	 * @param types types of the events that the application handles
	 * @param anyType whether the application handles events of any type
	 * @param apiVersion version of the API that the application uses
	 */
	public record Needs(Set<String> secrets, @Nullable String url, String path, Set<String> types, boolean anyType,
			String apiVersion) {

		/**
		 * Create needs.
		 */
		public Needs {
			secrets = Set.copyOf(secrets);
			types = Collections.unmodifiableSet(new TreeSet<>(types));
		}

		boolean haveSecretOf(WebhookEndpoint endpoint) {
			String secret = endpoint.secret();
			if (secret == null) {
				return false;
			}
			byte[] theirs = secret.getBytes(StandardCharsets.UTF_8);
			boolean same = false;
			for (String ours : this.secrets) {
				same |= MessageDigest.isEqual(ours.getBytes(StandardCharsets.UTF_8), theirs);
			}
			return same;
		}

		/**
		 * Return a description without the secrets.
		 */
		@Override
		public String toString() {
			return "Needs[types=" + this.types + "]";
		}

	}

}
