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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of benefits.
 */
final class FakeBenefitSchema {

	private static final FakeType ANYTHING = (value, errors) -> JsonMapper.shared().treeToValue(value, Object.class);

	private static final Map<String, String> TYPES = new LinkedHashMap<>();

	static {
		TYPES.put("custom", "Custom");
		TYPES.put("discord", "Discord");
		TYPES.put("github_repository", "GitHubRepository");
		TYPES.put("downloadables", "Downloadables");
		TYPES.put("license_keys", "LicenseKeys");
		TYPES.put("meter_credit", "MeterCredit");
		TYPES.put("feature_flag", "FeatureFlag");
		TYPES.put("slack_shared_channel", "SlackSharedChannel");
	}

	static final FakeType SCHEMA;

	static {
		Map<String, FakeType> types = new LinkedHashMap<>();
		TYPES.keySet().forEach((type) -> types.put(type, benefit(type)));
		SCHEMA = FakeSchema.tagged("type", types, "BenefitType");
	}

	private FakeBenefitSchema() {
	}

	static String[] types() {
		return TYPES.keySet().toArray(String[]::new);
	}

	private static FakeFields benefit(String type) {
		return new FakeFields().required("type", FakeSchema.oneOf(type))
			.required("description", FakeSchema.text(3, 42))
			.required("properties", properties(type))
			.withDefault("visibility", type.equals("feature_flag") ? "private" : "public",
					FakeSchema.oneOf("public", "private"))
			.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()))
			.withDefault("metadata", Map.of(), FakeSchema.metadata());
	}

	/**
	 * Return the required properties of a benefit. Others are returned as they were sent.
	 */
	private static FakeType properties(String type) {
		FakeFields required = switch (type) {
			case "discord" -> new FakeFields().required("guild_token", FakeSchema.text())
				.required("role_id", FakeSchema.text())
				.required("kick_member", FakeSchema.bool());
			case "github_repository" -> new FakeFields().required("repository_owner", FakeSchema.text())
				.required("repository_name", FakeSchema.text())
				.required("permission", FakeSchema.oneOf("pull", "triage", "push", "maintain", "admin"));
			case "downloadables" -> new FakeFields().required("files", FakeSchema.list(FakeSchema.uuid(), 1));
			case "meter_credit" -> new FakeFields().required("units", FakeSchema.integer(1, Integer.MAX_VALUE))
				.required("rollover", FakeSchema.bool())
				.required("meter_id", FakeSchema.uuid());
			default -> new FakeFields();
		};
		return (value, errors) -> {
			int before = errors.size();
			required.read(value, errors);
			Object read = (errors.size() == before) ? ANYTHING.read(value, errors) : null;
			return (type.equals("license_keys") && read instanceof Map<?, ?> license) ? license(license) : read;
		};
	}

	private static Map<String, @Nullable Object> license(Map<?, ?> sent) {
		Map<String, @Nullable Object> properties = new LinkedHashMap<>();
		for (String name : List.of("prefix", "expires", "activations", "limit_usage")) {
			properties.put(name, sent.get(name));
		}
		return properties;
	}

	/**
	 * Read an update. Polar tries the types in turn, and reports the problems of all.
	 */
	static @Nullable Map<String, @Nullable Object> update(JsonNode value, FakeErrors errors) {
		FakeErrors all = errors.separate("");
		for (Map.Entry<String, String> type : TYPES.entrySet()) {
			FakeErrors own = errors.separate("Benefit" + type.getValue() + "Update");
			Map<String, @Nullable Object> values = new FakeFields()
				.required("type", FakeSchema.literal(List.of(type.getKey()), "<BenefitType.%s: '%s'>"))
				.optional("description", FakeSchema.nullable(FakeSchema.text(3, 42)))
				.optional("properties", FakeSchema.nullable(properties(type.getKey())))
				.optional("visibility", FakeSchema.nullable(FakeSchema.oneOf("public", "private")))
				.optional("metadata", FakeSchema.metadata())
				.read(value, own);
			if (own.isEmpty()) {
				return values;
			}
			all.addAll(own);
		}
		errors.addAll(all);
		return null;
	}

}
