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
 * Those who use an application: visitors of a page, and buyers.
 */
final class Browsers {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	// not the threads that the application uses
	private static final ExecutorService THREADS = Executors.newFixedThreadPool(2, SaturationBenchmark::daemon);

	private static final HttpClient VISITORS = client();

	private static final HttpClient BUYERS = client();

	private final HttpRequest page;

	private final HttpRequest buy;

	private final Collection<Answer> answers = new ConcurrentLinkedQueue<>();

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
	 * Visit the page at a fixed rate. A visitor comes when it is his time, however long
	 * the others wait, and his waiting begins then.
	 */
	List<CompletableFuture<Answer>> visit(int visits, int rate) {
		List<CompletableFuture<Answer>> answers = new ArrayList<>(visits);
		long begin = System.nanoTime();
		for (int i = 0; i < visits; i++) {
			long due = begin + TimeUnit.SECONDS.toNanos(1) * i / rate;
			while (System.nanoTime() - due < 0) {
				LockSupport.parkNanos(due - System.nanoTime());
			}
			answers.add(VISITORS.sendAsync(this.page, BodyHandlers.discarding())
				.handle((response, ex) -> Answer.since(due, (ex != null) ? 0 : response.statusCode())));
		}
		return answers;
	}

	/**
	 * Start buyers, within a second. Each waits for the answer, and presses the button
	 * again a second later if it does not lead to the checkout.
	 * @return counts the buyers that are not at the checkout
	 */
	CountDownLatch startBuyers(int buyers) {
		CountDownLatch left = new CountDownLatch(buyers);
		for (int i = 0; i < buyers; i++) {
			long delay = 1000L * i / buyers;
			SaturationBenchmark.daemon(() -> {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(delay));
				for (Answer answer = buy(); answer.status() != 303; answer = buy()) {
					this.answers.add(answer);
					LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
				}
				left.countDown();
			}).start();
		}
		return left;
	}

	Answer buy() {
		long begin = System.nanoTime();
		try {
			return Answer.since(begin, BUYERS.send(this.buy, BodyHandlers.discarding()).statusCode());
		}
		catch (IOException ex) {
			return Answer.since(begin, 0);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What those buyers got so far that are not at the checkout.
	 */
	List<Answer> answers() {
		return List.copyOf(this.answers);
	}

	/**
	 * An answer.
	 *
	 * @param status its status, 0 if there was none
	 * @param millis how long it took
	 */
	record Answer(int status, double millis) {

		private static Answer since(long begin, int status) {
			return new Answer(status, (System.nanoTime() - begin) / 1e6);
		}

	}

}
