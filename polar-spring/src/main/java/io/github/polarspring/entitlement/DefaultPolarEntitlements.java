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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.HoldingsLoader.Loaded;
import io.github.polarspring.entitlement.HoldingsLoader.Loading;
import io.github.polarspring.entitlement.HoldingsStore.Stored;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Customer;
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

	private final GuardedStore guardedStore;

	private final ApplicationEventPublisher events;

	private final Clock clock;

	private final HoldingsLoader<Entry> loader;

	private final @Nullable StorePoller poller;

	private final PayerEntitlements guest;

	private final Cache<String, Entry> memory = Caffeine.newBuilder().maximumSize(MAX_PAYERS).build();

	/**
	 * When payers, and Polar's customers, were marked.
	 */
	private final Cache<Object, Instant> marks;

	private final Cache<String, Boolean> told;

	DefaultPolarEntitlements(PolarClient client, PayerEntitlements.Settings shared, Builder.Settings settings,
			@Nullable HoldingsStore store, ApplicationEventPublisher events, Clock clock) {
		this.client = client;
		this.shared = shared;
		this.settings = settings;
		this.store = store;
		this.guardedStore = new GuardedStore(store, settings.readTimeout().dividedBy(2), clock);
		this.events = events;
		this.clock = clock;
		this.loader = new HoldingsLoader<>(new PurchaseReader(client), this.guardedStore,
				new Outage(shared.statistics(), clock), settings.acceptUnproven(), settings.freshFor(), clock,
				this::loaded);
		this.guest = new PayerEntitlements(shared, null, Holdings.NONE, Source.GUEST, null, null);
		Ticker ticker = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
		this.marks = Caffeine.newBuilder().maximumSize(MAX_PAYERS).expireAfterWrite(MARKED_FOR).ticker(ticker).build();
		this.told = Caffeine.newBuilder().maximumSize(MAX_PAYERS).expireAfterWrite(TOLD_FOR).ticker(ticker).build();
		this.poller = (store != null)
				? new StorePoller(this.guardedStore, this::markChanged, settings.freshFor(), clock) : null;
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
	 * Load a payer, and wait for it.
	 */
	private Entry load(PolarIdentity identity, @Nullable Entry old, @Nullable Instant paidAt) {
		String payer = identity.externalId();
		Instant notBefore = notBefore(payer, paidAt);
		if (this.poller != null && this.settings.polled()) {
			this.poller.start();
		}
		Loading<Entry> loading = this.loader.load(payer, notBefore);
		try {
			return loading.done().get(this.settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			return remember(payer, unavailable(identity, old, loading.stored(), notBefore, ex.getCause()));
		}
		catch (TimeoutException ex) {
			this.loader.failed(loading, ex);
			return remember(payer, unavailable(identity, old, loading.stored(), notBefore, ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return unavailable(identity, old, loading.stored(), notBefore, ex);
		}
	}

	/**
	 * Return the time at which the state of a payer has changed. The clock of another
	 * instance, which says when the payer has paid, may be ahead.
	 */
	private Instant notBefore(String payer, @Nullable Instant paidAt) {
		Instant marked = this.marks.getIfPresent(payer);
		Instant now = this.clock.instant();
		return Stream.of(marked, (paidAt != null && paidAt.isAfter(now)) ? now : paidAt)
			.flatMap(Stream::ofNullable)
			.max(Comparator.naturalOrder())
			.orElse(Instant.MIN);
	}

	/**
	 * Remember what was loaded.
	 */
	private Entry loaded(String payer, Loaded loaded) {
		Holdings holdings = loaded.holdings();
		Instant until = loaded.readAt().plus(holdings.purchases().isEmpty() ? EMPTY_FOR : this.settings.freshFor());
		Instant provisionalUntil = holdings.provisionalUntil();
		if (provisionalUntil != null && provisionalUntil.isBefore(until)) {
			until = provisionalUntil;
		}
		this.shared.statistics().read(loaded.source());
		tell(payer, holdings);
		Supplier<PolarException> uncertain = loaded.certain() ? null
				: () -> new PolarEntitlementsUnavailableException(RETRY_AFTER, null);
		boolean outdated = loaded.version() < 0;
		return remember(payer,
				new Entry(outdated ? 0 : until.toEpochMilli(), loaded.readAt(), loaded.readAt(), loaded.version(),
						outdated || !loaded.certain(), holdings, new PayerEntitlements(this.shared,
								PolarIdentity.of(payer), holdings, loaded.source(), loaded.readAt(), uncertain)));
	}

	/**
	 * Return what is used while Polar cannot be read: an older state, or nothing. If the
	 * state is known to have changed, it is not known what the payer does not have.
	 */
	private Entry unavailable(PolarIdentity identity, @Nullable Entry old, @Nullable Stored stored, Instant notBefore,
			@Nullable Throwable cause) {
		Instant now = this.clock.instant();
		Entry entry = (old != null) ? old : new Entry(0, Instant.MIN, Instant.MIN, 0, false, null, this.guest);
		Holdings holdings = entry.holdings();
		Instant readAt = entry.readAt();
		boolean outdated = entry.outdated();
		long version = entry.version();
		if (stored != null && stored.holdings() != null && stored.readAt().isAfter(readAt)) {
			holdings = stored.holdings();
			readAt = stored.readAt();
			outdated = stored.stale();
			version = stored.version();
		}
		if (holdings != null && readAt.plus(this.settings.staleFor()).isBefore(now)) {
			holdings = null;
		}
		boolean known = holdings != null && !outdated && !readAt.isBefore(notBefore);
		Source source = (holdings != null) ? Source.STALE : Source.NONE;
		this.shared.statistics().read(source);
		tell(cause);
		Supplier<PolarException> exception = () -> new PolarEntitlementsUnavailableException(RETRY_AFTER, cause);
		return new Entry(now.plus(RETRY_AFTER).toEpochMilli(), readAt, now, version, !known, holdings,
				new PayerEntitlements(this.shared, identity, holdings, source, (holdings != null) ? readAt : null,
						known ? null : exception));
	}

	/**
	 * Put an entry into memory, unless another thread has put a newer one there.
	 */
	private Entry remember(String payer, Entry entry) {
		Entry remembered = this.memory.asMap().compute(payer, (key, known) -> {
			Entry newer = (known != null && known.readAt().isAfter(entry.readAt())) ? known : entry;
			// no mark is lost: it is either visible here, or expires this entry
			return isMarkedAfter(payer, newer) ? newer.expired(newer.version()) : newer;
		});
		return (remembered != null) ? remembered : entry;
	}

	private boolean isMarkedAfter(String payer, Entry entry) {
		Holdings holdings = entry.holdings();
		return isMarkedAfter((Object) payer, entry.attemptedAt()) || (holdings != null && holdings.customerIds()
			.stream()
			.anyMatch((customerId) -> isMarkedAfter(customerId, entry.attemptedAt())));
	}

	private boolean isMarkedAfter(Object key, Instant time) {
		Instant mark = this.marks.getIfPresent(key);
		return mark != null && mark.isAfter(time);
	}

	/**
	 * Tell the merchant about purchases that do not count for their customer.
	 */
	private void tell(String payer, Holdings holdings) {
		if (!holdings.unproven().isEmpty() && this.told.asMap().putIfAbsent(payer, true) == null) {
			logger.warn("Purchases " + holdings.unproven() + " do not count for the user to whose customer Polar"
					+ " assigned them, because another user or a guest made them, or it is not known who did. Find out"
					+ " who has, and call PolarEntitlements.assignSubscription or assignOrder if they count for no one");
			// a listener must neither delay the check nor make it fail
			this.loader.execute(() -> publish(new PolarUnprovenPurchases(payer, holdings.unproven())));
		}
	}

	private void publish(PolarUnprovenPurchases event) {
		try {
			this.events.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.error("A listener failed to handle " + event, ex);
		}
	}

	/**
	 * Tell the merchant about purchases that cannot be read, whatever Polar's condition.
	 */
	private void tell(@Nullable Throwable failure) {
		if (failure instanceof PolarDataException
				&& this.told.asMap().putIfAbsent(String.valueOf(failure.getMessage()), true) == null) {
			logger.warn("The entitlements of a user are not known, because a purchase cannot be read", failure);
		}
	}

	@Override
	public void refresh(Collection<String> externalIds, @Nullable UUID customerId) {
		externalIds.forEach(this::mark);
		if (customerId != null) {
			this.marks.put(customerId, this.clock.instant());
			this.memory.asMap().forEach((payer, entry) -> {
				if (entry.concerns(customerId)) {
					mark(payer);
				}
			});
		}
		if (this.store != null) {
			this.store.mark(externalIds, customerId);
		}
	}

	@Override
	public void clear() {
		if (this.store != null) {
			this.store.deleteOlderThan(this.clock.instant().plus(Duration.ofDays(1)));
		}
		this.memory.invalidateAll();
		this.marks.invalidateAll();
		this.told.invalidateAll();
	}

	private void mark(String payer) {
		this.marks.put(payer, this.clock.instant());
		this.memory.asMap().computeIfPresent(payer, (key, entry) -> entry.expired(entry.version()));
	}

	/**
	 * Mark the payers that other instances have marked since they were read.
	 */
	private void markChanged(Map<String, Long> versions) {
		versions.forEach((payer, version) -> this.memory.asMap()
			.computeIfPresent(payer, (key, entry) -> (entry.version() < version) ? entry.expired(version) : entry));
	}

	void poll() {
		if (this.poller != null) {
			this.poller.poll();
		}
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
		assigned(subscriptionId, externalId, before, subscription.customerId(), subscription.customer());
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
		Assert.isTrue(order.subscriptionId() == null,
				"The order belongs to a subscription: assign the subscription instead");
		Object before = this.store.assignments(List.of(orderId)).get(orderId);
		this.store.assign(orderId, externalId);
		assigned(orderId, externalId, (before != null) ? before : order.metadata().get(BUYER), order.customerId(),
				order.customer());
	}

	@Override
	public Set<UUID> assignedOrders(String externalId) {
		return (this.store != null) ? this.store.assignedTo(externalId) : Set.of();
	}

	private void assigned(UUID purchaseId, String externalId, @Nullable Object before, UUID customerId,
			@Nullable Customer customer) {
		Set<String> payers = new LinkedHashSet<>(Set.of(externalId));
		Stream.of(before, (customer != null) ? customer.externalId() : null)
			.flatMap(Stream::ofNullable)
			.map(Object::toString)
			.forEach(payers::add);
		refresh(payers, customerId);
		if (!externalId.equals(before)) {
			logger.info("Purchase %s was assigned to another user".formatted(purchaseId));
			this.events.publishEvent(new PolarPurchaseAssigned(purchaseId, externalId));
		}
	}

	@Override
	public void close() {
		this.loader.close();
		this.guardedStore.close();
		if (this.poller != null) {
			this.poller.close();
		}
	}

	/**
	 * State of a payer in memory.
	 *
	 * @param freshUntil until when it is used, in milliseconds
	 * @param readAt when reading it from Polar began
	 * @param attemptedAt when reading it from Polar was last tried
	 * @param version the version in the database
	 * @param outdated whether the payer was marked after it was read
	 * @param holdings the state, {@code null} if unknown
	 * @param own the entitlements of the payer
	 */
	private record Entry(long freshUntil, Instant readAt, Instant attemptedAt, long version, boolean outdated,
			@Nullable Holdings holdings, PayerEntitlements own) {

		boolean isAsNewAs(Instant paidAt, long now) {
			return !this.attemptedAt.isBefore(paidAt) || now - this.attemptedAt.toEpochMilli() < PAID_AGAIN.toMillis();
		}

		boolean concerns(UUID customerId) {
			return this.holdings != null && this.holdings.customerIds().contains(customerId);
		}

		Entry expired(long version) {
			return new Entry(0, this.readAt, this.attemptedAt, version, true, this.holdings, this.own);
		}

	}

}
