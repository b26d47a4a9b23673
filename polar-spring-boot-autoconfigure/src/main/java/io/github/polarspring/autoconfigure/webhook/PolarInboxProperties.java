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

package io.github.polarspring.autoconfigure.webhook;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.sql.init.DatabaseInitializationMode;

/**
 * Configuration properties for the {@code jdbc} inbox.
 *
 * @param initializeSchema Database schema initialization mode.
 * @param schema Path to the SQL file to use to initialize the database schema.
 * @param platform Platform to use in initialization scripts if the @@platform@@
 * placeholder is used. Auto-detected by default.
 * @param workers Number of events that this instance processes concurrently, each with a
 * database connection. If 0, this instance only stores events, and other instances
 * process them.
 * @param acknowledgeWithin Maximum time that an acknowledgment waits for the event to be
 * processed, so that returning buyers find their order.
 * @param holdFor How long to retry a failing event before moving it to the dead letters.
 * Later events of the same customer wait meanwhile.
 * @param pollInterval Interval at which to poll for events stored by other instances.
 * @param keepPayload How long to keep the payload of a processed event.
 * @param keepId How long to keep the ID of a processed event, to detect duplicates. Polar
 * can redeliver an event for 90 days.
 * @since 0.1.0
 */
@ConfigurationProperties("polar.webhook.jdbc")
public record PolarInboxProperties(@DefaultValue("embedded") DatabaseInitializationMode initializeSchema,
		@DefaultValue("classpath:io/github/polarspring/webhook/jdbc/schema-@@platform@@.sql") String schema,
		@Nullable String platform, @DefaultValue("2") int workers, @DefaultValue("1500ms") Duration acknowledgeWithin,
		@DefaultValue("5m") Duration holdFor, @DefaultValue("1s") Duration pollInterval,
		@DefaultValue("14d") Duration keepPayload, @DefaultValue("100d") Duration keepId) implements InitializingBean {

	@Override
	public void afterPropertiesSet() {
		require(this.workers >= 0, "workers", this.workers, "It must not be negative: the default is 2.");
		requireNotNegative("acknowledge-within", this.acknowledgeWithin);
		requireNotNegative("hold-for", this.holdFor);
		require(this.pollInterval.toMillis() > 0, "poll-interval", this.pollInterval,
				"It must be at least 1ms: the default is 1s.");
		requireNotNegative("keep-payload", this.keepPayload);
		require(this.keepId.compareTo(this.keepPayload) >= 0, "keep-id", this.keepId,
				"It must not be less than polar.webhook.jdbc.keep-payload, which is %s.".formatted(this.keepPayload));
	}

	private static void requireNotNegative(String name, Duration value) {
		require(!value.isNegative(), name, value, "It must not be negative.");
	}

	private static void require(boolean valid, String name, Object value, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException("polar.webhook.jdbc." + name, value, reason);
		}
	}

}
