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

package io.github.polarspring.client;

import io.github.polarspring.model.JsonValues;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Reads JSON without a type, such as metadata, as unmodifiable values: {@code Long} and
 * {@code Double}, or {@code BigInteger} and {@code BigDecimal} for numbers that do not
 * fit.
 */
final class UntypedValueDeserializer extends StdDeserializer<Object> {

	UntypedValueDeserializer() {
		super(Object.class);
	}

	@Override
	public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
		return JsonValues.of(context.readTree(parser));
	}

}
