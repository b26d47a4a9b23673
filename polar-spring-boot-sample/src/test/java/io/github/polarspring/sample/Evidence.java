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

package io.github.polarspring.sample;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * All that an application lets its operators see, and what must not be in it.
 */
final class Evidence {

	/**
	 * Where a text was found.
	 */
	enum Kind {

		LOG, ENDPOINT, OBSERVATION, METRIC, EXCEPTION, TO_STRING, ERROR_ANSWER

	}

	/**
	 * A part that was cut off, or out of the middle, is a leak as well.
	 */
	private static final int CHUNK = 12;

	private static final int AROUND = 100;

	private static final int MAX_REPORTED = 40;

	private final Queue<Text> texts = new ConcurrentLinkedQueue<>();

	private final Map<String, String> needles = new ConcurrentHashMap<>();

	void add(Kind kind, String source, Object text) {
		this.texts.add(new Text(kind, source, String.valueOf(text)));
	}

	void add(String source, Throwable exception) {
		StringWriter trace = new StringWriter();
		exception.printStackTrace(new PrintWriter(trace));
		add(Kind.EXCEPTION, source, trace);
	}

	/**
	 * Nothing that is added may contain this random text, nor a part of it.
	 */
	void forbid(String what, String secret) {
		String rest = secret.replaceFirst("^[a-z]+_([a-z]+_)?", "").toLowerCase(Locale.ROOT);
		for (int i = 0; i + CHUNK <= rest.length(); i += CHUNK) {
			this.needles.put(rest.substring(i, i + CHUNK), what);
		}
	}

	/**
	 * Nothing that is added may contain one of these.
	 */
	void forbidWhole(String what, String... texts) {
		for (String text : texts) {
			this.needles.put(text.toLowerCase(Locale.ROOT), what);
			this.needles.put(URLEncoder.encode(text, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT), what);
		}
	}

	long count(Kind kind, Predicate<String> source) {
		return this.texts.stream().filter((text) -> text.kind() == kind && source.test(text.source())).count();
	}

	/**
	 * Return what must not be there, with what surrounds it; one finding for each place.
	 */
	List<String> leaks(Kind kind) {
		return leaks(kind, this.needles);
	}

	List<String> leaks(Kind kind, String needle) {
		return leaks(kind, Map.of(needle, "control"));
	}

	private List<String> leaks(Kind kind, Map<String, String> needles) {
		Map<String, String> found = new LinkedHashMap<>();
		for (Text text : this.texts) {
			if (text.kind() == kind && found.size() < MAX_REPORTED) {
				String lower = text.text().toLowerCase(Locale.ROOT);
				needles.forEach((needle, what) -> {
					int index = lower.indexOf(needle);
					if (index >= 0) {
						found.putIfAbsent(text.source() + " has the " + what,
								excerpt(text.text(), index, needle.length()));
					}
				});
			}
		}
		List<String> leaks = new ArrayList<>();
		found.forEach((where, excerpt) -> leaks.add("%n%s: …%s…".formatted(where, excerpt)));
		return leaks;
	}

	private static String excerpt(String text, int index, int length) {
		return text.substring(Math.max(0, index - AROUND), Math.min(text.length(), index + length + AROUND))
			.replaceAll("\\s+", " ");
	}

	/**
	 * Add the text forms of an object of ours, and of those of ours that it has.
	 */
	void addToStrings(Object object) {
		add(Kind.TO_STRING, object.getClass().getName(), object);
		for (Method method : object.getClass().getMethods()) {
			if (method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
					&& isOursOrMany(method.getReturnType()) && !method.getReturnType().isInstance(object)) {
				try {
					method.trySetAccessible();
					Object value = method.invoke(object);
					Collection<?> many = (value instanceof Collection<?> values) ? values
							: Collections.singleton(value);
					many.stream().filter((each) -> each != null && isOurs(each.getClass())).forEach(this::addToStrings);
				}
				catch (ReflectiveOperationException ex) {
					throw new IllegalStateException(method.toString(), ex);
				}
			}
		}
	}

	private static boolean isOursOrMany(Class<?> type) {
		return Collection.class.isAssignableFrom(type) || isOurs(type);
	}

	private static boolean isOurs(Class<?> type) {
		return type.getName().startsWith("io.github.polarspring.") && !type.isEnum()
				&& !type.getSimpleName().equals("Builder");
	}

	private record Text(Kind kind, String source, String text) {

	}

}
