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
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.polarspring.PolarException;
import io.github.polarspring.entitlement.EntitlementReport.Basis;
import io.github.polarspring.entitlement.EntitlementReport.Proof;
import io.github.polarspring.entitlement.EntitlementReport.Reason;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.Holdings.Grant;
import io.github.polarspring.entitlement.Holdings.Purchase;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

/**
 * {@link Entitlements} of one identity at one time. Everything is decided when it is
 * created, except what the application grants itself.
 */
final class PayerEntitlements implements Entitlements {

	private static final Reason NONE = new Reason(Basis.NONE, null, null, null);

	private static final Reason UNKNOWN = new Reason(Basis.UNKNOWN, null, null, null);

	private static final Reason ALLOWED = new Reason(Basis.ALLOWED_WHEN_UNKNOWN, null, null, null);

	private static final Reason COMPLIMENTARY = new Reason(Basis.COMPLIMENTARY, null, null, null);

	/**
	 * When to try again after a purchase with seats.
	 */
	private static final Duration SEAT_EXPECTED = Duration.ofSeconds(5);

	private final Settings settings;

	private final PolarFeatures features;

	private final List<ComplimentaryAccess> complimentary;

	private final EntitlementStatistics statistics;

	private final @Nullable PolarIdentity identity;

	private final @Nullable Holdings holdings;

	private final Source source;

	private final @Nullable Instant readAt;

	private final @Nullable Supplier<PolarException> unavailable;

	private final Map<String, Reason> reasons;

	private final Map<String, Long> limits;

	/**
	 * Create entitlements.
	 * @param settings what is the same for all
	 * @param identity the payer, and the member of a team; {@code null} for a guest
	 * @param holdings what the payer holds, {@code null} if it is not known
	 * @param source where it comes from
	 * @param readAt when Polar was read, {@code null} if never
	 * @param unavailable creates the exception for what is not known, {@code null} if the
	 * payer certainly has nothing else
	 */
	PayerEntitlements(Settings settings, @Nullable PolarIdentity identity, @Nullable Holdings holdings, Source source,
			@Nullable Instant readAt, @Nullable Supplier<PolarException> unavailable) {
		this.settings = settings;
		this.features = settings.features();
		this.complimentary = settings.complimentary();
		this.statistics = settings.statistics();
		this.identity = identity;
		this.holdings = holdings;
		this.source = source;
		this.readAt = readAt;
		this.unavailable = unavailable;
		this.reasons = new HashMap<>();
		this.limits = new HashMap<>();
		List<Purchase> purchases = (holdings != null) ? holdings.purchases() : List.of();
		this.features.all().forEach((feature) -> this.reasons.put(feature.name(), reason(feature, purchases)));
		this.features.limits().forEach((name, value) -> this.limits.put(name, limit(name, value, purchases)));
	}

	private PayerEntitlements(PayerEntitlements other, PolarIdentity identity) {
		this.settings = other.settings;
		this.features = other.features;
		this.complimentary = other.complimentary;
		this.statistics = other.statistics;
		this.identity = identity;
		this.holdings = other.holdings;
		this.source = other.source;
		this.readAt = other.readAt;
		this.unavailable = other.unavailable;
		this.reasons = other.reasons;
		this.limits = other.limits;
	}

	/**
	 * Return the entitlements of an identity with the same payer.
	 */
	PayerEntitlements of(PolarIdentity identity) {
		return (this.identity != null && this.identity.memberId().equals(identity.memberId()))
				? new PayerEntitlements(this, identity) : new PayerEntitlements(this.settings, identity, this.holdings,
						this.source, this.readAt, this.unavailable);
	}

	private Reason reason(Feature feature, List<Purchase> purchases) {
		Reason missing = NONE;
		if (this.unavailable != null) {
			missing = (feature.whenUnknown() == Feature.WhenUnknown.ALLOW) ? ALLOWED : UNKNOWN;
		}
		else if (purchases.stream().anyMatch((purchase) -> mayGetSeat(purchase, feature))) {
			missing = UNKNOWN;
		}
		return purchases.stream().flatMap((purchase) -> reasons(feature, purchase)).findFirst().orElse(missing);
	}

	private Stream<Reason> reasons(Feature feature, Purchase purchase) {
		Proof proof = purchase.proof();
		Stream<Reason> product = (countsWithProduct(purchase) && purchase.productId() != null
				&& feature.products().contains(purchase.productId()))
						? Stream.of(new Reason(Basis.PRODUCT, purchase.id(), null, proof)) : Stream.empty();
		return Stream
			.of(product, benefits(feature, purchase, held(purchase), Basis.BENEFIT),
					benefits(feature, purchase, provisional(purchase), Basis.JUST_BOUGHT))
			.flatMap((reasons) -> reasons);
	}

