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

package io.github.polarspring.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Jobs that grant benefits. Polar runs them after the purchase, the fake at once unless
 * it is told otherwise. Guarded by the lock of {@link FakeState}.
 */
final class FakeGrantJobs {

	private final FakeState state;

	private final FakeSales sales;

	/**
	 * What will be granted, and when.
	 */
	private final Map<FakeGrant, Instant> waiting = new LinkedHashMap<>();

	private Duration delay = Duration.ZERO;

	FakeGrantJobs(FakeState state, FakeSales sales) {
		this.state = state;
		this.sales = sales;
	}

	void reset() {
		this.waiting.clear();
		this.delay = Duration.ZERO;
	}

	Duration delay() {
		return this.delay;
	}

	void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Return the time at which what is bought now will be granted.
	 */
	Instant time() {
		return this.state.now().plus(this.delay);
	}

	/**
	 * Return whether a benefit will be granted.
	 */
	boolean isWaiting(Predicate<FakeGrant> which) {
		return this.waiting.keySet().stream().anyMatch(which);
	}

	/**
	 * Grant benefits, for the first time or again.
	 * @return whether they were granted at once
	 */
	boolean grant(List<FakeGrant> grants) {
		if (this.delay.isZero()) {
			grants.forEach(this.sales::grant);
			return !grants.isEmpty();
		}
		if (!grants.isEmpty()) {
			Instant time = time();
			grants.forEach((grant) -> this.waiting.put(grant, time));
			this.state.later(this.delay, "Benefits granted", () -> run(grants));
		}
		return false;
	}

	/**
	 * Do not grant what was taken away meanwhile.
	 */
	void cancel(Predicate<FakeGrant> which) {
		this.waiting.keySet().removeIf(which);
	}

	/**
	 * Return the times at which something will be granted.
	 */
	Set<Instant> times() {
		return new TreeSet<>(this.waiting.values());
	}

	/**
	 * Grant what is due at a time.
	 */
	void run(Instant time) {
		run(this.waiting.keySet().stream().filter((grant) -> !time.isBefore(this.waiting.get(grant))).toList());
	}

	private void run(Collection<FakeGrant> grants) {
		List<FakeGrant> due = grants.stream().filter((grant) -> this.waiting.remove(grant) != null).toList();
		due.forEach(this.sales::grant);
		due.stream().map((grant) -> grant.customer).distinct().forEach(this.state::sendState);
	}

}
