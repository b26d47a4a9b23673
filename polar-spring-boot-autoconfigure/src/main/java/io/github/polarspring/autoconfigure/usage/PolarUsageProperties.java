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

package io.github.polarspring.autoconfigure.usage;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.client.PolarUrls;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Configuration properties for usage.
 *
 * @param outbox Where usage events wait to be sent to Polar. By default, in the database
 * if the webhook inbox uses it, and in memory otherwise.
 * @param queueCapacity Maximum number of usage events that wait in memory.
 * @param requestsPerMinute Maximum number of requests with usage events per minute,
 * shared by all instances that use the same database. By default, half of what Polar
 * permits in the environment.
 * @param pollInterval Interval at which to look for usage events to send.
 * @param shutdownTimeout Maximum time to send usage events when the application stops.
 * @param meters Meters with quotas, by the names that the application uses for them.
 * @param ai Properties for language models.
 * @since 0.1.0
 */
@ConfigurationProperties("polar.usage")
public record PolarUsageProperties(@Nullable OutboxType outbox, @DefaultValue("10000") int queueCapacity,
		@Nullable Integer requestsPerMinute, @DefaultValue("1s") Duration pollInterval,
		@DefaultValue("10s") Duration shutdownTimeout, @DefaultValue Map<String, Meter> meters,
		@DefaultValue Ai ai) implements InitializingBean {

	public PolarUsageProperties {
		meters = Collections.unmodifiableMap(new LinkedHashMap<>(meters));
	}

	@Override
	public void afterPropertiesSet() {
		require(this.queueCapacity >= 1, "queue-capacity", this.queueCapacity,
				"It must be at least 1: the default is 10000.");
		require(this.requestsPerMinute == null || this.requestsPerMinute >= 1, "requests-per-minute",
				this.requestsPerMinute, "It must be at least 1.");
		require(this.pollInterval.toMillis() > 0, "poll-interval", this.pollInterval,
				"It must be at least 1ms: the default is 1s.");
		require(!this.shutdownTimeout.isNegative(), "shutdown-timeout", this.shutdownTimeout,
				"It must not be negative.");
		require(!this.ai.event().isBlank() && this.ai.event().length() <= 128, "ai.event", this.ai.event(),
				"It must have 1 to 128 characters: the default is llm.");
		Map<UUID, String> names = new HashMap<>();
		this.meters.forEach((name, meter) -> {
			check(name, meter);
			String other = names.put(meter.id, name);
			require(other == null, "meters." + name + ".id", meter.id,
					"It is also that of 'polar.usage.meters.%s'.".formatted(other));
		});
	}

	private static void check(String name, Meter meter) {
		String prefix = "meters." + name;
		UUID id = meter.id;
		require(id != null, prefix + ".id", null, "It is required. Copy the ID of the meter from Polar's dashboard.");
		require(id == null || id.version() == 4, prefix + ".id", id,
				"It must be a UUID of version 4, as are all of Polar's IDs. Copy it from Polar's dashboard.");
		require(meter.property == null || meter.event != null, prefix + ".property", meter.property,
				"It requires 'polar.usage.%s.event', the name of the events that the meter counts.".formatted(prefix));
		String url = meter.upgradeUrl;
		if (url != null) {
			String mistake = PolarUrls.mistake(url);
			require(mistake == null, prefix + ".upgrade-url", url, "It " + mistake + ".");
			require(url.matches("(/|https?://).*") && !url.startsWith("//"), prefix + ".upgrade-url", url,
					"It must be a path such as /pricing, or begin with https://.");
		}
	}

	private static void require(boolean valid, String name, @Nullable Object value, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException("polar.usage." + name, value, reason);
		}
	}

	/**
	 * Settings for language models that are called with Spring AI.
	 *
	 * @param enabled Whether to record the tokens that clients of Spring AI use. Each
	 * call then needs a user who pays.
	 * @param event Name of the usage events for calls of a language model.
	 * @param vendor Vendor of the language models. By default, it is derived from the
	 * type of the model.
	 */
	public record Ai(@DefaultValue("false") boolean enabled, @DefaultValue("llm") String event,
			@Nullable String vendor) {

	}

	/**
	 * Options for where events wait to be sent.
	 */
	public enum OutboxType {

		/**
		 * In the application's database, recorded in the transaction of the caller.
		 */
		JDBC,

		/**
		 * In memory, lost if the application crashes.
		 */
		MEMORY

	}

	/**
	 * Properties for a meter of Polar's.
	 *
	 * @param id ID of the meter in Polar's dashboard.
	 * @param event Name of the events that the meter counts. Without it, the balance can
	 * only be read.
	 * @param property Key of the metadata that the meter adds up. By default, the meter
	 * counts the events.
	 * @param upgradeUrl URL of the page where more units can be bought, absolute or a
	 * path within the application. By default, users without units get an error page.
	 * @param whenUnknown What to do if it is not known how much a customer has left,
	 * because Polar cannot be read.
	 */
	public record Meter(@Nullable UUID id, @Nullable String event, @Nullable String property,
			@Nullable String upgradeUrl, @DefaultValue("reject") WhenUnknown whenUnknown) {

	}

}
