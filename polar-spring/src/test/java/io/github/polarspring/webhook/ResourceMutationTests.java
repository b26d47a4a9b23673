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

package io.github.polarspring.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.model.PolarResource;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import io.github.polarspring.testsupport.conformance.SampleJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Changes every value of every payload to every unexpected form, one at a time, and
 * checks that only the accessor of that value notices.
 */
@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
		disabledReason = "Polar's OpenAPI documents are not part of this project: -Dpolar.openapi=<directory> names theirs")
class ResourceMutationTests {

	private static final JsonMapper JSON = PolarJson.MAPPER;

	private static final String MARKER = "alice@example.com";

	/**
	 * What a value is changed to. {@code null} removes it.
	 */
	private static final List<@Nullable JsonNode> MUTATIONS = mutations();

	private static final Set<String> NOT_ACCESSORS = Set.of("json", "isFullyRefunded", "toString", "hashCode",
			"getClass", "notify", "notifyAll", "wait", "isSucceeded");

	private static final Pattern LABEL = Pattern.compile("<[^<>]+>");

	private static final Map<Class<?>, List<Method>> ACCESSORS = new ConcurrentHashMap<>();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final List<Object> heard = new ArrayList<>();

	private final PolarEventListeners listeners = listeners();

	private final Set<String> covered = new HashSet<>();

	private int count;

	private static List<@Nullable JsonNode> mutations() {
		List<@Nullable JsonNode> mutations = new ArrayList<>();
		mutations.add(null);
		for (String json : List.of("null", "\"" + MARKER + "\"", "7", "0.0", "{\"x\":1}", "[\"x\"]", "true",
				"\"2026-09-22T09:31:40\"", "\"1900\"", "123456789012345678901234567890")) {
			mutations.add(JSON.readTree(json));
		}
		return mutations;
	}

