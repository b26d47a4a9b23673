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

package io.github.polarspring.entitlement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.entitlement.EntitlementReport.Basis;
import io.github.polarspring.entitlement.EntitlementReport.Proof;
import io.github.polarspring.entitlement.EntitlementReport.Reason;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.PurchasesAtPolar.Item;
import io.github.polarspring.identity.PolarIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for complimentary access, reports, statistics, and for what is never shown.
 */
class EntitlementDiagnosticsTests {

	private static final UUID EXPORT = EntitlementsFixture.EXPORT;

	private final EntitlementsFixture fixture = new EntitlementsFixture();

	private final PurchasesAtPolar polar = this.fixture.polar;

	private final Item pro = this.polar.product(EntitlementsFixture.PRO, EXPORT);

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	void complimentaryAccessIsAskedForWhatIsNotBought() {
		this.polar.subscription("team", this.pro);
		List<String> calls = new ArrayList<>();
		ComplimentaryAccess staff = (identity, feature) -> {
			calls.add(identity.externalId() + "/" + identity.memberId() + " " + feature);
			return identity.memberId().equals("bob") && feature.equals("export");
		};
		ComplimentaryAccess none = (identity, feature) -> {
			calls.add("none");
			return false;
		};
		DefaultPolarEntitlements entitlements = this.fixture
			.start((builder) -> builder.complimentaryAccess(List.of(none, staff, none)));
		PolarIdentity bob = PolarIdentity.of("team").withMemberId("bob").withEmail("bob@example.com");
		assertThat(entitlements.of(bob).has("pro")).isTrue();
		assertThat(calls).as("bought").isEmpty();
		assertThat(entitlements.of(bob).has("export")).isTrue();
		assertThat(calls).as("until one grants it").containsExactly("none", "team/bob export");
		assertThat(entitlements.of("team").has("export")).isFalse();
		assertThat(calls.subList(2, calls.size())).containsExactly("none", "team/team export", "none");
		assertThat(entitlements.of(bob).report().features()).containsEntry("export",
				new Reason(Basis.COMPLIMENTARY, null, null, null));
		assertThat(entitlements.of("team").report().features()).containsEntry("export",
				new Reason(Basis.NONE, null, null, null));
	}

	@Test
	void complimentaryAccessReceivesTheWholeIdentity() {
		List<PolarIdentity> identities = new ArrayList<>();
		PolarIdentity alice = PolarIdentity.of("alice").withVerifiedEmail("alice@staff.example");
		DefaultPolarEntitlements entitlements = this.fixture.start((builder) -> builder.currentPayer(() -> () -> alice)
			.complimentaryAccess(List.of((identity, feature) -> identities.add(identity))));
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		assertThat(entitlements.current().has("pro")).isTrue();
		assertThat(identities).containsExactly(PolarIdentity.of("alice"), alice);
	}

