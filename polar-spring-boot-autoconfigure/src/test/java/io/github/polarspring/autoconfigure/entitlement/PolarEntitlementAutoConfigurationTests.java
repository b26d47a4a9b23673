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

package io.github.polarspring.autoconfigure.entitlement;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.ComplimentaryAccess;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.EntitlementStatistics;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.entitlement.PolarUnprovenPurchases;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.testsupport.MutableClock;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventRecorder;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarEntitlementAutoConfiguration}.
 */
class PolarEntitlementAutoConfigurationTests {

	private static final UUID PRO = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	private static final UUID BENEFIT = UUID.fromString("7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90");

	private static final String UNPROVEN = """
			{"id":"30c89c67-fdc7-46a6-afcf-37497c00e310","status":"active","metadata":{},"product_id":"%s",
			"customer_id":"163beb47-7e85-4f5f-bf84-0d9b4ea38768","customer":{"external_id":"alice"}}""".formatted(PRO);

	private static final PolarEvent<?> ORDER_PAID = PolarEvent.read("1",
			"{\"type\":\"order.paid\",\"data\":{\"customer_id\":\"%s\"}}".formatted(PRO)
				.getBytes(StandardCharsets.UTF_8));

	private final List<String> requests = new ArrayList<>();

	private volatile int status = 200;

