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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.webhook.WebhooksAtPolar;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints.Needs;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Finding;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarWebhookEndpoints}.
 */
class PolarWebhookEndpointsTests {

	private static final String SECRET = "whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK";

	private static final String URL = "https://shop.example/webhooks/polar";

	private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

	private final WebhooksAtPolar polar = new WebhooksAtPolar();

	@AfterEach
	void close() {
		this.polar.close();
	}

	@Test
	void endpointThatIsAsItShouldBeHasNoFindings() {
		this.polar.endpoint("https://other.example/hook", "whsec_other", "order.paid");
		this.polar.endpoint(URL, SECRET, "order.paid", "order.refunded", "checkout.updated");
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(report.findings()).isEmpty();
		assertThat(report.isHealthy()).isTrue();
		assertThat(report.url()).isEqualTo(URL);
		assertThat(report.checkedAt()).isEqualTo(NOW);
	}

	@Test
	void missingEndpointIsReportedWithWhatToEnter() {
		this.polar.endpoint("https://other.example/hook", "whsec_other", "order.paid");
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(kinds(report)).containsExactly(Kind.MISSING);
		assertThat(report.isHealthy()).isFalse();
		assertThat(message(report)).contains("URL " + URL, "format Raw", "events order.paid, order.refunded",
				"copy its secret instead: https://other.example/hook");
	}

	@Test
	void missingEndpointOfAnApplicationWithUnknownUrlIsReportedWithItsPath() {
		assertThat(message(endpoints(null).check())).contains("<public URL of this application>/webhooks/polar");
	}

	@Test
	void disabledEndpointIsReported() {
		endpoint().put("enabled", false);
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(kinds(report)).containsExactly(Kind.DISABLED);
		assertThat(message(report)).contains("Polar never sends the events that happen meanwhile");
	}

	@Test
	void formatForChatsIsReported() {
		endpoint().put("format", "discord");
		assertThat(kinds(endpoints(URL).check())).containsExactly(Kind.FORMAT);
	}

	@Test
	void missingAndUnusedTypesAreReported() {
		this.polar.endpoint(URL, SECRET, "order.paid", "benefit.created", "product.updated", "checkout.updated");
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(kinds(report)).containsExactly(Kind.MISSING_TYPES, Kind.UNUSED_TYPES);
		assertThat(report.findings().get(0).message()).isEqualTo("The endpoint is not subscribed to order.refunded");
		assertThat(report.findings().get(1).message()).contains("benefit.created")
			.doesNotContain("checkout.updated", "product.updated");
	}

	@Test
	void unusedTypesAreNoProblem() {
		endpoint().withArray("events").add("benefit.created");
		assertThat(endpoints(URL).check().isHealthy()).isTrue();
	}

	@Test
	void noTypeIsUnusedByAListenerToAllTypes() {
		endpoint().withArray("events").add("benefit.created");
		PolarWebhookEndpoints endpoints = new PolarWebhookEndpoints(this.polar.client(), () -> new Needs(Set.of(SECRET),
				URL, "/webhooks/polar", Set.of("order.paid"), Set.of(), true, "2026-10"),
				Clock.fixed(NOW, ZoneOffset.UTC));
		assertThat(endpoints.check().findings()).isEmpty();
	}

	@Test
	void typesOfAllEndpointsOfTheApplicationCount() {
		this.polar.endpoint(URL, SECRET, "order.paid");
		this.polar.endpoint("https://shop.example/other", SECRET, "order.refunded");
		assertThat(endpoints(URL).check().findings()).isEmpty();
	}

	@Test
	void anotherSecretIsReportedWithoutShowingIt() {
		this.polar.endpoint(URL, "whsec_another", "order.paid", "order.refunded");
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(kinds(report)).containsExactly(Kind.SECRET);
		assertThat(report.toString()).doesNotContain("whsec_");
		assertThat(endpoints(URL).needs().toString()).doesNotContain("whsec_");
	}

