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

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.github.polarspring.usage.PolarUsageTemplate;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@link MeterBinder} for usage. The gauges are zero if the application does not use it:
 * it can begin to do so at any time. Instances that share a database report the same
 * values.
 */
final class UsageMetrics implements MeterBinder {

	private static final Log logger = LogFactory.getLog(UsageMetrics.class);

	private static final Duration FRESH = Duration.ofSeconds(5);

	private static final PolarUsageTemplate.Backlog NONE = new PolarUsageTemplate.Backlog(0, Duration.ZERO, 0);

	private final UsedUsage usage;

	private PolarUsageTemplate.@Nullable Backlog backlog;

	private boolean read;

	private long readAt;

	UsageMetrics(UsedUsage usage) {
		this.usage = usage;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		gauge(registry, "polar.usage.pending", PolarUsageTemplate.Backlog::pending,
				"Usage events that wait to be sent or are being sent");
		gauge(registry, "polar.usage.dead.letters", PolarUsageTemplate.Backlog::deadLetters,
				"Usage events that Polar rejected");
		TimeGauge
			.builder("polar.usage.oldest.age", this, TimeUnit.MILLISECONDS,
					(metrics) -> metrics.read((backlog) -> backlog.oldest().toMillis()))
			.description("Time for which the oldest usage event has waited")
			.register(registry);
		FunctionCounter.builder("polar.usage.sent", this, UsageMetrics::sent)
			.description("Usage events that this instance has sent to Polar")
			.register(registry);
	}

	private void gauge(MeterRegistry registry, String name, ToDoubleFunction<PolarUsageTemplate.Backlog> value,
			String description) {
		Gauge.builder(name, this, (metrics) -> metrics.read(value)).description(description).register(registry);
	}

	private double sent() {
		PolarUsageTemplate used = this.usage.get();
		return (used != null) ? used.sent() : 0;
	}

	/**
	 * Run one query for all gauges of a scrape, even if it fails.
	 */
	private synchronized double read(ToDoubleFunction<PolarUsageTemplate.Backlog> value) {
		PolarUsageTemplate.Backlog backlog = this.backlog;
		if (!this.read || System.nanoTime() - this.readAt > FRESH.toNanos()) {
			PolarUsageTemplate used = this.usage.get();
			try {
				backlog = (used != null) ? used.backlog() : NONE;
			}
			catch (RuntimeException ex) {
				// of the database, whose exceptions are not necessarily on the class path
				logger.debug("The usage events could not be read", ex);
				backlog = null;
			}
			this.backlog = backlog;
			this.readAt = System.nanoTime();
			this.read = true;
		}
		return (backlog != null) ? value.applyAsDouble(backlog) : Double.NaN;
	}

}
