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

package io.github.polarspring.sample;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.usage.PolarUsageProperties;
import io.github.polarspring.autoconfigure.webhook.PolarInboxProperties;
import io.github.polarspring.clientip.ClientIpResolver;
import io.github.polarspring.identity.IdentityStrategy;
import io.github.polarspring.test.autoconfigure.PolarFakeProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the metadata of the configuration properties, by which editors complete and
 * check them: against the classes, and against the tables of the reference.
 */
class ConfigurationMetadataTests {

	/**
	 * The most special ones first.
	 */
	private static final Map<String, Class<?>> CLASSES;

	static {
		CLASSES = new TreeMap<>(Collections.reverseOrder());
		CLASSES.put("polar", PolarProperties.class);
		CLASSES.put("polar.webhook.jdbc", PolarInboxProperties.class);
		CLASSES.put("polar.usage", PolarUsageProperties.class);
		CLASSES.put("polar.fake", PolarFakeProperties.class);
	}

	private static Map<String, JsonNode> metadata(String kind) throws IOException {
		Map<String, JsonNode> items = new TreeMap<>();
		for (URL url : Collections.list(ConfigurationMetadataTests.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream in = url.openStream()) {
				for (JsonNode item : JsonMapper.shared().readTree(in).path(kind)) {
					String name = item.get("name").stringValue();
					if (name.matches("(management\\..+\\.)?polar.+")) {
						assertThat(items.put(name, item)).as(name).isNull();
					}
				}
			}
		}
		return items;
	}

	static Stream<JsonNode> properties() throws IOException {
		return metadata("properties").values().stream();
	}

	static Stream<JsonNode> ownProperties() throws IOException {
		return properties().filter((property) -> property.get("name").stringValue().startsWith("polar."));
	}

	static Stream<JsonNode> hints() throws IOException {
		return metadata("hints").values().stream();
	}

	private static String text() {
		return Page.all().stream().map(Page::text).collect(Collectors.joining());
	}

	private static String row(String property) {
		return Page.rows()
			.stream()
			.filter((row) -> row.property().equals(property))
			.map(Page.Row::description)
			.findFirst()
			.orElse("");
	}

	private static Class<?> type(JsonNode property) throws ClassNotFoundException {
		return ClassUtils.forName(property.get("type").stringValue().replaceFirst("<.*", ""),
				ConfigurationMetadataTests.class.getClassLoader());
	}

	private static String defaultOf(JsonNode property) {
		JsonNode value = property.path("defaultValue");
		return value.isArray() ? String.join(",", value.valueStream().map(JsonNode::asString).toList())
				: value.asString("");
	}

	private static String root(String name) {
		return CLASSES.keySet().stream().filter((root) -> name.startsWith(root + ".")).findFirst().orElseThrow();
	}

	private static Object bind(String root, Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(root,
				Bindable.of(CLASSES.get(root)));
	}

