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

package io.github.polarspring.usage.ai;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.usage.LlmUsage;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.UsageEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.transaction.support.TransactionOperations;

/**
 * Records calls of a model. Never fails, because the model has already responded.
 */
final class RoundRecorder {

	private static final Log logger = LogFactory.getLog(RoundRecorder.class);

	private static final int MAX_DECIMALS = 12;

	private static final int MAX_WARNED = 100;

	private final String event;

	private final LlmPrices prices;

	private final boolean blocking;

	private final Consumer<UsageEvent> action;

	private final Set<String> warned = ConcurrentHashMap.newKeySet();

	private final AtomicLong lost = new AtomicLong();

	RoundRecorder(PolarUsage usage, String event, LlmPrices prices, @Nullable TransactionOperations transactions) {
		this.event = event;
		this.prices = prices;
		this.blocking = transactions != null;
		this.action = (transactions != null)
				? (recorded) -> transactions.executeWithoutResult((status) -> usage.record(recorded)) : usage::record;
	}

	long lost() {
		return this.lost.get();
	}

	/**
	 * Record a call whose response is complete.
	 */
	void record(PolarIdentity payer, ModelRound round) {
		if (this.blocking && Schedulers.isInNonBlockingThread()) {
			recordCompleted(payer, round).subscribe();
		}
		else {
			add(payer, round, true);
		}
	}

	/**
	 * Record a stream that has ended.
	 */
	Mono<Void> recordCompleted(PolarIdentity payer, ModelRound round) {
		return onSuitableThread(() -> add(payer, round, true));
	}

	/**
	 * Record a stream that failed or was canceled.
	 */
	Mono<Void> recordIncomplete(PolarIdentity payer, ModelRound round) {
		return onSuitableThread(() -> add(payer, round, false));
	}

	private Mono<Void> onSuitableThread(Runnable recording) {
		return Mono.defer(() -> {
			Mono<Void> recorded = Mono.fromRunnable(recording);
			return (this.blocking || Schedulers.isInNonBlockingThread())
					? recorded.subscribeOn(Schedulers.boundedElastic()) : recorded;
		}).onErrorResume(RejectedExecutionException.class, (ex) -> Mono.fromRunnable(() -> lose(ex)));
	}

	private void add(PolarIdentity payer, ModelRound round, boolean complete) {
		try {
			LlmUsage tokens = round.usage();
			if (tokens == null) {
				warn(round, complete);
			}
			if (tokens != null || complete) {
				this.action.accept(event(payer, round, tokens));
			}
		}
		catch (RuntimeException ex) {
			lose(ex);
		}
	}

	private UsageEvent event(PolarIdentity payer, ModelRound round, @Nullable LlmUsage tokens) {
		UsageEvent.Builder event = UsageEvent.builder(this.event).externalCustomerId(payer.externalId());
		if (!payer.memberId().equals(payer.externalId())) {
			event.externalMemberId(payer.memberId());
		}
		event.metadata("vendor", round.vendor()).metadata("model", round.model());
		if (!round.id().isEmpty()) {
			event.metadata("response_id", round.id());
		}
		if (tokens != null) {
			// meters cannot add up what is nested
			event.metadata("input_tokens", tokens.inputTokens())
				.metadata("output_tokens", tokens.outputTokens())
				.metadata("total_tokens", tokens.totalTokens())
				.llm(tokens);
			if (tokens.cachedInputTokens() != null) {
				event.metadata("cached_input_tokens", tokens.cachedInputTokens());
			}
			cost(event, tokens);
		}
		return event.build();
	}

	private void cost(UsageEvent.Builder event, LlmUsage tokens) {
		try {
			BigDecimal cents = this.prices.cost(tokens);
			if (cents != null) {
				event.cost(cents.setScale(Math.min(cents.scale(), MAX_DECIMALS), RoundingMode.HALF_UP));
			}
		}
		catch (RuntimeException ex) {
			logger.error("The cost of a call of the model '%s' is not known. Its usage is recorded without a cost"
				.formatted(tokens.model()), ex);
		}
	}

	private void warn(ModelRound round, boolean complete) {
		String message = complete
				? ("The model '%s' reported no tokens, so that none are billed. If it streams, request the usage, for"
						+ " example with 'stream_options.include_usage' of OpenAI")
					.formatted(round.model())
				: "A stream of the model '%s' ended early and without tokens, so that none are billed"
					.formatted(round.model());
		if (complete && this.warned.size() < MAX_WARNED && this.warned.add(round.model())) {
			logger.warn(message);
		}
		else {
			logger.debug(message);
		}
	}

	private void lose(RuntimeException ex) {
		logger.error("The usage of a call of a model was not recorded and is not billed: %d since the start"
			.formatted(this.lost.incrementAndGet()), ex);
	}

}
