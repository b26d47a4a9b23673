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

package io.github.polarspring.testsupport.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Public API of a module, compared with the text that is checked in, so that each change
 * is visible in a review.
 */
public final class PublicApi {

	private static final Path TEXT = Path.of("src/api/public-api.txt");

	private static final String REWRITE = "polar.api.rewrite";

	private final Set<String> types;

	private final ApiSources sources;

	private PublicApi(Set<String> types, ApiSources sources) {
		this.types = types;
		this.sources = sources;
	}

	/**
	 * Describe the API of the module in the working directory: its public types except
	 * those whose Javadoc marks them as internal.
	 * @return the API
	 */
	public static PublicApi ofModule() {
		ApiSources sources = ApiSources.of(Path.of("src/main/java"));
		return new PublicApi(sources.publicTypes(false), sources);
	}

	/**
	 * Return the names of the public types that are internal.
	 * @return the names, sorted
	 */
	public Set<String> internalTypes() {
		return this.sources.publicTypes(true);
	}

	/**
	 * Compare the API with the text that is checked in, or rewrite the text if requested.
	 */
	public void matchesCheckedInText() {
		try {
			String text = text();
			if (Boolean.getBoolean(REWRITE)) {
				Files.createDirectories(TEXT.getParent());
				Files.writeString(TEXT, text);
			}
			String checkedIn = Files.exists(TEXT) ? Files.readString(TEXT) : "";
			if (!checkedIn.equals(text)) {
				throw new AssertionError(difference(checkedIn, text));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Check that every type has a {@code @since} tag.
	 */
	public void hasSinceTags() {
		List<String> without = this.types.stream()
			.filter((type) -> !String.valueOf(this.sources.since(type)).matches("\\d+\\.\\d+\\.\\d+"))
			.toList();
		assertThat(without).as("Types without a version in @since").isEmpty();
	}

	/**
	 * Check that everything visible to applications has Javadoc, including parameters and
	 * return values, and that all other public types have a comment.
	 */
	public void isDocumented() {
		Set<String> missing = new TreeSet<>(this.sources.publicWithoutComment());
		this.types.forEach((type) -> missing.addAll(this.sources.undocumented(type)));
		assertThat(missing).as("Missing Javadoc").isEmpty();
	}

	private String text() {
		StringBuilder text = new StringBuilder("// Public API for applications. Written by PublicApiTests.\n");
		for (String type : this.types) {
			text.append(new ApiText().of(load(type), this.sources.since(type)));
		}
		return text.toString();
	}

	private static String difference(String checkedIn, String text) {
		String module = Path.of("").toAbsolutePath().getFileName().toString();
		List<String> before = members(checkedIn);
		List<String> after = members(text);
		StringBuilder difference = new StringBuilder("The public API differs from the text that is checked in:\n\n");
		before.stream().filter((member) -> !after.contains(member)).forEach((member) -> line(difference, "- ", member));
		after.stream().filter((member) -> !before.contains(member)).forEach((member) -> line(difference, "+ ", member));
		return difference.append("""

				If that is meant, run

					mvn -pl %s test -Dtest=PublicApiTests -D%s=true

				and commit %s/%s with the change.
				""".formatted(module, REWRITE, module, TEXT)).toString();
	}

	private static void line(StringBuilder text, String sign, String member) {
		text.append(sign).append(member).append('\n');
	}

	/**
	 * Return the lines, each with the type that it belongs to.
	 */
	private static List<String> members(String text) {
		List<String> members = new ArrayList<>();
		String type = "";
		for (String line : text.lines().filter((line) -> !line.isBlank()).toList()) {
			if (line.startsWith("\t")) {
				members.add(type + "\n\t" + line);
			}
			else {
				type = line;
				members.add(line);
			}
		}
		return members;
	}

	private static Class<?> load(String type) {
		try {
			return Class.forName(type, false, PublicApi.class.getClassLoader());
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException("The listed type does not exist: " + type, ex);
		}
	}

}
