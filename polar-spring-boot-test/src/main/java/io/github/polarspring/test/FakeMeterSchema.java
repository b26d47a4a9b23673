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

/**
 * The fields of meters.
 */
final class FakeMeterSchema {

	private static final FakeType NAME = FakeSchema.text(3, Integer.MAX_VALUE);

	/**
	 * The name of a property, which can be written as one of the metadata.
	 */
	private static final FakeType PROPERTY = (value, errors) -> {
		Object name = FakeSchema.text().read(value, errors);
		return (name != null) ? name.toString().replaceFirst("^metadata\\.", "") : null;
	};

	private static final FakeType CLAUSE = (value, errors) -> {
		FakeErrors ofClause = errors.separate("FilterClause");
		Map<String, FakeType> values = new LinkedHashMap<>();
		values.put("constrained-str", FakeSchema.text(0, 1000));
		values.put("constrained-int", FakeSchema.integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
		values.put("bool", FakeSchema.bool());
		Object clause = new FakeFields().required("property", PROPERTY)
			.required("operator", FakeSchema.oneOf("eq", "ne", "gt", "gte", "lt", "lte", "like", "not_like"))
			.required("value", FakeSchema.anyOf(values))
			.read(value, ofClause);
		if (ofClause.isEmpty()) {
			return clause;
		}
		FakeErrors ofFilter = errors.separate("Filter");
		Object filter = filter().read(value, ofFilter);
		if (!ofFilter.isEmpty()) {
			errors.addAll(ofClause);
			errors.addAll(ofFilter);
		}
		return filter;
	};

	private static final FakeType AGGREGATION;

	static {
		Map<String, FakeType> types = new LinkedHashMap<>();
		types.put("count", new FakeFields().required("func", FakeSchema.oneOf("count")));
		for (String function : List.of("sum", "max", "min", "avg", "unique")) {
			types.put(function,
					new FakeFields().required("func", FakeSchema.oneOf(function)).required("property", PROPERTY));
		}
		AGGREGATION = FakeSchema.tagged("func", types, "AggregationFunction", Map.of("count", "cnt"));
	}

	static final FakeFields SCHEMA = new FakeFields().required("name", NAME)
		.required("filter", filter())
		.required("aggregation", AGGREGATION)
		.withDefault("unit", "scalar", FakeSchema.oneOf("scalar", "token", "custom"))
		.withDefault("custom_label", null, FakeSchema.nullable(FakeSchema.text()))
		.withDefault("custom_multiplier", null, FakeSchema.nullable(FakeSchema.positive()))
		.withDefault("metadata", Map.of(), FakeSchema.metadata())
		.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()))
		.check(FakeMeterSchema::checkUnit);

	static final FakeFields UPDATE = new FakeFields().optional("name", FakeSchema.nullable(NAME))
		.optional("filter", FakeSchema.nullable(filter()))
		.optional("aggregation", FakeSchema.nullable(AGGREGATION))
		.optional("unit", FakeSchema.nullable(FakeSchema.oneOf("scalar", "token", "custom")))
		.optional("custom_label", FakeSchema.nullable(FakeSchema.text()))
		.optional("custom_multiplier", FakeSchema.nullable(FakeSchema.positive()))
		.optional("is_archived", FakeSchema.nullable(FakeSchema.bool()))
		.optional("metadata", FakeSchema.metadata());

	private FakeMeterSchema() {
	}

	static FakeFields filter() {
		return new FakeFields().required("conjunction", FakeSchema.oneOf("and", "or"))
			.required("clauses", FakeSchema.list((value, errors) -> CLAUSE.read(value, errors), 0));
	}

	private static void checkUnit(Map<String, @Nullable Object> values, FakeErrors errors) {
		boolean custom = "custom".equals(values.get("unit"));
		if (custom && values.get("custom_label") == null) {
			errors.addValueError("custom_label is required when unit is 'custom'.");
		}
		else if (!custom && values.get("custom_label") != null) {
			errors.addValueError("custom_label and custom_multiplier are only allowed when unit is 'custom'.");
		}
	}

}
