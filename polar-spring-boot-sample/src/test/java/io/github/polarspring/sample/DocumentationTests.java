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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.usage.PolarUsageProperties;
import io.github.polarspring.test.autoconfigure.PolarFakeProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the documentation: snippets compile, links and anchors exist, tables match
 * the code.
 */
class DocumentationTests {

	private static final Path ROOT = Page.ROOT;

	private static final Pattern TYPE = Pattern.compile("^(?:class|interface|record|@interface) (\\w+)",
			Pattern.MULTILINE);

	private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^]]*]\\(([^)\\s]+)\\)|!\\[[^]]*]\\(([^)\\s]+)\\)");

	private static final Pattern TESTS = Pattern.compile("\\[((?:`\\w+`,? ?)+)]\\(([^)]+Tests\\.java)\\)");

	/**
	 * Pages that may be longer: decisions are read one by one.
	 */
	private static final Map<String, Integer> MAX_LINES = Map.of("README.md", 250, "docs/explanation/decisions.md", 310,
			"CHANGELOG.md", 1000);

	static List<Page> pages() {
		return Page.all();
	}

	static List<Page.Block> javaBlocks() {
		return Page.blocks("java");
	}

	static List<Page.Excerpt> excerpts() {
		return Page.excerpts();
	}

	static Stream<Page.Block> yamlBlocks() {
		return Page.blocks("yaml").stream().filter((block) -> !block.text().startsWith(MigrationTests.CHANGELOG));
	}

	@ParameterizedTest
	@MethodSource("javaBlocks")
	void javaCompiles(Page.Block block, @TempDir Path classes) {
		String source = block.text();
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
	void yamlBindsToTheProperties(Page.Block block) throws IOException {
		String yaml = block.text();
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("readme",
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		assertThat(sources).hasSize(1);
		Binder binder = new Binder(ConfigurationPropertySources.from(sources.get(0)));
		NoUnboundElementsBindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT);
		List<String> names = List.of(((EnumerablePropertySource<?>) sources.get(0)).getPropertyNames());
		if (names.stream().anyMatch((name) -> name.startsWith("polar.fake."))) {
			assertThat(binder.bind("polar.fake", Bindable.of(PolarFakeProperties.class), strict).isBound()).isTrue();
		}
		else if (names.stream().allMatch((name) -> name.startsWith("polar.usage."))) {
			assertThat(binder.bind("polar.usage", Bindable.of(PolarUsageProperties.class), strict).isBound()).isTrue();
		}
		else {
			ConfigurationPropertyName usage = ConfigurationPropertyName.of("polar.usage");
			Iterable<ConfigurationPropertySource> others = StreamSupport
				.stream(ConfigurationPropertySources.from(sources.get(0)).spliterator(), false)
				.map((source) -> source.filter((name) -> !usage.isAncestorOf(name)))
				.toList();
			new Binder(others).bindOrCreate("polar", Bindable.of(PolarProperties.class), strict).afterPropertiesSet();
			binder.bindOrCreate(usage, Bindable.of(PolarUsageProperties.class), strict).afterPropertiesSet();
		}
	}

	/**
	 * Members and statements are not indented on the page.
	 */
	@ParameterizedTest
	@MethodSource("excerpts")
	void excerptIsInTheFile(Page.Excerpt excerpt) throws IOException {
		String text = excerpt.text();
		assertThat(Files.readString(ROOT.resolve(excerpt.file()))).containsAnyOf(text, indented(text, "\t"),
				indented(text, "\t\t"));
	}

	private static String indented(String text, String indent) {
		return text.replaceAll("(?m)^(?=.)", indent);
	}

	@Test
	void quickstartIsTheFirstOfEachSnippet() throws IOException {
		Page readme = Page.of("README.md");
		Path quickstart = ROOT.resolve("docs/quickstart");
		assertThat(Files.readString(quickstart.resolve("pom.xml")))
			.containsIgnoringWhitespaces(readme.ownBlocks("xml").get(0).text());
		Path resources = quickstart.resolve("src/main/resources");
		assertThat(resources.resolve("application.yml")).hasContent(readme.ownBlocks("yaml").get(0).text());
		assertThat(Files.readString(resources.resolve("templates/index.html")))
			.contains(readme.ownBlocks("html").get(0).text());
		assertThat(quickstart.resolve("src/main/java/shop/ShopController.java"))
			.hasContent("package shop;\n\n" + readme.ownBlocks("java").get(0).text());
	}

	@Test
	void versionsOfSpringBootAreThoseThatAreTested() throws IOException {
		List<String> versions = Pattern.compile("<spring-boot.version>([^<]+)<")
			.matcher(Files.readString(ROOT.resolve("pom.xml")))
			.results()
			.map((version) -> version.group(1))
			.toList();
		assertThat(versions).hasSize(2);
		assertThat(Page.of("README.md").text())
			.contains("with Spring Boot " + versions.get(0) + " and " + versions.get(1));
		assertThat(Files.readString(ROOT.resolve("docs/quickstart/pom.xml")))
			.contains("<version>" + versions.get(0) + "</version>");
	}

	@Test
	void dependenciesAreThoseOfThisBuild() throws Exception {
		for (Page.Block block : Page.blocks("xml")) {
			Document document = DocumentBuilderFactory.newInstance()
				.newDocumentBuilder()
				.parse(new ByteArrayInputStream(("<x>" + block.text() + "</x>").getBytes(StandardCharsets.UTF_8)));
			NodeList artifacts = document.getElementsByTagName("artifactId");
			NodeList versions = document.getElementsByTagName("version");
			if (artifacts.getLength() == 1 && artifacts.item(0).getTextContent().startsWith("spring-boot-")) {
				assertThat(versions.getLength()).as("version, which Spring Boot manages").isZero();
				continue;
			}
			for (int i = 0; i < artifacts.getLength(); i++) {
				String artifactId = artifacts.item(i).getTextContent();
				String version = versions.item(i).getTextContent();
				assertThat(Files.readString(ROOT.resolve(artifactId).resolve("pom.xml")))
					.contains("<artifactId>" + artifactId + "</artifactId>", "<version>" + version + "</version>");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void linksAndAnchorsExist(Page page) {
		LINK.matcher(page.prose())
			.results()
			.map((link) -> (link.group(1) != null) ? link.group(1) : link.group(2))
			.filter((link) -> !link.matches("(https?|mailto):.*"))
			.forEach((link) -> {
				String[] parts = link.split("#", 2);
				Path file = parts[0].isEmpty() ? ROOT.resolve(page.path())
						: ROOT.resolve(page.path()).resolveSibling(parts[0]).normalize();
				assertThat(file).as("%s in %s", link, page).exists();
				if (parts.length > 1 && file.toString().endsWith(".md")) {
					assertThat(Page.of(ROOT.relativize(file.normalize()).toString()).anchors())
						.as("%s in %s", link, page)
						.contains(parts[1]);
				}
			});
	}

	@Test
	void everyPageCanBeReachedFromTheReadme() {
		Set<String> reached = new HashSet<>();
		Deque<String> open = new ArrayDeque<>(List.of("README.md"));
		while (!open.isEmpty()) {
			String path = open.remove();
			if (reached.add(path)) {
				LINK.matcher(Page.of(path).prose())
					.results()
					.map((link) -> String.valueOf(link.group(1)).split("#")[0])
					.filter((link) -> link.endsWith(".md") && !link.startsWith("http"))
					.map((link) -> ROOT.relativize(ROOT.resolve(path).resolveSibling(link).normalize()).toString())
					.forEach(open::add);
			}
		}
		assertThat(reached).containsAll(Page.all().stream().map(Page::path).toList());
	}

	@ParameterizedTest
	@MethodSource("pages")
	void pageIsShort(Page page) {
		assertThat(page.lines()).isLessThanOrEqualTo(MAX_LINES.getOrDefault(page.path(), 200));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void barWithinCodeIsEscaped(Page page) {
		page.prose().lines().filter((line) -> line.startsWith("| ")).forEach((row) -> {
			for (String cell : row.split("(?<!\\\\)\\|")) {
				assertThat(cell.chars().filter((c) -> c == '`').count() % 2).as(row).isZero();
			}
		});
	}

	@Test
	void testsThatPagesNameExist() throws IOException {
		int tests = 0;
		for (Page page : Page.all()) {
			Matcher link = TESTS.matcher(page.text());
			while (link.find()) {
				String source = Files.readString(ROOT.resolve(page.path()).resolveSibling(link.group(2)));
				for (String test : link.group(1).split("[`, ]+")) {
					if (!test.isEmpty() && !link.group(2).endsWith("/" + test + ".java")) {
						assertThat(source).as(page.path()).contains(" " + test + "(");
						tests++;
					}
				}
			}
		}
		assertThat(tests).isGreaterThanOrEqualTo(22);
	}

	@Test
	void codingAgentsAreToldOfEveryAnnotationAndOfNothingElse() throws IOException {
		String page = Page.of("docs/how-to/coding-agents.md").text();
		Map<String, String> types = publicTypes();
		List<String> annotations = types.keySet()
			.stream()
			.filter((name) -> types.get(name).contains("public @interface " + name))
			.toList();
		assertThat(annotations).contains("PolarCheckout", "WithPolarFake")
			.allSatisfy((name) -> assertThat(page).containsPattern("`@" + name + "\\b"));
		Matcher version = Pattern.compile("polar-spring-boot-starter:([^`]+)`").matcher(page);
		assertThat(version.find()).isTrue();
		assertThat(Files.readString(ROOT.resolve("pom.xml"))).contains("<version>" + version.group(1) + "</version>");
		assertThat(Pattern.compile("\\b(?:With)?Polar[A-Z]\\w+").matcher(page).results().map(MatchResult::group))
			.isNotEmpty()
			.isSubsetOf(types.keySet());
	}

	private static Map<String, String> publicTypes() throws IOException {
		Map<String, String> types = new TreeMap<>();
		for (String module : List.of("polar-spring", "polar-spring-boot-autoconfigure", "polar-spring-boot-test")) {
			try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
				for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
					types.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
				}
			}
		}
		return types;
	}

}
