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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.HoldingsLoader.Loaded;
import io.github.polarspring.entitlement.HoldingsStore.Stored;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Subscription;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.Assert;

/**
 * {@link PolarEntitlements} in memory, from the database, or from Polar. A state is used
 * for some minutes; afterwards, a check waits until it was read again, and the older
 * state is used only if that fails.
 */
final class DefaultPolarEntitlements implements PolarEntitlements, CustomerDataEraser, AutoCloseable {

	private static final Log logger = LogFactory.getLog(DefaultPolarEntitlements.class);

	private static final String BUYER = "external_customer_id";

	private static final int MAX_PAYERS = 10_000;

	/**
	 * How long a payer without purchases is remembered.
	 */
	private static final Duration EMPTY_FOR = Duration.ofSeconds(30);

	/**
	 * Time between two attempts to read a payer if the first one failed.
	 */
	private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

	/**
	 * Minimum age of a state that is read again because the caller says to have paid.
	 */
	private static final Duration PAID_AGAIN = Duration.ofSeconds(2);

	/**
	 * How long the time of a mark is remembered, longer than any read takes.
	 */
	private static final Duration MARKED_FOR = Duration.ofMinutes(2);

	private static final Duration TOLD_FOR = Duration.ofHours(1);

	private final PolarClient client;

	private final Builder.Settings settings;

	private final PayerEntitlements.Settings shared;

	private final @Nullable HoldingsStore store;

	private final ApplicationEventPublisher events;

	private final Clock clock;

	private final HoldingsLoader loader;

	private final Outage outage;

	private final @Nullable StorePoller poller;

	private final PayerEntitlements guest;

	private final Cache<String, Entry> memory = Caffeine.newBuilder().maximumSize(MAX_PAYERS).build();

	private final Cache<String, Instant> marks;

	private final Cache<String, Boolean> told;

	DefaultPolarEntitlements(PolarClient client, PayerEntitlements.Settings shared, Builder.Settings settings,
			@Nullable HoldingsStore store, ApplicationEventPublisher events, Clock clock) {
		this.client = client;
		this.shared = shared;
		this.settings = settings;
		this.store = store;
		this.events = events;
		this.clock = clock;
		this.loader = new HoldingsLoader(new PurchaseReader(client), store, settings.acceptUnproven(),
				settings.freshFor(), clock);
		this.outage = new Outage(shared.statistics(), clock);
		this.guest = new PayerEntitlements(shared, null, Holdings.NONE, Source.GUEST, null, null);
		this.marks = Caffeine.newBuilder().maximumSize(MAX_PAYERS).expireAfterWrite(MARKED_FOR).build();
		this.told = Caffeine.newBuilder().maximumSize(MAX_PAYERS).expireAfterWrite(TOLD_FOR).build();
		this.poller = (store != null) ? new StorePoller(store, this::markChanged, clock) : null;
		if (this.poller != null) {
			this.poller.start();
		}
	}

	@Override
	public Entitlements current() {
		CurrentPayer payer = this.settings.currentPayer().get();
		if (payer == null) {
			throw new IllegalStateException("The caller is not known, because the application is not a servlet"
					+ " application. Declare a bean of type CurrentPayer, or call PolarEntitlements.of");
		}
		PolarIdentity identity = payer.identity();
		return (identity != null) ? of(identity, payer.paidAt()) : this.guest;
	}

	@Override
	public Entitlements of(String externalId) {
		return entry(externalId, null).own();
	}

	@Override
	public Entitlements of(PolarIdentity identity) {
		return of(identity, null);
	}

	private Entitlements of(PolarIdentity identity, @Nullable Instant paidAt) {
		Entry entry = entry(identity.externalId(), paidAt);
		boolean own = this.shared.complimentary().isEmpty() && identity.memberId().equals(identity.externalId());
		return own ? entry.own() : entry.own().of(identity);
	}

	private Entry entry(String payer, @Nullable Instant paidAt) {
		Entry entry = this.memory.getIfPresent(payer);
		long now = this.clock.millis();
		if (entry != null && now < entry.freshUntil() && (paidAt == null || entry.isAsNewAs(paidAt, now))) {
			this.shared.statistics().memory.increment();
			return entry;
		}
		return load(PolarIdentity.of(payer), entry, paidAt);
	}

