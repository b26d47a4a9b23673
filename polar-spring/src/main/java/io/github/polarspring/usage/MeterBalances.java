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

package io.github.polarspring.usage;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.CustomerState;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Balances of customers, from the store or from Polar. A balance is used for some
 * minutes; afterwards, or if not enough is left, a caller waits until it was read again,
 * and the older balance is used only if that fails.
 */
final class MeterBalances {

	private static final Log logger = LogFactory.getLog(MeterBalances.class);

	private static final int THREADS = 4;

	private static final int MAX_WAITING = 100;

	/**
	 * Minimum age of a balance that is read again because not enough is left.
	 */
	private static final Duration USED_UP_FOR = Duration.ofSeconds(30);

	/**
	 * Minimum age of a balance that is read again because the caller says to have paid.
	 */
	private static final Duration PAID_AGAIN = Duration.ofSeconds(10);

	private static final Duration PAUSE = Duration.ofSeconds(5);

	private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

	private final PolarClient client;

	private final PolarMeters meters;

	private final UsageStore store;

	private final Settings settings;

	private final Clock clock;

	private final Executor executor = executor();

	private final Map<String, CompletableFuture<Map<String, StoredBalance>>> reading = new ConcurrentHashMap<>();

	private final Deque<Instant> reads = new ArrayDeque<>();

	private Instant pausedUntil = Instant.MIN;

	MeterBalances(PolarClient client, PolarMeters meters, UsageStore store, Settings settings, Clock clock) {
		this.client = client;
		this.meters = meters;
		this.store = store;
		this.settings = settings;
		this.clock = clock;
	}

	private static Executor executor() {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES,
				new LinkedBlockingQueue<>(MAX_WAITING), (task) -> {
					Thread thread = new Thread(task, "polar-usage-balance");
					thread.setDaemon(true);
					return thread;
				});
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	/**
	 * Find the balances of a customer.
	 * @param customer external id of the customer
	 * @param needed the units that are needed, by meter
	 * @param paidAt when the customer has paid, {@code null} if not recently
	 */
	Known of(String customer, Map<String, BigDecimal> needed, @Nullable Instant paidAt) {
		Map<String, StoredBalance> stored = this.store.balances(customer);
		Instant now = this.clock.instant();
		if (needed.entrySet()
			.stream()
			.allMatch((entry) -> isCurrent(stored.get(entry.getKey()), entry.getValue(), paidAt, now))) {
			return new Known(stored, null);
		}
		Throwable failure;
		try {
			return new Known(
					read(customer, stored.isEmpty()).get(this.settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS),
					null);
		}
		catch (ExecutionException ex) {
			failure = ex.getCause();
		}
		catch (TimeoutException | RejectedExecutionException ex) {
			failure = ex;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			failure = ex;
		}
		Map<String, StoredBalance> usable = new TreeMap<>(stored);
		usable.values().removeIf((balance) -> balance.readAt().plus(this.settings.staleFor()).isBefore(now));
		return new Known(usable, failure);
	}

	private boolean isCurrent(@Nullable StoredBalance balance, BigDecimal needed, @Nullable Instant paidAt,
			Instant now) {
		if (balance == null) {
			return false;
		}
		Instant readAt = balance.readAt();
		// the time comes from a cookie
		boolean paid = paidAt != null && !paidAt.isAfter(now) && readAt.isBefore(paidAt);
		Duration until = (balance.remaining().compareTo(needed) >= 0) ? this.settings.freshFor() : USED_UP_FOR;
		return now.isBefore(readAt.plus((paid && until.compareTo(PAID_AGAIN) > 0) ? PAID_AGAIN : until));
	}

	private CompletableFuture<Map<String, StoredBalance>> read(String customer, boolean unknown) {
		CompletableFuture<Map<String, StoredBalance>> read = new CompletableFuture<>();
		CompletableFuture<Map<String, StoredBalance>> current = this.reading.putIfAbsent(customer, read);
		if (current != null) {
			return current;
		}
		try {
			CompletableFuture.supplyAsync(() -> load(customer, unknown), this.executor)
				.whenComplete((balances, failure) -> {
					// first, so that no later caller gets this result
					this.reading.remove(customer, read);
					if (failure != null) {
						read.completeExceptionally(
								(failure instanceof CompletionException) ? failure.getCause() : failure);
					}
					else {
						read.complete(balances);
					}
				});
		}
		catch (RejectedExecutionException ex) {
			this.reading.remove(customer, read);
			read.completeExceptionally(ex);
		}
		return read;
	}

