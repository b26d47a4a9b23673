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

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON mapping in the format of the Polar API, independent of the application's mapper.
 * Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarJson {

	/**
	 * Mapper for the format of the Polar API.
	 */
	public static final JsonMapper MAPPER = JsonMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
		.enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.annotationIntrospector(new LowerCaseEnums())
		.build();

	private PolarJson() {
	}

	/**
	 * Read content that is not necessarily JSON.
	 * @param content the content
	 * @return the tree, or {@code null} if the content is not JSON
	 */
	static @Nullable JsonNode readLeniently(byte[] content) {
		try {
			return (content.length > 0) ? MAPPER.readTree(content) : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/**
	 * Introspector that writes enums in lower case, in every locale: Jackson's feature
	 * converts {@code INCLUSIVE} to {@code ınclusive} in a Turkish locale.
	 */
	private static final class LowerCaseEnums extends JacksonAnnotationIntrospector {

		@Override
		public String[] findEnumValues(MapperConfig<?> config, AnnotatedClass annotatedClass, Enum<?>[] enumValues,
				String[] names) {
			String[] values = super.findEnumValues(config, annotatedClass, enumValues, names);
			for (int i = 0; i < values.length; i++) {
				if (values[i] == null) {
					values[i] = enumValues[i].name().toLowerCase(Locale.ROOT);
				}
			}
			return values;
		}

	}

}