	@Test
	void secondEndpointWithASlashAtTheEndIsReported() {
		endpoint();
		ObjectNode doubled = this.polar.endpoint(URL + "/", "whsec_other", "order.paid");
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(kinds(report)).containsExactly(Kind.DOUBLED);
		assertThat(message(report)).contains(doubled.path("id").asString());
		doubled.put("enabled", false);
		assertThat(endpoints(URL).check().findings()).isEmpty();
	}

	@Test
	void otherVersionOfTheApiIsAHint() {
		endpoint().put("api_version", "2026-04");
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(kinds(report)).containsExactly(Kind.API_VERSION);
		assertThat(report.isHealthy()).isTrue();
	}

	@Test
	void failuresAreReportedWithTheLastResponse() {
		ObjectNode endpoint = endpoint();
		this.polar.delivery(endpoint, "11111111-1111-4111-8111-111111111111", NOW.minus(Duration.ofHours(2)),
				"{\"type\":\"order.paid\"}", null);
		this.polar.delivery(endpoint, "11111111-1111-4111-8111-111111111111", NOW.minus(Duration.ofHours(1)),
				"{\"type\":\"order.paid\"}", null);
		this.polar.delivery(endpoint, "22222222-2222-4222-8222-222222222222", NOW.minus(Duration.ofHours(1)),
				"{\"type\":\"order.paid\"}", true);
		this.polar.delivery(endpoint, "33333333-3333-4333-8333-333333333333", NOW.minus(Duration.ofDays(2)),
				"{\"type\":\"order.paid\"}", false);
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(kinds(report)).containsExactly(Kind.FAILURES);
		assertThat(message(report)).isEqualTo("1 event(s) of the last day were not delivered. The last attempt"
				+ " (order.paid) was at 2026-11-30T11:00:00Z, with status 503");
		assertThat(report.findings().get(0).details()).isEqualTo("Try again later");
		assertThat(report.isHealthy()).isFalse();
		this.polar.delivery(endpoint, "44444444-4444-4444-8444-444444444444", NOW.minus(Duration.ofMinutes(30)),
				"{\"type\":\"order.paid\"}", true);
		WebhookEndpointReport later = endpoints(URL).check();
		assertThat(kinds(later)).as("the endpoint works again").containsExactly(Kind.MISSED);
		assertThat(later.isHealthy()).isTrue();
	}

	@Test
	void secretsInUrlsAreHidden() {
		ObjectNode endpoint = this.polar.endpoint("https://user:pass@shop.example/hook?token=abc", SECRET, "order.paid",
				"order.refunded");
		this.polar
			.delivery(endpoint, "11111111-1111-4111-8111-111111111111", NOW.minus(Duration.ofHours(1)),
					"{\"type\":\"order.paid\"}", false)
			.put("response", "Redirect to https://user:pass@shop.example/hook/?token=abc");
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(report.url()).isEqualTo("https://shop.example/hook");
		assertThat(report.toString()).contains("https://shop.example/hook/")
			.doesNotContain("pass")
			.doesNotContain("abc");
	}

	@Test
	void disabledEndpointOfSeveralIsReportedAndItsTypesAreMissing() {
		this.polar.endpoint(URL, SECRET, "order.paid");
		ObjectNode second = this.polar.endpoint("https://shop.example/second", SECRET, "order.refunded");
		second.put("enabled", false);
		PolarWebhookEndpoints endpoints = endpoints(URL);
		assertThat(kinds(endpoints.check())).containsExactly(Kind.DISABLED, Kind.MISSING_TYPES);
		assertThat(endpoints.repair().findings()).isEmpty();
		assertThat(changes()).as("types are not subscribed to twice").containsExactly("{\"enabled\":true}");
	}

	@Test
	void endpointsWithTheSameUrlAndOtherTypesAreNotDoubled() {
		this.polar.endpoint(URL, SECRET, "order.paid");
		this.polar.endpoint(URL, SECRET, "order.refunded");
		assertThat(endpoints(URL).check().findings()).isEmpty();
	}

	@Test
	void typesOfAnEndpointWithAnotherSecretDoNotCount() {
		this.polar.endpoint(URL, SECRET, "order.paid");
		this.polar.endpoint(URL + "/", "whsec_other", "order.refunded");
		assertThat(kinds(endpoints(URL).check())).containsExactly(Kind.MISSING_TYPES);
	}

