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

package io.github.polarspring.smoke.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the lines of code that the two shops need for billing, and for the numbers in
 * the documentation. Not counted are blank lines, comments, packages, imports, and the
 * classes that only start the applications.
 */
class BillingLinesTests {

	private static final Path SOURCES = Path.of("src/test/java/io/github/polarspring/smoke/migration");

	private static final Path RESOURCES = Path.of("src/test/resources/migration");

	private static final Path PAGE = Path.of("../docs/explanation/before-and-after.md");

	private static final Pattern ROW = Pattern.compile("^\\| (Java|YAML|SQL|total) \\| (\\d+) \\| (\\d+) \\|$",
			Pattern.MULTILINE);

	private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);

	@Test
	void billingWithStarterTakesLessThanSixtyLines() {
		assertThat(withStarter().get("total")).isLessThan(60);
	}

	@Test
	void numbersInDocumentationAreCounted() throws IOException {
		Map<String, List<Long>> documented = new TreeMap<>();
		ROW.matcher(Files.readString(PAGE))
			.results()
			.forEach((row) -> documented.put(row.group(1),
					List.of(Long.valueOf(row.group(2)), Long.valueOf(row.group(3)))));
		Map<String, List<Long>> counted = new TreeMap<>();
		byHand().forEach((language, lines) -> counted.put(language, List.of(lines, withStarter().get(language))));
		assertThat(documented).isEqualTo(counted);
	}

	@Test
	void onlyCodeIsCounted() {
		assertThat(linesOfJava("""
				/*
				 * License
				 */

				package shop;

				import java.util.List;

				/**
				 * Javadoc.
				 */
				class Shop { // counts

					// does not count
					String url = "https://shop.example";

				}
				""")).isEqualTo(3);
		assertThat(lines("# comment\npolar:\n\n  products:\n", "#")).isEqualTo(2);
		assertThat(lines("-- comment\nCREATE TABLE plan (\n);\n", "--")).isEqualTo(2);
	}

	private static Map<String, Long> byHand() {
		return count("byhand", "HandWrittenShop.java", lines(read(RESOURCES.resolve("by-hand.yml")), "#"),
				lines(read(RESOURCES.resolve("by-hand.sql")), "--"));
	}

	private static Map<String, Long> withStarter() {
		return count("withstarter", "StarterShop.java", lines(read(RESOURCES.resolve("with-starter.yml")), "#"), 0);
	}

	private static Map<String, Long> count(String sources, String application, long yaml, long sql) {
		try (Stream<Path> files = Files.list(SOURCES.resolve(sources))) {
			long java = files.filter((file) -> !file.endsWith(application))
				.mapToLong((file) -> linesOfJava(read(file)))
				.sum();
			return Map.of("Java", java, "YAML", yaml, "SQL", sql, "total", java + yaml + sql);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long linesOfJava(String source) {
		return lines(COMMENT.matcher(source).replaceAll("").replaceAll("(?m)^(package|import) .*$", ""), "//");
	}

	private static long lines(String text, String comment) {
		return text.lines().map(String::strip).filter((line) -> !line.isEmpty() && !line.startsWith(comment)).count();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