	private Map<String, StoredBalance> load(String customer, boolean unknown) {
		if (!permitsRead(unknown)) {
			throw new PolarSaturationException("Balances are not read from Polar for some seconds");
		}
		Instant startedAt = this.clock.instant();
		Map<String, MeterCount> counts = new TreeMap<>();
		try {
			List<CustomerState.Meter> found = request(customer);
			forConfigured(found, (name, meter) -> counts.put(name, MeterCount.of(meter)));
			this.meters.all().forEach((meter) -> counts.putIfAbsent(meter.name(), MeterCount.none(startedAt)));
		}
		catch (PolarDataException ex) {
			// says nothing about other customers
			throw ex;
		}
		catch (PolarException ex) {
			pause(ex);
			throw ex;
		}
		try {
			this.store.count(customer, counts, startedAt, true);
			return this.store.balances(customer);
		}
		catch (RuntimeException ex) {
			if (pause(ex)) {
				// without messages of the database, which can contain the id of a
				// customer
				logger.warn("Balances cannot be stored: " + ex.getClass().getName());
			}
			throw ex;
		}
	}

	private List<CustomerState.Meter> request(String customer) {
		MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
		query.add("external_customer_id", customer);
		query.add("limit", "100");
		return this.client.list(CustomerState.Meter.class, "/v1/customer-meters/", query).items();
	}

	/**
	 * Return whether Polar can be read now. A part of the permitted reads is reserved for
	 * customers of whom nothing is known.
	 */
	private synchronized boolean permitsRead(boolean unknown) {
		Instant now = this.clock.instant();
		this.reads.removeIf((read) -> !read.plus(Duration.ofMinutes(1)).isAfter(now));
		int permitted = unknown ? this.settings.readsPerMinute() : (this.settings.readsPerMinute() + 1) / 2;
		return !now.isBefore(this.pausedUntil) && this.reads.size() < permitted && this.reads.add(now);
	}

	/**
	 * Do not read for some seconds.
	 * @return {@code false} if that was so before
	 */
	private synchronized boolean pause(RuntimeException failure) {
		Instant now = this.clock.instant();
		if (now.isBefore(this.pausedUntil)) {
			return false;
		}
		Duration retryAfter = (failure instanceof PolarApiException api) ? api.getRetryAfter() : null;
		Duration pause = (retryAfter != null && retryAfter.compareTo(PAUSE) > 0) ? retryAfter : PAUSE;
		this.pausedUntil = now.plus((pause.compareTo(MAX_PAUSE) < 0) ? pause : MAX_PAUSE);
		return true;
	}

	/**
	 * Take over what Polar says about a customer whose balances are known.
	 */
	void update(CustomerState state, Instant at) {
		String customer = state.externalId();
		Map<String, MeterCount> counts = new TreeMap<>();
		forConfigured(state.activeMeters(), (name, meter) -> {
			try {
				counts.put(name, MeterCount.of(meter));
			}
			catch (PolarDataException ex) {
				logger.debug("The meter '" + name + "' in an event cannot be read", ex);
			}
		});
		if (customer != null && !counts.isEmpty()) {
			this.store.count(customer, counts, at, false);
		}
	}

	private void forConfigured(Collection<CustomerState.Meter> found, BiConsumer<String, CustomerState.Meter> action) {
		Map<UUID, String> names = new HashMap<>();
		this.meters.all().forEach((meter) -> names.put(meter.id(), meter.name()));
		for (CustomerState.Meter meter : found) {
			String name = names.get(meter.meterId());
			if (name != null) {
				action.accept(name, meter);
			}
		}
	}

	/**
	 * Balances that are known.
	 *
	 * @param balances the balances by meter
	 * @param failure why others are not known, {@code null} if there is no reason
	 */
	record Known(Map<String, StoredBalance> balances, @Nullable Throwable failure) {

	}

	/**
	 * Settings of balances.
	 *
	 * @param freshFor duration for which a balance is used
	 * @param staleFor maximum age of a balance that is used while Polar cannot be read
	 * @param readTimeout maximum time for which a caller waits for Polar
	 * @param readsPerMinute maximum number of reads per minute
	 */
	record Settings(Duration freshFor, Duration staleFor, Duration readTimeout, int readsPerMinute) {

	}

}
