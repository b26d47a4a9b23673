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
 * Class paths of applications: what a module brings along, these tests, and the named
 * libraries.
 */
final class ClassPath {

	private static final String TESTS = "polar-spring-boot-smoke-tests";

	private static final String OURS = "io.github.polarspring:";

	private ClassPath() {
	}

	/**
	 * Return a class path.
	 * @param module the starter, or a module that it brings along
	 * @param libraries what else is on the class path
	 */
	static List<Path> of(String module, Collection<Library> libraries) throws IOException {
		DependencyTree tree = DependencyTree.of("polar-spring-boot-starter");
		Set<String> brought = tree.broughtBy(OURS + module);
		Set<String> jars = new HashSet<>();
		tree.nodes()
			.stream()
			.filter((node) -> brought.contains(node.artifact()))
			.forEach((node) -> jars.add(node.jar()));
		List<Path> classPath = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path path = Path.of(entry);
			String artifact = artifact(path);
			if (artifact.equals(TESTS) || brought.contains(OURS + artifact)
					|| jars.contains(path.getFileName().toString()) || isOneOf(libraries, artifact)) {
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