	@Test
	void complimentaryAccessCountsIfNothingIsKnown() {
		this.polar.fail(500);
		DefaultPolarEntitlements entitlements = this.fixture
			.start((builder) -> builder.complimentaryAccess(List.of((identity, feature) -> feature.equals("pro"))));
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> entitlements.of("alice").has("export"));
	}

	@Test
	void complimentaryAccessIsNotForGuests() {
		CurrentPayer guest = () -> null;
		DefaultPolarEntitlements entitlements = this.fixture.start((builder) -> builder.currentPayer(() -> guest)
			.complimentaryAccess(List.of((identity, feature) -> true)));
		assertThat(entitlements.current().has("pro")).isFalse();
		assertThat(entitlements.current().report().features())
			.allSatisfy((name, reason) -> assertThat(reason.basis()).isEqualTo(Basis.NONE));
	}

	@Test
	void reportExplainsEachFeature() {
		Item subscription = this.polar.subscription("alice", this.pro);
		this.polar.grant(subscription, EXPORT).with("benefit.metadata.forms", 9);
		Item order = this.polar.order("bob", this.pro).assignedTo("alice");
		EntitlementReport report = this.fixture.start().of("alice").report();
		Reason benefit = new Reason(Basis.BENEFIT, subscription.id(), EXPORT, Proof.METADATA);
		assertThat(report).isEqualTo(new EntitlementReport(
				Source.POLAR, this.fixture.clock.instant(), Map.of("export", benefit, "pro",
						new Reason(Basis.PRODUCT, subscription.id(), null, Proof.METADATA), "open", benefit),
				Map.of("forms", 9L), List.of(order.id())));
		assertThat(report.features()).as("in the configured order")
			.containsExactly(entry("export", benefit), entry("pro", report.features().get("pro")),
					entry("open", benefit));
		assertThat(report.toString()).doesNotContain("alice", "bob");
	}

	@Test
	void unknownNamesAreRejectedWithTheKnownOnes() {
		DefaultPolarEntitlements entitlements = this.fixture.start();
		for (Entitlements of : List.of(entitlements.of("alice"), entitlements.of("bob"))) {
			assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> of.has("exprot"))
				.withMessage("There is no feature 'exprot' in 'polar.features'. Known features: export, open, pro.")
				.satisfies((ex) -> assertThat(ex.getAction()).contains("polar.features.exprot.products: <name>"));
			assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> of.limit("form"))
				.withMessage("There is no limit 'form' in 'polar.entitlements.defaults'. Known limits: forms.")
				.satisfies((ex) -> assertThat(ex.getAction()).contains("polar.entitlements.defaults.form: 0"));
		}
		PolarFeatures none = new PolarFeatures(List.of(), Map.of());
		assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> none.require("export"))
			.withMessage("There is no feature 'export' in 'polar.features'. No feature is configured.");
		assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> none.requireLimit("forms"))
			.withMessageContaining("No limit is configured.");
	}

	@Test
	void featureWithTheSameNameIsRejected() {
		Feature feature = new Feature("export", Set.of(EXPORT), Set.of(), null, Feature.WhenUnknown.REJECT);
		assertThatIllegalArgumentException().isThrownBy(() -> new PolarFeatures(List.of(feature, feature), Map.of()));
	}

	@Test
	void decisionsAreCounted() {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		entitlements.of("alice").has("pro");
		entitlements.of("alice").has("export");
		entitlements.of("alice").has("export");
		EntitlementStatistics statistics = this.fixture.statistics;
		assertThat(statistics.granted()).isEqualTo(1);
		assertThat(statistics.denied()).isEqualTo(2);
		assertThat(statistics.unknown()).isZero();
		assertThat(statistics.memoryHits()).isEqualTo(2);
		assertThat(statistics.reads(Source.POLAR)).isEqualTo(1);
		assertThat(statistics.reads(Source.STALE)).isZero();
		assertThat(statistics.unavailableSince()).isNull();
	}

	@Test
	void idsOfUsersAreNeitherLoggedNorShown() {
		String alice = "alice@example.com";
		String mallory = "mallory@example.com";
		Item subscription = this.polar.subscription(alice, this.pro).assignedTo(mallory);
		Item unreadable = this.polar.subscription(alice + "2", this.pro).with("customer_id", "none");
		HoldingsInMemory store = new HoldingsInMemory(this.fixture.clock);
		DefaultPolarEntitlements entitlements = this.fixture.start(store);
		Entitlements of = entitlements.of(mallory);
		entitlements.of(alice + "2");
		entitlements.assignSubscription(subscription.id(), mallory);
		entitlements.assignSubscription(subscription.id(), alice);
		this.polar.remove(unreadable);
		store.down = true;
		this.polar.fail(500);
		for (int i = 0; i < 10; i++) {
			entitlements.of(alice + i);
			this.fixture.clock.advance(Duration.ofSeconds(5));
		}
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> entitlements.of(alice + "3").has("pro"))
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("500").message().doesNotContain("example.com"));
		assertThat(this.fixture.everythingLogged()).as("of each kind").hasSizeGreaterThanOrEqualTo(6);
		assertThat(this.fixture.everythingLogged()).noneMatch((line) -> line.contains("example.com"));
		assertThat(entitlements.of(alice).toString() + of + entitlements + of.report() + this.fixture.events)
			.contains("Entitlements[source=")
			.doesNotContain("example.com");
	}

}
