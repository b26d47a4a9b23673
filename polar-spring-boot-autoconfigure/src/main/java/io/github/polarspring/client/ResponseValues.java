package io.github.polarspring.checkout;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Collections of an answer: absent is empty, and nobody changes them.
 */
final class ResponseValues {

	private ResponseValues() {
	}

	static <T> List<T> list(@Nullable List<T> values) {
		return (values != null) ? values.stream().filter(Objects::nonNull).toList() : List.of();
	}

	static <T> T known(@Nullable T value, T unknown) {
		return (value != null) ? value : unknown;
	}

	static <K, V> Map<K, List<V>> lists(@Nullable Map<K, @Nullable List<V>> values) {
		Map<K, List<V>> lists = new LinkedHashMap<>();
		map(values).forEach((key, list) -> lists.put(key, list(list)));
		return Collections.unmodifiableMap(lists);
	}

	static <K, L, V> Map<K, Map<L, V>> maps(@Nullable Map<K, Map<L, V>> values) {
		Map<K, Map<L, V>> maps = new LinkedHashMap<>();
		map(values).forEach((key, map) -> maps.put(key, map(map)));
		return Collections.unmodifiableMap(maps);
	}

	static <K, V extends @Nullable Object> Map<K, V> map(@Nullable Map<K, V> values) {
		return (values != null) ? Collections.unmodifiableMap(new LinkedHashMap<>(values)) : Map.of();
	}

}
