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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Users of the application: visitors of a page, and buyers.
 */
final class Browsers {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	// separate from the threads of the application
	private static final ExecutorService THREADS = Executors.newFixedThreadPool(2, SaturationBenchmark::daemon);

	private static final HttpClient VISITORS = client();

	private static final HttpClient BUYERS = client();

	private final HttpRequest page;

	private final HttpRequest buy;

	private final Collection<Outcome> outcomes = new ConcurrentLinkedQueue<>();

	Browsers(int port) {
		this.page = request(port, "/page").build();
		this.buy = request(port, "/buy").POST(BodyPublishers.noBody()).build();
	}

	private static HttpClient client() {
		return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(THREADS).build();
	}

	private static HttpRequest.Builder request(int port, String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
			.header("Accept", "text/html")
			.timeout(PATIENCE);
	}

	/**
	 * Visit the page at a fixed rate, independent of the latency of earlier visits.
	 * Latency is measured from the scheduled time of a visit.
	 */
	List<CompletableFuture<Outcome>> visit(int visits, int rate) {
		List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(visits);
		long begin = System.nanoTime();
		for (int i = 0; i < visits; i++) {
			long due = begin + TimeUnit.SECONDS.toNanos(1) * i / rate;
			while (System.nanoTime() - due < 0) {
				LockSupport.parkNanos(due - System.nanoTime());
			}
			outcomes.add(VISITORS.sendAsync(this.page, BodyHandlers.discarding())
				.handle((response, ex) -> Outcome.since(due, (ex != null) ? 0 : response.statusCode())));
		}
		return outcomes;
	}

	/**
	 * Start buyers within a second. Each buyer waits for the response, and clicks the
	 * button again a second later if they are not redirected to the checkout.
	 * @return a latch that counts the buyers that have not reached the checkout
	 */
	CountDownLatch startBuyers(int buyers) {
		CountDownLatch left = new CountDownLatch(buyers);
		for (int i = 0; i < buyers; i++) {
			long delay = 1000L * i / buyers;
			SaturationBenchmark.daemon(() -> {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(delay));
				for (Outcome outcome = buy(); outcome.status() != 303; outcome = buy()) {
					this.outcomes.add(outcome);
					LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
				}
				left.countDown();
			}).start();
		}
		return left;
	}

	Outcome buy() {
		long begin = System.nanoTime();
		try {
			return Outcome.since(begin, BUYERS.send(this.buy, BodyHandlers.discarding()).statusCode());
		}
		catch (IOException ex) {
			return Outcome.since(begin, 0);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the responses that did not redirect a buyer to the checkout.
	 */
	List<Outcome> outcomes() {
		return List.copyOf(this.outcomes);
	}

	/**
	 * A response.
	 *
	 * @param status the status, or 0 if there was no response
	 * @param millis the latency in milliseconds
	 */
	record Outcome(int status, double millis) {

		private static Outcome since(long begin, int status) {
			return new Outcome(status, (System.nanoTime() - begin) / 1e6);
		}

	}

}
