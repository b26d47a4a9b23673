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

package io.github.polarspring.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Values of an answer: absent collections are empty, and nobody changes them. Internal:
 * not meant for applications.
 *
 * @since 0.1.0
 */
public final class ResponseValues {

	private ResponseValues() {
	}

	/**
	 * Complete a list.
	 * @param values the list, or {@code null}
	 * @param <T> type of its elements
	 * @return an unmodifiable list without {@code null}
	 */
	public static <T> List<T> list(@Nullable List<T> values) {
		if (values == null || values.isEmpty()) {
			return List.of();
		}
		return values.stream().filter(Objects::nonNull).toList();
	}

	/**
	 * Complete an enum value.
	 * @param value the value, or {@code null}
	 * @param unknown what absent is
	 * @param <T> type of the value
	 * @return one of them
	 */
	public static <T> T known(@Nullable T value, T unknown) {
		return (value != null) ? value : unknown;
	}

	/**
	 * Complete a map of lists.
	 * @param values the map, or {@code null}
	 * @param <K> type of the keys
	 * @param <V> type of the elements
	 * @return an unmodifiable map
	 */
	public static <K, V> Map<K, List<V>> lists(@Nullable Map<K, @Nullable List<V>> values) {
		Map<K, List<V>> lists = new LinkedHashMap<>();
		map(values).forEach((key, list) -> lists.put(key, list(list)));
		return Collections.unmodifiableMap(lists);
	}

	/**
	 * Complete a map of maps.
	 * @param values the map, or {@code null}
	 * @param <K> type of the keys
	 * @param <L> type of the inner keys
	 * @param <V> type of the values
	 * @return an unmodifiable map
	 */
	public static <K, L, V> Map<K, Map<L, V>> maps(@Nullable Map<K, Map<L, V>> values) {
		Map<K, Map<L, V>> maps = new LinkedHashMap<>();
		map(values).forEach((key, map) -> maps.put(key, map(map)));
		return Collections.unmodifiableMap(maps);
	}

	/**
	 * Complete a map.
	 * @param values the map, or {@code null}
	 * @param <K> type of the keys
	 * @param <V> type of the values
	 * @return an unmodifiable map
	 */
	public static <K, V extends @Nullable Object> Map<K, V> map(@Nullable Map<K, V> values) {
		if (values == null || values.isEmpty()) {
			return Map.of();
		}
		return Collections.unmodifiableMap(new LinkedHashMap<>(values));
	}

}
