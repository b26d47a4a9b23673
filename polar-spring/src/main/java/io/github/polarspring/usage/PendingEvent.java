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
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Event that waits to be sent.
 *
 * @param id the external id, by which Polar detects duplicates
 * @param name the name
 * @param timestamp when it happened
 * @param body everything that is sent, but for the id and the time
 * @param size maximum number of bytes as JSON
 * @param units the units by the names of the meters that count it, sorted
 */
record PendingEvent(String id, String name, Instant timestamp, Map<String, Object> body, int size,
		Map<String, BigDecimal> units) {

	private static final String CUSTOMER = "external_customer_id";

	private static final int HASH_LENGTH = 64;

	/**
	 * Time within which an event gets the time of Polar's clock. Polar rejects times in
	 * the future, so an event would be rejected if the clock of the application was fast.
	 */
	private static final Duration RECENT = Duration.ofMinutes(1);

	/**
	 * Upper bound for the bytes of the id and the time.
	 */
	static final int ID_AND_TIME = 160;

	/**
	 * Upper bound for the bytes of names, cost and numbers of tokens.
	 */
	private static final int FIXED_SIZE = 512;

	/**
	 * Bytes of a character that is escaped.
	 */
	private static final int MAX_CHAR_SIZE = 6;

	static PendingEvent of(UsageEvent event, String customer, @Nullable String member, Instant timestamp,
			Map<String, BigDecimal> units) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("name", event.name());
		body.put(CUSTOMER, customer);
		int chars = event.name().length() + customer.length();
		if (member != null) {
			body.put("external_member_id", member);
			chars += member.length();
		}
		Map<String, Object> metadata = new LinkedHashMap<>(event.metadata());
		for (Map.Entry<String, Object> entry : event.metadata().entrySet()) {
			chars += entry.getKey().length() + String.valueOf(entry.getValue()).length() + 1;
		}
		if (event.cost() != null) {
			// as text, because Polar would read a number as one of limited precision
			metadata.put("_cost", Map.of("amount", event.cost().toPlainString(), "currency", "usd"));
		}
		LlmUsage llm = event.llm();
		if (llm != null) {
			metadata.put("_llm", llm(llm));
			chars += llm.vendor().length() + llm.model().length();
		}
		if (!metadata.isEmpty()) {
			body.put("metadata", metadata);
		}
		return new PendingEvent(id(event, customer), event.name(), timestamp, body,
				ID_AND_TIME + FIXED_SIZE + MAX_CHAR_SIZE * chars, units);
	}

	private static Map<String, Object> llm(LlmUsage llm) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("vendor", llm.vendor());
		json.put("model", llm.model());
		json.put("input_tokens", llm.inputTokens());
		json.put("output_tokens", llm.outputTokens());
		json.put("total_tokens", llm.totalTokens());
		if (llm.cachedInputTokens() != null) {
			json.put("cached_input_tokens", llm.cachedInputTokens());
		}
		return json;
	}

	/**
	 * Return the external id. The application's key alone would not do, because Polar's
	 * is unique across all names and customers.
	 */
	private static String id(UsageEvent event, String customer) {
		String key = event.key();
		if (key == null) {
			return UUID.randomUUID().toString();
		}
		// the lengths separate the parts
		String text = event.name().length() + ":" + event.name() + customer.length() + ":" + customer + key;
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	String customer() {
		return String.valueOf(this.body.get(CUSTOMER));
	}

	/**
	 * Return whether the application has given the event a key, whose hash is the id.
	 */
	boolean isKeyed() {
		return this.id.length() == HASH_LENGTH;
	}

	/**
	 * Return what to send.
	 */
	Map<String, Object> toJson(Instant now) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("external_id", this.id);
		if (this.timestamp.isBefore(now.minus(RECENT))) {
			json.put("timestamp", this.timestamp.toString());
		}
		json.putAll(this.body);
		return json;
	}

	/**
	 * Return a text without the customer.
	 */
	@Override
	public String toString() {
		return "PendingEvent[" + this.name + ", " + this.id + "]";
	}

}
