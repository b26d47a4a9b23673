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
 * Properties of the {@code jdbc} inbox.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("polar.webhook.jdbc")
public class PolarInboxProperties {

	/**
	 * Whether to create the table if it is missing: in an embedded database, always, or
	 * never.
	 */
	private DatabaseInitializationMode initializeSchema = DatabaseInitializationMode.EMBEDDED;

	/**
	 * Script that creates the table.
	 */
	private String schema = "classpath:io/github/polarspring/webhook/jdbc/schema-@@platform@@.sql";

	/**
	 * What stands for '@@platform@@' in the name of the script. By default it is found
	 * out.
	 */
	private @Nullable String platform;

	/**
	 * How many events this instance handles at a time, each with a connection to the
	 * database. With 0 it only stores them, for other instances.
	 */
	private int workers = 2;

	/**
	 * How long an acknowledgement waits for the event to be done, so that the buyer finds
	 * his order.
	 */
	private Duration acknowledgeWithin = Duration.ofMillis(1500);

	/**
	 * How long an event that fails is tried again, and holds up the events of its
	 * customer. Then it is parked.
	 */
	private Duration holdFor = Duration.ofMinutes(5);

	/**
	 * How often to look for what other instances left.
	 */
	private Duration pollInterval = Duration.ofSeconds(1);

	/**
	 * How long the payload of an event is kept when it is done.
	 */
	private Duration keepPayload = Duration.ofDays(14);

	/**
	 * How long the id of an event is kept when it is done, to know it when it is sent
	 * again. Polar can send it again for 90 days.
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
