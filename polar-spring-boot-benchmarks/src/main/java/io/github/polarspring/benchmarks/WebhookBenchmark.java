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

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.standardwebhooks.Webhook;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.model.Order;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarWebhookVerifier;
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

/**
 * Verification and parsing of a webhook for a paid order.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WebhookBenchmark {

	private static final String ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";

	private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0123456789abcdef";

	private byte[] body;

	private String timestamp;

	private String signature;

	private Map<String, List<String>> headers;

	private PolarWebhookVerifier verifier;

	private Webhook webhook;

	/**
	 * Sign the webhook.
	 */
	@Setup
	public void start() throws Exception {
		this.body = Payloads.read("order-paid.json");
		this.verifier = PolarWebhookVerifier.of(List.of(SECRET), Duration.ofDays(1), Clock.systemUTC());
		this.webhook = new Webhook(SECRET);
		long now = Instant.now().getEpochSecond();
		this.timestamp = String.valueOf(now);
		this.signature = this.webhook.sign(ID, now, new String(this.body, StandardCharsets.UTF_8));
		this.headers = Map.of("webhook-id", List.of(ID), "webhook-timestamp", List.of(this.timestamp),
				"webhook-signature", List.of(this.signature));
	}

	/**
	 * The starter, which reads the event, its envelope as a tree, and the order.
	 */
	@Benchmark
	public Object polar() {
		this.verifier.verify(ID, this.timestamp, this.signature, this.body);
		return PolarEvent.read(ID, this.body).data();
	}

	/**
	 * The Standard Webhooks library and Jackson.
	 */
	@Benchmark
	public Object standardWebhooks() throws Exception {
		String text = new String(this.body, StandardCharsets.UTF_8);
		this.webhook.verify(text, this.headers);
		return PolarJson.MAPPER.readValue(text, Envelope.class).data();
	}

	/**
	 * The starter, verifying the signature only.
	 */
	@Benchmark
	public void polarSignature() {
		this.verifier.verify(ID, this.timestamp, this.signature, this.body);
	}

	/**
	 * The Standard Webhooks library, verifying the signature only.
	 */
	@Benchmark
	public void standardWebhooksSignature() throws Exception {
		this.webhook.verify(new String(this.body, StandardCharsets.UTF_8), this.headers);
	}

	/**
	 * The fields that hand-written code reads.
	 */
	record Envelope(String type, Instant timestamp, Order data) {
	}

}
