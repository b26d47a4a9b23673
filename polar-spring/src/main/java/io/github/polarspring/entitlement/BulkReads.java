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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

import io.github.polarspring.PolarSaturationException;
import org.jspecify.annotations.Nullable;

/**
 * Reads of all payers at once, for times at which many are needed that are not in memory,
 * such as after a restart. A read is shared by all who need it.
 */
final class BulkReads {

	/**
	 * Maximum number of pages a minute, less than half of the calls that Polar allows.
	 */
	private static final int MAX_PAGES = 200;

	private static final int PAGE_SIZE = 100;

	private static final int LISTS = 3;

	private static final Duration SHARED_FOR = Duration.ofSeconds(30);

	private static final Duration DISABLED_FOR = Duration.ofMinutes(10);

	private final PurchaseReader reader;

	private final BiFunction<PurchaseRecords, Instant, Map<String, Holdings>> assembler;

	private final Executor executor;

	private final Clock clock;

	private @Nullable Read last;

	private Instant disabledUntil = Instant.MIN;

	private Instant nextStart = Instant.MIN;

	BulkReads(PurchaseReader reader, BiFunction<PurchaseRecords, Instant, Map<String, Holdings>> assembler,
			Executor executor, Clock clock) {
		this.reader = reader;
		this.assembler = assembler;
		this.executor = executor;
		this.clock = clock;
	}

	/**
	 * Return the result of a read that began at the given time or later.
	 */
	synchronized CompletableFuture<Read> get(Instant notBefore) {
		Instant now = this.clock.instant();
		if (now.isBefore(this.disabledUntil)) {
			return CompletableFuture.failedFuture(tooMany());
		}
		Read last = this.last;
		if (last != null && !last.hasFailed()) {
			if (!last.startedAt().isBefore(notBefore) && last.startedAt().plus(SHARED_FOR).isAfter(now)) {
				return last.done().thenApply((holdings) -> last);
			}
			if (!last.done().isDone()) {
				// reads must not overlap: each calls Polar often
				return last.done().handle((holdings, failure) -> true).thenCompose((done) -> get(notBefore));
			}
		}
		if (now.isBefore(this.nextStart)) {
			return CompletableFuture.failedFuture(tooMany());
		}
		Read next = new Read(now, read(now));
		this.last = next;
		return next.done().thenApply((holdings) -> next);
	}

	private CompletableFuture<Map<String, Holdings>> read(Instant startedAt) {
		return this.reader.readAll(MAX_PAGES, this.executor)
			.thenApplyAsync((records) -> this.assembler.apply(complete(records), startedAt), this.executor);
	}

	private synchronized PurchaseRecords complete(Optional<PurchaseRecords> records) {
		PurchaseRecords complete = records.orElseThrow(() -> {
			this.disabledUntil = this.clock.instant().plus(DISABLED_FOR);
			return new CompletionException(tooMany());
		});
		int items = complete.subscriptions().size() + complete.orders().size() + complete.grants().size();
		int pages = items / PAGE_SIZE + LISTS;
		this.nextStart = this.clock.instant().plusSeconds((pages * 60 + MAX_PAGES - 1) / MAX_PAGES);
		return complete;
	}

	private static PolarSaturationException tooMany() {
		return new PolarSaturationException("Too many entitlements are read at the same time");
	}

	/**
	 * Read of all payers.
	 *
	 * @param startedAt when it began
	 * @param done the holdings by payer
	 */
	record Read(Instant startedAt, CompletableFuture<Map<String, Holdings>> done) {

		Holdings of(String payer) {
			return this.done.join().getOrDefault(payer, Holdings.NONE);
		}

		boolean hasFailed() {
			return this.done.isCompletedExceptionally();
		}

	}

}