	/**
	 * Return whether a feature comes with a seat that was just bought and that the
	 * identity may be assigned.
	 */
	private static boolean mayGetSeat(Purchase purchase, Feature feature) {
		return purchase.withSeats() && purchase.provisionalUntil() != null
				&& (feature.products().contains(purchase.productId()) || purchase.provisional()
					.stream()
					.anyMatch((grant) -> feature.benefits().contains(grant.benefitId())));
	}

	private static Stream<Reason> benefits(Feature feature, Purchase purchase, Stream<Grant> grants, Basis basis) {
		return grants.filter((grant) -> feature.benefits().contains(grant.benefitId()))
			.map((grant) -> new Reason(basis, purchase.id(), grant.benefitId(), purchase.proof()));
	}

	/**
	 * Return the benefits of a purchase that the identity holds. Those of a purchase with
	 * seats belong to their members, all others to the payer.
	 */
	private Stream<Grant> held(Purchase purchase) {
		return purchase.grants()
			.stream()
			.filter((grant) -> !purchase.withSeats()
					|| (this.identity != null && this.identity.memberId().equals(grant.memberId())));
	}

	/**
	 * Return the benefits that the identity holds although Polar has not granted them
	 * yet.
	 */
	private static Stream<Grant> provisional(Purchase purchase) {
		return purchase.withSeats() ? Stream.empty() : purchase.provisional().stream();
	}

	private boolean countsWithProduct(Purchase purchase) {
		return purchase.withProduct() && (!purchase.withSeats() || held(purchase).findAny().isPresent());
	}

	private long limit(String name, long defaultValue, List<Purchase> purchases) {
		return purchases.stream()
			.flatMap((purchase) -> Stream.concat(held(purchase), provisional(purchase)))
			.map((grant) -> grant.limits().get(name))
			.filter((limit) -> limit != null)
			.max(Long::compare)
			.or(() -> purchases.stream()
				.filter(this::countsWithProduct)
				.map((purchase) -> purchase.productLimits().get(name))
				.filter((limit) -> limit != null)
				.max(Long::compare))
			.orElse(defaultValue);
	}

	@Override
	public boolean has(String feature) {
		Reason reason = this.reasons.get(feature);
		if (reason == null) {
			this.features.require(feature);
			throw new IllegalStateException("The feature was added meanwhile");
		}
		if (reason.granted() || (!this.complimentary.isEmpty() && isComplimentary(feature))) {
			this.statistics.granted.increment();
			return true;
		}
		if (reason == UNKNOWN) {
			this.statistics.unknown.increment();
			throw (this.unavailable != null) ? this.unavailable.get()
					: new PolarEntitlementsUnavailableException(SEAT_EXPECTED, null);
		}
		this.statistics.denied.increment();
		return false;
	}

	private boolean isComplimentary(String feature) {
		PolarIdentity identity = this.identity;
		return identity != null && this.complimentary.stream().anyMatch((access) -> access.grants(identity, feature));
	}

	@Override
	public long limit(String name) {
		Long limit = this.limits.get(name);
		return (limit != null) ? limit : this.features.requireLimit(name);
	}

	@Override
	public Optional<PaymentProblem> paymentProblem() {
		return Optional.ofNullable((this.holdings != null) ? this.holdings.problem() : null);
	}

	@Override
	public EntitlementReport report() {
		Map<String, Reason> reasons = new LinkedHashMap<>();
		this.features.all().forEach((feature) -> {
			Reason reason = this.reasons.getOrDefault(feature.name(), NONE);
			reasons.put(feature.name(),
					(!reason.granted() && isComplimentary(feature.name())) ? COMPLIMENTARY : reason);
		});
		Map<String, Long> limits = new LinkedHashMap<>();
		this.features.limits().keySet().forEach((name) -> limits.put(name, limit(name)));
		return new EntitlementReport(this.source, this.readAt, reasons, limits,
				(this.holdings != null) ? this.holdings.unproven() : List.of());
	}

	/**
	 * Return a text without personal data.
	 */
	@Override
	public String toString() {
		return "Entitlements[source=" + this.source + "]";
	}

	/**
	 * What is the same for all.
	 *
	 * @param features the configured features and limits
	 * @param complimentary what the application grants itself
	 * @param statistics counts decisions
	 */
	record Settings(PolarFeatures features, List<ComplimentaryAccess> complimentary, EntitlementStatistics statistics) {

	}

}
