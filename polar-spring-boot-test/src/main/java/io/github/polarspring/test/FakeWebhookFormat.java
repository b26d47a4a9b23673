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

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.polarspring.checkout.MinorUnits;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bodies of events in the formats of Polar, Slack, and Discord.
 */
final class FakeWebhookFormat {

	private static final String FILES = "https://raw.githubusercontent.com/polarsource/polar/";

	private static final String ICON = FILES + "2648cf7472b5128704a097cd1eb3ae5f1dd847e5/docs/docs/assets/favicon.png";

	private static final String LOGO = FILES
			+ "4fd899222e200ca70982f437039f549b7a822ecc/clients/apps/web/public/email-logo-dark.png";

	private FakeWebhookFormat() {
	}

	static byte[] body(String type, Instant timestamp, Object data, FakeEndpoint endpoint) {
		Object body = switch (endpoint.format()) {
			case "slack" -> slack(Message.of(type, JsonMapper.shared().valueToTree(data)));
			case "discord" -> discord(Message.of(type, JsonMapper.shared().valueToTree(data)));
			default -> raw(type, timestamp, data, endpoint.apiVersion());
		};
		return JsonMapper.shared().writeValueAsBytes(body);
	}

	static Map<String, Object> raw(String type, Instant timestamp, Object data, String apiVersion) {
		return object("type", type, "timestamp", timestamp, "data", data, "api_version", apiVersion);
	}

	private static Map<String, Object> slack(Message message) {
		List<Map<String, Object>> fields = message.fields()
			.entrySet()
			.stream()
			.map((field) -> markdown("*%s*\n%s".formatted(field.getKey(), field.getValue())))
			.toList();
		Map<String, Object> section = object("type", "section", "text", markdown(message.text()), "fields", fields);
		Map<String, Object> icon = object("type", "image", "image_url", ICON, "alt_text", "Polar");
		Map<String, Object> context = object("type", "context", "elements",
				List.of(icon, markdown("Powered by Polar.sh")));
		return object("text", message.title(), "blocks", List.of(section, context));
	}

	private static Map<String, Object> markdown(String text) {
		return object("type", "mrkdwn", "text", text);
	}

	private static Map<String, Object> discord(Message message) {
		List<Map<String, Object>> fields = message.fields()
			.entrySet()
			.stream()
			.map((field) -> object("name", field.getKey(), "value", field.getValue()))
			.toList();
		Map<String, Object> embed = object("color", 25343, "author", object("name", "Polar.sh", "icon_url", ICON),
				"thumbnail", object("url", LOGO), "footer", object("text", "Powered by Polar.sh"), "title",
				message.title(), "description", message.text(), "fields", fields);
		return object("content", message.title(), "embeds", List.of(embed));
	}

	private static Map<String, Object> object(Object... members) {
		Map<String, Object> object = new LinkedHashMap<>();
		for (int i = 0; i < members.length; i += 2) {
			object.put(members[i].toString(), members[i + 1]);
		}
		return object;
	}

	/**
	 * What an event tells.
	 *
	 * @param title the title
	 * @param text the text
	 * @param fields the names and values of details
	 */
	private record Message(String title, String text, Map<String, String> fields) {

		static Message of(String type, JsonNode data) {
			return switch (type) {
				case "order.created" -> sale("order", data, data.path("total_amount").asLong(), "$0.00");
				case "subscription.created" -> sale("subscription", data, data.path("amount").asLong(), "Free");
				default -> {
					Map<String, String> fields = new LinkedHashMap<>();
					fields.put("Object", data.path("id").asString(""));
					fields.put("Organization", FakeState.ORGANIZATION);
					yield new Message(type, type, fields);
				}
			};
		}

		private static Message sale(String name, JsonNode data, long amount, String free) {
			Map<String, String> fields = new LinkedHashMap<>();
			fields.put("Product", data.at("/product/name").asString(""));
			fields.put("Amount",
					(amount != 0) ? "$"
							+ MinorUnits.toMajorUnits(amount, data.path("currency").asString("usd")).toPlainString()
							: free);
			fields.put("Customer", data.at("/customer/email").asString(""));
			return new Message("New " + Character.toUpperCase(name.charAt(0)) + name.substring(1),
					"New %s has been made to %s.".formatted(name, FakeState.ORGANIZATION), fields);
		}

	}

}
