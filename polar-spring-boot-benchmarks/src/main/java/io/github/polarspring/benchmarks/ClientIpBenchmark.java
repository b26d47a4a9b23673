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

import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.polarspring.clientip.ClientIpResolver;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Resolution of the buyer's IP address with the default settings.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClientIpBenchmark {

	/**
	 * Content of the header.
	 */
	@Param({ "no header", "one hop", "five hops", "hostile 8 KB", "hostile 700 KB" })
	public String header;

	private ClientIpResolver resolver;

	private Request request;

	/**
	 * Create the request.
	 */
	@Setup
	public void start() {
		this.resolver = ClientIpResolver.of(List.of("private"));
		this.request = switch (this.header) {
			case "no header" -> new Request("93.184.216.34", List.of());
			case "one hop" -> new Request("10.0.0.1", List.of("93.184.216.34"));
			case "five hops" ->
				new Request("10.0.0.1", List.of("93.184.216.34, 10.0.0.5, 10.0.0.4, 10.0.0.3, 10.0.0.2"));
			case "hostile 8 KB" -> new Request("10.0.0.1", List.of("10.0.0.9, ".repeat(819)));
			default -> new Request("10.0.0.1", List.of(" ,".repeat(350_000)));
		};
	}

	/**
	 * The starter.
	 */
	@Benchmark
	public @Nullable String polar() {
		return this.resolver.resolve(this.request.peer(), this.request::headers);
	}

	/**
	 * Request that does not allocate memory, except for the enumeration of a header.
	 */
	private record Request(String peer, List<String> header) {

		Enumeration<String> headers(String name) {
			return name.equals("X-Forwarded-For") ? Collections.enumeration(this.header)
					: Collections.emptyEnumeration();
		}

	}

}
