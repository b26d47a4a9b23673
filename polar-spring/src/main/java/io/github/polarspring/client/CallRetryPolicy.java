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

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Whether and when one call is repeated, and with what body. Holds the state of a call:
 * there is one for each.
 */
final class CallRetryPolicy implements RetryPolicy {

	private final RetrySettings settings;

	private final boolean repeatable;

	private final Duration attemptTime;

	private final long deadline;

	private @Nullable RepeatableBody body;

	private boolean bodyChanged;

	private int failures;

	private Duration minDelay = Duration.ZERO;

	private boolean atOnce;

	private boolean refused;

	/**
	 * Create a policy.
	 * @param call what is called
	 * @param settings how often and when to repeat
	 * @param attemptTime how long an attempt may take
	 * @param deadline the {@link System#nanoTime()} by which an attempt has to be done to
	 * be started
	 */
	CallRetryPolicy(Call call, RetrySettings settings, Duration attemptTime, long deadline) {
		this.settings = settings;
		this.repeatable = call.repeatable();
		this.body = call.body();
		this.attemptTime = attemptTime;
		this.deadline = deadline;
	}

	@Nullable RepeatableBody body() {
		return this.body;
	}

	/**
	 * Return whether the attempt that comes next sends another body than the first.
	 */
	boolean isAtOnce() {
		return this.atOnce;
	}

	@Override
	public boolean shouldRetry(Throwable ex) {
		this.atOnce = false;
		this.refused = false;
		this.minDelay = Duration.ZERO;
		if (!(ex instanceof PolarException failure)) {
			return false;
		}
		this.failures++;
		RepeatableBody alternative = (this.body != null && !this.bodyChanged) ? this.body.after(failure) : null;
		if (alternative != null && (failure instanceof PolarApiException || hasAttempts())) {
			this.body = alternative;
			this.bodyChanged = true;
			this.atOnce = true;
			this.refused = failure instanceof PolarApiException;
			return true;
		}
		if (!hasAttempts() || !isRetryable(failure)) {
			return false;
		}
		Duration retryAfter = (failure instanceof PolarApiException api) ? api.getRetryAfter() : null;
		this.minDelay = (retryAfter != null) ? retryAfter : Duration.ZERO;
		return true;
	}

	private boolean hasAttempts() {
		return this.failures < this.settings.maxAttempts();
	}

	private boolean isRetryable(PolarException failure) {
		boolean locked = failure instanceof PolarApiException api && "CheckoutLocked".equals(api.getError());
		return switch (CallOutcome.of(failure)) {
			case RATE_LIMITED, UNREACHABLE -> true;
			case TIMEOUT, BROKEN -> this.repeatable;
			case SERVER_ERROR -> this.repeatable && failure instanceof PolarApiException api && api.getStatus() >= 502
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
		if (!this.atOnce) {
			delay = Duration.ofMillis(delays.nextBackOff());
			delay = (delay.compareTo(this.minDelay) > 0) ? delay : this.minDelay;
		}
		Duration left = Duration.ofNanos(this.deadline - System.nanoTime());
		// after a refusal it is not Polar that is slow, and a sale is at stake
		Duration needed = this.refused ? Duration.ZERO : delay.plus(this.attemptTime);
		return (left.compareTo(needed) < 0) ? BackOffExecution.STOP : delay.toMillis();
	}

}
