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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.HoldingsStore.Stored;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Loader of holdings from the database and from Polar, on threads of its own. A payer is
 * loaded once at a time. If many are loaded, all payers are read together.
 */
final class HoldingsLoader implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(HoldingsLoader.class);

	private static final int THREADS = 8;

	/**
	 * Number of concurrent loads above which all payers are read together.
	 */
	private static final int MAX_SINGLE = 16;

	/**
	 * Maximum number of payers a minute that are read one by one, each with four or five
	 * calls.
	 */
	private static final int MAX_SINGLE_PER_MINUTE = 50;

	private static final int MAX_CONFLICTS = 3;

	private final PurchaseReader reader;

	private final @Nullable HoldingsStore store;

	private final boolean acceptUnproven;

	private final Duration freshFor;

	private final Clock clock;

	private final ExecutorService executor;

	private final BulkReads bulk;

	private final Map<String, Loading> loading = new ConcurrentHashMap<>();

	private final AtomicInteger single = new AtomicInteger();

	private volatile long minute;

	private volatile boolean storeFailed;

	HoldingsLoader(PurchaseReader reader, @Nullable HoldingsStore store, boolean acceptUnproven, Duration freshFor,
			Clock clock) {
		this.reader = reader;
		this.store = store;
		this.acceptUnproven = acceptUnproven;
		this.freshFor = freshFor;
		this.clock = clock;
		this.executor = executor();
		this.bulk = new BulkReads(reader, this::assembleAll, this.executor, clock);
	}

	private static ExecutorService executor() {
		AtomicInteger number = new AtomicInteger();
		ThreadPoolExecutor executor = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, "polar-entitlements-" + number.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				});
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	/**
	 * Load a payer.
	 * @param payer the external id
	 * @param notBefore the state must not be older
	 * @return the state, which fails if Polar cannot be read, even if an older one is
	 * stored: see {@link #stored}
	 */
	CompletableFuture<Loaded> load(String payer, Instant notBefore) {
		Loading current = this.loading.compute(payer, (key, running) -> {
			if (running != null && !running.startedAt().isBefore(notBefore)) {
				return running;
			}
			Instant startedAt = this.clock.instant();
			CompletableFuture<?> before = (running != null) ? running.result().handle((loaded, failure) -> true)
					: CompletableFuture.completedFuture(true);
			CompletableFuture<Loaded> result = before.thenCompose((done) -> start(payer, notBefore, 0));
			return new Loading(startedAt, result);
		});
		return current.result().whenComplete((loaded, failure) -> this.loading.remove(payer, current));
	}

	private CompletableFuture<Loaded> start(String payer, Instant notBefore, int conflicts) {
		return CompletableFuture.supplyAsync(() -> new Found(stored(payer)), this.executor).thenCompose((found) -> {
			Stored stored = found.stored();
			Holdings holdings = (stored != null) ? stored.holdings() : null;
			if (stored != null && holdings != null && isUsable(stored, holdings, notBefore)) {
				return CompletableFuture
					.completedFuture(new Loaded(holdings, stored.readAt(), stored.version(), Source.DATABASE));
			}
			long version = (stored != null) ? stored.version() : 0;
			return readPolar(payer, notBefore).thenApplyAsync((read) -> save(payer, read, version), this.executor)
				.thenCompose((saved) -> (saved.version() >= 0 || conflicts >= MAX_CONFLICTS)
						? CompletableFuture.completedFuture(saved) : start(payer, this.clock.instant(), conflicts + 1));
		});
	}

	private boolean isUsable(Stored stored, Holdings holdings, Instant notBefore) {
		Instant now = this.clock.instant();
		Instant provisionalUntil = holdings.provisionalUntil();
		return !stored.stale() && !stored.readAt().isBefore(notBefore)
				&& stored.readAt().plus(this.freshFor).isAfter(now)
				&& (provisionalUntil == null || provisionalUntil.isAfter(now)) && !holdings.isEmpty();
	}

	private CompletableFuture<Loaded> readPolar(String payer, Instant notBefore) {
		if (this.loading.size() <= MAX_SINGLE && isSingleAllowed()) {
			return CompletableFuture.supplyAsync(() -> readSingle(payer), this.executor);
		}
		return this.bulk.get(notBefore)
			.thenApply((read) -> new Loaded(read.of(payer), read.startedAt(), 0, Source.POLAR));
	}

	private boolean isSingleAllowed() {
		long now = TimeUnit.MILLISECONDS.toMinutes(this.clock.millis());
		if (this.minute != now) {
			this.minute = now;
			this.single.set(0);
		}
		return this.single.incrementAndGet() <= MAX_SINGLE_PER_MINUTE;
	}

	private Loaded readSingle(String payer) {
		Instant startedAt = this.clock.instant();
		Set<UUID> assigned = (this.store != null) ? this.store.assignedTo(payer) : Set.of();
		PurchaseRecords records = this.reader.read(payer, assigned);
		List<UUID> orders = records.orders().stream().map((order) -> order.id()).toList();
		Map<UUID, String> assignments = (this.store != null && !orders.isEmpty()) ? this.store.assignments(orders)
				: Map.of();
		Holdings holdings = new HoldingsAssembler(this.reader, records, assignments, this.acceptUnproven, startedAt)
			.assembleFor(payer);
		return new Loaded(holdings, startedAt, 0, Source.POLAR);
	}

	private Map<String, Holdings> assembleAll(PurchaseRecords records, Instant startedAt) {
		Map<UUID, String> assignments = (this.store != null) ? this.store.assignments(null) : Map.of();
		return new HoldingsAssembler(this.reader, records, assignments, this.acceptUnproven, startedAt).assemble();
	}

	/**
	 * Store what was read.
	 * @return what was read with the version now, or -1 if the payer was marked meanwhile
	 */
	private Loaded save(String payer, Loaded read, long version) {
		if (this.store == null) {
			return read;
		}
		try {
			return read.withVersion(this.store.save(payer, read.holdings(), read.readAt(), version));
		}
		catch (RuntimeException ex) {
			storeFailed(ex);
			return read;
		}
	}

	/**
	 * Return what is stored about a payer, {@code null} if nothing, or if the database is
	 * not available.
	 */
	@Nullable Stored stored(String payer) {
		if (this.store == null) {
			return null;
		}
		try {
			Stored stored = this.store.find(payer);
			this.storeFailed = false;
			return stored;
		}
		catch (RuntimeException ex) {
			storeFailed(ex);
			return null;
		}
	}

	private void storeFailed(RuntimeException ex) {
		if (!this.storeFailed) {
			this.storeFailed = true;
			logger.warn("Entitlements cannot be read from or written to the database, so Polar is read instead", ex);
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	static Throwable unwrap(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? unwrap(failure.getCause())
				: failure;
	}

	private record Loading(Instant startedAt, CompletableFuture<Loaded> result) {

	}

	private record Found(@Nullable Stored stored) {

	}

	/**
	 * State that was loaded.
	 *
	 * @param holdings the state
	 * @param readAt when reading it from Polar began
	 * @param version the version in the database, -1 if the payer was marked meanwhile
	 * @param source where it comes from
	 */
	record Loaded(Holdings holdings, Instant readAt, long version, Source source) {

		Loaded withVersion(long version) {
			return new Loaded(this.holdings, this.readAt, version, this.source);
		}

	}

}
