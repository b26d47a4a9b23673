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

	static <K, V extends @Nullable Object> Map<K, V> map(@Nullable Map<K, V> values) {
		return (values != null) ? Collections.unmodifiableMap(new LinkedHashMap<>(values)) : Map.of();
	}

}
