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
import java.time.Instant;
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

	private static final int MAX_OTHERS = 5;

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
	 * Read the endpoints of this application: those with one of its secrets, or otherwise
	 * those with its URL. Several are usual while a secret is rotated, or if they have
	 * different types.
	 * @return the endpoints, in an order that does not depend on Polar
	 */
	public List<WebhookEndpoint> findAll() {
		return findAll(list(), this.needs.get());
	}

	private static List<WebhookEndpoint> findAll(List<WebhookEndpoint> endpoints, Needs needs) {
		List<WebhookEndpoint> withSecret = endpoints.stream().filter(needs::haveSecretOf).toList();
		return (withSecret.isEmpty() ? withUrl(endpoints, needs.url()) : withSecret).stream()
			.sorted(Comparator.comparing(WebhookEndpoint::enabled)
				.thenComparing((endpoint) -> EndpointUrl.isSame(endpoint.url(), needs.url()))
				.thenComparing((endpoint) -> endpoint.id().toString())
				.reversed())
			.toList();
	}

	private static List<WebhookEndpoint> withUrl(List<WebhookEndpoint> endpoints, @Nullable String url) {
		return endpoints.stream().filter((endpoint) -> EndpointUrl.isSame(endpoint.url(), url)).toList();
	}

	/**
	 * Compare the endpoint of this application with what the application needs. Makes two
	 * calls, three after failures, and more if there are more than 100 endpoints. Changes
	 * nothing.
	 * @return the report
	 */
	public WebhookEndpointReport check() {
		this.latest = null;
		Needs needs = this.needs.get();
		List<WebhookEndpoint> all = list();
		List<WebhookEndpoint> found = findAll(all, needs);
		List<Finding> findings = new ArrayList<>();
		if (found.isEmpty()) {
			findings.add(new Finding(Kind.MISSING, missing(all, needs)));
		}
		else {
			found.forEach((endpoint) -> compare(endpoint, needs, findings));
			compareTypes(found, needs, findings);
			compareUrls(all, found, needs, findings);
			failures(found, findings);
			findings.sort(Comparator.comparing(Finding::kind));
		}
		WebhookEndpoint ours = found.isEmpty() ? null : found.get(0);
		WebhookEndpointReport report = new WebhookEndpointReport(this.clock.instant(),
				(ours != null) ? ours.id() : null, (ours != null) ? shown(ours) : null, findings);
		this.latest = report;
		return report;
	}

	private static String shown(WebhookEndpoint endpoint) {
		return EndpointUrl.hideSecrets(endpoint.url());
	}

	/**
	 * Return the result of the last {@link #check()} or {@link #repair()} of this
	 * instance, without calling Polar.
	 * @return the report, empty if there is none yet, or if the last check failed
	 */
	public Optional<WebhookEndpointReport> latest() {
		return Optional.ofNullable(this.latest);
	}

	private static String missing(List<WebhookEndpoint> others, Needs needs) {
		String advice = ("Polar has no webhook endpoint with the secret of this application. Add one in Polar's dashboard under"
				+ " Settings, Webhooks: URL %s, format Raw, events %s. Then set 'polar.webhook.secret' to its secret")
			.formatted((needs.url() != null) ? needs.url() : "<public URL of this application>" + needs.path(),
					needs.types().isEmpty() ? "of your choice" : String.join(", ", needs.types()));
		return others.isEmpty() ? advice : advice
				+ ". If one of these is meant for this application, copy its secret instead: "
				+ others.stream().limit(MAX_OTHERS).map(PolarWebhookEndpoints::shown).collect(Collectors.joining(", "));
	}

	private static void compare(WebhookEndpoint endpoint, Needs needs, List<Finding> findings) {
		if (!needs.haveSecretOf(endpoint)) {
			findings
				.add(new Finding(Kind.SECRET, "The endpoint with the URL of this application has another secret than"
						+ " 'polar.webhook.secret', so its events are rejected. Copy the secret from Polar's dashboard, and"
						+ " restart the application"));
		}
		if (!endpoint.enabled()) {
			findings
				.add(new Finding(Kind.DISABLED, ("The endpoint %s is disabled, as Polar does after ten events in a row"
						+ " that it could not deliver. Correct the cause, enable it, and catch up: Polar never sends the events"
						+ " that happen meanwhile")
					.formatted(shown(endpoint))));
		}
		if (endpoint.format() != WebhookEndpoint.Format.RAW) {
			findings.add(new Finding(Kind.FORMAT, "The format of the endpoint %s is %s, but an application needs Raw"
				.formatted(shown(endpoint), endpoint.format())));
		}
		String version = endpoint.apiVersion();
		if (version != null && !version.equals(needs.apiVersion())) {
			findings.add(new Finding(Kind.API_VERSION,
					"The endpoint has the API version %s, but the application uses %s. Change it in Polar's dashboard"
						.formatted(version, needs.apiVersion())));
		}
	}

	private static void compareTypes(List<WebhookEndpoint> found, Needs needs, List<Finding> findings) {
		Set<String> subscribed = found.stream()
			.filter((endpoint) -> endpoint.enabled() || found.size() == 1)
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
		unused.removeAll(needs.usefulTypes());
		unused.removeAll(ALWAYS_USEFUL);
		if (!unused.isEmpty() && !needs.anyType()) {
			findings.add(new Finding(Kind.UNUSED_TYPES,
					"The endpoint need not be subscribed to types that nothing in the application handles: "
							+ String.join(", ", unused)));
		}
	}

	private static void compareUrls(List<WebhookEndpoint> all, List<WebhookEndpoint> found, Needs needs,
			List<Finding> findings) {
		if (needs.url() != null && withUrl(found, needs.url()).isEmpty()) {
			findings.add(new Finding(Kind.URL, "Polar sends events to %s, but the URL of the application is %s"
				.formatted(shown(found.get(0)), needs.url())));
		}
		Set<String> doubled = new TreeSet<>();
		for (WebhookEndpoint endpoint : found) {
			withUrl(all, endpoint.url()).stream()
				.filter((other) -> !other.equals(endpoint) && other.enabled() && endpoint.enabled()
						&& !Collections.disjoint(other.events(), endpoint.events()))
				.forEach((other) -> doubled.addAll(List.of(endpoint.id().toString(), other.id().toString())));
		}
		if (!doubled.isEmpty()) {
			findings.add(new Finding(Kind.DOUBLED,
					"Several endpoints have the same URL and the same events, so these arrive more than once. Delete all but"
							+ " one of them in Polar's dashboard: " + String.join(", ", doubled)));
		}
	}

	private void failures(List<WebhookEndpoint> found, List<Finding> findings) {
		List<WebhookDelivery> failed = deliveries(found, "false", this.clock.instant().minus(RECENT)).stream()
			.filter((delivery) -> !Boolean.TRUE.equals(delivery.event().succeeded()))
			.toList();
		if (failed.isEmpty()) {
			return;
		}
		long events = failed.stream().map((delivery) -> delivery.event().id()).distinct().count();
		WebhookDelivery last = failed.get(0);
		boolean over = !deliveries(found, "true", last.createdAt()).isEmpty();
		String status = (last.httpCode() != null) ? "status " + last.httpCode() : "no response";
		findings.add(new Finding(over ? Kind.MISSED : Kind.FAILURES,
				"%d event(s) of the last day were not delivered. The last attempt (%s) was at %s, with %s%s".formatted(
						events, last.event().type(), last.createdAt(), status,
						over ? ". Later events were delivered, so catch up if you have not yet" : ""),
				response(last)));
	}

	private List<WebhookDelivery> deliveries(List<WebhookEndpoint> found, String succeeded, Instant since) {
		MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
		found.forEach((endpoint) -> query.add("endpoint_id", endpoint.id().toString()));
		query.add("succeeded", succeeded);
		query.add("start_timestamp", since.toString());
		query.add("limit", "50");
		return this.client.list(WebhookDelivery.class, "/v1/webhooks/deliveries", query).items();
	}

	private static @Nullable String response(WebhookDelivery delivery) {
		String response = delivery.response();
		if (response == null) {
			return null;
		}
		String text = EndpointUrl.hideSecrets(response.replaceAll("\\s+", " ").strip());
		return text.substring(0, Math.min(text.length(), MAX_SHOWN));
	}

	/**
	 * Enable the endpoints of this application, set their format, and subscribe one of
	 * them to the missing types. Nothing else is changed, and nothing at all if nothing
	 * is missing. Enabling an endpoint does not make Polar send the events that were
	 * missed.
	 * @return the report after the repair. It still contains what cannot be repaired
	 * @throws PolarPermissionException if the access token lacks {@code webhooks:write}
	 * @throws io.github.polarspring.PolarValidationException if Polar rejects the change,
	 * for example because the URL of the endpoint has become invalid
	 */
	public WebhookEndpointReport repair() {
		Needs needs = this.needs.get();
		List<WebhookEndpoint> found = findAll(list(), needs);
		for (WebhookEndpoint endpoint : found) {
			if (endpoint.format() != WebhookEndpoint.Format.RAW) {
				change(endpoint, Map.of("format", "raw"));
			}
			if (!endpoint.enabled()) {
				change(endpoint, Map.of("enabled", true));
			}
		}
		Set<String> missing = new TreeSet<>(needs.types());
		found.forEach((endpoint) -> missing.removeAll(endpoint.events()));
		if (!found.isEmpty() && !missing.isEmpty()) {
			missing.addAll(found.get(0).events());
			change(found.get(0), Map.of("events", missing));
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
	 * @param types types of the events that the application must not miss
	 * @param usefulTypes further types that it uses
	 * @param anyType whether the application handles events of any type
	 * @param apiVersion version of the API that the application uses
	 */
	public record Needs(Set<String> secrets, @Nullable String url, String path, Set<String> types,
			Set<String> usefulTypes, boolean anyType, String apiVersion) {

		/**
		 * Create needs.
		 */
		public Needs {
			secrets = Set.copyOf(secrets);
			usefulTypes = Set.copyOf(usefulTypes);
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
