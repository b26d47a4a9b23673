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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.polarspring.entitlement.EntitlementReport.Proof;
import io.github.polarspring.entitlement.Holdings.Grant;
import io.github.polarspring.entitlement.Holdings.Purchase;
import io.github.polarspring.model.BenefitGrant;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Product;
import io.github.polarspring.model.ProductBenefit;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.SubscriptionStatus;
import org.jspecify.annotations.Nullable;

/**
 * Decides what counts for whom. Polar merges customers by the e-mail address that a buyer
 * enters, so the customer of a purchase proves nothing: what counts is the id in its
 * metadata.
 */
final class HoldingsAssembler {

	private static final String BUYER = "external_customer_id";

	private static final String MARK = "checkout_buyer";

	private static final String CHOSEN_CUSTOMER = "customer:";

	private static final String UNLIMITED = "unlimited";

	private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

	/**
	 * Time within which Polar grants benefits after a payment.
	 */
	static final Duration PROVISIONAL = Duration.ofSeconds(60);

	private final PurchaseReader reader;

	private final PurchaseRecords records;

	private final Map<UUID, String> assignments;

	private final boolean acceptUnproven;

	private final Instant now;

	private final Map<UUID, List<BenefitGrant>> grants = new HashMap<>();

	private final Map<String, List<Purchase>> purchases = new HashMap<>();

	private final Map<String, List<UUID>> unproven = new HashMap<>();

	private final Map<String, PaymentProblem> problems = new HashMap<>();

	/**
	 * Create an assembler.
	 * @param reader reads what the records do not contain
	 * @param records what was bought
	 * @param assignments payers to whom the application assigned orders
	 * @param acceptUnproven whether purchases without any proof count for the customer
	 * @param now when reading began
	 */
	HoldingsAssembler(PurchaseReader reader, PurchaseRecords records, Map<UUID, String> assignments,
			boolean acceptUnproven, Instant now) {
		this.reader = reader;
		this.records = records;
		this.assignments = assignments;
		this.acceptUnproven = acceptUnproven;
		this.now = now;
	}

	/**
	 * Return the holdings of all payers in the records.
	 */
	Map<String, Holdings> assemble() {
		return assemble(null);
	}

	/**
	 * Return the holdings of one payer.
	 */
	Holdings assembleFor(String payer) {
		return assemble(payer).getOrDefault(payer, Holdings.NONE);
	}

	private Map<String, Holdings> assemble(@Nullable String only) {
		this.records.grants().forEach((grant) -> {
			UUID purchase = (grant.subscriptionId() != null) ? grant.subscriptionId() : grant.orderId();
			if (purchase != null) {
				this.grants.computeIfAbsent(purchase, (key) -> new ArrayList<>()).add(grant);
			}
		});
		this.records.subscriptions()
			.stream()
			.filter((subscription) -> isRunning(subscription.status()))
			.forEach((subscription) -> attribute(only, subscription.id(), subscription.metadata(),
					subscription.customerId(), subscription.customer(),
					(payer, proof) -> add(payer, subscription, proof)));
		this.records.orders()
			.stream()
			.filter((order) -> order.paid() && !order.isFullyRefunded())
			.forEach((order) -> attribute(only, order.id(), order.metadata(), order.customerId(), order.customer(),
					(payer, proof) -> add(payer, order, proof)));
		Map<String, Holdings> holdings = new HashMap<>();
		this.purchases.forEach((payer, own) -> holdings.put(payer,
				new Holdings(own, this.unproven.getOrDefault(payer, List.of()), this.problems.get(payer))));
		this.unproven.forEach((payer, ids) -> holdings.putIfAbsent(payer, new Holdings(List.of(), ids, null)));
		return holdings;
	}

	private static boolean isRunning(SubscriptionStatus status) {
		return status == SubscriptionStatus.ACTIVE || status == SubscriptionStatus.TRIALING
				|| status == SubscriptionStatus.PAST_DUE;
	}

	/**
	 * Find the payer of a purchase, and the proof.
	 */
	private void attribute(@Nullable String only, UUID id, Map<String, @Nullable Object> metadata, UUID customerId,
			@Nullable Customer customer, Counted counted) {
		String customerOf = (customer != null) ? customer.externalId() : null;
		String payer;
		Proof proof;
		if (this.assignments.containsKey(id)) {
			payer = this.assignments.get(id);
			proof = Proof.ASSIGNED;
		}
		else if (metadata.get(BUYER) != null) {
			payer = metadata.get(BUYER).toString();
			proof = Proof.METADATA;
		}
		else {
			payer = customerOf;
			proof = (CHOSEN_CUSTOMER + customerId).equals(metadata.get(MARK)) ? Proof.CUSTOMER
					: (this.acceptUnproven ? Proof.UNPROVEN : null);
		}
		if (payer != null && proof != null && (only == null || only.equals(payer))) {
			counted.by(payer, proof);
		}
		boolean counts = proof != null && Objects.equals(payer, customerOf);
		if (customerOf != null && !counts && (only == null || only.equals(customerOf))) {
			this.unproven.computeIfAbsent(customerOf, (key) -> new ArrayList<>()).add(id);
		}
	}

