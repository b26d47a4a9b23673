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

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

import io.github.polarspring.entitlement.EntitlementReport.Source;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of checks, for metrics and health. Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class EntitlementStatistics {

	final LongAdder memory = new LongAdder();

	final LongAdder granted = new LongAdder();

	final LongAdder denied = new LongAdder();

	final LongAdder unknown = new LongAdder();

	private final LongAdder[] reads = new LongAdder[Source.values().length];

	private volatile @Nullable Instant unavailableSince;

	/**
	 * Create statistics.
	 */
	public EntitlementStatistics() {
		for (int i = 0; i < this.reads.length; i++) {
			this.reads[i] = new LongAdder();
		}
	}

	void read(Source source) {
		this.reads[source.ordinal()].increment();
	}

	/**
	 * Record that Polar cannot be read.
	 * @return whether it could be read before
	 */
	boolean unavailable(Instant now) {
		boolean first = this.unavailableSince == null;
		if (first) {
			this.unavailableSince = now;
		}
		return first;
	}

	/**
	 * Record that Polar can be read.
	 * @return whether it could not be read before
	 */
	boolean available() {
		boolean first = this.unavailableSince != null;
		this.unavailableSince = null;
		return first;
	}

	/**
	 * Return since when Polar cannot be read, so that older states are used, and for
	 * users of whom nothing is stored, the default limits.
	 * @return the time, or {@code null} if Polar can be read
	 */
	public @Nullable Instant unavailableSince() {
		return this.unavailableSince;
	}

	/**
	 * Return how often a state was in memory.
	 * @return the number since the start of the application
	 */
	public long memoryHits() {
		return this.memory.sum();
	}

	/**
	 * Return how often a state that was not in memory came from a source.
	 * @param source the source
	 * @return the number since the start of the application
	 */
	public long reads(Source source) {
		return this.reads[source.ordinal()].sum();
	}

	/**
	 * Return how often a user had a feature.
	 * @return the number since the start of the application
	 */
	public long granted() {
		return this.granted.sum();
	}

	/**
	 * Return how often a user did not have a feature.
	 * @return the number since the start of the application
	 */
	public long denied() {
		return this.denied.sum();
	}

	/**
	 * Return how often it was not known whether a user has a feature.
	 * @return the number since the start of the application
	 */
	public long unknown() {
		return this.unknown.sum();
	}

}
