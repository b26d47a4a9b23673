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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.HoldingsAssembler.AllHoldings;
import io.github.polarspring.entitlement.HoldingsStore.Stored;
import org.jspecify.annotations.Nullable;

/**
 * Loader of holdings from the database and from Polar, on threads of its own. A payer is
 * loaded once at a time. If many are read from Polar, all payers are read together.
 *
 * @param <T> the type of what is made of the holdings
 */
final class HoldingsLoader<T> implements AutoCloseable {

	private static final int THREADS = 8;

	/**
	 * Number of concurrent reads above which all payers are read together.
	 */
	private static final int MAX_SINGLE = 8;

	/**
	 * Maximum number of payers a minute that are read one by one, each with about five
	 * calls.
	 */
	private static final int MAX_SINGLE_PER_MINUTE = 50;

	/**
	 * How many of them are reserved for payers who may have just paid.
	 */
	private static final int RESERVED_SINGLE = 10;

	/**
	 * By how much the clocks of instances can differ.
	 */
	private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

	private static final int MAX_CONFLICTS = 3;

	private final PurchaseReader reader;

	private final GuardedStore store;

	private final Outage outage;

	private final boolean acceptUnproven;

	private final Duration freshFor;

	private final Clock clock;

	private final BiFunction<String, Loaded, T> result;

	private final ExecutorService executor = executor(THREADS, "polar-entitlements-");

	/**
	 * Separate threads, so that reads of all payers do not wait for those of single ones.
	 */
	private final ExecutorService bulkExecutor = executor(THREADS, "polar-entitlements-all-");

	private final BulkReads bulk;

	private final Map<String, Loading<T>> loading = new ConcurrentHashMap<>();

	private final AtomicInteger reading = new AtomicInteger();

	/**
	 * When payers were read one by one within the last minute.
	 */
	private final Deque<Instant> single = new ArrayDeque<>();

	/**
	 * Create a loader.
	 * @param reader reads from Polar
	 * @param store the database
	 * @param outage decides whether Polar can be read
	 * @param acceptUnproven whether purchases without any proof count
	 * @param freshFor maximum age of a state in the database
	 * @param clock the clock
	 * @param result called with the payer and the holdings once for each load that
	 * succeeds, even if no one waits for it any longer
	 */
	HoldingsLoader(PurchaseReader reader, GuardedStore store, Outage outage, boolean acceptUnproven, Duration freshFor,
			Clock clock, BiFunction<String, Loaded, T> result) {
		this.reader = reader;
		this.store = store;
		this.outage = outage;
		this.acceptUnproven = acceptUnproven;
		this.freshFor = freshFor;
		this.clock = clock;
		this.result = result;
		this.bulk = new BulkReads(reader, this::assembleAll, this.bulkExecutor, clock);
	}

	static ExecutorService executor(int threads, String name) {
		AtomicInteger number = new AtomicInteger();
		ThreadPoolExecutor executor = new ThreadPoolExecutor(threads, threads, 1, TimeUnit.MINUTES,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, name + number.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				});
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	/**
	 * Load a payer. A load that is in progress is shared, unless it began too early.
	 * @param payer the external id
	 * @param notBefore the state must not be older
	 */
	Loading<T> load(String payer, Instant notBefore) {
		Loading<T> loading = this.loading.compute(payer, (key, current) -> {
			if (current == null) {
				return new Loading<>(null, this.clock.instant());
			}
			Instant startedAt = current.startedAt;
			return (startedAt != null && startedAt.isBefore(notBefore)) ? new Loading<>(current.done, null) : current;
		});
		if (loading.begun.compareAndSet(false, true)) {
			CompletableFuture<T> previous = loading.previous;
			if (previous == null) {
				begin(payer, loading, notBefore);
			}
			else {
				previous.whenComplete((done, failure) -> {
					Instant now = this.clock.instant();
					loading.startedAt = now;
					begin(payer, loading, now);
				});
			}
		}
		return loading;
	}

	private void begin(String payer, Loading<T> loading, Instant notBefore) {
		// also what is rejected after the end completes the load
		CompletableFuture.completedFuture(payer)
			.thenCompose((loaded) -> load(payer, loading, notBefore, 0))
			.thenApply((loaded) -> this.result.apply(payer, loaded))
			.whenComplete((done, failure) -> {
				this.loading.remove(payer, loading);
				if (failure == null) {
					loading.done.complete(done);
				}
				else {
					loading.done.completeExceptionally(unwrap(failure));
				}
			});
	}

