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

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.sun.management.OperatingSystemMXBean;
import io.github.polarspring.benchmarks.Browsers.Outcome;
import io.github.polarspring.web.PolarCheckout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Behavior of an application while Polar hangs and 200 buyers click the button: the
 * latency of another page, the latency of rejections, and the time to recover.
 * <p>
 * Application, Polar and browsers run on the same machine in a single JVM.
 */
public final class SaturationBenchmark {

	private static final int DEFAULT_BOUND = 64;

	private static final int NO_BOUND = 100_000;

	private static final int BUYERS = 200;

	private static final int RATE = 200;

	private static final double READ_TIMEOUT = 6000;

	private static final String SECURITY = "org.springframework.boot.security.autoconfigure.";

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private final List<String> pages = new ArrayList<>();

	private final List<String> buyers = new ArrayList<>();

	private final List<String> recoveries = new ArrayList<>();

	private SaturationBenchmark() {
	}

	/**
	 * Run the benchmark.
	 * @param args not used
	 * @throws Exception if it cannot be run
	 */
	public static void main(String[] args) throws Exception {
		new SaturationBenchmark().run();
		System.exit(0);
	}

	private void run() throws Exception {
		System.out.printf("%s, %s, %d processors, Spring Boot %s%n%n", System.getProperty("java.vm.name"),
				System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(),
				SpringBootVersion.getVersion());
		List<Boolean> kinds = (Runtime.version().feature() >= 21) ? List.of(false, true) : List.of(false);
		if (kinds.size() == 1) {
			System.out.println("No virtual threads: they need Java 21");
			System.out.println();
		}
		// warm up
		for (boolean virtual : kinds) {
			measure(virtual, 1, 3);
		}
		this.pages.clear();
		this.buyers.clear();
		this.recoveries.clear();

		// the buyers with a timeout after 12 s have clicked again and are blocked again
		for (boolean virtual : kinds) {
			measure(virtual, DEFAULT_BOUND, 14);
			measure(virtual, NO_BOUND, 14);
		}
		print("Page, " + RATE + " requests per second",
				"| | median | 99 % | max | over 1 s or failed | CPU used by other processes |", this.pages);
		print(BUYERS + " buyers while Polar hangs",
				"| | maximum of concurrent calls | rejected immediately | median | 99 % | longest wait |", this.buyers);
		print("Time until buyers reach the checkout after Polar responds to new calls again",
				"| | a new buyer | ten new buyers in a row | all " + BUYERS + " |", this.recoveries);
	}

	private static void print(String title, String header, List<String> rows) {
		System.out.println(title);
		System.out.println();
		System.out.println(header);
		System.out.println("|" + " --- |".repeat(header.split("\\|").length - 1));
		rows.forEach(System.out::println);
		System.out.println();
	}

