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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.entitlement.HoldingsAssembler.AllHoldings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads of all payers at once, for times at which many are needed that are not in memory,
 * such as after a restart. A read is shared by all who need it.
 */
final class BulkReads {

	private static final Log logger = LogFactory.getLog(BulkReads.class);

	/**
	 * Maximum number of pages a minute, less than half of the calls that Polar allows.
	 */
	private static final int MAX_PAGES = 200;

	private static final Duration SHARED_FOR = Duration.ofSeconds(30);

	private static final Duration DISABLED_FOR = Duration.ofMinutes(10);

	private final PurchaseReader reader;

	private final BiFunction<PurchaseRecords, Instant, AllHoldings> assembler;

	private final Executor executor;

	private final Clock clock;

	private @Nullable Read last;

	/**
	 * Reads within the last minute, and the number of their pages.
	 */
	private final Deque<Pages> recent = new ArrayDeque<>();

	private int pages;

	private Instant disabledUntil = Instant.MIN;

	BulkReads(PurchaseReader reader, BiFunction<PurchaseRecords, Instant, AllHoldings> assembler, Executor executor,
			Clock clock) {
		this.reader = reader;
		this.assembler = assembler;
		this.executor = executor;
		this.clock = clock;
	}

	/**
	 * Return the result of a read that began at the given time or later. It fails with a
	 * {@link PolarSaturationException} if there is none, and it is too early for another.
	 */
	synchronized CompletableFuture<Read> get(Instant notBefore) {
		Instant now = this.clock.instant();
		Read last = this.last;
		boolean permitted = isPermitted(now);
		if (last != null && !last.done().isCompletedExceptionally()) {
			boolean shared = now.isBefore(last.startedAt().plus(SHARED_FOR)) || !permitted;
			if (shared && !last.startedAt().isBefore(notBefore)) {
				return last.done().thenApply((holdings) -> last);
			}
			if (!last.done().isDone()) {
				// reads must not overlap: each calls Polar often
				return last.done().handle((holdings, failure) -> true).thenCompose((done) -> get(notBefore));
			}
		}
		if (!permitted) {
			return CompletableFuture.failedFuture(tooMany());
		}
		Read next = new Read(now, read(now));
		this.last = next;
		return next.done().thenApply((holdings) -> next);
	}

	/**
	 * Return whether there is time for as many pages as the last read had.
	 */
	private boolean isPermitted(Instant now) {
		this.recent.removeIf((pages) -> !pages.readAt().plus(Duration.ofMinutes(1)).isAfter(now));
		int recent = this.recent.stream().mapToInt(Pages::count).sum();
		return !now.isBefore(this.disabledUntil) && (recent == 0 || recent + this.pages <= MAX_PAGES);
	}

	private CompletableFuture<AllHoldings> read(Instant startedAt) {
		AtomicInteger calls = new AtomicInteger();
		CompletableFuture<AllHoldings> read = new CompletableFuture<>();
		this.reader.readAll(MAX_PAGES, calls, this.executor)
			.thenApplyAsync((records) -> this.assembler.apply(records, startedAt), this.executor)
			.whenComplete((holdings, failure) -> {
				Throwable cause = finish(calls.get(), failure);
				if (cause == null) {
					read.complete(holdings);
				}
				else {
					read.completeExceptionally(cause);
				}
			});
		return read;
	}

	/**
	 * Decide when the next read can begin.
	 * @return the failure of this one, {@code null} if it succeeded
	 */
	private synchronized @Nullable Throwable finish(int calls, @Nullable Throwable failure) {
		Instant now = this.clock.instant();
		Throwable cause = (failure != null) ? HoldingsLoader.unwrap(failure) : null;
		this.pages = calls;
		this.recent.add(new Pages(now, calls));
		if (cause instanceof IllegalStateException || cause instanceof PolarDataException) {
			this.disabledUntil = now.plus(DISABLED_FOR);
			logger.warn("Entitlements cannot be read for all users at once, so they are read one by one: "
					+ cause.getMessage());
			return tooMany();
		}
		if (cause == null) {
			// what is no longer shared need not be retained
			CompletableFuture.delayedExecutor(2, TimeUnit.MINUTES, this.executor).execute(this::forget);
		}
		return cause;
	}

	private synchronized void forget() {
		Read last = this.last;
		Instant now = this.clock.instant();
		if (last != null && last.done().isDone() && now.isAfter(last.startedAt().plus(SHARED_FOR))
				&& isPermitted(now)) {
			this.last = null;
		}
	}

	private static PolarSaturationException tooMany() {
		return new PolarSaturationException("Too many entitlements are read at the same time");
	}

	private record Pages(Instant readAt, int count) {

	}

	/**
	 * Read of all payers.
	 *
	 * @param startedAt when it began
	 * @param done the holdings of all payers
	 */
	record Read(Instant startedAt, CompletableFuture<AllHoldings> done) {

		Holdings of(String payer) {
			return this.done.join().of(payer);
		}

	}

}