	private static Object valueOf(Object bound, String name) {
		StringBuilder path = new StringBuilder();
		for (String word : name.substring(root(name).length() + 1).split("-")) {
			path.append(path.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
		}
		return PropertyAccessorFactory.forBeanPropertyAccess(bound).getPropertyValue(path.toString());
	}

	@Test
	void referenceHasAllPropertiesOnceAndTheirDefaults() throws IOException {
		List<String> documented = Page.rows()
			.stream()
			.map((row) -> row.property() + "=" + row.defaultValue())
			.sorted()
			.toList();
		List<String> actual = ownProperties()
			.map((property) -> property.get("name").stringValue() + "=" + defaultOf(property))
			.sorted()
			.toList();
		assertThat(documented).isEqualTo(actual);
		assertThat(Page.rows()).allMatch((row) -> row.page().startsWith("docs/reference/"));
	}

	/**
	 * All properties on one page, which is not checked in.
	 */
	@Test
	void pageWithAllPropertiesIsGenerated() throws IOException {
		StringBuilder page = new StringBuilder(
				"# All properties\n\n| property | default | description |\n| --- | --- | --- |\n");
		Page.rows()
			.stream()
			.sorted(Comparator.comparing(Page.Row::property))
			.forEach((row) -> page.append("| `%s` | %s | %s |\n".formatted(row.property(),
					row.defaultValue().isEmpty() ? "" : "`" + row.defaultValue() + "`", row.description())));
		Path file = Path.of("target", "docs", "properties.md");
		Files.createDirectories(file.getParent());
		Files.writeString(file, page);
		assertThat(file).content().contains("| `polar.access-token` |", "| `polar.webhook.secret` |");
	}

	@ParameterizedTest
	@MethodSource("properties")
	void propertyHasATypeAndADescription(JsonNode property) throws ClassNotFoundException {
		Class<?> type = type(property);
		assertThat(type.isPrimitive()).isFalse();
		assertThat(property.path("description").asString("")).matches("[A-Z'].*[^.]\\.")
			.doesNotMatch("(The|An?) .*")
			.doesNotContain("{@", "<");
		if (type == Boolean.class) {
			assertThat(property.get("description").stringValue()).startsWith("Whether ");
			assertThat(property.has("defaultValue") || property.get("description").stringValue().contains("By default"))
				.isTrue();
		}
	}

	@ParameterizedTest
	@MethodSource("ownProperties")
	void defaultIsWhatTheClassHas(JsonNode property) {
		String name = property.get("name").stringValue();
		Object actual = valueOf(bind(root(name), Map.of()), name);
		if (property.has("defaultValue")) {
			assertThat(actual).isNotNull()
				.isEqualTo(valueOf(bind(root(name), Map.of(name, defaultOf(property))), name));
		}
		else {
			assertThat(actual instanceof Collection<?> values && values.isEmpty()
					|| actual instanceof Map<?, ?> map && map.isEmpty() || actual == null)
				.isTrue();
		}
	}

	@ParameterizedTest
	@MethodSource("ownProperties")
	void referenceNamesAllValuesOfAProperty(JsonNode property) throws Exception {
		String name = property.get("name").stringValue();
		Class<?> type = type(property);
		Stream<String> values = type.isEnum() ? Arrays.stream(type.getEnumConstants())
			.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-')) : Stream.empty();
		if (name.equals("polar.fake.products")) {
			values = Arrays.stream(PolarFakeProperties.Product.class.getRecordComponents())
				.map(RecordComponent::getName);
		}
		String row = "`" + defaultOf(property) + "` " + row(name);
		assertThat(values).allSatisfy((value) -> assertThat(row).contains("`" + value + "`"));
	}

	@Test
	void whatIsCompletedIsNotLeftToGuesswork() throws IOException {
		assertThat(metadata("hints")).containsOnlyKeys("polar.client-ip.headers", "polar.client-ip.trusted-proxies",
				"polar.webhook.jdbc.platform", "polar.webhook.jdbc.schema");
		assertThat(metadata("properties")).containsKeys(metadata("hints").keySet().toArray(String[]::new));
	}

	@ParameterizedTest
	@MethodSource("hints")
	void hintsAreOfferedAndDoNotForbidOthers(JsonNode hint) {
		List<String> providers = hint.path("providers")
			.valueStream()
			.map((it) -> it.get("name").stringValue())
			.toList();
		assertThat(providers).containsExactly(hint.has("values") ? "any" : "handle-as");
		for (JsonNode value : hint.path("values")) {
			assertThat(value.path("description").asString("")).matches("[A-Z].*[^.]\\.");
		}
	}

	private static List<String> offered(String property) throws IOException {
		return metadata("hints").get(property)
			.get("values")
			.valueStream()
			.map((value) -> value.get("value").stringValue())
			.toList();
	}

	@Test
	void whatIsOfferedIsKnown() throws IOException {
		assertThat(offered("polar.client-ip.trusted-proxies"))
			.allSatisfy((value) -> assertThat(ClientIpResolver.of(List.of(value))).isNotNull());
		assertThat(offered("polar.client-ip.headers")).allSatisfy((value) -> {
			assertThat(ClientIpResolver.of(List.of("private"), List.of(value))).isNotNull();
			assertThat(text()).contains(value);
		});
		assertThat(offered("polar.client-ip.trusted-proxies"))
			.allSatisfy((value) -> assertThat(row("polar.client-ip.trusted-proxies")).contains("`" + value + "`"));
		assertThat(List.of(IdentityStrategy.values()))
			.map((strategy) -> strategy.name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.allSatisfy((value) -> assertThat(row("polar.identity.strategy")).contains("`" + value + "`"));
		Resource[] scripts = new PathMatchingResourcePatternResolver()
			.getResources("classpath*:io/github/polarspring/webhook/jdbc/schema-*.sql");
		assertThat(offered("polar.webhook.jdbc.platform")).map((platform) -> "schema-" + platform + ".sql")
			.containsExactlyInAnyOrderElementsOf(Arrays.stream(scripts).map(Resource::getFilename).toList());
	}

	@Test
	void otherPropertiesOfTheReferenceAreKnown() throws IOException {
		Matcher name = Pattern.compile("`(management\\.[\\w.-]*polar[\\w.-]*)[:`]").matcher(text());
		List<String> names = name.results().map((result) -> result.group(1)).distinct().toList();
		assertThat(names).hasSizeGreaterThan(3);
		assertThat(metadata("properties").keySet()).containsAll(names);
	}

}
