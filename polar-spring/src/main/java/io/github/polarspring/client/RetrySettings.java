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

import org.springframework.util.Assert;

/**
 * Settings for retries.
 *
 * @param maxAttempts maximum number of attempts, including the first
 * @param initialDelay delay before the second attempt, doubled for each further one
 * @param maxDelay maximum delay between attempts
 */
record RetrySettings(int maxAttempts, Duration initialDelay, Duration maxDelay) {

	static final RetrySettings DEFAULTS = new RetrySettings(3, Duration.ofMillis(200), Duration.ofSeconds(2));

	RetrySettings {
		Assert.isTrue(maxAttempts >= 1, "maxAttempts must be at least 1");
		Assert.isTrue(initialDelay.toMillis() >= 1, "initialDelay must be at least 1 ms");
		Assert.isTrue(maxDelay.compareTo(initialDelay) >= 0, "maxDelay must not be less than initialDelay");
	}

}