	private CompletableFuture<Loaded> load(String payer, Loading<T> loading, Instant notBefore, int conflicts) {
		return this.store.call((store) -> new Found(store.find(payer)), Found.NOTHING).thenCompose((found) -> {
			Stored stored = found.stored();
			loading.stored = stored;
			Holdings holdings = (stored != null) ? stored.holdings() : null;
			if (stored != null && holdings != null && isUsable(stored, holdings, notBefore)) {
				return CompletableFuture
					.completedFuture(new Loaded(holdings, stored.readAt(), stored.version(), Source.DATABASE, true));
			}
			long version = (stored != null) ? stored.version() : 0;
			return readPolar(payer, loading, afterMark(stored, notBefore))
				.thenCompose((read) -> save(payer, read, version))
				.thenCompose((saved) -> (saved.version() >= 0 || conflicts == MAX_CONFLICTS)
						? CompletableFuture.completedFuture(saved)
						: load(payer, loading, notBefore, conflicts + 1).exceptionally((failure) -> saved));
		});
	}

	/**
	 * Return the time before which Polar must not have been read, because another
	 * instance has marked the payer since.
	 */
	private Instant afterMark(@Nullable Stored stored, Instant notBefore) {
		if (stored == null || !stored.stale() || stored.markedAt().equals(Instant.MIN)) {
			return notBefore;
		}
		Instant now = this.clock.instant();
		Instant marked = stored.markedAt().plus(CLOCKS_DIFFER);
		Instant required = marked.isBefore(now) ? marked : now;
		return required.isAfter(notBefore) ? required : notBefore;
	}

	private boolean isUsable(Stored stored, Holdings holdings, Instant notBefore) {
		Instant now = this.clock.instant();
		Instant provisionalUntil = holdings.provisionalUntil();
		return !stored.stale() && !stored.readAt().isBefore(notBefore)
				&& stored.readAt().plus(this.freshFor).isAfter(now)
				&& (provisionalUntil == null || provisionalUntil.isAfter(now)) && !holdings.purchases().isEmpty();
	}

	/**
	 * Store what was read, unless the payer was marked meanwhile.
	 */
	private CompletableFuture<Loaded> save(String payer, Loaded read, long version) {
		if (!read.certain()) {
			return CompletableFuture.completedFuture(read.withVersion(version));
		}
		return this.store.call((store) -> store.save(payer, read.holdings(), read.readAt(), version), 0L)
			.thenApply(read::withVersion);
	}

	private CompletableFuture<Loaded> readPolar(String payer, Loading<T> loading, Instant notBefore) {
		if (!this.outage.permitsRead()) {
			return CompletableFuture.failedFuture(new PausedException());
		}
		boolean many = this.reading.incrementAndGet() > MAX_SINGLE;
		CompletableFuture<Loaded> read = (!many && isSingleAllowed(notBefore)) ? readSingle(payer, loading)
				: readWithAll(payer, loading, notBefore);
		return read.whenComplete((loaded, failure) -> {
			this.reading.decrementAndGet();
			if (failure == null) {
				this.outage.succeeded();
			}
			else {
				failed(loading, unwrap(failure));
			}
		});
	}

	/**
	 * Record that Polar could not be read, or not in time. A load counts once.
	 */
	void failed(Loading<T> loading, Throwable failure) {
		Instant startedAt = loading.startedAt;
		// waiting for a thread, or for a read of all payers, says nothing about Polar
		boolean slow = failure instanceof TimeoutException && !loading.reading;
		if (startedAt != null && !slow && !(failure instanceof PausedException)
				&& loading.failed.compareAndSet(false, true)) {
			this.outage.failed(startedAt, failure);
		}
	}

	private synchronized boolean isSingleAllowed(Instant notBefore) {
		Instant now = this.clock.instant();
		this.single.removeIf((time) -> !time.plus(Duration.ofMinutes(1)).isAfter(now));
		int reserved = notBefore.equals(Instant.MIN) ? RESERVED_SINGLE : 0;
		return this.single.size() < MAX_SINGLE_PER_MINUTE - reserved && this.single.add(now);
	}

