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

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.springframework.util.PatternMatchUtils;

/**
 * Class paths of applications: the starter's own tree, these tests, and what else is
 * named.
 */
final class ClassPath {

	private static final Set<String> OURS = Set.of("polar-spring-boot-autoconfigure", "polar-spring-boot-smoke-tests");

	private ClassPath() {
	}

	static List<Path> of(Collection<Library> libraries) throws IOException {
		Set<String> jars = new HashSet<>();
		DependencyTree.of("polar-spring-boot-starter").nodes().forEach((node) -> jars.add(node.jar()));
		List<Path> classPath = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path path = Path.of(entry);
			String artifact = artifact(path);
			if (OURS.contains(artifact) || jars.contains(path.getFileName().toString())
					|| isOneOf(libraries, artifact)) {
				classPath.add(path);
			}
		}
		return classPath;
	}

	/**
	 * Of a jar, or of the directory of a module's classes.
	 */
	private static String artifact(Path path) {
		return path.toString().endsWith(".jar") ? path.getFileName().toString().replaceFirst("-\\d[^/]*$", "")
				: path.getParent().getParent().getFileName().toString();
	}

	private static boolean isOneOf(Collection<Library> libraries, String artifact) {
		return libraries.stream()
			.flatMap((library) -> library.artifacts().stream())
			.anyMatch((pattern) -> PatternMatchUtils.simpleMatch(pattern, artifact));
	}

}
