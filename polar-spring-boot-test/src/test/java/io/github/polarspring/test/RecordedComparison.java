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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares a JSON value with a recorded one: all paths, types, and values.
 */
final class RecordedComparison {

	/**
	 * Members that Polar has added since the recordings were made.
	 */
	static final Set<String> NEWER = Set.of("api_version", "is_deletable", "start_timestamp", "end_timestamp",
			"uses_standard_webhook_signature");

	/**
	 * Members of the card processor, and of the profile of the organization.
	 */
	private static final Set<String> IGNORED = Set.of("payment_processor_metadata", "organization", "organization_name",
			"organization_slug");

	/**
	 * Amounts that follow from a tax or a fee, which was invented for the recordings.
	 */
	private static final Set<String> AMOUNTS = Set.of("tax_amount", "net_amount", "total_amount", "subtotal_amount",
			"due_amount", "amount", "refundable_amount", "refundable_tax_amount", "refunded_amount",
			"refunded_tax_amount");

	/**
	 * Members of an order that a background job of Polar sets, seconds later. Even later
	 * events can lack them.
	 */
	private static final Set<String> OF_JOBS = Set.of("is_invoice_generated", "platform_fee_currency",
			"platform_fee_amount");

	/**
	 * Numbers that contain the name of the organization.
	 */
	private static final Set<String> NUMBERS = Set.of("invoice_number", "receipt_number");

	/**
	 * Lists without an order.
	 */
	private static final Set<String> UNORDERED = Set.of("detail", "prices", "granted_benefits", "prorations");

	/**
	 * Members of an order that are those of its first item.
	 */
	private static final Set<String> OF_FIRST_ITEM = Set.of("product_price_id", "product_price");

	private static final Set<String> WORDING = Set.of("msg", "detail", "error_description", "ctx");

	private final RecordedLabels labels;

	private final List<Difference> differences = new ArrayList<>();

	private RecordedComparison(RecordedLabels labels) {
		this.labels = labels;
	}

	static List<Difference> compare(JsonNode recorded, JsonNode actual, RecordedLabels labels) {
		RecordedComparison comparison = new RecordedComparison(labels);
		// events start with their type
		comparison.compare(recorded.path("type").asString(""), "", recorded, actual, false);
		return comparison.differences;
	}

	private void compare(String path, String name, JsonNode recorded, JsonNode actual, boolean typeOnly) {
		if (IGNORED.contains(name) || OF_JOBS.contains(name)) {
			return;
		}
		if (recorded.isObject() && actual.isObject()) {
			compareObjects(path, recorded, actual);
		}
		else if (recorded.isArray() && actual.isArray()) {
			compareArrays(path, name, recorded, actual);
		}
		else if (name.equals("payload") && recorded.isString() && actual.isString()) {
			compare(path, "", JsonMapper.shared().readTree(recorded.stringValue()),
					JsonMapper.shared().readTree(actual.stringValue()), typeOnly);
		}
		else if (recorded.isString() && actual.isString()) {
			if (!NUMBERS.contains(name) && !isDocument(recorded.stringValue(), actual.stringValue())
					&& !this.labels.matches(recorded.stringValue(), actual.stringValue())) {
				add(path, recorded.toString(), actual.toString(), WORDING.contains(name) || path.contains(".ctx."));
			}
		}
		else if (recorded.isNumber() && actual.isNumber()) {
			if (!typeOnly && recorded.decimalValue().compareTo(actual.decimalValue()) != 0) {
				add(path, recorded.toString(), actual.toString(), false);
			}
		}
		else if (isLoadedEarlier(path, recorded, actual)) {
			return;
		}
		else if (!recorded.equals(actual)) {
			add(path, abbreviate(recorded), abbreviate(actual), false);
		}
	}

	/**
	 * An event of Polar can show a customer as he was before the change that caused it,
	 * depending on when a background job has loaded him.
	 */
	private static boolean isLoadedEarlier(String path, JsonNode recorded, JsonNode actual) {
		return path.matches("customer\\.\\w+\\.data\\.modified_at|.*\\.data(\\.\\w+)*\\.customer\\.modified_at")
				&& (recorded.isNull() || actual.isNull());
	}

