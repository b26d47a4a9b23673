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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a module brings to an application, as its build has printed it.
 */
final class DependencyTree {

	private static final Pattern LINE = Pattern
		.compile("^([|+\\\\ -]*)\\(?([\\w.-]+):([\\w.-]+):jar:([\\w.-]+)(?::(\\w+))?(.*)$");

	private final List<Node> nodes = new ArrayList<>();

	private DependencyTree(List<String> lines) {
		for (String line : lines) {
			Matcher matcher = LINE.matcher(line);
			if (!matcher.matches()) {
				throw new IllegalArgumentException("Not a line of a tree: " + line);
			}
			this.nodes.add(new Node(matcher.group(1).length() / 3, matcher.group(2) + ":" + matcher.group(3),
					matcher.group(3) + "-" + matcher.group(4) + ".jar", matcher.group(5),
					matcher.group(6).contains("omitted for"), matcher.group(6).contains("(optional")));
		}
	}

	static DependencyTree of(String module) throws IOException {
		Path file = Path.of("..", module, "target", "dependency-tree.txt");
		if (!Files.exists(file)) {
			throw new IllegalStateException(file + " is written by the build of " + module + ": run Maven with -am");
		}
		return read(Files.readString(file));
	}

	static DependencyTree read(String tree) {
		return new DependencyTree(tree.lines().toList());
	}

	/**
	 * Return all nodes but repetitions, from top to bottom.
	 */
	List<Node> nodes() {
		return this.nodes.stream().filter((node) -> !node.omitted()).toList();
	}

	/**
	 * Return what an artifact brings to others, itself included: a branch that comes
	 * twice is told once.
	 */
	Set<String> broughtBy(String artifact) {
		Set<String> brought = new LinkedHashSet<>();
		collect(artifact, brought);
		return brought;
	}

	private void collect(String artifact, Set<String> brought) {
		if (brought.add(artifact)) {
			children(artifact).forEach((child) -> collect(child, brought));
		}
	}

	/**
	 * Return what an artifact itself brings to others.
	 */
	List<String> children(String artifact) {
		List<String> children = new ArrayList<>();
		for (int i = 0; i < this.nodes.size(); i++) {
			Node parent = this.nodes.get(i);
			if (parent.artifact().equals(artifact) && !parent.omitted()) {
				for (int j = i + 1; j < this.nodes.size() && this.nodes.get(j).depth() > parent.depth(); j++) {
					Node node = this.nodes.get(j);
					if (node.depth() == parent.depth() + 1 && !node.optional()) {
						children.add(node.artifact());
					}
				}
			}
		}
		return children;
	}

	/**
	 * A line of the tree.
	 */
	record Node(int depth, String artifact, String jar, String scope, boolean omitted, boolean optional) {

	}

}