	private void add(String payer, Subscription subscription, Proof proof) {
		List<BenefitGrant> all = this.grants.getOrDefault(subscription.id(), List.of());
		boolean pastDue = subscription.status() == SubscriptionStatus.PAST_DUE;
		boolean provisional = !pastDue && (isRecent(subscription.modifiedAt()) || isRecent(subscription.startedAt()));
		boolean withSeats = subscription.seats() != null;
		boolean counts = !pastDue || all.stream().anyMatch(BenefitGrant::isGranted);
		if (pastDue) {
			this.problems.computeIfAbsent(payer, (key) -> problem(subscription));
		}
		this.purchases.computeIfAbsent(payer, (key) -> new ArrayList<>())
			.add(new Purchase(subscription.id(), subscription.customerId(), subscription.productId(), proof, counts,
					withSeats, (subscription.product() != null) ? limits(subscription.product().metadata()) : Map.of(),
					granted(all), (provisional && !withSeats) ? benefits(subscription.product()) : List.of(),
					provisional ? latest(subscription.modifiedAt(), subscription.startedAt()) : null));
	}

	private void add(String payer, Order order, Proof proof) {
		List<BenefitGrant> all = this.grants.getOrDefault(order.id(), List.of());
		boolean provisional = all.isEmpty() && isRecent(order.createdAt());
		boolean withSeats = order.seats() != null;
		// a lost dispute leaves the order paid, and takes its benefits
		boolean counts = all.isEmpty() || all.stream().anyMatch(BenefitGrant::isGranted);
		UUID productId = order.productId();
		this.purchases.computeIfAbsent(payer, (key) -> new ArrayList<>())
			.add(new Purchase(order.id(), order.customerId(), productId, proof, counts, withSeats,
					(order.product() != null) ? limits(order.product().metadata()) : Map.of(), granted(all),
					(provisional && !withSeats && productId != null)
							? benefits(this.reader.product(productId).orElse(null)) : List.of(),
					provisional ? latest(order.createdAt(), null) : null));
	}

	private PaymentProblem problem(Subscription subscription) {
		Instant nextAttempt = this.reader.pending(subscription.id())
			.stream()
			.map(Order::nextPaymentAttemptAt)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		return new PaymentProblem(subscription.id(), subscription.productId(), subscription.pastDueAt(), nextAttempt);
	}

	private boolean isRecent(@Nullable Instant time) {
		return time != null && time.plus(PROVISIONAL).isAfter(this.now);
	}

	private static @Nullable Instant latest(@Nullable Instant one, @Nullable Instant other) {
		Instant latest = (one == null || (other != null && other.isAfter(one))) ? other : one;
		return (latest != null) ? latest.plus(PROVISIONAL) : null;
	}

	private static List<Grant> granted(List<BenefitGrant> grants) {
		List<Grant> granted = new ArrayList<>();
		for (BenefitGrant grant : grants) {
			UUID benefitId = grant.benefitId();
			if (grant.isGranted() && benefitId != null) {
				ProductBenefit benefit = grant.benefit();
				granted.add(new Grant(benefitId, (grant.member() != null) ? grant.member().externalId() : null,
						(benefit != null) ? limits(benefit.metadata()) : Map.of()));
			}
		}
		return granted;
	}

	private static List<Grant> benefits(@Nullable Product product) {
		return Stream.ofNullable(product)
			.flatMap((known) -> known.benefits().stream())
			.map((benefit) -> new Grant(benefit.id(), null, limits(benefit.metadata())))
			.toList();
	}

	/**
	 * Return the numbers in metadata. Polar's dashboard stores all values as text.
	 */
	private static Map<String, Long> limits(Map<String, @Nullable Object> metadata) {
		Map<String, Long> limits = new HashMap<>();
		metadata.forEach((name, value) -> {
			Long limit = limit(value);
			if (limit != null) {
				limits.put(name, limit);
			}
		});
		return limits;
	}

	private static @Nullable Long limit(@Nullable Object value) {
		if (value instanceof Integer || value instanceof Long) {
			return ((Number) value).longValue();
		}
		if (value instanceof Number number) {
			return (long) Math.floor(number.doubleValue());
		}
		if (value instanceof String text) {
			String trimmed = text.strip();
			return trimmed.equalsIgnoreCase(UNLIMITED) ? Long.valueOf(Long.MAX_VALUE)
					: (NUMBER.matcher(trimmed).matches() ? Long.valueOf(trimmed) : null);
		}
		return null;
	}

	private interface Counted {

		void by(String payer, Proof proof);

	}

}