	/**
	 * Return whether both are the address of a document. The recorded one is that of
	 * Polar's storage, with the number of a customer of Polar.
	 */
	private static boolean isDocument(String recorded, String actual) {
		return (recorded.startsWith("<storage>/") || recorded.equals("<presigned-url>"))
				&& actual.matches("http.*\\.pdf\\?response-content-disposition=attachment.*");
	}

	/**
	 * Return whether both are hashes, which contain a secret of the server.
	 */
	private static boolean isHash(String recorded, String actual) {
		return Pattern.matches("(https://www.gravatar.com/avatar/)?\\p{XDigit}{64}(@anonymized.polar.sh|\\?d=404)?",
				actual) && recorded.length() == actual.length();
	}

	private void compareObjects(String path, JsonNode recorded, JsonNode actual) {
		Map<String, JsonNode> left = new LinkedHashMap<>();
		actual.properties().forEach((member) -> left.put(member.getKey(), member.getValue()));
		boolean taxed = recorded.path("tax_amount").asLong(0) != 0;
		// Polar sorts the items by the ID of the price, which is random
		boolean firstItem = recorded.has("product_price_id") && recorded.path("items").size() > 1;
		boolean anonymized = recorded.path("email").asString("").endsWith("@anonymized.polar.sh");
		recorded.properties().forEach((member) -> {
			String name = this.labels.resolve(member.getKey());
			JsonNode other = left.remove(name);
			String memberPath = path + "." + member.getKey();
			if (other == null) {
				if (!IGNORED.contains(name)) {
					add(memberPath, abbreviate(member.getValue()), "absent", false);
				}
			}
			else if (firstItem && OF_FIRST_ITEM.contains(name)) {
				return;
			}
			else if (!anonymized || !isHash(member.getValue().asString(""), other.asString(""))) {
				compare(memberPath, name, member.getValue(), other, taxed && AMOUNTS.contains(name));
			}
		});
		left.forEach((name, value) -> {
			if (!NEWER.contains(name) && !IGNORED.contains(name)) {
				add(path + "." + name, "absent", abbreviate(value), false);
			}
		});
	}

	private void compareArrays(String path, String name, JsonNode recorded, JsonNode actual) {
		List<JsonNode> left = new ArrayList<>();
		actual.forEach(left::add);
		for (int i = 0; i < recorded.size(); i++) {
			if (left.isEmpty()) {
				add(path + "." + i, abbreviate(recorded.get(i)), "absent", false);
				continue;
			}
			boolean ofOrder = name.equals("items") && recorded.get(i).has("proration");
			int match = (ofOrder || UNORDERED.contains(name) || path.matches(".*\\.prices\\.<id:\\d+>"))
					? match(recorded.get(i), left) : 0;
			compare(path + "." + i, "", recorded.get(i), left.remove(match), false);
		}
		left.forEach((value) -> add(path + ".+", "absent", abbreviate(value), false));
	}

	/**
	 * Return the index of the most similar value.
	 */
	private int match(JsonNode recorded, List<JsonNode> actual) {
		int best = 0;
		int fewest = Integer.MAX_VALUE;
		for (int i = 0; i < actual.size(); i++) {
			List<Difference> differences = compare(recorded, actual.get(i), this.labels.copy());
			int weight = differences.stream().mapToInt((difference) -> difference.isWording() ? 1 : 10).sum();
			if (weight < fewest) {
				best = i;
				fewest = weight;
			}
		}
		return best;
	}

	private void add(String path, String recorded, String actual, boolean wording) {
		this.differences.add(new Difference(path, recorded, actual, wording));
	}

	private static String abbreviate(@Nullable JsonNode value) {
		String text = String.valueOf(value);
		return (text.length() > 100) ? text.substring(0, 100) + "…" : text;
	}

	/**
	 * A difference.
	 *
	 * @param path the path of the value
	 * @param recorded the recorded value
	 * @param actual the value of the fake
	 * @param isWording whether only the text of an error is different
	 */
	record Difference(String path, String recorded, String actual, boolean isWording) {

		@Override
		public String toString() {
			return this.path + ": " + this.recorded + " (fake: " + this.actual + ")";
		}

	}

}
