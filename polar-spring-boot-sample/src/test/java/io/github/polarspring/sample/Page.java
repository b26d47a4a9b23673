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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param path the path relative to the root of the repository
 * @param text the Markdown text
 */
record Page(String path, String text) {

	static final Path ROOT = Path.of("..");

	private static final Pattern ROW = Pattern.compile("^\\| `(polar\\.[^`]+)` \\| (?:`([^`]+)`)? ?\\| (.+) \\|$",
			Pattern.MULTILINE);

	private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);

	private static final Pattern FENCE = Pattern.compile("^ *```.*?^ *```$", Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern EXCERPT = Pattern.compile("^```\\w+ (\\S+)\n(.*?)\n```$",
			Pattern.MULTILINE | Pattern.DOTALL);

	static Page of(String path) {
		try {
			return new Page(path, Files.readString(ROOT.resolve(path)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return all pages that users read.
	 */
	static List<Page> all() {
		try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
			Stream<String> pages = docs.filter((path) -> path.toString().endsWith(".md"))
				.map((path) -> ROOT.relativize(path).toString())
				.sorted();
			return Stream.concat(Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"), pages)
				.map(Page::of)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the fenced blocks of a language on all pages, with the page that contains
	 * them.
	 */
	static List<Block> blocks(String language) {
		return all().stream().flatMap((page) -> page.ownBlocks(language).stream()).toList();
	}

	List<Block> ownBlocks(String language) {
		Matcher matcher = Pattern.compile("^( *)```" + language + "\n(.*?)^ *```$", Pattern.MULTILINE | Pattern.DOTALL)
			.matcher(this.text);
		List<Block> blocks = new ArrayList<>();
		while (matcher.find()) {
			blocks.add(new Block(this.path, matcher.group(2).replaceAll("(?m)^" + matcher.group(1), "")));
		}
		return blocks;
	}

	/**
	 * Return the fenced blocks on all pages that name the file that they come from behind
	 * the language.
	 */
	static List<Excerpt> excerpts() {
		return all().stream()
			.flatMap((page) -> EXCERPT.matcher(page.text())
				.results()
				.map((excerpt) -> new Excerpt(page.path(), excerpt.group(1), excerpt.group(2))))
			.toList();
	}

	/**
	 * Return the rows of tables of properties on all pages.
	 */
	static List<Row> rows() {
		return all().stream().flatMap((page) -> {
			List<Row> rows = new ArrayList<>();
			Matcher row = ROW.matcher(page.text());
			while (row.find()) {
				rows.add(new Row(page.path(), row.group(1).replace(".*", ""),
						(row.group(2) != null) ? row.group(2) : "", row.group(3)));
			}
			return rows.stream();
		}).toList();
	}

	/**
	 * Return the text without code blocks.
	 */
	String prose() {
		return FENCE.matcher(this.text).replaceAll("");
	}

	int lines() {
		return this.text.split("\n").length;
	}

	/**
	 * Return the anchors that GitHub gives the headings.
	 */
	Set<String> anchors() {
		Set<String> anchors = new HashSet<>();
		Map<String, Integer> counts = new TreeMap<>();
		HEADING.matcher(prose()).results().forEach((heading) -> {
			String anchor = heading.group(1)
				.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N}_ -]", "")
				.replace(' ', '-');
			int count = counts.merge(anchor, 1, Integer::sum);
			anchors.add((count > 1) ? anchor + "-" + (count - 1) : anchor);
		});
		return anchors;
	}

	@Override
	public String toString() {
		return this.path;
	}

	record Block(String page, String text) {

		@Override
		public String toString() {
			return this.page + ": " + this.text.lines().filter((line) -> !line.startsWith("import ")).limit(4).toList();
		}

	}

	record Excerpt(String page, String file, String text) {

		@Override
		public String toString() {
			return this.page + ": " + this.file;
		}

	}

	record Row(String page, String property, String defaultValue, String description) {

	}

}
