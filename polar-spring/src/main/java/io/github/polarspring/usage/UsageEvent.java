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

package io.github.polarspring.usage;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Usage of a customer, as an event that Polar's meters count:
 *
 * <pre class="code">
 * UsageEvent.builder("export").metadata("pages", 12).key(request.id()).build()
 * </pre>
 *
 * A meter that adds up a property counts only numbers: a number that is sent as a string
 * does not match. Immutable.
 *
 * @since 0.1.0
 * @see PolarUsage#record(UsageEvent)
 */
public final class UsageEvent {

	private final String name;

	private final Map<String, Object> metadata;

	private final @Nullable Instant timestamp;

	private final @Nullable String key;

	private final @Nullable BigDecimal cost;

	private final @Nullable LlmUsage llm;

	private final @Nullable String externalCustomerId;

	private final @Nullable String externalMemberId;

	private UsageEvent(Builder builder) {
		this.name = builder.name;
		this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(builder.metadata));
		this.timestamp = builder.timestamp;
		this.key = builder.key;
		this.cost = builder.cost;
		this.llm = builder.llm;
		this.externalCustomerId = builder.externalCustomerId;
		this.externalMemberId = builder.externalMemberId;
	}

	/**
	 * Return a builder.
	 * @param name name of the event, as in the filter of the meter; 1 to 128 characters
	 * @return a new builder
	 * @throws IllegalArgumentException if the name is blank or too long
	 */
	public static Builder builder(String name) {
		return new Builder(name);
	}

	/**
	 * Return the name.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the metadata, without cost and tokens.
	 * @return the metadata, immutable
	 */
	public Map<String, Object> metadata() {
		return this.metadata;
	}

	/**
	 * Return when it happened.
	 * @return the time, or {@code null} for the time at which it is recorded
	 */
	public @Nullable Instant timestamp() {
		return this.timestamp;
	}

	/**
	 * Return the key with which the event is counted once.
	 * @return the key, or {@code null} if each recording counts
	 */
	public @Nullable String key() {
		return this.key;
	}

	/**
	 * Return what the usage cost the application.
	 * @return the cost in US cents, or {@code null} if it is not known
	 */
	public @Nullable BigDecimal cost() {
		return this.cost;
	}

	/**
	 * Return the tokens of a large language model.
	 * @return the tokens, or {@code null} if none were used
	 */
	public @Nullable LlmUsage llm() {
		return this.llm;
	}

	/**
	 * Return the application's id of the customer.
	 * @return the id, or {@code null} for the user of the current request
	 */
	public @Nullable String externalCustomerId() {
		return this.externalCustomerId;
	}

	/**
	 * Return the application's id of the member of a team.
	 * @return the id, or {@code null} if there is none
	 */
	public @Nullable String externalMemberId() {
		return this.externalMemberId;
	}

	/**
	 * Return a text with the name only: everything else can be personal data.
	 */
	@Override
	public String toString() {
		return "UsageEvent[" + this.name + "]";
	}

	/**
	 * Builder for a {@link UsageEvent}. Not safe for use by multiple threads.
	 */
	public static final class Builder {

		/**
		 * So that a batch of events is never too large for Polar.
		 */
		private static final int MAX_METADATA_LENGTH = 20_000;

		private final String name;

		private final Map<String, Object> metadata = new LinkedHashMap<>();

		private @Nullable Instant timestamp;

		private @Nullable String key;

		private @Nullable BigDecimal cost;

		private @Nullable LlmUsage llm;

		private @Nullable String externalCustomerId;

		private @Nullable String externalMemberId;

		private Builder(String name) {
			this.name = UsageFields.name(name);
		}

		/**
		 * Add metadata, by which meters filter and which they add up.
		 * @param key the key
		 * @param value a string with 1 to 500 characters, a number, or a boolean. Numbers
		 * are sent as numbers
		 * @return this builder
		 * @throws IllegalArgumentException if the value is of another type, not finite,
		 * or too long, or the key is {@code _cost} or {@code _llm}
		 */
		public Builder metadata(String key, Object value) {
			this.metadata.put(UsageFields.metadataKey(key), UsageFields.metadataValue(key, value));
			return this;
		}

		/**
		 * Add metadata.
		 * @param metadata the entries, see {@link #metadata(String, Object)}
		 * @return this builder
		 * @throws IllegalArgumentException if an entry cannot be sent to Polar
		 */
		public Builder metadata(Map<String, ?> metadata) {
			metadata.forEach(this::metadata);
			return this;
		}

		/**
		 * Set when it happened, the time at which it is recorded by default. Polar bills
		 * an event in the period in which it arrives.
		 * @param timestamp the time
		 * @return this builder
		 * @throws IllegalArgumentException if the time is before 1970
		 */
		public Builder timestamp(Instant timestamp) {
			Assert.isTrue(!timestamp.isBefore(Instant.EPOCH), "timestamp must not be before 1970");
			this.timestamp = timestamp;
			return this;
		}

		/**
		 * Set what identifies the event among those of the same name and customer, such
		 * as the id of a request. If an event with the key has been recorded, it is not
		 * counted again, no matter how long ago. Without a key, each recording counts.
		 * @param key the key, 1 to 500 characters. Polar receives only a hash of it
		 * @return this builder
		 * @throws IllegalArgumentException if the key is blank or too long
		 */
		public Builder key(String key) {
			this.key = UsageFields.key(key);
			return this;
		}

		/**
		 * Set what the usage cost the application, for Polar's cost analysis.
		 * @param cents the cost in US cents, with at most 17 digits, 12 of them after the
		 * decimal point
		 * @return this builder
		 * @throws IllegalArgumentException if there are more digits
		 */
		public Builder cost(BigDecimal cents) {
			this.cost = UsageFields.cost(cents);
			return this;
		}

		/**
		 * Set the tokens of a call of a large language model.
		 * @param llm the tokens
		 * @return this builder
		 */
		public Builder llm(LlmUsage llm) {
			this.llm = llm;
			return this;
		}

		/**
		 * Set the customer, the user of the current request by default. Polar counts the
		 * event as soon as a customer with this id exists.
		 * @param externalCustomerId id of the user or the team in the application
		 * @return this builder
		 * @throws IllegalArgumentException if it cannot be an id, see
		 * {@link PolarIdentity#of}
		 */
		public Builder externalCustomerId(String externalCustomerId) {
			this.externalCustomerId = PolarIdentity.requireExternalId(externalCustomerId);
			return this;
		}

		/**
		 * Set the member of the team who caused the usage. Requires
		 * {@link #externalCustomerId}.
		 * @param externalMemberId id of the user in the application
		 * @return this builder
		 * @throws IllegalArgumentException if it cannot be an id
		 */
		public Builder externalMemberId(String externalMemberId) {
			this.externalMemberId = PolarIdentity.requireExternalId(externalMemberId);
			return this;
		}

		/**
		 * Build the event.
		 * @return the event
		 * @throws IllegalArgumentException if there is a member without a customer, or
		 * the metadata has more than 20,000 characters
		 */
		public UsageEvent build() {
			Assert.isTrue(this.externalMemberId == null || this.externalCustomerId != null,
					"externalMemberId requires externalCustomerId");
			int length = 0;
			for (Map.Entry<String, Object> entry : this.metadata.entrySet()) {
				length += entry.getKey().length() + ((entry.getValue() instanceof String text) ? text.length() : 20);
			}
			int total = length;
			Assert.isTrue(total <= MAX_METADATA_LENGTH, () -> "metadata must have at most " + MAX_METADATA_LENGTH
					+ " characters, but has " + total + ": send less, or several events");
			return new UsageEvent(this);
		}

	}

}
