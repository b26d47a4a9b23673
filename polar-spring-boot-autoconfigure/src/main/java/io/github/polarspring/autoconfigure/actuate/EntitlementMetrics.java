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

package io.github.polarspring.autoconfigure.actuate;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.EntitlementStatistics;
import io.github.polarspring.entitlement.PolarFeatures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} for the counters of entitlements, if features or limits are
 * configured.
 */
final class EntitlementMetrics implements MeterBinder {

	private final PolarFeatures features;

	private final EntitlementStatistics statistics;

	EntitlementMetrics(PolarFeatures features, EntitlementStatistics statistics) {
		this.features = features;
		this.statistics = statistics;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.features.isEmpty()) {
			return;
		}
		read(registry, "memory", EntitlementStatistics::memoryHits);
		for (Source source : Source.values()) {
			if (source != Source.GUEST) {
				read(registry, source.name().toLowerCase(Locale.ROOT), (statistics) -> statistics.reads(source));
			}
		}
		check(registry, "granted", EntitlementStatistics::granted);
		check(registry, "denied", EntitlementStatistics::denied);
		check(registry, "unknown", EntitlementStatistics::unknown);
	}

	private void read(MeterRegistry registry, String source, ToDoubleFunction<EntitlementStatistics> count) {
		FunctionCounter.builder("polar.entitlements.reads", this.statistics, count)
			.tag("source", source)
			.description("Entitlements of users that were looked up, by the source that they came from")
			.register(registry);
	}

	private void check(MeterRegistry registry, String decision, ToDoubleFunction<EntitlementStatistics> count) {
		FunctionCounter.builder("polar.entitlements.checks", this.statistics, count)
			.tag("decision", decision)
			.description("Checks of features, by decision")
			.register(registry);
	}

}
