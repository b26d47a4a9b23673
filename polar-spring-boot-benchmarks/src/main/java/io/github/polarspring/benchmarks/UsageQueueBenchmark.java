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

import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

import com.segment.analytics.Analytics;
import com.segment.analytics.messages.TrackMessage;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.UsageEvent;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Recording of usage in memory, compared with the queue of Segment's client. Nothing is
 * sent: each queue starts empty and takes as many events as the starter's has space for
 * by default.
 */
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class UsageQueueBenchmark {

	private static final int EVENTS = 10_000;

	private static final String EVENT = "submission";

	private static final String CUSTOMER = "customer-4711";

	private static Map<String, ?> metadata(int number) {
		return Map.of("form", "contact", "characters", number, "draft", false);
	}

	/**
	 * Segment's client, whose thread takes the events from the queue.
	 */
	@Benchmark
	@OperationsPerInvocation(EVENTS)
	public void segment(Segment segment) {
		for (int i = 0; i < EVENTS; i++) {
			segment.analytics.enqueue(TrackMessage.builder(EVENT).userId(CUSTOMER).properties(metadata(i)));
		}
	}

	/**
	 * The starter.
	 */
	@Benchmark
	@OperationsPerInvocation(EVENTS)
	public void polar(Polar polar) {
		for (int i = 0; i < EVENTS; i++) {
			polar.usage.record(UsageEvent.builder(EVENT).externalCustomerId(CUSTOMER).metadata(metadata(i)).build());
		}
	}

	/**
	 * The starter's queue.
	 */
	@State(Scope.Benchmark)
	public static class Polar {

		private final PolarClient client = PolarClient.builder().accessToken("polar_oat_benchmark0123456789").build();

		private PolarUsageTemplate usage;

		/**
		 * Create an empty queue.
		 */
		@Setup(Level.Invocation)
		public void start() {
			this.usage = PolarUsageTemplate.builder(this.client).build();
		}

	}

	/**
	 * Segment's queue.
	 */
	@State(Scope.Benchmark)
	public static class Segment {

		private Analytics analytics;

		/**
		 * Create an empty queue.
		 */
		@Setup(Level.Invocation)
		public void start() {
			this.analytics = Analytics.builder("benchmark").networkExecutor(new Discarding()).build();
		}

		/**
		 * Stop the thread.
		 */
		@TearDown(Level.Invocation)
		public void stop() {
			this.analytics.shutdown();
		}

	}

	/**
	 * Executor that does not send anything.
	 */
	private static final class Discarding extends AbstractExecutorService {

		@Override
		public void execute(Runnable task) {
		}

		@Override
		public void shutdown() {
		}

		@Override
		public List<Runnable> shutdownNow() {
			return List.of();
		}

		@Override
		public boolean isShutdown() {
			return false;
		}

		@Override
		public boolean isTerminated() {
			return true;
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) {
			return true;
		}

	}

}
