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

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.util.Assert;

/**
 * Check of a feature of a user whose state is in memory.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EntitlementBenchmark {

	static final UUID PRODUCT = UUID.fromString("7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90");

	private static final String USER = "user-4711";

	private static final String FEATURE = "export";

	private static final int USERS = 10_000;

	private PolarEntitlements entitlements;

	private Cache<String, Set<String>> expiring;

	private Cache<String, Set<String>> plain;

	/**
	 * Fill the caches.
	 */
	@Setup
	public void start() {
		try (LoopbackServer polar = new LoopbackServer("200 OK", purchases(USER), "Polar-Version: 2026-10")) {
			PolarClient client = PolarClient.builder()
				.accessToken("polar_oat_benchmark0123456789")
				.baseUrl(URI.create(polar.url()))
				.build();
			PolarFeatures features = new PolarFeatures(
					List.of(new Feature(FEATURE, Set.of(), Set.of(PRODUCT), "/pricing", WhenUnknown.REJECT),
							new Feature("sso", Set.of(), Set.of(UUID.randomUUID()), "/pricing", WhenUnknown.REJECT)),
					Map.of("forms", 3L));
			this.entitlements = PolarEntitlements.builder(client, features)
				.durations(Duration.ofHours(1), Duration.ofHours(24), Duration.ofSeconds(30))
				.build();
			Assert.state(this.entitlements.of(USER).has(FEATURE), "The user has not bought");
		}
		this.expiring = Caffeine.newBuilder().maximumSize(USERS).expireAfterWrite(Duration.ofHours(1)).build();
		this.plain = Caffeine.newBuilder().maximumSize(USERS).build();
		for (Cache<String, Set<String>> cache : List.of(this.expiring, this.plain)) {
			cache.put(USER, Set.of(FEATURE, "api"));
		}
	}

	/**
	 * Return a page of Polar for all lists: a subscription and, as an order and as a
	 * grant, nothing that counts.
	 */
	static byte[] purchases(String user) {
		return """
				{"items":[{"id":"5d0c1f2e-8b3a-4c47-9a51-0e6f7d8c9b1a","status":"active","paid":false,
				"customer_id":"0b5c7d3e-2f14-4a68-b9c0-1d2e3f4a5b6c","product_id":"%s",
				"metadata":{"external_customer_id":"%s"}}],"pagination":{"total_count":1,"max_page":1}}"""
			.formatted(PRODUCT, user)
			.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Hand-written cache whose entries expire.
	 */
	@Benchmark
	public boolean caffeine() {
		Set<String> features = this.expiring.getIfPresent(USER);
		return features != null && features.contains(FEATURE);
	}

	/**
	 * Hand-written cache whose entries do not expire, so that a change is never seen.
	 */
	@Benchmark
	public boolean caffeineWithoutExpiry() {
		Set<String> features = this.plain.getIfPresent(USER);
		return features != null && features.contains(FEATURE);
	}

	/**
	 * The starter.
	 */
	@Benchmark
	public boolean polar() {
		return this.entitlements.of(USER).has(FEATURE);
	}

}
