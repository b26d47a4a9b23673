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

package io.github.polarspring.testsupport.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.InheritDocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.SinceTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * Javadoc in the sources of a module, which are only parsed. Javadoc's own check for
 * missing comments also requires redundant ones, for constructors of records.
 */
final class ApiSources {

	private static final String INTERNAL = "Internal: not meant for applications";

	private final DocTrees docs;

	private final Map<String, TreePath> types = new LinkedHashMap<>();

	private ApiSources(DocTrees docs, Iterable<? extends CompilationUnitTree> units) {
		this.docs = docs;
		for (CompilationUnitTree unit : units) {
			for (Tree type : unit.getTypeDecls()) {
				if (type instanceof ClassTree named) {
					this.types.put(unit.getPackageName() + "." + named.getSimpleName(),
							new TreePath(new TreePath(unit), type));
				}
			}
		}
	}

	static ApiSources of(Path directory) {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
				Stream<Path> sources = Files.walk(directory)) {
			List<Path> paths = sources.filter((path) -> path.toString().endsWith(".java")).sorted().toList();
			JavacTask task = (JavacTask) compiler.getTask(null, files, null, null, null,
					files.getJavaFileObjectsFromPaths(paths));
			return new ApiSources(DocTrees.instance(task), task.parse());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Nullable String since(String type) {
		DocCommentTree comment = this.docs.getDocCommentTree(type(type));
		if (comment == null) {
			return null;
		}
		return comment.getBlockTags()
			.stream()
			.filter(SinceTree.class::isInstance)
			.map((tag) -> ((SinceTree) tag).getBody().toString())
			.findFirst()
			.orElse(null);
	}

	List<String> undocumented(String type) {
		List<String> missing = new ArrayList<>();
		type(type(type), type, missing);
		return missing;
	}

	/**
	 * Return the public types without a comment, whether they are part of the API or not.
	 */
	List<String> publicWithoutComment() {
		return this.types.entrySet()
			.stream()
			.filter((type) -> isPublic(type.getValue()))
			.filter((type) -> this.docs.getDocCommentTree(type.getValue()) == null)
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Return the public top-level types.
	 * @param internal whether to return the types whose Javadoc marks them as internal,
	 * or all others
	 */
	Set<String> publicTypes(boolean internal) {
		return this.types.entrySet()
			.stream()
			.filter((type) -> isPublic(type.getValue()) && isInternal(type.getValue()) == internal)
			.map(Map.Entry::getKey)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static boolean isPublic(TreePath type) {
		return ((ClassTree) type.getLeaf()).getModifiers().getFlags().contains(Modifier.PUBLIC);
	}

	private boolean isInternal(TreePath type) {
		String comment = this.docs.getDocComment(type);
		return comment != null && comment.replaceAll("\\s+", " ").contains(INTERNAL);
	}

	private TreePath type(String name) {
		TreePath path = this.types.get(name);
		if (path == null) {
			throw new IllegalStateException("No source for the listed type: " + name);
		}
		return path;
	}

	private void type(TreePath path, String name, List<String> missing) {
		ClassTree type = (ClassTree) path.getLeaf();
		DocCommentTree comment = this.docs.getDocCommentTree(path);
		if (comment == null) {
			missing.add(name);
		}
		for (Tree member : type.getMembers()) {
			TreePath memberPath = new TreePath(path, member);
			if (member instanceof ClassTree nested && isVisible(nested.getModifiers(), type)) {
				type(memberPath, name + "." + nested.getSimpleName(), missing);
			}
			else if (member instanceof VariableTree field) {
				field(memberPath, field, name, missing);
			}
			else if (member instanceof MethodTree method && isVisible(method.getModifiers(), type)
					&& !isCanonicalConstructor(method, type) && !has(method.getModifiers(), "Override")) {
				method(memberPath, method, name, missing);
			}
		}
		if (type.getKind() == Kind.RECORD && comment != null) {
			Set<String> described = described(comment);
			names(components(type)).stream()
				.filter((component) -> !described.contains(component))
				.forEach((component) -> missing.add(name + ", component " + component));
		}
	}

	private void field(TreePath path, VariableTree field, String type, List<String> missing) {
		ClassTree declaring = (ClassTree) path.getParentPath().getLeaf();
		boolean component = declaring.getKind() == Kind.RECORD
				&& !field.getModifiers().getFlags().contains(Modifier.STATIC);
		if (isVisible(field.getModifiers(), declaring) && !component && this.docs.getDocCommentTree(path) == null) {
			missing.add(type + "." + field.getName());
		}
	}

	private void method(TreePath path, MethodTree method, String type, List<String> missing) {
		String name = type + "." + method.getName() + "(" + method.getParameters().size() + ")";
		DocCommentTree comment = this.docs.getDocCommentTree(path);
		if (comment == null) {
			missing.add(name);
			return;
		}
		if (comment.getFullBody().stream().anyMatch(InheritDocTree.class::isInstance)) {
			return;
		}
		Set<String> described = described(comment);
		names(method.getParameters().stream()).stream()
			.filter((parameter) -> !described.contains(parameter))
			.forEach((parameter) -> missing.add(name + ", parameter " + parameter));
		method.getTypeParameters()
			.stream()
			.map((parameter) -> parameter.getName().toString())
			.filter((parameter) -> !described.contains(parameter))
			.forEach((parameter) -> missing.add(name + ", type parameter " + parameter));
		boolean returns = method.getReturnType() != null && !method.getReturnType().toString().equals("void");
		// a tag would repeat a comment such as "Return the id."
		boolean told = comment.getFirstSentence().toString().startsWith("Return ")
				|| Stream.concat(comment.getBlockTags().stream(), comment.getFullBody().stream())
					.anyMatch(ReturnTree.class::isInstance);
		if (returns && !told) {
			missing.add(name + ", return value");
		}
	}

	private static Set<String> described(DocCommentTree comment) {
		return comment.getBlockTags()
			.stream()
			.filter((DocTree tag) -> tag instanceof ParamTree)
			.map((tag) -> ((ParamTree) tag).getName().getName().toString())
			.collect(Collectors.toSet());
	}

	private static boolean isVisible(ModifiersTree modifiers, ClassTree declaring) {
		Set<Modifier> flags = modifiers.getFlags();
		boolean implied = declaring.getKind() == Kind.INTERFACE || declaring.getKind() == Kind.ANNOTATION_TYPE;
		return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED)
				|| (implied && !flags.contains(Modifier.PRIVATE));
	}

	private static boolean isCanonicalConstructor(MethodTree method, ClassTree declaring) {
		return declaring.getKind() == Kind.RECORD && method.getReturnType() == null
				&& names(method.getParameters().stream()).equals(names(components(declaring)));
	}

	private static Stream<VariableTree> components(ClassTree type) {
		return type.getMembers()
			.stream()
			.filter(VariableTree.class::isInstance)
			.map(VariableTree.class::cast)
			.filter((field) -> !field.getModifiers().getFlags().contains(Modifier.STATIC));
	}

	private static List<String> names(Stream<? extends VariableTree> variables) {
		return variables.map((variable) -> variable.getName().toString()).toList();
	}

	private static boolean has(ModifiersTree modifiers, String annotation) {
		return modifiers.getAnnotations()
			.stream()
			.map(AnnotationTree::getAnnotationType)
			.anyMatch((type) -> type.toString().endsWith(annotation));
	}

}
