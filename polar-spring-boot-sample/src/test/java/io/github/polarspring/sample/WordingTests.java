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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the wording of the main code and the documentation: one word for each thing.
 */
class WordingTests {

	/**
	 * What not to write, with what to write instead.
	 */
	private static final Map<String, String> WORDS = new TreeMap<>();

	static {
		WORDS.put("answer(s|ed|ing)?", "response, respond");
		WORDS.put("refus(e|es|ed|al|als|ing)", "reject, deny");
		WORDS.put("repetition(s)?", "retry, attempt");
		WORDS.put("he|him|his|himself", "they, the buyer, the user");
		WORDS.put("somebody", "someone, another user");
		WORDS.put("(?-i:[Nn]obody)", "no one");
		WORDS.put("anybody", "anyone");
		WORDS.put("whoever", "anyone who");
		WORDS.put("one's own", "your own, custom");
		WORDS.put("mend(s|ed|ing)?", "fix, repair");
		WORDS.put("under way", "in progress");
		WORDS.put("trouble(s)?", "failure, fault, error");
		WORDS.put("for ever", "forever");
		WORDS.put("what becomes of", "what happens to");
		WORDS.put("keeps? in mind", "store, remember");
		WORDS.put("may not", "must not, cannot");
		WORDS.put("parked", "in the dead letters");
		WORDS.put("put back", "requeued");
		WORDS.put("go(es)? on with", "continue");
		WORDS.put("rubbish", "invalid requests");
		WORDS.put("found out", "detected");
		WORDS.put("beforehand", "before");
	}

	/**
	 * Lines that may contain such a word, each with the reason.
	 */
	private static final Map<String, String> EXCEPTIONS = Map.of("Connection refused", "the message of the JDK");

	@Test
	void textHasOneWordForEachThing() {
		List<String> found = new ArrayList<>();
		texts().forEach((path, text) -> {
			int number = 0;
			for (String line : text.split("\n")) {
				number++;
				for (Map.Entry<String, String> word : WORDS.entrySet()) {
					if (Pattern.compile("(?i)\\b(" + word.getKey() + ")\\b").matcher(line).find()
							&& EXCEPTIONS.keySet().stream().noneMatch(line::contains)) {
						found.add("%s:%d: %s (write: %s)".formatted(path, number, line.strip(), word.getValue()));
					}
				}
			}
		});
		assertThat(found).isEmpty();
	}

	@Test
	void exceptionIsStillNeeded() {
		assertThat(EXCEPTIONS.keySet())
			.allSatisfy((exception) -> assertThat(texts().values()).anyMatch((text) -> text.contains(exception)));
	}

	private static Map<String, String> texts() {
		Map<String, String> texts = new TreeMap<>();
		// the first cell of a row of the change log has a former name
		Page.all()
			.forEach((page) -> texts.put(page.path(), page.path().equals("CHANGELOG.md")
					? page.text().replaceAll("(?m)^\\| [^|]*\\| ", "| ") : page.text()));
		try (Stream<Path> modules = Files.list(Page.ROOT)) {
			modules.map((module) -> module.resolve("src/main")).filter(Files::isDirectory).forEach((sources) -> {
				try (Stream<Path> files = Files.walk(sources)) {
					files.filter((file) -> file.toString().matches(".*\\.(java|html|json|yml|properties|sql|txt)"))
						.forEach((file) -> texts.put(Page.ROOT.relativize(file).toString(), withoutLicense(file)));
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return texts;
	}

	/**
	 * Keep the numbers of the lines.
	 */
	private static String withoutLicense(Path file) {
		try {
			String text = Files.readString(file);
			int end = text.startsWith("/*\n * Copyright") ? text.indexOf("*/") : 0;
			return "\n".repeat((int) text.substring(0, end).lines().count() - ((end > 0) ? 1 : 0))
					+ text.substring(end);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