	private PolarEventListeners listeners() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("recorder", new Recorder(this.heard));
		return new PolarEventListeners(beans);
	}

	@BeforeEach
	void startLogging() {
		this.log.start();
		logger().addAppender(this.log);
	}

	@AfterEach
	void stopLogging() {
		logger().detachAppender(this.log);
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger(PolarResource.class);
	}

	@Test
	void unexpectedFormIsNoticedByItsAccessorOnly() {
		Map<String, ObjectNode> payloads = payloads();
		assertThat(payloads).hasSizeGreaterThan(100);
		payloads.forEach((name, json) -> mutate(name, json, name.replaceFirst(" .*", "")));
		assertThat(this.count).isGreaterThan(10_000);
		List<String> messages = this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
		assertThat(messages).isNotEmpty()
			.doesNotHaveDuplicates()
			.allSatisfy(
					(message) -> assertThat(message).matches("[A-Z]\\w+: '[a-z0-9_.*\\[\\]]+' has an unexpected.*"));
	}

	/**
	 * Return all payloads that differ in shape, by their type and origin.
	 */
	private static Map<String, ObjectNode> payloads() {
		Map<String, ObjectNode> payloads = new TreeMap<>();
		Set<String> shapes = new HashSet<>();
		Path directory = OpenApiDocument.directory();
		assertThat(directory).isNotNull();
		for (Path file : files(directory.resolve("examples"), "webhook-(?!.*vectors).*\\.json")) {
			JsonNode event = OpenApiDocument.read(file);
			add(payloads, shapes, event.get("type").asString(), file.getFileName().toString(), event.get("data"));
		}
		Map.of("checkout-created.json", "checkout.updated", "checkout-adhoc.json", "checkout.updated",
				"customer-state.json", "customer.state_changed", "subscription-update.json", "subscription.updated")
			.forEach((file, type) -> add(payloads, shapes, type, file,
					OpenApiDocument.read(directory.resolve("examples").resolve(file))));
		OpenApiDocument.all().forEach((name, document) -> document.webhooks().properties().forEach((webhook) -> {
			String schema = webhook.getValue()
				.at("/post/requestBody/content/application~1json/schema/$ref")
				.asString()
				.replaceFirst(".*/", "");
			int variants = isResource(webhook.getKey()) ? 8 : 0;
			for (int variant = 0; variant < variants; variant++) {
				JsonNode data = new SampleJson(document, variant).of(schema).get("data");
				if (data.get("discount") instanceof ObjectNode discount) {
					discount.put("type", discount.has("basis_points") ? "percentage" : "fixed");
				}
				add(payloads, shapes, webhook.getKey(), name + " " + variant, data);
			}
		}));
		for (Path file : files(directory.resolve("recorded"), "(?!.*raw).*\\.json")) {
			for (JsonNode step : OpenApiDocument.read(file).path("steps")) {
				JsonNode event = step.path("request").path("body");
				if (step.path("kind").asString("").equals("delivery") && event.path("data").isObject()) {
					add(payloads, shapes, event.path("type").asString(""), file.getFileName().toString(),
							withoutLabels(event.get("data")));
				}
			}
		}
		return payloads;
	}

	private static List<Path> files(Path directory, String name) {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().matches(".*/" + name)).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void add(Map<String, ObjectNode> payloads, Set<String> shapes, String type, String origin,
			JsonNode data) {
		if (isResource(type) && shapes.add(PolarEventTypes.payloads().get(type) + shape(data, ""))) {
			payloads.put(type + " " + origin + " " + payloads.size(), (ObjectNode) JSON.readTree(data.toString()));
		}
	}

	private static boolean isResource(String type) {
		return PolarResource.class.isAssignableFrom(PolarEventTypes.payloads().getOrDefault(type, JsonNode.class));
	}

	private static String shape(JsonNode json, String name) {
		if (json.isObject()) {
			TreeMap<String, String> shape = new TreeMap<>();
			json.forEachEntry((key, value) -> shape.put(key, shape(value, key)));
			return shape.toString();
		}
		if (json.isArray()) {
			return new HashSet<>(json.valueStream().map((value) -> shape(value, name)).toList()).toString();
		}
		boolean discriminator = name.equals("amount_type") || (name.equals("type") && json.isString());
		return discriminator ? json.asString() : json.getNodeType().name();
	}

	/**
	 * Recordings have labels for the values that differ from run to run.
	 */
	private static JsonNode withoutLabels(JsonNode data) {
		return JSON.readTree(LABEL.matcher(data.toString()).replaceAll((match) -> {
			String label = match.group();
			if (label.equals("<time>")) {
				return "2026-08-22T09:31:40.118250Z";
			}
			return label.matches("<(id:\\d+|organization)>")
					? UUID.nameUUIDFromBytes(label.getBytes(StandardCharsets.UTF_8)).toString()
					: label.substring(1, label.length() - 1);
		}));
	}

	private void mutate(String name, ObjectNode json, String type) {
		PolarResource original = resource(type, json);
		Map<String, @Nullable Object> before = new LinkedHashMap<>();
		collect(original, "", before);
		before.forEach((path, value) -> {
			if (value instanceof PolarDataException ex) {
				fail("%s of %s: %s", path, name, ex.getMessage());
			}
		});
		assertThat(original.json()).isEqualTo(json);
		String payload = original.getClass().getSimpleName();
		mutateBelow(name, type, json, json, "", payload, before);
	}

	private void mutateBelow(String name, String type, ObjectNode root, JsonNode parent, String path, String key,
			Map<String, @Nullable Object> before) {
		if (parent instanceof ObjectNode object) {
			// the same class is checked once in each payload, wherever it is
			String kind = (before.get(path) instanceof Class<?> resource) ? payload(key) + "/" + resource.getName()
					: key;
			for (String child : List.copyOf(object.propertyNames())) {
				JsonNode value = object.get(child);
				String childKey = kind + "." + (key.endsWith("prices") ? "*" : child);
				String childPath = path.isEmpty() ? child : path + "." + child;
				if (this.covered.add(childKey + ":" + value.getNodeType())) {
					for (JsonNode mutation : MUTATIONS) {
						if (mutation == null) {
							object.remove(child);
						}
						else {
							object.set(child, mutation);
						}
						String affected = affected(object, path, child);
						check(name, type, root, affected, before,
								affected.equals(path) ? MissingNode.getInstance() : value, mutation);
					}
					// keeps the place, too
					object.set(child, value);
				}
				if (hasAccessorsBelow(childPath, before)) {
					mutateBelow(name, type, root, value, childPath, childKey, before);
				}
			}
		}
		else if (parent instanceof ArrayNode array) {
			for (int i = 0; i < array.size(); i++) {
				JsonNode value = array.get(i);
				String childKey = key + "[]";
				if (this.covered.add(childKey + ":" + value.getNodeType() + kind(value))) {
					for (JsonNode mutation : MUTATIONS) {
						if (mutation != null) {
							array.set(i, mutation);
							check(name, type, root, path, before, MissingNode.getInstance(), mutation);
						}
					}
					array.set(i, value);
				}
				mutateBelow(name, type, root, value, path + "[" + i + "]", childKey, before);
			}
		}
	}

	private static boolean hasAccessorsBelow(String path, Map<String, @Nullable Object> values) {
		return values.keySet().stream().anyMatch((other) -> !other.equals(path) && isBelow(other, path));
	}

	private static String payload(String key) {
		return key.replaceFirst("/.*", "");
	}

	private static String kind(JsonNode json) {
		return json.isObject() ? "<" + json.path("amount_type").asString("") + json.path("type").asString("") + ">"
				: "";
	}

	/**
	 * A type that is not known makes another class of a price or a discount.
	 */
	private static String affected(ObjectNode parent, String path, String child) {
		boolean discriminator = child.equals("amount_type")
				|| (child.equals("type") && (path.endsWith("discount") || parent.has("basis_points")));
		return discriminator ? path : (path.isEmpty() ? child : path + "." + child);
	}

	private void check(String name, String type, ObjectNode root, String mutated, Map<String, @Nullable Object> before,
			JsonNode original, @Nullable JsonNode mutation) {
		this.count++;
		PolarResource resource = resource(type, root);
		String what = "%s with %s = %s".formatted(name, mutated, mutation);
		Map<String, @Nullable Object> after = new LinkedHashMap<>();
		collect(resource, "", after);
		before.forEach((path, value) -> {
			if (!isRelated(path, mutated) && !(after.containsKey(path) && equal(value, after.get(path)))) {
				fail("%s: %s was %s and is %s", what, path, value, after.get(path));
			}
		});
		after.forEach((path, value) -> {
			if (value instanceof PolarDataException ex) {
				assertThat(isRelated(path, mutated)).as("%s: %s %s", what, path, ex.getMessage()).isTrue();
				assertThat(ex.getMessage()).as(what).doesNotContain(MARKER);
			}
		});
		boolean otherType = mutation != null && !original.isNull() && !original.isMissingNode()
				&& mutation.getNodeType() != original.getNodeType();
		if (otherType && after.containsKey(mutated) && !mutated.endsWith("unit_amount")) {
			assertThat(isEmpty(after.get(mutated))).as(what + " is " + after.get(mutated)).isTrue();
		}
		String first = mutated.replaceFirst("[.\\[].*", "");
		JsonNode sent = root.path(first);
		assertThat(resource.json().path(first)).as(what).isEqualTo(sent);
		assertThat(resource.property(first) == null).as(what).isEqualTo(sent.isNull() || sent.isMissingNode());
		if (!resource.json().equals(root)) {
			fail("%s: json() is not what Polar sent", what);
		}
		if (resource.toString().contains(MARKER)) {
			fail("%s: %s", what, resource);
		}
	}

	private static boolean equal(@Nullable Object first, @Nullable Object second) {
		return (first != null) ? first.equals(second) : second == null;
	}

	/**
	 * Lists are collected as their sizes.
	 */
	private static boolean isEmpty(@Nullable Object value) {
		return value == null || value instanceof PolarDataException || value.equals(false) || value.equals(0)
				|| value.equals(Map.of());
	}

	private static boolean isRelated(String path, String mutated) {
		return isBelow(path, mutated) || isBelow(mutated, path);
	}

	private static boolean isBelow(String path, String parent) {
		return path.equals(parent) || path.startsWith(parent + ".") || path.startsWith(parent + "[");
	}

	/**
	 * Let a listener hear of the event, and return the payload that it got.
	 */
	private PolarResource resource(String type, ObjectNode data) {
		ObjectNode envelope = JSON.createObjectNode().put("type", type).put("timestamp", "2026-08-22T09:31:40Z");
		envelope.set("data", data);
		PolarEvent<?> event = PolarEvent.read("evt-1", JSON.writeValueAsBytes(envelope));
		this.heard.clear();
		this.listeners.handle(event);
		assertThat(this.heard).hasSize(1);
		assertThat(event.observedBuyer()).matches("known|guest|mismatch|unproven|unreadable");
		assertThat(event.businessKey()).startsWith(type + ":");
		event.organizationId();
		return (PolarResource) this.heard.get(0);
	}

	private static void collect(PolarResource resource, String path, Map<String, @Nullable Object> values) {
		values.put(path, resource.getClass());
		for (Method accessor : ACCESSORS.computeIfAbsent(resource.getClass(), ResourceMutationTests::accessors)) {
			String name = snakeCase(accessor.getName());
			collectValue(call(resource, accessor), path.isEmpty() ? name : path + "." + name, values);
		}
	}

	private static void collectValue(@Nullable Object value, String path, Map<String, @Nullable Object> values) {
		if (value instanceof PolarResource resource) {
			collect(resource, path, values);
		}
		else if (value instanceof List<?> list) {
			values.put(path, list.size());
			for (int i = 0; i < list.size(); i++) {
				collectValue(list.get(i), path + "[" + i + "]", values);
			}
		}
		else if (value instanceof Map<?, ?> map && map.values()
			.stream()
			.anyMatch((each) -> each instanceof List<?> list && !list.isEmpty()
					&& list.get(0) instanceof PolarResource)) {
			values.put(path, map.keySet());
			map.forEach((key, each) -> collectValue(each, path + "." + key, values));
		}
		else {
			values.put(path, value);
		}
	}

	private static List<Method> accessors(Class<?> type) {
		return Arrays.stream(type.getMethods())
			.filter((method) -> method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
					&& !NOT_ACCESSORS.contains(method.getName()))
			.toList();
	}

	private static @Nullable Object call(PolarResource resource, Method accessor) {
		try {
			return accessor.invoke(resource);
		}
		catch (InvocationTargetException ex) {
			if (ex.getCause() instanceof PolarDataException failure) {
				return failure;
			}
			throw new AssertionError(resource.getClass() + "." + accessor.getName() + " failed", ex.getCause());
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String snakeCase(String name) {
		return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
	}

	/**
	 * Every type is of interest, as in an application that listens to everything.
	 */
	record Recorder(List<Object> heard) {

		@PolarEventListener
		void hear(Object payload, PolarEventMetadata metadata) {
			assertThat(metadata.timestamp()).isNotNull();
			this.heard.add(payload);
		}

	}

}
