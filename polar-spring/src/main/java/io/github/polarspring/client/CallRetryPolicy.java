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
import java.util.Set;
import java.util.function.Function;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Retry policy that decides whether and when a call is retried, and with which body. It
 * contains the state of the call, so each call needs a separate instance.
 */
final class CallRetryPolicy implements RetryPolicy {

	/**
	 * Errors of calls that Polar did not process, because another one was in progress.
	 */
	private static final Set<String> LOCKED = Set.of("CheckoutLocked", "SubscriptionLocked");

	private final Call call;

	private final RetrySettings settings;

	private final Duration attemptTime;

	private final long deadline;

	private @Nullable Object body;

	private boolean bodyChanged;

	private int failures;

	private Duration minDelay = Duration.ZERO;

	private boolean fallback;

	private boolean rejected;

	/**
	 * Create a policy.
	 * @param call the call
	 * @param settings the maximum number of attempts and the delays
	 * @param attemptTime maximum duration of an attempt
	 * @param deadline the {@link System#nanoTime()} before which an attempt must be able
	 * to end; otherwise it is not started
	 */
	CallRetryPolicy(Call call, RetrySettings settings, Duration attemptTime, long deadline) {
		this.call = call;
		this.settings = settings;
		this.body = call.body();
		this.attemptTime = attemptTime;
		this.deadline = deadline;
	}

	@Nullable Object body() {
		return this.body;
	}

	/**
	 * Return whether the next attempt is the first with the fallback's body.
	 */
	boolean isFallback() {
		return this.fallback;
	}

	@Override
	public boolean shouldRetry(Throwable ex) {
		this.fallback = false;
		this.rejected = false;
		this.minDelay = Duration.ZERO;
		if (!(ex instanceof PolarException failure)) {
			return false;
		}
		this.failures++;
		if (shouldFallBack(failure)) {
			return true;
		}
		if (!hasAttempts() || !isRetryable(failure)) {
			return false;
		}
		Duration retryAfter = (failure instanceof PolarApiException api) ? api.getRetryAfter() : null;
		this.minDelay = (retryAfter != null) ? retryAfter : Duration.ZERO;
		return true;
	}

	private boolean shouldFallBack(PolarException failure) {
		Function<PolarException, @Nullable Object> function = this.call.fallback();
		boolean rejection = failure instanceof PolarApiException api && api.getStatus() < 500;
		boolean allowed = rejection || (this.call.retryable() && hasAttempts());
		// after a rejection, the fallback does not have to fit: Polar is not slow
		Duration needed = rejection ? Duration.ZERO : this.attemptTime;
		if (function == null || this.bodyChanged || !allowed || timeLeft().compareTo(needed) < 0) {
			return false;
		}
		Object alternative = function.apply(failure);
		if (alternative == null) {
			return false;
		}
		this.body = alternative;
		this.bodyChanged = true;
		this.fallback = true;
		this.rejected = rejection;
		this.failures -= rejection ? 1 : 0;
		return true;
	}

	private boolean hasAttempts() {
		return !this.call.single() && this.failures < this.settings.maxAttempts();
	}

	private boolean isRetryable(PolarException failure) {
		boolean locked = failure instanceof PolarApiException api && api.getError() != null
				&& LOCKED.contains(api.getError());
		boolean retryable = this.call.retryable();
		return switch (CallOutcome.of(failure)) {
			case RATE_LIMITED, UNREACHABLE -> true;
			case TIMEOUT, BROKEN -> retryable;
			case SERVER_ERROR -> retryable && failure instanceof PolarApiException api && api.getStatus() >= 502
					&& api.getStatus() <= 504;
			default -> locked;
		};
	}

	@Override
	public BackOff getBackOff() {
		ExponentialBackOff exponential = new ExponentialBackOff(this.settings.initialDelay().toMillis(), 2);
		exponential.setMaxInterval(this.settings.maxDelay().toMillis());
		exponential.setJitter(this.settings.initialDelay().toMillis() / 2);
		return () -> {
			BackOffExecution delays = exponential.start();
			return () -> delay(delays);
		};
	}

	private long delay(BackOffExecution delays) {
		Duration delay = Duration.ZERO;
		if (!this.fallback) {
			delay = Duration.ofMillis(delays.nextBackOff());
			delay = (delay.compareTo(this.minDelay) > 0) ? delay : this.minDelay;
		}
		Duration needed = this.rejected ? Duration.ZERO : delay.plus(this.attemptTime);
		return (timeLeft().compareTo(needed) < 0) ? BackOffExecution.STOP : delay.toMillis();
	}

	private Duration timeLeft() {
		return Duration.ofNanos(this.deadline - System.nanoTime());
	}

}