	private CompletableFuture<Loaded> readSingle(String payer, Loading<T> loading) {
		return CompletableFuture.supplyAsync(() -> {
			loading.reading = true;
			Instant startedAt = this.clock.instant();
			AtomicBoolean certain = new AtomicBoolean(true);
			Set<UUID> assigned = assignments((store) -> store.assignedTo(payer), Set.of(), certain);
			PurchaseRecords records = this.reader.read(payer, assigned);
			List<UUID> orders = records.orders().stream().map((order) -> order.id()).toList();
			Map<UUID, String> assignments = orders.isEmpty() ? Map.of()
					: assignments((store) -> store.assignments(orders), Map.of(), certain);
			Holdings holdings = assembler(records, assignments, startedAt).assembleFor(payer);
			return new Loaded(holdings, startedAt, 0, Source.POLAR, certain.get());
		}, this.executor);
	}

	/**
	 * Read assignments of orders. Without them, it is not certain what a payer does not
	 * have.
	 */
	private <A> A assignments(Function<HoldingsStore, A> query, A none, AtomicBoolean certain) {
		Optional<A> found = this.store.call((store) -> Optional.of(query.apply(store)), Optional.<A>empty()).join();
		if (found.isEmpty() && this.store.exists()) {
			certain.set(false);
		}
		return found.orElse(none);
	}

	private CompletableFuture<Loaded> readWithAll(String payer, Loading<T> loading, Instant notBefore) {
		return this.bulk.get(notBefore)
			.thenApply((read) -> new Loaded(read.of(payer), read.startedAt(), 0, Source.POLAR, true))
			.exceptionallyCompose(
					(failure) -> (unwrap(failure) instanceof PolarSaturationException && isSingleAllowed(notBefore))
							? readSingle(payer, loading) : CompletableFuture.failedFuture(failure));
	}

	private AllHoldings assembleAll(PurchaseRecords records, Instant startedAt) {
		AtomicBoolean certain = new AtomicBoolean(true);
		Map<UUID, String> assignments = assignments((store) -> store.assignments(null), Map.of(), certain);
		if (!certain.get()) {
			throw new PolarSaturationException("The assignments of orders cannot be read from the database");
		}
		return assembler(records, assignments, startedAt).assemble();
	}

	private HoldingsAssembler assembler(PurchaseRecords records, Map<UUID, String> assignments, Instant startedAt) {
		return new HoldingsAssembler(this.reader::product, records, assignments, this.acceptUnproven, startedAt);
	}

	/**
	 * Do something that no one waits for.
	 */
	void execute(Runnable task) {
		this.executor.execute(task);
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
		this.bulkExecutor.shutdownNow();
	}

	static Throwable unwrap(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? unwrap(failure.getCause())
				: failure;
	}

	/**
	 * Load of a payer, which is in progress, or waits for the end of the previous one.
	 *
	 * @param <T> the type of the result
	 */
	static final class Loading<T> {

		private final @Nullable CompletableFuture<T> previous;

		private final CompletableFuture<T> done = new CompletableFuture<>();

		private final AtomicBoolean begun = new AtomicBoolean();

		private final AtomicBoolean failed = new AtomicBoolean();

		private volatile @Nullable Instant startedAt;

		private volatile @Nullable Stored stored;

		/**
		 * Whether Polar is being read for this payer.
		 */
		private volatile boolean reading;

		private Loading(@Nullable CompletableFuture<T> previous, @Nullable Instant startedAt) {
			this.previous = previous;
			this.startedAt = startedAt;
		}

		CompletableFuture<T> done() {
			return this.done;
		}

		/**
		 * Return what is stored about the payer, as far as it is known already.
		 */
		@Nullable Stored stored() {
			return this.stored;
		}

	}

	private record Found(@Nullable Stored stored) {

		static final Found NOTHING = new Found(null);

	}

	/**
	 * State that was loaded.
	 *
	 * @param holdings the state
	 * @param readAt when reading it from Polar began
	 * @param version the version in the database, -1 if the payer was marked meanwhile
	 * @param source where it comes from
	 * @param certain whether it is certain what the payer does not have
	 */
	record Loaded(Holdings holdings, Instant readAt, long version, Source source, boolean certain) {

		Loaded withVersion(long version) {
			return new Loaded(this.holdings, this.readAt, version, this.source, this.certain);
		}

	}

	/**
	 * Exception thrown when Polar is not read during an outage.
	 */
	static final class PausedException extends PolarSaturationException {

		PausedException() {
			super("Polar is not read for some seconds, because it could not be read before");
		}

	}

}
