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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.test.autoconfigure.PolarFakeProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the README says.
 */
class ReadmeTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern TYPE = Pattern.compile("^(?:class|interface|record|@interface) (\\w+)",
			Pattern.MULTILINE);

	private static String readme() throws IOException {
		return Files.readString(ROOT.resolve("README.md"));
	}

	static List<String> blocks(String language) throws IOException {
		Matcher matcher = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
			.matcher(readme());
		List<String> blocks = new ArrayList<>();
		while (matcher.find()) {
			blocks.add(matcher.group(1));
		}
		assertThat(blocks).isNotEmpty();
		return blocks;
	}

	static Stream<String> javaBlocks() throws IOException {
		return blocks("java").stream();
	}

	static Stream<String> yamlBlocks() throws IOException {
		return blocks("yaml").stream().filter((block) -> !block.startsWith(MigrationTests.CHANGELOG));
	}

	@ParameterizedTest
	@MethodSource("javaBlocks")
	void javaCompiles(String source, @TempDir Path classes) {
		Matcher type = TYPE.matcher(source);
		assertThat(type.find()).isTrue();
		JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///" + type.group(1) + ".java"),
				JavaFileObject.Kind.SOURCE) {

			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return source;
			}

		};
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter messages = new StringWriter();
		boolean compiled = compiler
			.getTask(messages, null, null,
					List.of("-d", classes.toString(), "-proc:none", "-Xlint:all", "-Xlint:-classfile,-options,-serial",
							"-Werror", "-classpath", System.getProperty("java.class.path")),
					null, List.of(file))
			.call();
		assertThat(compiled).withFailMessage(messages::toString).isTrue();
	}

	@ParameterizedTest
	@MethodSource("yamlBlocks")
	void yamlBindsToTheProperties(String yaml) throws IOException {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("readme",
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		assertThat(sources).hasSize(1);
		Binder binder = new Binder(ConfigurationPropertySources.from(sources.get(0)));
		NoUnboundElementsBindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT);
		if (sources.get(0).containsProperty("polar.fake.enabled")) {
			assertThat(binder.bind("polar.fake", Bindable.of(PolarFakeProperties.class), strict).isBound()).isTrue();
		}
		else {
			PolarProperties properties = binder.bind("polar", Bindable.of(PolarProperties.class), strict).get();
			properties.afterPropertiesSet();
		}
	}

	@Test
	void quickstartIsTheFirstOfEachSnippet() throws IOException {
		Path quickstart = ROOT.resolve("docs/quickstart");
		assertThat(Files.readString(quickstart.resolve("pom.xml"))).containsIgnoringWhitespaces(blocks("xml").get(0));
		Path resources = quickstart.resolve("src/main/resources");
		assertThat(resources.resolve("application.yml")).hasContent(blocks("yaml").get(0));
		assertThat(Files.readString(resources.resolve("templates/index.html"))).contains(blocks("html").get(0));
		assertThat(quickstart.resolve("src/main/java/shop/ShopController.java"))
			.hasContent("package shop;\n\n" + blocks("java").get(0));
	}

	@Test
	void versionsOfSpringBootAreThoseThatAreTested() throws IOException {
		List<String> versions = Pattern.compile("<spring-boot.version>([^<]+)<")
			.matcher(Files.readString(ROOT.resolve("pom.xml")))
			.results()
			.map((version) -> version.group(1))
			.toList();
		assertThat(versions).hasSize(2);
		assertThat(readme()).contains("with Spring Boot " + versions.get(0) + " and " + versions.get(1));
		assertThat(Files.readString(ROOT.resolve("docs/quickstart/pom.xml")))
			.contains("<version>" + versions.get(0) + "</version>");
	}

	@Test
	void dependenciesAreThoseOfThisBuild() throws Exception {
		for (String block : blocks("xml")) {
			Document document = DocumentBuilderFactory.newInstance()
				.newDocumentBuilder()
				.parse(new ByteArrayInputStream(("<x>" + block + "</x>").getBytes(StandardCharsets.UTF_8)));
			for (int i = 0; i < document.getElementsByTagName("artifactId").getLength(); i++) {
				String artifactId = document.getElementsByTagName("artifactId").item(i).getTextContent();
				String version = document.getElementsByTagName("version").item(i).getTextContent();
				assertThat(Files.readString(ROOT.resolve(artifactId).resolve("pom.xml")))
					.contains("<artifactId>" + artifactId + "</artifactId>", "<version>" + version + "</version>");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/decisions.md",
			"docs/inbox.md", "docs/outages.md", "docs/performance.md", "docs/releasing.md", "docs/testing.md",
			"docs/upgrading.md" })
	void linksLeadToFiles(String document) throws IOException {
		Path path = ROOT.resolve(document);
		Matcher link = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(Files.readString(path));
		List<String> files = new ArrayList<>();
		while (link.find()) {
			if (!link.group(1).startsWith("http")) {
				files.add(link.group(1));
			}
		}
		assertThat(files).isNotEmpty().allSatisfy((file) -> assertThat(path.resolveSibling(file)).isRegularFile());
	}

	/**
	 * A table ends at each bar, also within code.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/inbox.md", "docs/outages.md",
			"docs/performance.md", "docs/testing.md", "docs/upgrading.md" })
	void noBarEndsACellWithinCode(String document) throws IOException {
		List<String> rows = Files.readAllLines(ROOT.resolve(document))
			.stream()
			.filter((line) -> line.startsWith("| "))
			.toList();
		assertThat(rows).isNotEmpty();
		for (String row : rows) {
			for (String cell : row.split("(?<!\\\\)\\|")) {
				assertThat(cell.chars().filter((c) -> c == '`').count() % 2).as(row).isZero();
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "README.md,20", "docs/inbox.md,0", "docs/outages.md,2", "docs/testing.md,0" })
	void testsThatAreNamedExist(String document, int atLeast) throws IOException {
		Path path = ROOT.resolve(document);
		Matcher link = Pattern.compile("\\[((?:`\\w+`,? ?)+)\\]\\(([^)]+Tests\\.java)\\)")
			.matcher(Files.readString(path));
		int tests = 0;
		while (link.find()) {
			String source = Files.readString(path.resolveSibling(link.group(2)));
			for (String test : link.group(1).split("[`, ]+")) {
				if (!test.isEmpty() && !link.group(2).endsWith("/" + test + ".java")) {
					assertThat(source).contains(" " + test + "(");
					tests++;
				}
			}
		}
		assertThat(tests).isGreaterThanOrEqualTo(atLeast);
	}

}