	/**
	 * Read a payer again, and wait for it.
	 */
	private Entry load(PolarIdentity identity, @Nullable Entry old, @Nullable Instant paidAt) {
		String payer = identity.externalId();
		if (this.outage.isOpen()) {
			return remember(payer, unavailable(identity, old, null));
		}
		Instant notBefore = this.marks.getIfPresent(payer);
		if (paidAt != null && (notBefore == null || notBefore.isBefore(paidAt))) {
			notBefore = paidAt;
		}
		CompletableFuture<Entry> loading = this.loader.load(payer, (notBefore != null) ? notBefore : Instant.MIN)
			.thenApply((loaded) -> {
				this.outage.over();
				return remember(payer, entry(identity, loaded));
			});
		try {
			return loading.get(this.settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			return remember(payer,
					unavailable(identity, old, this.outage.failed(HoldingsLoader.unwrap(ex.getCause()))));
		}
		catch (TimeoutException ex) {
			return remember(payer, unavailable(identity, old, this.outage.failed(ex)));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return unavailable(identity, old, ex);
		}
	}

	private Entry entry(PolarIdentity identity, Loaded loaded) {
		Holdings holdings = loaded.holdings();
		Instant until = loaded.readAt().plus(holdings.isEmpty() ? EMPTY_FOR : this.settings.freshFor());
		Instant provisionalUntil = holdings.provisionalUntil();
		if (provisionalUntil != null && provisionalUntil.isBefore(until)) {
			until = provisionalUntil;
		}
		this.shared.statistics().read(loaded.source());
		tell(identity.externalId(), holdings);
		long freshUntil = isMarkedAfter(identity.externalId(), loaded) ? 0 : until.toEpochMilli();
		return new Entry(freshUntil, loaded.readAt(), loaded.version(), holdings, loaded.source(),
				new PayerEntitlements(this.shared, identity, holdings, loaded.source(), loaded.readAt(), null));
	}

	private boolean isMarkedAfter(String payer, Loaded loaded) {
		Instant mark = this.marks.getIfPresent(payer);
		return loaded.version() < 0 || (mark != null && mark.isAfter(loaded.readAt()));
	}

	/**
	 * Return what is used while Polar cannot be read: an older state, or nothing.
	 */
	private Entry unavailable(PolarIdentity identity, @Nullable Entry old, @Nullable Throwable cause) {
		Instant now = this.clock.instant();
		Holdings holdings = (old != null) ? old.holdings() : null;
		Instant readAt = (old != null) ? old.readAt() : null;
		long version = (old != null) ? old.version() : 0;
		if (holdings == null) {
			Stored stored = this.loader.stored(identity.externalId());
			if (stored != null && stored.holdings() != null) {
				holdings = stored.holdings();
				readAt = stored.readAt();
				version = stored.version();
			}
		}
		if (readAt != null && readAt.plus(this.settings.staleFor()).isBefore(now)) {
			holdings = null;
		}
		Source source = (holdings != null) ? Source.STALE : Source.NONE;
		this.shared.statistics().read(source);
		Supplier<PolarException> exception = () -> new PolarEntitlementsUnavailableException(RETRY_AFTER, cause);
		return new Entry(now.plus(RETRY_AFTER).toEpochMilli(), (readAt != null) ? readAt : Instant.MIN, version,
				holdings, source, new PayerEntitlements(this.shared, identity, holdings, source, readAt, exception));
	}

	/**
	 * Put an entry into memory, unless another thread has put a newer one there.
	 */
	private Entry remember(String payer, Entry entry) {
		Entry now = this.memory.asMap()
			.merge(payer, entry, (known, other) -> known.readAt().isAfter(other.readAt()) ? known : other);
		return (now != null) ? now : entry;
	}

	/**
	 * Tell the merchant about purchases that count for no one.
	 */
	private void tell(String payer, Holdings holdings) {
		if (!holdings.unproven().isEmpty() && this.told.asMap().putIfAbsent(payer, true) == null) {
			logger.warn("Purchases " + holdings.unproven() + " count for no user, because nothing proves that the user"
					+ " to whose customer Polar assigned them has made them. Find out who has, and call"
					+ " PolarEntitlements.assignSubscription or assignOrder");
			this.events.publishEvent(new PolarUnprovenPurchases(payer, holdings.unproven()));
		}
	}

	@Override
	public void refresh(Collection<String> externalIds, @Nullable UUID customerId) {
		if (this.store != null) {
			this.store.mark(externalIds, customerId);
		}
		externalIds.forEach(this::mark);
		if (customerId != null) {
			this.memory.asMap().forEach((payer, entry) -> {
				if (entry.concerns(customerId)) {
					mark(payer);
				}
			});
		}
	}

	private void mark(String payer) {
		this.marks.put(payer, this.clock.instant());
		this.memory.asMap().computeIfPresent(payer, (key, entry) -> entry.expired());
	}

	/**
	 * Mark the payers that other instances have marked since they were read.
	 */
	private void markChanged(Map<String, Long> versions) {
		versions.forEach((payer, version) -> {
			Entry entry = this.memory.getIfPresent(payer);
			if (entry != null && entry.version() < version) {
				mark(payer);
			}
		});
	}

	@Override
	public void erase(UUID customerId) {
		erase(null, customerId);
	}

	@Override
	public void eraseUser(String externalId) {
		erase(externalId, null);
	}

	private void erase(@Nullable String externalId, @Nullable UUID customerId) {
		if (this.store != null) {
			this.store.erase(externalId, customerId);
		}
		this.memory.asMap()
			.entrySet()
			.removeIf((entry) -> entry.getKey().equals(externalId)
					|| (customerId != null && entry.getValue().concerns(customerId)));
	}

	@Override
	public void assignSubscription(UUID subscriptionId, String externalId) {
		Assert.notNull(subscriptionId, "subscriptionId must not be null");
		PolarIdentity.of(externalId);
		Subscription subscription = this.client.get(Subscription.class, "/v1/subscriptions/{id}", subscriptionId);
		Map<String, @Nullable Object> metadata = new LinkedHashMap<>(subscription.metadata());
		Object before = metadata.put(BUYER, externalId);
		if (!externalId.equals(before)) {
			this.client.patch(Subscription.class, "/v1/subscriptions/{id}", Map.of("metadata", metadata),
					subscriptionId);
		}
		assigned(subscriptionId, externalId, before, subscription.customerId());
	}

	@Override
	public void assignOrder(UUID orderId, String externalId) {
		Assert.notNull(orderId, "orderId must not be null");
		PolarIdentity.of(externalId);
		if (this.store == null) {
			throw new PolarConfigurationException(
					"An order can only be assigned if entitlements are stored in a database.",
					"Set 'polar.webhook.inbox: jdbc', or assign the order in your own tables with a bean of type"
							+ " ComplimentaryAccess.");
		}
		Order order = this.client.get(Order.class, "/v1/orders/{id}", orderId);
		Object before = this.store.assignments(List.of(orderId)).get(orderId);
		this.store.assign(orderId, externalId);
		assigned(orderId, externalId, (before != null) ? before : order.metadata().get(BUYER), order.customerId());
	}

	private void assigned(UUID purchaseId, String externalId, @Nullable Object before, UUID customerId) {
		refresh((before instanceof String other) ? Set.of(externalId, other) : Set.of(externalId), customerId);
		if (!externalId.equals(before)) {
			logger.info("Purchase %s was assigned to another user".formatted(purchaseId));
			this.events.publishEvent(new PolarPurchaseAssigned(purchaseId, externalId));
		}
	}

	@Override
	public void close() {
		this.loader.close();
		if (this.poller != null) {
			this.poller.close();
		}
	}

	/**
	 * State of a payer in memory.
	 *
	 * @param freshUntil until when it is used, in milliseconds
	 * @param readAt when reading it from Polar began
	 * @param version the version in the database
	 * @param holdings the state, {@code null} if unknown
	 * @param source where it comes from
	 * @param own the entitlements of the payer
	 */
	private record Entry(long freshUntil, Instant readAt, long version, @Nullable Holdings holdings, Source source,
			PayerEntitlements own) {

		boolean isAsNewAs(Instant paidAt, long now) {
			return !this.readAt.isBefore(paidAt) || now - this.readAt.toEpochMilli() < PAID_AGAIN.toMillis()
					|| this.holdings == null;
		}

		boolean concerns(UUID customerId) {
			return this.holdings != null && this.holdings.customerIds().contains(customerId);
		}

		Entry expired() {
			return new Entry(0, this.readAt, this.version, this.holdings, this.source, this.own);
		}

	}

}
