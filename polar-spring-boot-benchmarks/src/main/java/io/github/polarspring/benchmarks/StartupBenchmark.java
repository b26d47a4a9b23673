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

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.polarspring.entitlement.PolarEntitled;
import io.github.polarspring.web.PolarCheckout;

import org.springframework.boot.SpringBootVersion;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Additional startup time of an application with Spring MVC and Spring Security caused by
 * the starter, and by entitlements. Each variant runs in a separate process, in
 * alternating order.
 */
public final class StartupBenchmark {

	private static final String WITHOUT = "without the starter";

	private static final String UNUSED = "with the starter";

	private static final String USED = "with the starter and a `@PolarCheckout` method";

	private static final String ENTITLED = "also with two features and a `@PolarEntitled` method";

	/**
	 * The variants, each with the one that it is compared with.
	 */
	private static final Map<String, String> COMPARED = new LinkedHashMap<>();

	static {
		COMPARED.put(WITHOUT, WITHOUT);
		COMPARED.put(UNUSED, WITHOUT);
		COMPARED.put(USED, WITHOUT);
		COMPARED.put(ENTITLED, USED);
	}

	private final Map<String, List<Long>> millis = new LinkedHashMap<>();

	private final Map<String, List<String>> beans = new LinkedHashMap<>();

	private StartupBenchmark() {
	}

	/**
	 * Run the benchmark.
	 * @param args not used
	 * @throws Exception if it cannot be run
	 */
	public static void main(String[] args) throws Exception {
		new StartupBenchmark().run(Integer.getInteger("benchmarks.pairs", 25));
	}

	private void run(int rounds) throws Exception {
		List<String> variants = new ArrayList<>(COMPARED.keySet());
		for (int round = -1; round < rounds; round++) {
			for (String variant : variants) {
				long time = start(variant);
				if (round >= 0) {
					this.millis.computeIfAbsent(variant, (key) -> new ArrayList<>()).add(time);
				}
			}
			// each variant runs equally often in each position, and before and after its
			// neighbors
			variants.add(variants.remove(0));
			if (round % variants.size() == variants.size() - 1) {
				Collections.reverse(variants);
			}
		}
		System.out.printf("%s %s, %d processors, Spring Boot %s, %d rounds%n%n", System.getProperty("java.vm.name"),
				System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(),
				SpringBootVersion.getVersion(), rounds);
		System.out.println("| | median | additional, median | quartiles | beans |");
		System.out.println("| --- | --- | --- | --- | --- |");
		COMPARED.forEach((variant, other) -> {
			List<Long> times = this.millis.getOrDefault(variant, List.of());
			List<Long> base = this.millis.getOrDefault(other, List.of());
			double[] longer = new double[times.size()];
			for (int i = 0; i < longer.length; i++) {
				longer[i] = times.get(i) - base.get(i);
			}
			System.out.printf("| %s | %.0f ms | %.0f ms (%.1f %%) | %.0f to %.0f ms | %d |%n", variant,
					quantile(times.stream().mapToDouble(Long::doubleValue).toArray(), 50), quantile(longer, 50),
					quantile(longer, 50) / quantile(base.stream().mapToDouble(Long::doubleValue).toArray(), 50) * 100,
					quantile(longer, 25), quantile(longer, 75), this.beans.getOrDefault(variant, List.of()).size());
		});
		System.out.println();
		System.out
			.println("Beans " + ENTITLED + ": " + String.join(", ", this.beans.getOrDefault(ENTITLED, List.of())));
	}

	private long start(String variant) throws IOException, InterruptedException {
		String classPath = System.getProperty("java.class.path");
		if (variant.equals(WITHOUT)) {
			classPath = Arrays.stream(classPath.split(File.pathSeparator))
				.filter((entry) -> !entry.contains("polar-spring-boot-autoconfigure")
						&& !entry.contains("polar-spring-boot-starter"))
				.collect(Collectors.joining(File.pathSeparator));
		}
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
						StartupApplication.class.getName()));
		command.addAll(arguments(variant));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		long millis = -1;
		List<String> started = new ArrayList<>();
		List<String> other = new ArrayList<>();
		try (BufferedReader output = process.inputReader()) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				if (line.startsWith("ready ")) {
					millis = Long.parseLong(line.substring("ready ".length()));
				}
				else if (line.startsWith("bean ")) {
					started.add(line.substring("bean ".length()));
				}
				else {
					other.add(line);
				}
			}
		}
		Assert.state(process.waitFor() == 0 && millis > 0, () -> String.join("\n", other));
		this.beans.put(variant, started);
		return millis;
	}

	private static List<String> arguments(String variant) {
		return switch (variant) {
			case USED -> List.of(ShopController.class.getName());
			case ENTITLED -> List.of(EntitledController.class.getName(),
					"--polar.features.export.products=" + EntitlementBenchmark.PRODUCT,
					"--polar.features.sso.benefits=" + EntitlementBenchmark.PRODUCT,
					"--polar.entitlements.defaults.forms=3");
			default -> List.of(PlainController.class.getName());
		};
	}

	private static double quantile(double[] values, int percent) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[(sorted.length - 1) * percent / 100];
	}

	@RestController
	static class PlainController {

		@PostMapping("/buy")
		void buy() {
		}

	}

	@RestController
	static class ShopController {

		@PostMapping("/buy")
		@PolarCheckout("7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90")
		void buy() {
		}

	}

	@RestController
	static class EntitledController {

		@PostMapping("/buy")
		@PolarCheckout("7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90")
		void buy() {
		}

		@GetMapping("/export")
		@PolarEntitled("export")
		void export() {
		}

	}

}
