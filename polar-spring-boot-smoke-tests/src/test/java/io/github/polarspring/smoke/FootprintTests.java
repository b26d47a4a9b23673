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

package io.github.polarspring.smoke;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the starter brings along.
 */
class FootprintTests {

	private static final String LIBRARY = "io.github.polarspring:polar-spring";

	private static final String AUTOCONFIGURE = "io.github.polarspring:polar-spring-boot-autoconfigure";

	private static final String STARTER = "io.github.polarspring:polar-spring-boot-starter";

	private static final String TEST = "io.github.polarspring:polar-spring-boot-test";

	private static final String WIREMOCK = "org.wiremock:wiremock-standalone";

	private static final String BOOT = "org.springframework.boot:spring-boot-starter-restclient";

	@Test
	void starterBringsACacheAndWhatSpringBootDoes() throws IOException {
		DependencyTree tree = DependencyTree.of("polar-spring-boot-starter");
		Set<String> springBoot = tree.broughtBy(BOOT);
		assertThat(springBoot).contains("org.springframework:spring-core", "tools.jackson.core:jackson-databind",
				"ch.qos.logback:logback-classic");
		assertThat(tree.broughtBy(STARTER)).containsAll(springBoot)
			.filteredOn((artifact) -> !springBoot.contains(artifact))
			.containsExactlyInAnyOrder(STARTER, AUTOCONFIGURE, LIBRARY, "com.github.ben-manes.caffeine:caffeine");
	}

	@Test
	void fakeBringsWireMockAndNothingElse() throws IOException {
		DependencyTree tree = DependencyTree.of("polar-spring-boot-test");
		assertThat(tree.children(TEST)).containsExactly(AUTOCONFIGURE, WIREMOCK);
		assertThat(tree.children(WIREMOCK)).isEmpty();
	}

	@Test
	void readmeShowsTheTree() throws IOException {
		Matcher shown = Pattern.compile("^```\n(" + STARTER + ":jar:.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
			.matcher(Files.readString(Path.of("..", "README.md")));
		assertThat(shown.find()).isTrue();
		assertThat(lines(DependencyTree.read(shown.group(1))))
			.isEqualTo(lines(DependencyTree.of("polar-spring-boot-starter")));
	}

	/**
	 * Without versions: those are Spring Boot's.
	 */
	private static List<String> lines(DependencyTree tree) {
		return tree.nodes().stream().map((node) -> node.depth() + " " + node.artifact() + " " + node.scope()).toList();
	}

}
