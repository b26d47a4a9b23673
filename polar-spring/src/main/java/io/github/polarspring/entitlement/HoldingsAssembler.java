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

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.PolarDataException;
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

	private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?");

	private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

	private static final BigDecimal MIN = BigDecimal.valueOf(Long.MIN_VALUE);

	/**
	 * Time within which Polar grants benefits after a payment.
	 */
	static final Duration PROVISIONAL = Duration.ofSeconds(60);

	private final Function<UUID, Optional<Product>> products;

	private final PurchaseRecords records;

	private final Map<UUID, String> assignments;

	private final boolean acceptUnproven;

	private final Instant now;

	private final Map<UUID, List<BenefitGrant>> grants = new HashMap<>();

	private final Map<String, List<Purchase>> purchases = new HashMap<>();

	private final Map<String, List<UUID>> unproven = new HashMap<>();

	private final Map<String, PaymentProblem> problems = new HashMap<>();

	private final Map<String, PolarDataException> unreadable = new HashMap<>();

	/**
	 * Create an assembler.
	 * @param products reads a product of an order, which does not contain its benefits
	 * @param records what was bought
	 * @param assignments payers to whom the application assigned orders
	 * @param acceptUnproven whether purchases without any proof count for the customer
	 * @param now when reading began
	 */
	HoldingsAssembler(Function<UUID, Optional<Product>> products, PurchaseRecords records,
			Map<UUID, String> assignments, boolean acceptUnproven, Instant now) {
		Map<UUID, Optional<Product>> known = new HashMap<>();
		this.products = (id) -> known.computeIfAbsent(id, products);
		this.records = records;
		this.assignments = assignments;
		this.acceptUnproven = acceptUnproven;
		this.now = now;
	}

	/**
	 * Return the holdings of all payers in the records.
	 */
	AllHoldings assemble() {
		return new AllHoldings(assemble(null), this.unreadable);
	}

	/**
	 * Return the holdings of one payer.
	 * @throws PolarDataException if a purchase cannot be read
	 */
	Holdings assembleFor(String payer) {
		return assemble(payer).getOrDefault(payer, Holdings.NONE);
	}

	private Map<String, Holdings> assemble(@Nullable String only) {
		// in an order that does not depend on how they were listed
		this.records.grants().stream().sorted(Comparator.comparing(BenefitGrant::id)).forEach((grant) -> {
			UUID purchase = (grant.subscriptionId() != null) ? grant.subscriptionId() : grant.orderId();
			if (purchase != null) {
				this.grants.computeIfAbsent(purchase, (key) -> new ArrayList<>()).add(grant);
			}
		});
		this.records.subscriptions()
			.stream()
			.sorted(Comparator.comparing(Subscription::id))
			.forEach((subscription) -> read(only, () -> {
				if (isRunning(subscription.status())) {
					attribute(only, subscription.id(), subscription.metadata(), subscription.customerId(),
							subscription.customer(), (payer, proof) -> add(payer, subscription, proof));
				}
			}, () -> payers(subscription.id(), subscription.metadata(), subscription.customer())));
		this.records.orders().stream().sorted(Comparator.comparing(Order::id)).forEach((order) -> read(only, () -> {
			if (order.paid() && !order.isFullyRefunded()) {
				attribute(only, order.id(), order.metadata(), order.customerId(), order.customer(),
						(payer, proof) -> add(payer, order, proof));
			}
		}, () -> payers(order.id(), order.metadata(), order.customer())));
		Map<String, Holdings> holdings = new HashMap<>();
		this.purchases.forEach((payer, own) -> holdings.put(payer,
				new Holdings(own, this.unproven.getOrDefault(payer, List.of()), this.problems.get(payer))));
		this.unproven.forEach((payer, ids) -> holdings.putIfAbsent(payer, new Holdings(List.of(), ids, null)));
		return holdings;
	}

	/**
	 * Read a purchase. If that fails, it is not known what those have who could be its
	 * payer, and nothing follows for all others.
	 */
	private void read(@Nullable String only, Runnable reading, Supplier<Set<String>> payers) {
		try {
			reading.run();
		}
		catch (PolarDataException ex) {
			if (only != null) {
				throw ex;
			}
			payers.get().forEach((payer) -> this.unreadable.put(payer, ex));
		}
	}

	private Set<String> payers(UUID id, Map<String, @Nullable Object> metadata, @Nullable Customer customer) {
		return Stream
			.of(this.assignments.get(id), metadata.get(BUYER), (customer != null) ? customer.externalId() : null)
			.filter(Objects::nonNull)
			.map(Object::toString)
			.collect(Collectors.toSet());
	}

	private static boolean isRunning(SubscriptionStatus status) {
		return status == SubscriptionStatus.ACTIVE || status == SubscriptionStatus.TRIALING
				|| status == SubscriptionStatus.PAST_DUE;
	}

	/**
	 * Find the payer of a purchase, and the proof. Deleting a customer ends what the
	 * customer has bought.
	 */
	private void attribute(@Nullable String only, UUID id, Map<String, @Nullable Object> metadata, UUID customerId,
			@Nullable Customer customer, Counted counted) {
		if (customer != null && customer.deletedAt() != null) {
			return;
		}
		String customerOf = (customer != null) ? customer.externalId() : null;
		Object buyer = metadata.get(BUYER);
		String payer;
		Proof proof;
		if (this.assignments.containsKey(id)) {
			payer = this.assignments.get(id);
			proof = Proof.ASSIGNED;
		}
		else if (buyer != null) {
			payer = buyer.toString();
			proof = Proof.METADATA;
		}
		else {
			payer = customerOf;
			proof = proof(String.valueOf(metadata.get(MARK)), customerId);
		}
		if (payer != null && proof != null && (only == null || only.equals(payer))) {
			counted.by(payer, proof);
		}
		boolean settled = proof == Proof.ASSIGNED || (proof != null && Objects.equals(payer, customerOf));
		if (customerOf != null && !settled && (only == null || only.equals(customerOf))) {
			this.unproven.computeIfAbsent(customerOf, (key) -> new ArrayList<>()).add(id);
		}
	}

	/**
	 * Return the proof that a purchase belongs to its customer, although it names no
	 * user.
	 */
	private @Nullable Proof proof(String mark, UUID customerId) {
		if (mark.startsWith(CHOSEN_CUSTOMER)) {
			return mark.equals(CHOSEN_CUSTOMER + customerId) ? Proof.CUSTOMER : null;
		}
		return this.acceptUnproven ? Proof.UNPROVEN : null;
	}

	private void add(String payer, Subscription subscription, Proof proof) {
		List<BenefitGrant> all = this.grants.getOrDefault(subscription.id(), List.of());
		boolean pastDue = subscription.status() == SubscriptionStatus.PAST_DUE;
		Instant changedAt = latest(subscription.modifiedAt(), subscription.startedAt());
		if (pastDue) {
			this.problems.merge(payer, problem(subscription), HoldingsAssembler::older);
		}
		add(payer,
				new Purchase(subscription.id(), subscription.customerId(), subscription.productId(), proof,
						!pastDue || all.stream().anyMatch(BenefitGrant::isGranted), subscription.seats() != null,
						(subscription.product() != null) ? limits(subscription.product().metadata()) : Map.of(),
						granted(all), List.of(), null),
				!pastDue, changedAt, () -> Optional.ofNullable(subscription.product()));
	}

	private void add(String payer, Order order, Proof proof) {
		List<BenefitGrant> all = this.grants.getOrDefault(order.id(), List.of());
		// a lost dispute leaves the order paid, and takes its benefits
		boolean lost = !all.isEmpty() && all.stream().allMatch(BenefitGrant::isRevoked);
		boolean complete = all.stream().noneMatch(BenefitGrant::isRevoked);
		UUID productId = order.productId();
		add(payer,
				new Purchase(order.id(), order.customerId(), productId, proof, !lost, order.seats() != null,
						(order.product() != null) ? limits(order.product().metadata()) : Map.of(), granted(all),
						List.of(), null),
				complete, latest(order.createdAt(), order.modifiedAt()),
				() -> (productId != null) ? this.products.apply(productId) : Optional.empty());
	}

	/**
	 * Add a purchase. If it has just changed, the benefits of its product are noted that
	 * Polar has not granted yet; with seats, those that it may still grant to a member.
	 */
	private void add(String payer, Purchase purchase, boolean provisional, @Nullable Instant changedAt,
			Supplier<Optional<Product>> product) {
		Purchase added = purchase;
		Instant until = (changedAt != null) ? changedAt.plus(PROVISIONAL) : null;
		if (provisional && until != null && until.isAfter(this.now)) {
			Set<UUID> granted = purchase.withSeats() ? Set.of()
					: purchase.grants().stream().map(Grant::benefitId).collect(Collectors.toSet());
			List<Grant> missing = product.get()
				.stream()
				.flatMap((bought) -> bought.benefits().stream())
				.filter((benefit) -> !granted.contains(benefit.id()))
				.map((benefit) -> new Grant(benefit.id(), null, limits(benefit.metadata())))
				.toList();
			if (purchase.withSeats() || !missing.isEmpty()) {
				added = purchase.withProvisional(missing, until);
			}
		}
		this.purchases.computeIfAbsent(payer, (key) -> new ArrayList<>()).add(added);
	}

	private PaymentProblem problem(Subscription subscription) {
		Instant nextAttempt = this.records.pending()
			.stream()
			.filter((order) -> subscription.id().equals(order.subscriptionId()))
			.map(Order::nextPaymentAttemptAt)
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.orElse(null);
		return new PaymentProblem(subscription.id(), subscription.productId(), subscription.pastDueAt(), nextAttempt);
	}

	private static PaymentProblem older(PaymentProblem one, PaymentProblem other) {
		Instant since = one.since();
		Instant otherSince = other.since();
		return (otherSince == null || (since != null && !otherSince.isBefore(since))) ? one : other;
	}

	private static @Nullable Instant latest(@Nullable Instant one, @Nullable Instant other) {
		return (one == null || (other != null && other.isAfter(one))) ? other : one;
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
		String text = (value instanceof Number || value instanceof String) ? value.toString().strip() : "";
		if (text.equalsIgnoreCase(UNLIMITED)) {
			return Long.MAX_VALUE;
		}
		return (value instanceof Number || NUMBER.matcher(text).matches())
				? new BigDecimal(text).min(MAX).max(MIN).setScale(0, RoundingMode.FLOOR).longValue() : null;
	}

	/**
	 * What all payers hold.
	 *
	 * @param holdings the holdings by payer
	 * @param unreadable failures by payer
	 */
	record AllHoldings(Map<String, Holdings> holdings, Map<String, PolarDataException> unreadable) {

		/**
		 * Return the holdings of a payer.
		 * @throws PolarDataException if a purchase cannot be read
		 */
		Holdings of(String payer) {
			PolarDataException failure = this.unreadable.get(payer);
			if (failure != null) {
				throw failure;
			}
			return this.holdings.getOrDefault(payer, Holdings.NONE);
		}

	}

	private interface Counted {

		void by(String payer, Proof proof);

	}

}
