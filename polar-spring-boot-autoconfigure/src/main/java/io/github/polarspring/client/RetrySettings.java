package io.github.polarspring.client;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How often and when a call is repeated.
 *
 * @param maxAttempts how often to try at most, the first time included
 * @param initialDelay pause before the second attempt, doubled for each further one
 * @param maxDelay what the pause grows to
 */
record RetrySettings(int maxAttempts, Duration initialDelay, Duration maxDelay) {

	static final RetrySettings DEFAULTS = new RetrySettings(3, Duration.ofMillis(200), Duration.ofSeconds(2));

	RetrySettings {
		Assert.isTrue(maxAttempts >= 1, "maxAttempts must be 1 at least");
		Assert.isTrue(initialDelay.toMillis() >= 1, "initialDelay must be 1 ms at least");
		Assert.isTrue(maxDelay.compareTo(initialDelay) >= 0, "maxDelay must not be less than initialDelay");
	}

}
