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

import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A webhook endpoint. Guarded by the lock of {@link FakeWebhookLog}.
 */
final class FakeEndpoint {

	private static final SecureRandom RANDOM = new SecureRandom();

	final UUID id = UUID.randomUUID();

	private final Instant createdAt = now();

	private @Nullable Instant modifiedAt;

	/**
	 * The URL, or {@code null} if it is that of {@link #receiver}.
	 */
	private @Nullable String url;

	/**
	 * Where the events are sent, or {@code null} for nowhere.
	 */
	private @Nullable Supplier<@Nullable URI> receiver;

	private @Nullable String name;

	private String format = "raw";

	private String secret;

	/**
	 * The types to which the endpoint is subscribed, or {@code null} for all, even
	 * unknown ones.
	 */
	private @Nullable List<String> events;

	private String apiVersion = FakeTransformer.CURRENT_VERSION;

	private boolean enabled = true;

	private boolean deleted;

	/**
	 * Whether the URL is that of a test, which can be one that Polar rejects.
	 */
	private boolean urlOfTest;

	private CompletableFuture<@Nullable Void> last = CompletableFuture.completedFuture(null);

	/**
	 * Create an endpoint of a test.
	 */
	FakeEndpoint(Supplier<@Nullable URI> receiver, String secret, @Nullable List<String> events) {
		this.receiver = receiver;
		this.urlOfTest = true;
		this.secret = secret;
		this.events = events;
	}

	/**
	 * Create an endpoint as through the API. Its events are sent nowhere, because the
	 * fake does not connect to other machines.
	 */
	FakeEndpoint(Map<String, @Nullable Object> values) {
		this.secret = newSecret();
		set(values);
	}

	static Instant now() {
		return Instant.now().truncatedTo(ChronoUnit.MICROS);
	}

	private static String newSecret() {
		byte[] key = new byte[32];
		RANDOM.nextBytes(key);
		return "whsec_" + Base64.getEncoder().encodeToString(key);
	}

	/**
	 * Change the endpoint. As with Polar, {@code null} changes nothing.
	 */
	void update(Map<String, @Nullable Object> values) {
		set(values);
		this.modifiedAt = now();
	}

	private void set(Map<String, @Nullable Object> values) {
		if (values.get("url") != null) {
			this.receiver = null;
			this.urlOfTest = false;
			this.url = values.get("url").toString();
		}
		this.name = text(values, "name", this.name);
		this.format = Objects.requireNonNull(text(values, "format", this.format));
		this.secret = Objects.requireNonNull(text(values, "secret", this.secret));
		this.apiVersion = Objects.requireNonNull(text(values, "api_version", this.apiVersion));
		if (values.get("events") instanceof List<?> types) {
			this.events = types.stream().map(String::valueOf).toList();
		}
		if (values.get("enabled") instanceof Boolean flag) {
			this.enabled = flag;
		}
	}

	private static @Nullable String text(Map<String, @Nullable Object> values, String name, @Nullable String fallback) {
		return (values.get(name) instanceof String text) ? text : fallback;
	}

	void disable() {
		this.enabled = false;
		this.modifiedAt = now();
	}

	void delete() {
		this.deleted = true;
	}

	void rotateSecret() {
		this.secret = newSecret();
		this.modifiedAt = now();
	}

	/**
	 * Send the events to another URL than that of the endpoint.
	 */
	void deliverTo(URI url) {
		String own = url();
		this.url = own;
		this.receiver = () -> url;
	}

	/**
	 * Return where the events are sent, or {@code null} for nowhere.
	 */
	@Nullable URI receiver() {
		return (this.receiver != null) ? this.receiver.get() : null;
	}

	/**
	 * Return whether the URL is still to come, so that there are no attempts.
	 */
	boolean isPending() {
		return this.receiver != null && this.receiver.get() == null;
	}

	/**
	 * Return the normalized URL, or {@code null} if it is not known yet.
	 */
	@Nullable String url() {
		if (this.url != null) {
			return this.url;
		}
		URI own = receiver();
		return (own != null) ? FakeUrl.normalize(own.toString()) : null;
	}

	/**
	 * Return whether the endpoint can be enabled.
	 */
	boolean isUrlValid() {
		return this.urlOfTest || this.url == null || FakeWebhookSchema.isValid(this.url);
	}

	boolean isEnabled() {
		return this.enabled;
	}

	boolean isDeleted() {
		return this.deleted;
	}

	/**
	 * Return whether an event of a type is recorded for the endpoint.
	 */
	boolean receives(String type) {
		return this.enabled && !this.deleted && (this.events == null || this.events.contains(type));
	}

	String format() {
		return this.format;
	}

	String apiVersion() {
		return this.apiVersion;
	}

	WebhookSigner signer() {
		return WebhookSigner.of(this.secret);
	}

	/**
	 * Perform a task after all tasks before it.
	 */
	synchronized CompletableFuture<@Nullable Void> inOrder(Runnable task, Executor executor) {
		this.last = this.last.handleAsync((before, problem) -> {
			task.run();
			return null;
		}, executor);
		return this.last;
	}

	Map<String, @Nullable Object> toJson(UUID organizationId) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("id", this.id);
		json.put("url", url());
		json.put("name", this.name);
		json.put("format", this.format);
		json.put("secret", this.secret);
		json.put("organization_id", organizationId);
		json.put("events", new ArrayList<>((this.events != null) ? this.events : FakeWebhookSchema.TYPES));
		json.put("enabled", this.enabled);
		json.put("api_version", this.apiVersion);
		json.put("uses_standard_webhook_signature", WebhookSigner.isStandard(this.secret));
		return json;
	}

}
