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

package io.github.polarspring.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What was expected, and what the server did. Contains no secrets: only methods, paths
 * without values, statuses, and names.
 */
final class ContractReport {

	private static final Pattern SECRET = Pattern.compile("polar_[a-z]+(?:_[a-z])?_\\w+");

	private final List<Call> calls = new ArrayList<>();

	private final Set<Difference> differences = new LinkedHashSet<>();

	private final Map<String, Set<String>> added = new TreeMap<>();

	private final List<String> notes = new ArrayList<>();

	private final List<String> leftBehind = new ArrayList<>();

	private String test = "set-up";

	/**
	 * Set the name of the test that makes the next calls.
	 */
	void test(String name) {
		this.test = name;
	}

	void call(String call, String expected, String got) {
		this.calls.add(new Call(this.test, call, expected, got));
	}

	void difference(String call, String expected, String got) {
		this.differences.add(new Difference(this.test, call, expected, got));
	}

	/**
	 * Record that the test failed, unless the reason is a difference that is known
	 * already.
	 */
	void failed(Throwable failure) {
		if (!(failure instanceof ContractDifference)) {
			difference("", "", String.valueOf(failure.getMessage()));
		}
	}

	void added(Shapes.Comparison comparison) {
		if (!comparison.added().isEmpty()) {
			this.added.computeIfAbsent(comparison.kind(), (kind) -> new LinkedHashSet<>()).addAll(comparison.added());
		}
	}

	/**
	 * Note what could not be tested, and why.
	 */
	void note(String note) {
		this.notes.add(this.test + ": " + note);
	}

	/**
	 * Note an object that could not be archived or deleted.
	 */
	void leftBehind(String call, String got) {
		this.leftBehind.add(call + " responded with " + got);
	}

	String summary(ContractTarget target, Duration duration, int peak) {
		int members = this.added.values().stream().mapToInt(Set::size).sum();
		return "Contract with %s: %d calls in %d s, at most %d in a minute; %d differences, %d new members, %d left behind"
			.formatted(target, this.calls.size(), duration.toSeconds(), peak, this.differences.size(), members,
					this.leftBehind.size());
	}

	void write(Path file, String summary) {
		StringBuilder text = new StringBuilder("# ").append(summary).append('\n');
		section(text, "Differences", "| test | call | expected | got |\n| --- | --- | --- | --- |", this.differences
			.stream()
			.map((difference) -> row(difference.test(), difference.call(), difference.expected(), difference.got()))
			.toList());
		section(text, "New members", "| kind | members that are not expected |\n| --- | --- |",
				this.added.entrySet()
					.stream()
					.map((entry) -> row(entry.getKey(), String.join(", ", entry.getValue())))
					.toList());
		section(text, "Not tested", "", this.notes.stream().map((note) -> "- " + note).toList());
		section(text, "Left behind", "", this.leftBehind.stream().map((call) -> "- " + call).toList());
		section(text, "Calls", "| test | call | expected | got |\n| --- | --- | --- | --- |",
				this.calls.stream().map((call) -> row(call.test(), call.call(), call.expected(), call.got())).toList());
		try {
			Files.createDirectories(file.toAbsolutePath().getParent());
			Files.writeString(file, SECRET.matcher(text).replaceAll("(secret)"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void section(StringBuilder text, String title, String head, List<String> lines) {
		text.append("\n## ").append(title).append("\n\n");
		if (lines.isEmpty()) {
			text.append("None.\n");
			return;
		}
		text.append(head).append(head.isEmpty() ? "" : "\n");
		lines.forEach((line) -> text.append(line).append('\n'));
	}

	private static String row(String... cells) {
		StringBuilder row = new StringBuilder("|");
		for (String cell : cells) {
			row.append(' ').append(cell.strip().replaceAll("\\s+", " ").replace("|", "\\|")).append(" |");
		}
		return row.toString();
	}

	private record Call(String test, String call, String expected, String got) {

	}

	private record Difference(String test, String call, String expected, String got) {

	}

}
