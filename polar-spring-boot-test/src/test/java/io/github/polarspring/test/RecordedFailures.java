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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the failed deliveries with which some recordings start: each step reads those of
 * another endpoint, of one event.
 */
final class RecordedFailures {

	private static final Pattern ENDPOINT = Pattern.compile("endpoint_id=<(id:\\d+)>");

	private static final Pattern QUERY = Pattern.compile("query=<(id:\\d+)>");

	private final PolarFake fake;

	private final URI receiver;

	private final RecordedLabels labels;

	RecordedFailures(PolarFake fake, URI receiver, RecordedLabels labels) {
		this.fake = fake;
		this.receiver = receiver;
		this.labels = labels;
	}

	void prepare(JsonNode steps) throws IOException {
		this.fake.webhooks().holdRetries();
		JsonNode product = JsonMapper.shared()
			.readTree(steps.at("/0/response/body/items/0/webhook_event/payload").asString())
			.path("data");
		UUID id = created("/v1/products/", Map.of("name", "Probe", "prices", product.path("prices")));
		Map<UUID, JsonNode> endpoints = new LinkedHashMap<>();
		for (JsonNode step : steps) {
			Matcher label = ENDPOINT.matcher(step.at("/request/path").asString());
			if (label.find()) {
				UUID endpoint = created("/v1/webhooks/endpoints", Map.of("url", "https://shop.example.com/", "format",
						"raw", "events", new String[] { "product.updated" }));
				this.labels.bind(label.group(1), endpoint.toString());
				this.fake.webhooks().deliverTo(endpoint, receiver(step.path("name").asString()));
				endpoints.put(endpoint, step);
			}
		}
		send("PATCH", "/v1/products/" + id, Map.of("name", product.path("name")));
		this.fake.state().webhooks().await();
		endpoints.forEach(this::repeat);
	}

	private UUID created(String path, Object body) throws IOException {
		return UUID.fromString(send("POST", path, body).path("id").asString());
	}

	private JsonNode send(String method, String path, Object body) throws IOException {
		byte[] json = JsonMapper.shared().writeValueAsBytes(body);
		Map<String, String> headers = Map.of("authorization", "Bearer " + this.fake.accessToken(), "content-type",
				"application/json", "content-length", String.valueOf(json.length));
		return JsonMapper.shared().readTree(RawHttp.send(this.fake.baseUrl(), method, path, headers, json).body());
	}

	private URI receiver(String name) {
		if (name.contains("connection refused")) {
			return URI.create("http://127.0.0.1:1/");
		}
		return name.contains("does not resolve") ? URI.create("http://no-such-host.invalid/")
				: this.receiver.resolve("/kind/" + name.replaceAll("\\W+", "-"));
	}

	/**
	 * Make as many attempts as were recorded.
	 */
	private void repeat(UUID endpoint, JsonNode step) {
		FakeWebhookLog log = this.fake.webhooks().log();
		FakeAttempt first = log.attempts()
			.stream()
			.filter((attempt) -> attempt.event().endpoint.id.equals(endpoint))
			.findFirst()
			.orElseThrow();
		Matcher event = QUERY.matcher(step.at("/request/path").asString());
		if (event.find()) {
			this.labels.bind(event.group(1), first.event().id.toString());
		}
		for (int i = 1; i < step.at("/response/body/pagination/total_count").asInt(); i++) {
			this.fake.webhooks().redeliver(Objects.toString(first.event().id));
		}
	}

	/**
	 * Return the body of a response, which is recorded up to its 2048th character.
	 */
	static byte[] body(String kind) {
		String text = kind.contains("zero-byte") ? "a\0b\ufffd" + "x".repeat(3000) : "{\"answer\":\"no\"}";
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
