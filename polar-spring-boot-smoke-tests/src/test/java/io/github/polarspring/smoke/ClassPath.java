package io.github.polarspring.smoke;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
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

	private static final String OURS = "polar-spring-boot-autoconfigure-";

	private ClassPath() {
	}

	static List<Path> of(Collection<Library> libraries) throws IOException {
		Set<String> jars = new HashSet<>();
		DependencyTree.of("polar-spring-boot-starter").nodes().forEach((node) -> jars.add(node.jar()));
		List<Path> classPath = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path path = Path.of(entry);
			String name = path.getFileName().toString();
			if (Files.isDirectory(path) || name.startsWith(OURS) || jars.contains(name) || isOneOf(libraries, name)) {
				classPath.add(path);
			}
		}
		return classPath;
	}

	private static boolean isOneOf(Collection<Library> libraries, String jar) {
		String artifact = jar.replaceFirst("-\\d[^/]*\\.jar$", "");
		return libraries.stream()
			.flatMap((library) -> library.artifacts().stream())
			.anyMatch((pattern) -> PatternMatchUtils.simpleMatch(pattern, artifact));
	}

}
