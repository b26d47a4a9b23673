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

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.sql.init.DatabaseInitializationMode;

/**
 * Configuration properties for the {@code jdbc} inbox.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("polar.webhook.jdbc")
public class PolarInboxProperties {

	/**
	 * Database schema initialization mode.
	 */
	private DatabaseInitializationMode initializeSchema = DatabaseInitializationMode.EMBEDDED;

	/**
	 * Path to the SQL file to use to initialize the database schema.
	 */
	private String schema = "classpath:io/github/polarspring/webhook/jdbc/schema-@@platform@@.sql";

	/**
	 * Platform to use in initialization scripts if the @@platform@@ placeholder is used.
	 * Auto-detected by default.
	 */
	private @Nullable String platform;

	/**
	 * Number of events that this instance processes concurrently, each with a database
	 * connection. If 0, this instance only stores events, and other instances process
	 * them.
	 */
	private int workers = 2;

	/**
	 * Maximum time that an acknowledgment waits for the event to be processed, so that
	 * returning buyers find their order.
	 */
	private Duration acknowledgeWithin = Duration.ofMillis(1500);

	/**
	 * How long to retry a failing event before moving it to the dead letters. Later
	 * events of the same customer wait meanwhile.
	 */
	private Duration holdFor = Duration.ofMinutes(5);

	/**
	 * Interval at which to poll for events stored by other instances.
	 */
	private Duration pollInterval = Duration.ofSeconds(1);

	/**
	 * How long to keep the payload of a processed event.
	 */
	private Duration keepPayload = Duration.ofDays(14);

	/**
	 * How long to keep the ID of a processed event, to detect duplicates. Polar can
	 * redeliver an event for 90 days.
	 */
	private Duration keepId = Duration.ofDays(100);

	public int getWorkers() {
		return this.workers;
	}

	public void setWorkers(int workers) {
		this.workers = workers;
	}

	public Duration getAcknowledgeWithin() {
		return this.acknowledgeWithin;
	}

	public void setAcknowledgeWithin(Duration acknowledgeWithin) {
		this.acknowledgeWithin = acknowledgeWithin;
	}

	public Duration getHoldFor() {
		return this.holdFor;
	}

	public void setHoldFor(Duration holdFor) {
		this.holdFor = holdFor;
	}

	public Duration getPollInterval() {
		return this.pollInterval;
	}

	public void setPollInterval(Duration pollInterval) {
		this.pollInterval = pollInterval;
	}

	public Duration getKeepPayload() {
		return this.keepPayload;
	}

	public void setKeepPayload(Duration keepPayload) {
		this.keepPayload = keepPayload;
	}

	public Duration getKeepId() {
		return this.keepId;
	}

	public void setKeepId(Duration keepId) {
		this.keepId = keepId;
	}

	public DatabaseInitializationMode getInitializeSchema() {
		return this.initializeSchema;
	}

	public void setInitializeSchema(DatabaseInitializationMode initializeSchema) {
		this.initializeSchema = initializeSchema;
	}

	public String getSchema() {
		return this.schema;
	}

	public void setSchema(String schema) {
		this.schema = schema;
	}

	public @Nullable String getPlatform() {
		return this.platform;
	}

	public void setPlatform(@Nullable String platform) {
		this.platform = platform;
	}

}