	private void measure(boolean virtual, int bound, int seconds) throws Exception {
		String name = "%s threads, %s".formatted(virtual ? "virtual" : "platform",
				(bound == NO_BOUND) ? "no limit" : bound + " calls");
		try (HangingPolar polar = new HangingPolar();
				ConfigurableApplicationContext application = start(polar, virtual, bound)) {
			Browsers browsers = new Browsers(
					application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
			browsers.visit(RATE * 3, RATE);
			for (int i = 0; i < 300; i++) {
				browsers.buy();
			}
			othersLoad();
			List<CompletableFuture<Outcome>> visits = browsers.visit(RATE * seconds, RATE);
			this.pages.add(page(name + ", no buyers", visits, othersLoad()));

			polar.hang(true);
			CountDownLatch left = browsers.startBuyers(BUYERS);
			TimeUnit.SECONDS.sleep(1);
			othersLoad();
			visits = browsers.visit(RATE * seconds, RATE);
			double others = othersLoad();
			this.buyers.add("| %s | %d | %s |".formatted(name, polar.mostHangingCalls(), waits(browsers.outcomes())));
			polar.hang(false);
			long begin = System.nanoTime();
			String recovered = recovered(browsers, begin);
			Assert.state(left.await(1, TimeUnit.MINUTES), "Not all buyers have reached the checkout");
			this.recoveries.add("| %s | %s | %s |".formatted(name, recovered, since(begin)));
			this.pages.add(page(name + ", " + BUYERS + " buyers", visits, others));
		}
	}

	static Thread daemon(Runnable task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		return thread;
	}

	private static ConfigurableApplicationContext start(HangingPolar polar, boolean virtual, int bound) {
		return SpringApplication.run(Shop.class, "--server.port=0", "--spring.main.banner-mode=off",
				"--spring.threads.virtual.enabled=" + virtual, "--polar.access-token=polar_oat_benchmark",
				"--polar.base-url=" + polar.url(), "--polar.http.max-concurrent-calls=" + bound,
				// each failure is logged as a warning as usual, but to a file
				"--logging.config=classpath:saturation-logback.xml", "--logging.threshold.console=error",
				// all pages are public; Spring Security is on the classpath for other
				// benchmarks
				"--spring.autoconfigure.exclude=" + SECURITY + "web.servlet.ServletWebSecurityAutoConfiguration,"
						+ SECURITY + "web.servlet.SecurityFilterAutoConfiguration," + SECURITY
						+ "UserDetailsServiceAutoConfiguration");
	}

	/**
	 * A new buyer clicks 50 ms after each response.
	 */
	private static String recovered(Browsers browsers, long begin) throws InterruptedException {
		String first = "";
		int inARow = 0;
		while (inARow < 10) {
			Assert.state(System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(1), "No buyer reaches the checkout");
			inARow = (browsers.buy().status() == 303) ? inARow + 1 : 0;
			if (inARow == 1 && first.isEmpty()) {
				first = since(begin);
			}
			TimeUnit.MILLISECONDS.sleep(50);
		}
		return first + " | " + since(begin);
	}

	/**
	 * Return the CPU usage of other processes since the last call. A high value distorts
	 * the results.
	 */
	private static double othersLoad() {
		double load = SYSTEM.getCpuLoad() - SYSTEM.getProcessCpuLoad();
		return Math.max(load, 0) * 100;
	}

	private static String page(String name, List<CompletableFuture<Outcome>> visits, double others) {
		List<Outcome> outcomes = visits.stream().map(CompletableFuture::join).toList();
		long bad = outcomes.stream().filter((outcome) -> outcome.status() != 200 || outcome.millis() > 1000).count();
		double[] millis = sorted(outcomes);
		return "| %s | %.1f ms | %.1f ms | %.1f ms | %d of %d | %.0f %% |".formatted(name, percentile(millis, 50),
				percentile(millis, 99), percentile(millis, 100), bad, millis.length, others);
	}

	/**
	 * Buyers with status 503 before any call can have timed out were rejected.
	 */
	private static String waits(List<Outcome> outcomes) {
		double[] all = sorted(outcomes);
		double[] turnedAway = sorted(outcomes.stream()
			.filter((outcome) -> outcome.status() == 503 && outcome.millis() < READ_TIMEOUT)
			.toList());
		String atOnce = (turnedAway.length == 0) ? "0 | |" : "%d | %.1f ms | %.1f ms".formatted(turnedAway.length,
				percentile(turnedAway, 50), percentile(turnedAway, 99));
		return "%s | %.1f s".formatted(atOnce, percentile(all, 100) / 1e3);
	}

	private static double[] sorted(List<Outcome> outcomes) {
		return outcomes.stream().mapToDouble(Outcome::millis).sorted().toArray();
	}

	private static double percentile(double[] sorted, int percentile) {
		return sorted[(sorted.length - 1) * percentile / 100];
	}

	private static String since(long begin) {
		return "%.1f s".formatted((System.nanoTime() - begin) / 1e9);
	}

	/**
	 * The application, with the defaults of Spring Boot and the starter.
	 */
	@Import(ShopController.class)
	static class Shop extends BenchmarkApplication {

	}

	@RestController
	static class ShopController {

		@GetMapping("/page")
		String page() {
			return "page";
		}

		@PostMapping("/buy")
		@PolarCheckout("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710")
		void buy() {
		}

	}

}
