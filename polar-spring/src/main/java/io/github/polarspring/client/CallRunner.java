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

package io.github.polarspring.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import io.github.polarspring.PolarException;
import io.github.polarspring.PolarSaturationException;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryListener;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryState;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;

/**
 * Runner that makes calls. It limits the number of concurrent calls, retries calls within
 * the total timeout, and observes each call with all its attempts.
 */
final class CallRunner {

	private static final Log logger = LogFactory.getLog(PolarClient.class);

	private static final KeyName OUTCOME = PolarApiObservationDocumentation.LowCardinalityKeyNames.OUTCOME;

	private static final PolarApiObservationConvention DEFAULT_CONVENTION = new DefaultPolarApiObservationConvention();

	private final String environment;

	private final Semaphore permits;

	private final int maxConcurrentCalls;

	private final RetrySettings retry;

	private final Duration totalTimeout;

	private final Duration attemptTime;

	private final ObservationRegistry observations;

	private final @Nullable PolarApiObservationConvention convention;

	private final @Nullable RecentCalls recentCalls;

	private final Map<String, CallOutcome> reported = new ConcurrentHashMap<>();

	private final boolean reporting;

	CallRunner(String environment, int maxConcurrentCalls, RetrySettings retry, Duration totalTimeout,
			Duration attemptTime, ObservationRegistry observations, @Nullable PolarApiObservationConvention convention,
			@Nullable RecentCalls recentCalls) {
		this.environment = environment;
		this.permits = new Semaphore(maxConcurrentCalls);
		this.maxConcurrentCalls = maxConcurrentCalls;
		this.retry = retry;
		this.totalTimeout = totalTimeout;
		this.attemptTime = attemptTime;
		this.observations = observations;
		this.convention = convention;
		this.recentCalls = recentCalls;
		this.reporting = true;
	}

	private CallRunner(CallRunner runner) {
		this.environment = runner.environment;
		this.permits = runner.permits;
		this.maxConcurrentCalls = runner.maxConcurrentCalls;
		this.retry = runner.retry;
		this.totalTimeout = runner.totalTimeout;
		this.attemptTime = runner.attemptTime;
		this.observations = runner.observations;
		this.convention = runner.convention;
		this.recentCalls = null;
		this.reporting = false;
	}

	/**
	 * Return a runner whose calls neither count for the health nor are reported in the
	 * log.
	 */
	CallRunner unreported() {
		return new CallRunner(this);
	}

	/**
	 * Make a call.
	 * @param call the call
	 * @param attempt makes one attempt
	 */
	<T> T run(Call call, Attempt<T> attempt) {
		PolarApiObservationContext context = new PolarApiObservationContext(call.operation(), this.environment);
		Observation observation = PolarApiObservationDocumentation.API_CALL
			.observation(this.convention, DEFAULT_CONVENTION, () -> context, this.observations)
			.start();
		try (Observation.Scope scope = observation.openScope()) {
			return run(call, attempt, context, observation);
		}
		finally {
			observation.stop();
		}
	}

	private <T> T run(Call call, Attempt<T> attempt, PolarApiObservationContext context, Observation observation) {
		CallOutcome outcome = CallOutcome.ERROR;
		try {
			T result = limited(call, attempt, context, observation);
			outcome = CallOutcome.SUCCESS;
			return result;
		}
		catch (RuntimeException | Error ex) {
			outcome = CallOutcome.of(ex);
			observation.error(ex);
			reportOnce(call, outcome, ex);
			throw ex;
		}
		finally {
			context.setOutcome(outcome.value());
			recordOutcome(call, outcome);
		}
	}

	private void recordOutcome(Call call, CallOutcome outcome) {
		if (outcome == CallOutcome.SUCCESS) {
			this.reported.remove(call.operation());
		}
		// a failure on an interrupted thread says nothing about Polar
		if (this.recentCalls != null && !(outcome.countsAsFailure() && Thread.currentThread().isInterrupted())) {
			this.recentCalls.add(isCallerCredentialRejected(call, outcome) ? CallOutcome.REJECTED : outcome);
		}
	}

	/**
	 * Return whether the rejected credential is the caller's, because the call was made
	 * without the access token.
	 */
	private static boolean isCallerCredentialRejected(Call call, CallOutcome outcome) {
		return call.anonymous() && (outcome == CallOutcome.UNAUTHORIZED || outcome == CallOutcome.FORBIDDEN);
	}

	private <T> T limited(Call call, Attempt<T> attempt, PolarApiObservationContext context, Observation observation) {
		if (!this.permits.tryAcquire()) {
			throw new PolarSaturationException(
					("%s was rejected: %d calls to Polar (%s) are in progress, which is the limit set by"
							+ " 'polar.http.max-concurrent-calls'")
						.formatted(call.operation(), this.maxConcurrentCalls, this.environment));
		}
		try {
			long deadline = deadline(call.limit());
			CallRetryPolicy policy = new CallRetryPolicy(call, this.retry, this.attemptTime, deadline);
			RetryTemplate template = new RetryTemplate(policy);
			template.setRetryListener(new ObservedRetries(policy, context, observation, this.convention));
			return template.invoke(() -> {
				context.attempt();
				return attempt.make(policy.body(), deadline);
			});
		}
		finally {
			this.permits.release();
		}
	}

	private long deadline(@Nullable Long limit) {
		long deadline = System.nanoTime() + this.totalTimeout.toNanos();
		return (limit != null && limit - deadline < 0) ? limit : deadline;
	}

	/**
	 * Log a failure that persists until a setting is changed. It is logged once, until
	 * the operation succeeds again.
	 */
	private void reportOnce(Call call, CallOutcome outcome, Throwable ex) {
		if (this.reporting && outcome.isPersistent() && !isCallerCredentialRejected(call, outcome)
				&& !outcome.equals(this.reported.put(call.operation(), outcome))) {
			logger.error(ex.getMessage());
		}
	}

	/**
	 * Attempt to make a call.
	 */
	@FunctionalInterface
	interface Attempt<T> {

		T make(@Nullable Object body, long deadline);

	}

	private static final class ObservedRetries implements RetryListener {

		private final CallRetryPolicy policy;

		private final PolarApiObservationContext context;

		private final Observation observation;

		private final @Nullable PolarApiObservationConvention convention;

		ObservedRetries(CallRetryPolicy policy, PolarApiObservationContext context, Observation observation,
				@Nullable PolarApiObservationConvention convention) {
			this.policy = policy;
			this.context = context;
			this.observation = observation;
			this.convention = convention;
		}

		@Override
		public void beforeRetry(RetryPolicy retryPolicy, Retryable<?> retryable, RetryState state) {
			Throwable failure = state.getLastException();
			this.context.setOutcome(CallOutcome.of(failure).value());
			if (this.convention != null) {
				this.context.addLowCardinalityKeyValues(this.convention.getLowCardinalityKeyValues(this.context));
			}
			else if (this.context.getLowCardinalityKeyValue(OUTCOME.asString()) != null) {
				// a global convention may omit it
				this.context.addLowCardinalityKeyValue(OUTCOME.withValue(this.context.getOutcome()));
			}
			this.observation.event(this.policy.isFallback() ? PolarApiObservationDocumentation.Events.FALLBACK
					: PolarApiObservationDocumentation.Events.RETRY);
			if (logger.isDebugEnabled() && failure instanceof PolarException) {
				logger.debug("Attempt %d: %s".formatted(state.getRetryCount() + 1, failure.getMessage()));
			}
		}

	}

}
