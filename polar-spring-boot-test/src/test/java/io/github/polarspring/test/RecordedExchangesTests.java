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

package io.github.polarspring.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.test.RecordedScenario.Result;
import io.github.polarspring.test.RecordedScenario.Score;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Replays exchanges that were recorded with Polar's server, and compares what the fake
 * does. The number of identical exchanges of a scenario must not decrease.
 */
@EnabledIfSystemProperty(named = "polar.recorded", matches = ".+",
		disabledReason = "Recorded exchanges with Polar are not part of this project: -Dpolar.recorded=<directory> names theirs")
class RecordedExchangesTests {

	private static final Log logger = LogFactory.getLog(RecordedExchangesTests.class);

	private static final Path RESOURCES = Path.of("src/test/resources/replay");

	/**
	 * One line for each scenario. Rewritten with {@code -Dpolar.recorded.rewrite=true}.
	 */
	private static final Path BASELINE = RESOURCES.resolve("baseline.txt");

	/**
	 * Scenario, number of the step, and reason.
	 */
	private static final Path KNOWN_DIFFERENCES = RESOURCES.resolve("known-differences.txt");

	private static final Path REPORT = Path.of("target/recorded-exchanges");

	/**
	 * Scenarios mostly wait for webhooks.
	 */
	private static final int THREADS = 4;

	@Test
	void noScenarioIsLessIdenticalThanBefore() throws Exception {
		Map<String, Set<Integer>> known = knownDifferences();
		ExecutorService executor = Executors.newFixedThreadPool(THREADS);
		List<Result> results = new ArrayList<>();
		try {
			for (Future<Result> result : executor
				.invokeAll(recordings().stream().map((file) -> replay(file, known)).toList())) {
				results.add(result.get());
			}
		}
		finally {
			executor.shutdownNow();
		}
		String table = table(results);
		logger.info("Recorded exchanges with Polar, replayed with the fake:\n" + table);
		writeReport(results, table);
		if (Boolean.getBoolean("polar.recorded.rewrite")) {
			Map<String, String> lines = new TreeMap<>(baseline());
			results.forEach((result) -> lines.put(result.name(), line(result.score())));
			Files.write(BASELINE,
					lines.entrySet().stream().map((line) -> line.getKey() + " " + line.getValue()).toList());
		}
		Map<String, String> baseline = baseline();
		assertThat(results).isNotEmpty();
		assertThat(results.stream()
			.filter((result) -> isWorse(result.score(), baseline.get(result.name())))
			.map((result) -> "%s was %s and is %s".formatted(result.name(), baseline.get(result.name()),
					line(result.score()))))
			.as("scenarios that became worse than %s; see %s for what is different", BASELINE, REPORT)
			.isEmpty();
	}

	private static Callable<Result> replay(Path file, Map<String, Set<Integer>> known) {
		String name = file.getParent().getFileName() + "/" + file.getFileName().toString().replace(".json", "");
		return () -> {
			try (InputStream stream = Files.newInputStream(file); RecordedReceiver receiver = new RecordedReceiver()) {
				return RecordedScenario.replay(name, JsonMapper.shared().readTree(stream),
						known.getOrDefault(name, Set.of()), receiver);
			}
		};
	}

	private static List<Path> recordings() throws IOException {
		String only = System.getProperty("polar.recorded.only", "");
		try (Stream<Path> files = Files.walk(Path.of(System.getProperty("polar.recorded")), 2)) {
			return files.filter((file) -> file.toString().endsWith(".json") && file.toString().contains(only))
				.sorted()
				.toList();
		}
	}

	private static Map<String, Set<Integer>> knownDifferences() throws IOException {
		Map<String, Set<Integer>> known = new HashMap<>();
		for (String line : Files.readAllLines(KNOWN_DIFFERENCES)) {
			if (!line.isBlank() && !line.startsWith("#")) {
				String[] parts = line.split(" ", 3);
				assertThat(parts).as("scenario, step, and reason in: " + line).hasSize(3);
				known.computeIfAbsent(parts[0], (name) -> new HashSet<>()).add(Integer.valueOf(parts[1]));
			}
		}
		return known;
	}

	private static Map<String, String> baseline() throws IOException {
		if (!Files.exists(BASELINE)) {
			return Map.of();
		}
		return Files.readAllLines(BASELINE)
			.stream()
			.map((line) -> line.split(" ", 2))
			.collect(Collectors.toMap((parts) -> parts[0], (parts) -> parts[1]));
	}

	private static String line(Score score) {
		return "status %d, identical %d, but for wording %d, webhooks %d, in order %d".formatted(score.sameStatus,
				score.identical, score.identicalButWording, score.webhooksWhole, score.groupsInOrder);
	}

	private static boolean isWorse(Score score, String baseline) {
		if (baseline == null) {
			return true;
		}
		int[] before = Stream.of(baseline.split("\\D+"))
			.filter((number) -> !number.isEmpty())
			.mapToInt(Integer::parseInt)
			.toArray();
		int[] now = { score.sameStatus, score.identical, score.identicalButWording, score.webhooksWhole,
				score.groupsInOrder };
		for (int i = 0; i < now.length; i++) {
			if (now[i] < before[i]) {
				return true;
			}
		}
		return false;
	}

	private static String table(List<Result> results) {
		Map<String, Score> areas = new LinkedHashMap<>();
		Score total = new Score();
		for (Result result : results) {
			areas.computeIfAbsent(result.name().split("/")[0], (area) -> new Score()).add(result.score());
			total.add(result.score());
		}
		areas.put("total", total);
		StringBuilder table = new StringBuilder("| area | calls | same status | identical | but for wording |"
				+ " successes identical | errors but for wording | known differences | webhooks whole | sent | unexpected | in order |\n"
				+ "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
		areas.forEach((area, score) -> table
			.append("| %s | %d | %d | %d | %d | %d of %d | %d of %d | %d | %d of %d | %d | %d | %d of %d |%n".formatted(
					area, score.calls, score.sameStatus, score.identical, score.identicalButWording,
					score.identicalSuccesses, score.successes, score.errorsButWording, score.errors, score.known,
					score.webhooksWhole, score.webhooks, score.webhooksSent, score.extraWebhooks, score.groupsInOrder,
					score.groups)));
		return table.toString();
	}

	private static void writeReport(List<Result> results, String table) throws IOException {
		Files.createDirectories(REPORT);
		Files.writeString(REPORT.resolve("table.md"), table);
		List<String> lines = new ArrayList<>();
		for (Result result : results) {
			lines.add("# " + result.name());
			lines.addAll(result.report());
		}
		Files.write(REPORT.resolve("differences.txt"), lines);
	}

}
