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

package io.github.polarspring.recorded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarJson;
import tools.jackson.databind.JsonNode;

/**
 * Recorded exchanges with Polar's server, with values in place of labels such as {@code
 * <id:3>}.
 */
final class Recordings {

	private static final Pattern LABEL = Pattern
		.compile("<(now[+-]\\d+s|[A-Za-z][A-Za-z_-]*(?::\\d+)?|date-\\w+)(:upper)?>");

	private static final Instant TIME = Instant.parse("2026-08-22T09:31:40.118257Z");

	private final Path directory;

	Recordings(Path directory) {
		this.directory = directory;
	}

	/**
	 * Return all steps of all scenarios.
	 */
	List<Step> steps() {
		List<Step> steps = new ArrayList<>();
		for (Path file : files()) {
			int number = 0;
			for (JsonNode step : read(file).path("steps")) {
				steps.add(new Step("%s step %d".formatted(this.directory.relativize(file), number++), step));
			}
		}
		return steps;
	}

	/**
	 * Return the deliveries as they came over the wire, with their headers.
	 */
	List<Step> rawDeliveries() {
		return files().stream()
			.filter((file) -> file.getParent().endsWith("raw"))
			.map((file) -> new Step(this.directory.relativize(file).toString(), parse(text(file))))
			.toList();
	}

	private List<Path> files() {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(".json")).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static JsonNode read(Path file) {
		return parse(withoutLabels(text(file)));
	}

	private static String text(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static JsonNode parse(String json) {
		return PolarJson.MAPPER.readTree(json);
	}

	/**
	 * Every time differs from all others, so that one in the place of another is noticed.
	 */
	private static String withoutLabels(String recording) {
		int[] times = { 0 };
		return LABEL.matcher(recording).replaceAll((label) -> {
			String value = value(label.group(1), times);
			return Matcher.quoteReplacement((label.group(2) != null) ? value.toUpperCase(Locale.ROOT) : value);
		});
	}

	private static String value(String label, int[] times) {
		return switch (label.replaceFirst(":.*|(?<=now).*", "")) {
			case "id", "organization", "other-organization" ->
				UUID.nameUUIDFromBytes(label.getBytes(StandardCharsets.UTF_8)).toString();
			case "time", "now" -> TIME.plusSeconds(times[0]++).toString();
			case "date" -> "Aug 22, 2026";
			case "web" -> "https://polar.sh";
			case "api" -> "https://api.polar.sh";
			case "storage" -> "https://storage.example.com";
			case "receiver" -> "hooks.example.com";
			case "hash" -> "0123456789abcdef".repeat(4);
			case "client-secret" -> "polar_c_" + secret(label);
			case "session-token" -> "polar_cst_" + secret(label);
			case "webhook-secret" -> "polar_whs_" + secret(label);
			case "access-token" -> "polar_oat_" + secret(label);
			default -> secret(label);
		};
	}

	private static String secret(String label) {
		return label.replaceAll("\\W", "") + "a7Xq".repeat(7);
	}

	/**
	 * Part of a recording.
	 *
	 * @param name where it is
	 * @param json its content
	 */
	record Step(String name, JsonNode json) {

		boolean isOfKind(String... kinds) {
			return List.of(kinds).contains(this.json.path("kind").asString(""));
		}

		JsonNode request() {
			return this.json.path("request");
		}

		JsonNode response() {
			return this.json.path("response");
		}

		int status() {
			return response().path("status").asInt();
		}

		String method() {
			return request().path("method").asString();
		}

		String path() {
			return request().path("path").asString().replaceFirst("\\?.*", "");
		}

		@Override
		public String toString() {
			return this.name + " (" + method() + " " + path() + ")";
		}

	}

}