	private final PolarClient client = PolarClient.builder()
		.accessToken("polar_oat_test")
		.retry(1, Duration.ofMillis(1), Duration.ofMillis(1))
		.requestFactory((uri, method) -> new MockClientHttpRequest(method, uri) {

			@Override
			protected ClientHttpResponse executeInternal() {
				return respond(uri.getPath());
			}

		})
		.build();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarEntitlementAutoConfiguration.class))
		.withPropertyValues("polar.products.pro=" + PRO, "polar.features.export.benefits=" + BENEFIT,
				"polar.features.pro.products=pro");

	private final ApplicationContextRunner withClient = this.runner.withBean(PolarClient.class, () -> this.client);

	private synchronized ClientHttpResponse respond(String path) {
		this.requests.add(path);
		boolean subscriptions = path.equals("/v1/subscriptions/");
		return new MockClientHttpResponse("{\"items\":[%s],\"pagination\":{\"total_count\":1,\"max_page\":1}}"
			.formatted(subscriptions ? UNPROVEN : "")
			.getBytes(StandardCharsets.UTF_8), this.status);
	}

	@Test
	void featuresAreConfiguredByName() {
		this.runner
			.withPropertyValues("polar.products.team=7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b91",
					"polar.features.export.products=pro,TEAM," + PRO, "polar.features.export.upgrade-url=/pricing",
					"polar.features.export.when-unknown=allow", "polar.entitlements.defaults.forms=3",
					"polar.entitlements.defaults.projects=10")
			.run((context) -> {
				PolarFeatures features = context.getBean(PolarFeatures.class);
				assertThat(features.all()).containsExactlyInAnyOrder(
						new Feature("export", Set.of(BENEFIT),
								Set.of(PRO, UUID.fromString("7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b91")), "/pricing",
								Feature.WhenUnknown.ALLOW),
						new Feature("pro", Set.of(), Set.of(PRO), null, Feature.WhenUnknown.REJECT));
				assertThat(features.limits()).isEqualTo(Map.of("forms", 3L, "projects", 10L));
			});
	}

	@Test
	void nameOfAFeatureKeepsItsForm() {
		this.runner
			.withPropertyValues("polar.features.exportPdf.benefits=" + BENEFIT,
					"polar.features.export_csv.benefits=" + BENEFIT, "polar.features[größe].benefits=" + BENEFIT,
					"polar.entitlements.defaults.maxForms=1")
			.run((context) -> {
				PolarFeatures features = context.getBean(PolarFeatures.class);
				assertThat(features.all()).extracting(Feature::name).contains("exportPdf", "export_csv", "größe");
				assertThat(features.requireLimit("maxForms")).isOne();
			});
	}

	@Test
	void benefitThatIsListedTwiceIsOne() {
		this.runner.withPropertyValues("polar.features.export.benefits=%1$s,%1$s".formatted(BENEFIT))
			.run((context) -> assertThat(context.getBean(PolarFeatures.class).require("export").benefits())
				.containsExactly(BENEFIT));
	}

	@Test
	void applicationWithoutATokenStarts() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(PolarFeatures.class));
	}

	@Test
	void applicationWithoutFeaturesReadsNothing() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PolarAutoConfiguration.class, PolarEntitlementAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(PolarEventRecorder.class).record(ORDER_PAID);
				assertThat(
						((DefaultListableBeanFactory) context.getBeanFactory()).containsSingleton("polarEntitlements"))
					.isFalse();
			});
	}

	@Test
	void eventIsRejectedIfTheTokenIsMissing() {
		this.runner
			.run((context) -> assertThatExceptionOfType(BeanCreationException.class).as("so that Polar sends it again")
				.isThrownBy(() -> context.getBean(PolarEventRecorder.class).record(ORDER_PAID))
				.havingRootCause()
				.withMessage("Polar access token is not configured."));
	}

	@Test
	void nothingIsCreatedWithoutPolar() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarEntitlementAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarFeatures.class)
				.doesNotHaveBean(PolarEntitlements.class)
				.doesNotHaveBean(PolarEventRecorder.class));
	}

	@Test
	void entitlementsUseTheClockTheStatisticsAndTheEventsOfTheApplication() {
		MutableClock clock = new MutableClock();
		EntitlementStatistics statistics = new EntitlementStatistics();
		List<Object> events = new ArrayList<>();
		this.withClient.withBean(Clock.class, () -> clock)
			.withBean(EntitlementStatistics.class, () -> statistics)
			.withInitializer((context) -> context.addApplicationListener((event) -> {
				if (event instanceof PayloadApplicationEvent<?> payload) {
					events.add(payload.getPayload());
				}
			}))
			.run((context) -> {
				PolarEntitlements entitlements = context.getBean(PolarEntitlements.class);
				assertThat(entitlements.of("alice").has("pro")).isFalse();
				assertThat(entitlements.of("alice").report().readAt()).isEqualTo(clock.instant());
				assertThat(statistics.reads(Source.POLAR)).isOne();
				await()
					.untilAsserted(() -> assertThat(events).hasAtLeastOneElementOfType(PolarUnprovenPurchases.class));
			});
	}

	@Test
	void unprovenPurchasesCountIfConfigured() {
		this.withClient.withPropertyValues("polar.entitlements.accept-unproven=true")
			.run((context) -> assertThat(context.getBean(PolarEntitlements.class).of("alice").has("pro")).isTrue());
	}

	@Test
	void durationsAreConfigured() {
		MutableClock clock = new MutableClock();
		this.withClient.withBean(Clock.class, () -> clock)
			.withPropertyValues("polar.entitlements.fresh-for=10s", "polar.entitlements.stale-for=1m",
					"polar.entitlements.accept-unproven=true", "polar.entitlements.read-timeout=20s")
			.run((context) -> {
				PolarEntitlements entitlements = context.getBean(PolarEntitlements.class);
				entitlements.of("alice");
				int requests = this.requests.size();
				clock.advance(Duration.ofSeconds(9));
				entitlements.of("alice");
				assertThat(this.requests).hasSize(requests);
				clock.advance(Duration.ofSeconds(1));
				entitlements.of("alice");
				assertThat(this.requests).hasSizeGreaterThan(requests);
				this.status = 500;
				clock.advance(Duration.ofMinutes(1));
				assertThat(entitlements.of("alice").has("pro")).isTrue();
				clock.advance(Duration.ofSeconds(5));
				assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
					.isThrownBy(() -> entitlements.of("alice").has("pro"));
			});
	}

	@Test
	void payerAndComplimentaryAccessAreThoseOfTheApplication() {
		List<String> calls = new ArrayList<>();
		this.withClient.withBean(CurrentPayer.class, () -> () -> PolarIdentity.of("team").withMemberId("bob"))
			.withBean("second", SecondAccess.class, () -> new SecondAccess(calls))
			.withBean("first", FirstAccess.class, () -> new FirstAccess(calls))
			.run((context) -> {
				assertThat(context.getBean(PolarEntitlements.class).current().has("export")).isTrue();
				assertThat(calls).containsExactly("first", "second");
			});
	}

	@Test
	void threadsEndWithTheContext() {
		this.withClient.run((context) -> {
			context.getBean(PolarEntitlements.class).of("alice");
			assertThat(threads()).isNotEmpty();
		});
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("polar-entitlements"))
			.toList();
	}

	@Test
	void beansOfTheApplicationReplaceOurs() {
		PolarEntitlements own = mock(PolarEntitlements.class);
		PolarFeatures features = new PolarFeatures(List.of(), Map.of("own", 1L));
		this.withClient.withBean(PolarEntitlements.class, () -> own)
			.withBean(PolarFeatures.class, () -> features)
			.run((context) -> {
				assertThat(context).getBean(PolarEntitlements.class).isSameAs(own);
				assertThat(context).getBean(PolarFeatures.class).isSameAs(features);
				context.getBean(PolarEventRecorder.class).record(ORDER_PAID);
				then(own).should().refresh(Set.of(), PRO);
			});
	}

	@Order(1)
	private record FirstAccess(List<String> calls) implements ComplimentaryAccess {

		@Override
		public boolean grants(PolarIdentity identity, String feature) {
			this.calls.add("first");
			return false;
		}

	}

	@Order(2)
	private record SecondAccess(List<String> calls) implements ComplimentaryAccess {

		@Override
		public boolean grants(PolarIdentity identity, String feature) {
			this.calls.add("second");
			return identity.memberId().equals("bob");
		}

	}

}
