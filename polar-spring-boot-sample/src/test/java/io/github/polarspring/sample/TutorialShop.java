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

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;
import org.springframework.util.PatternMatchUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application that a reader of the tutorials builds: the quickstart, and the snippets
 * of the pages. It runs in a separate process, without the dependencies that the pages do
 * not mention.
 */
final class TutorialShop implements AutoCloseable {

	private static final Pattern TYPE = Pattern.compile("^(?:public )?class (\\w+)", Pattern.MULTILINE);

	private static final String[] UNMENTIONED = { "polar-spring-test-support-*", "spring-boot-jdbc-*",
			"spring-boot-sql-*", "spring-jdbc-*", "HikariCP-*", "h2-*", "flyway-*", "liquibase-*",
			"spring-boot-actuator-*", "spring-boot-health-*", "spring-ai-*", "selenium-*" };

	private static final String[] SECURITY = { "spring-boot-security-*", "spring-security-*" };

	private final Path directory;

	private final List<Path> settings = new ArrayList<>();

	private boolean secured;

	private @Nullable Process process;

	TutorialShop(Path directory) throws IOException {
		this.directory = directory;
		FileSystemUtils.copyRecursively(Page.ROOT.resolve("docs/quickstart/src/main"), directory);
		this.settings.add(directory.resolve("resources/application.yml"));
	}

	/**
	 * Add the dependency {@code spring-boot-starter-security}.
	 */
	void addSecurity() {
		this.secured = true;
	}

	/**
	 * Add the class of a page, in the package of the application.
	 */
	void addClass(Page page, String name) throws IOException {
		String source = block(page, "java", "class " + name + " ");
		Files.writeString(this.directory.resolve("java/shop/" + name + ".java"), "package shop;\n\n" + source);
	}

	/**
	 * Merge settings of a page with those that are there.
	 */
	void addSettings(Page page, String part) throws IOException {
		Path file = this.directory.resolve("settings-" + this.settings.size() + ".yml");
		this.settings.add(Files.writeString(file, block(page, "yaml", part)));
	}

	/**
	 * Add a template with the markup of a page.
	 */
	void addTemplate(Page page, String name, String part) throws IOException {
		Files.writeString(template(name), block(page, "html", part));
	}

	/**
	 * Add the markup of a page before some markup of a template.
	 */
	void addToTemplate(Page page, String name, String part, String before) throws IOException {
		String template = Files.readString(template(name));
		assertThat(template).containsOnlyOnce(before);
		Files.writeString(template(name), template.replace(before, block(page, "html", part) + before));
	}

	private Path template(String name) {
		return this.directory.resolve("resources/templates/" + name);
	}

	private static String block(Page page, String language, String part) {
		List<String> blocks = page.ownBlocks(language)
			.stream()
			.map(Page.Block::text)
			.filter((text) -> text.contains(part))
			.toList();
		assertThat(blocks).as(page + " has one " + language + " block with " + part).hasSize(1);
		return blocks.get(0);
	}

	/**
	 * Start the application, or start it again.
	 * @return the URL of the application
	 */
	String start() throws IOException {
		close();
		Path classes = Files.createDirectories(this.directory.resolve("target/classes"));
		String classPath = classPath();
		compile(classes, classPath);
		String locations = this.settings.stream().map(Path::toString).collect(Collectors.joining(","));
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp",
				classes + File.pathSeparator + this.directory.resolve("resources") + File.pathSeparator + classPath,
				"shop.ShopApplication", "--server.port=0", "--spring.config.location=" + locations)
			.redirectErrorStream(true)
			.redirectOutput(log().toFile());
		builder.environment()
			.keySet()
			.removeIf((name) -> name.startsWith("POLAR_") || name.startsWith("SPRING_") || name.startsWith("SERVER_"));
		this.process = builder.start();
		return "http://localhost:" + awaitLog("Tomcat started on port (\\d+)").group(1);
	}

	private void compile(Path classes, String classPath) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter messages = new StringWriter();
		try (Stream<Path> sources = Files.list(this.directory.resolve("java/shop"));
				StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
			boolean compiled = compiler
				.getTask(messages, files, null,
						List.of("-d", classes.toString(), "-proc:none", "-parameters", "-classpath", classPath), null,
						files.getJavaFileObjectsFromPaths(sources.toList()))
				.call();
			assertThat(compiled).withFailMessage(messages::toString).isTrue();
		}
	}

	private String classPath() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).filter((entry) -> {
			String name = Path.of(entry).getFileName().toString();
			boolean module = entry.contains("polar-spring-boot-sample" + File.separator + "target")
					|| entry.contains("polar-spring-test-support" + File.separator + "target");
			return !module && !PatternMatchUtils.simpleMatch(UNMENTIONED, name)
					&& (this.secured || !PatternMatchUtils.simpleMatch(SECURITY, name));
		}).collect(Collectors.joining(File.pathSeparator));
	}

	private Path log() {
		return this.directory.resolve("log");
	}

	/**
	 * Wait until the log contains a match, and return the last one.
	 */
	MatchResult awaitLog(String expression) {
		Pattern pattern = Pattern.compile(expression);
		return Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			String log = Files.readString(log());
			assertThat(this.process).as(log).matches((process) -> process != null && process.isAlive(), "is running");
			return pattern.matcher(log).results().reduce((first, last) -> last);
		}, Optional::isPresent).orElseThrow();
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.destroy();
			this.process.onExit()
				.completeOnTimeout(this.process, 30, TimeUnit.SECONDS)
				.thenAccept(Process::destroyForcibly)
				.join();
			this.process = null;
		}
	}

}