	@Test
	void checkThatFailsLeavesNoReport() {
		endpoint();
		PolarWebhookEndpoints endpoints = endpoints(URL);
		endpoints.check();
		this.polar.fail("/endpoints", 403);
		assertThatExceptionOfType(PolarPermissionException.class).isThrownBy(endpoints::check);
		assertThat(endpoints.latest()).isEmpty();
	}

	@Test
	void failureOfAnEventThatWasDeliveredLaterIsNoFinding() {
		ObjectNode endpoint = endpoint();
		this.polar
			.delivery(endpoint, "11111111-1111-4111-8111-111111111111", NOW.minus(Duration.ofHours(2)),
					"{\"type\":\"order.paid\"}", true)
			.put("succeeded", false);
		assertThat(endpoints(URL).check().findings()).isEmpty();
	}

	@Test
	void otherUrlIsAHint() {
		this.polar.endpoint("https://old.example/webhooks/polar", SECRET, "order.paid", "order.refunded");
		WebhookEndpointReport report = endpoints(URL).check();
		assertThat(kinds(report)).containsExactly(Kind.URL);
		assertThat(report.isHealthy()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "https://SHOP.example:443/webhooks/polar, https://shop.example/webhooks/polar",
			"https://bücher.example/hook, https://xn--bcher-kva.example/hook",
			"https://shop.example, https://shop.example/", "https://shop.example/hook/, https://shop.example/hook",
			"https://u:p@SHOP.example/hook, https://u:p@shop.example/hook",
			"https://shop.example:8443/hook?a=B, https://shop.example:8443/hook?a=B" })
	void urlIsComparedInTheFormInWhichPolarStoresIt(String configured, String stored) {
		this.polar.endpoint(stored, "whsec_other", "order.paid", "order.refunded");
		assertThat(kinds(endpoints(configured).check())).containsExactly(Kind.SECRET);
	}

	@Test
	void repairChangesWhatIsWrongAndNothingElse() {
		ObjectNode endpoint = this.polar.endpoint(URL, SECRET, "order.paid", "benefit.created");
		endpoint.put("enabled", false).put("format", "slack");
		PolarWebhookEndpoints endpoints = endpoints(URL);
		WebhookEndpointReport report = endpoints.repair();
		assertThat(kinds(report)).containsExactly(Kind.UNUSED_TYPES);
		assertThat(endpoints.latest()).contains(report);
		assertThat(changes()).containsExactly("{\"format\":\"raw\"}", "{\"enabled\":true}",
				"{\"events\":[\"benefit.created\",\"order.paid\",\"order.refunded\"]}");
		endpoints.repair();
		assertThat(changes()).hasSize(3);
	}

	@Test
	void checkChangesNothing() {
		endpoint().put("enabled", false);
		endpoints(URL).check();
		assertThat(changes()).isEmpty();
	}

	@Test
	void missingScopeIsNamed() {
		this.polar.fail("/endpoints", 403);
		assertThatExceptionOfType(PolarPermissionException.class).isThrownBy(() -> endpoints(URL).check())
			.withMessageContaining("webhooks:read");
	}

	private ObjectNode endpoint() {
		return this.polar.endpoint(URL, SECRET, "order.paid", "order.refunded");
	}

	private List<String> changes() {
		return this.polar.requests()
			.stream()
			.filter((request) -> request.startsWith("PATCH"))
			.map((request) -> request.substring(request.indexOf('{')))
			.toList();
	}

	private PolarWebhookEndpoints endpoints(String url) {
		Set<String> types = new LinkedHashSet<>(List.of("order.refunded", "order.paid"));
		return new PolarWebhookEndpoints(this.polar.client(), () -> new Needs(Set.of(SECRET), url, "/webhooks/polar",
				types, Set.of("product.updated"), false, "2026-10"), Clock.fixed(NOW, ZoneOffset.UTC));
	}

	private static List<Kind> kinds(WebhookEndpointReport report) {
		return report.findings().stream().map(Finding::kind).toList();
	}

	private static String message(WebhookEndpointReport report) {
		return report.findings().get(0).message();
	}

}
