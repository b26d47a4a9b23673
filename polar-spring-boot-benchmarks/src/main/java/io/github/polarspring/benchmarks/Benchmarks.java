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

package io.github.polarspring.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import org.springframework.boot.SpringBootVersion;

/**
 * Runs the microbenchmarks and prints the results as a table, with ratios to the baseline
 * of each benchmark.
 */
public final class Benchmarks {

	private static final Map<String, String> PEERS = Map.of("SessionCreationBenchmark", "floor", "BuyBenchmark",
			"byHand", "WebhookBenchmark", "standardWebhooks", "EntitlementBenchmark", "caffeine",
			"EnforcementBenchmark", "preAuthorize", "LlmUsageBenchmark", "plain", "UsageQueueBenchmark", "segment",
			"UsageJdbcBenchmark", "byHand");

	private Benchmarks() {
	}

	/**
	 * Run the benchmarks.
	 * @param args patterns of the benchmarks to run, all by default
	 * @throws Exception if the benchmarks cannot be run
	 */
	public static void main(String[] args) throws Exception {
		List<String> patterns = new ArrayList<>(List.of(args));
		patterns.removeIf(String::isBlank);
		if (patterns.isEmpty()) {
			patterns.add("io.github.polarspring.benchmarks");
		}
		OptionsBuilder options = new OptionsBuilder();
		patterns.forEach(options::include);
		Options all = options.jvmArgsAppend("-Xms1g", "-Xmx1g")
			.addProfiler(GCProfiler.class)
			.shouldFailOnError(true)
			.build();
		Collection<RunResult> results = new Runner(all).run();
		System.out.printf("%n%s %s, %d processors, Spring Boot %s%n%n", System.getProperty("java.vm.name"),
				System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(),
				SpringBootVersion.getVersion());
		System.out.println("| benchmark | score | ± 99.9 % | ratio | bytes per call | ratio |");
		System.out.println("| --- | --- | --- | --- | --- | --- |");
		for (RunResult result : results) {
			print(result, peer(result, results));
		}
		System.exit(0);
	}

	private static RunResult peer(RunResult result, Collection<RunResult> results) {
		String benchmark = result.getParams().getBenchmark();
		String type = benchmark.substring(0, benchmark.lastIndexOf('.'));
		String peer = PEERS.get(type.substring(type.lastIndexOf('.') + 1));
		String suffix = Stream.of("Signature", "Bean", "Stream", "Metered")
			.filter(benchmark::endsWith)
			.findFirst()
			.orElse("");
		return results.stream()
			.filter((other) -> other.getParams().getBenchmark().equals(type + "." + peer + suffix))
			.findFirst()
			.orElse(result);
	}

	private static void print(RunResult result, RunResult peer) {
		Result<?> score = result.getPrimaryResult();
		String name = result.getParams().getBenchmark().replace("io.github.polarspring.benchmarks.", "");
		for (String parameter : result.getParams().getParamsKeys()) {
			name += ", " + result.getParams().getParam(parameter);
		}
		System.out.printf("| %s | %.2f %s | %.2f | %.2f | %.0f | %.2f |%n", name, score.getScore(),
				score.getScoreUnit(), score.getScoreError(), score.getScore() / peer.getPrimaryResult().getScore(),
				bytes(result), bytes(result) / bytes(peer));
	}

	private static double bytes(RunResult result) {
		return result.getSecondaryResults()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().endsWith("gc.alloc.rate.norm"))
			.mapToDouble((entry) -> entry.getValue().getScore())
			.findFirst()
			.orElse(Double.NaN);
	}

}
