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

import java.lang.annotation.Annotation;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Text form of the visible members of a type, which is the same on every JDK. Implied
 * members are omitted: the implicit members of records and enums, and those of
 * {@link Object}.
 */
final class ApiText {

	private static final String ROOT = "io.github.polarspring.";

	private static final Set<String> OF_EVERY_OBJECT = Set.of("equals(java.lang.Object)", "hashCode()", "toString()");

	private final StringBuilder text = new StringBuilder();

	String of(Class<?> type, @Nullable String since) {
		type(type, (since != null) ? "since " + since : "");
		return this.text.toString();
	}

	private void type(Class<?> type, String note) {
		this.text.append(note.isEmpty() ? "" : "\n// " + note + "\n");
		this.text.append(heading(type)).append('\n');
		List<String> members = new ArrayList<>();
		Arrays.stream(type.getDeclaredFields())
			.filter(ApiText::visible)
			.filter(Field::isEnumConstant)
			.forEach((constant) -> members.add("\t" + constant.getName()));
		Arrays.stream(type.getDeclaredFields())
			.filter(ApiText::visible)
			.filter(Predicate.not(Field::isEnumConstant))
			.map((field) -> "\t" + field(field))
			.sorted()
			.forEach(members::add);
		Arrays.stream(type.getDeclaredConstructors())
			.filter(ApiText::visible)
			.filter((constructor) -> !isCanonical(constructor))
			.map((constructor) -> "\t" + executable(constructor))
			.sorted()
			.forEach(members::add);
		methods(type).map((method) -> "\t" + executable(method)).sorted().forEach(members::add);
		members.forEach((member) -> this.text.append(member).append('\n'));
		Arrays.stream(type.getDeclaredClasses())
			.filter((nested) -> Modifier.isPublic(nested.getModifiers()) || Modifier.isProtected(nested.getModifiers()))
			.filter((nested) -> !nested.isSynthetic())
			.sorted(Comparator.comparing(Class::getName))
			.forEach((nested) -> {
				this.text.append('\n');
				type(nested, "");
			});
	}

	/**
	 * Return the methods of the type, and those that it inherits from invisible
	 * supertypes.
	 */
	private static Stream<Method> methods(Class<?> type) {
		Stream<Method> own = Arrays.stream(type.getDeclaredMethods())
			.filter(ApiText::visible)
			.filter((method) -> !method.isSynthetic())
			.filter((method) -> !OF_EVERY_OBJECT.contains(erased(method)))
			.filter((method) -> !isImplied(method));
		Stream<Class<?>> supertypes = Stream.concat(Stream.ofNullable(type.getSuperclass()),
				Arrays.stream(type.getInterfaces()));
		return Stream.concat(own, supertypes.filter((supertype) -> !Modifier.isPublic(supertype.getModifiers()))
			.flatMap(ApiText::methods));
	}

	private static String heading(Class<?> type) {
		StringBuilder heading = new StringBuilder(annotations(type.getDeclaredAnnotations()));
		heading.append(modifiers(type.getModifiers() & ~Modifier.STATIC & ~Modifier.INTERFACE
				& ~((type.isInterface()) ? Modifier.ABSTRACT : 0)
				& ~((type.isRecord() || type.isEnum()) ? Modifier.FINAL : 0)));
		heading.append((type.isSealed() && !type.isEnum()) ? "sealed " : "");
		heading.append(kind(type)).append(' ').append(name(type)).append(typeParameters(type.getTypeParameters()));
		if (type.isRecord()) {
			heading.append(Arrays.stream(type.getRecordComponents())
				.map((component) -> text(component.getAnnotatedType()) + " " + component.getName())
				.collect(Collectors.joining(", ", "(", ")")));
		}
		AnnotatedType superclass = type.getAnnotatedSuperclass();
		if (superclass != null && !type.isRecord() && !type.isEnum() && superclass.getType() != Object.class) {
			heading.append(" extends ").append(text(superclass));
		}
		if (type.getInterfaces().length > 0 && !type.isAnnotation()) {
			heading.append(type.isInterface() ? " extends " : " implements ");
			heading.append(list(type.getAnnotatedInterfaces()));
		}
		if (type.isSealed() && !type.isEnum()) {
			heading.append(" permits ");
			heading.append(Arrays.stream(type.getPermittedSubclasses())
				.map(ApiText::name)
				.sorted()
				.collect(Collectors.joining(", ")));
		}
		return heading.toString();
	}

	private static String kind(Class<?> type) {
		if (type.isAnnotation()) {
			return "@interface";
		}
		if (type.isInterface()) {
			return "interface";
		}
		if (type.isEnum()) {
			return "enum";
		}
		return type.isRecord() ? "record" : "class";
	}

	private static String field(Field field) {
		String text = annotations(field.getDeclaredAnnotations()) + modifiers(field.getModifiers())
				+ text(field.getAnnotatedType()) + " " + field.getName();
		boolean constant = Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers())
				&& (field.getType().isPrimitive() || field.getType() == String.class);
		return constant ? text + " = " + constant(field) : text;
	}

	private static String constant(Field field) {
		try {
			Object value = field.get(null);
			return (value instanceof String) ? "\"" + value + "\"" : String.valueOf(value);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException("Not a constant: " + field, ex);
		}
	}

	private static String executable(Executable executable) {
		boolean ofInterface = executable.getDeclaringClass().isInterface();
		int modifiers = executable.getModifiers() & ~Modifier.TRANSIENT & ~Modifier.VOLATILE & ~Modifier.SYNCHRONIZED;
		StringBuilder text = new StringBuilder(annotations(executable.getDeclaredAnnotations()));
		text.append(modifiers(ofInterface ? modifiers & ~Modifier.ABSTRACT & ~Modifier.PUBLIC : modifiers));
		text.append((executable instanceof Method method && method.isDefault()) ? "default " : "");
		String typeParameters = typeParameters(executable.getTypeParameters());
		text.append(typeParameters.isEmpty() ? "" : typeParameters + " ");
		if (executable instanceof Method method) {
			text.append(text(method.getAnnotatedReturnType())).append(' ').append(method.getName());
		}
		else {
			text.append(executable.getDeclaringClass().getSimpleName());
		}
		StringJoiner parameters = new StringJoiner(", ", "(", ")");
		for (int i = 0; i < executable.getParameterCount(); i++) {
			String type = text(executable.getAnnotatedParameterTypes()[i]);
			if (executable.isVarArgs() && i == executable.getParameterCount() - 1) {
				type = type.substring(0, type.length() - "[]".length()).stripTrailing() + "...";
			}
			parameters.add(type + " " + executable.getParameters()[i].getName());
		}
		text.append(parameters);
		if (executable.getExceptionTypes().length > 0) {
			text.append(" throws ").append(list(executable.getAnnotatedExceptionTypes()));
		}
		if (executable instanceof Method method && method.getDefaultValue() != null) {
			text.append(" default ").append(value(method.getDefaultValue()));
		}
		return text.toString();
	}

	private static boolean visible(Member member) {
		return (Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()))
				&& !member.isSynthetic();
	}

	private static boolean isImplied(Method method) {
		Class<?> type = method.getDeclaringClass();
		if (type.isEnum()) {
			return Set.of("values()", "valueOf(java.lang.String)").contains(erased(method));
		}
		return type.isRecord() && method.getParameterCount() == 0 && Arrays.stream(type.getRecordComponents())
			.anyMatch((component) -> component.getName().equals(method.getName()));
	}

	private static boolean isCanonical(Constructor<?> constructor) {
		Class<?> type = constructor.getDeclaringClass();
		return type.isRecord() && Arrays.equals(constructor.getParameterTypes(),
				Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType).toArray());
	}

	private static String erased(Method method) {
		return method.getName() + Arrays.stream(method.getParameterTypes())
			.map(Class::getName)
			.collect(Collectors.joining(",", "(", ")"));
	}

	private static String modifiers(int modifiers) {
		String text = Modifier.toString(modifiers);
		return text.isEmpty() ? "" : text + " ";
	}

	private static String typeParameters(TypeVariable<?>[] variables) {
		if (variables.length == 0) {
			return "";
		}
		return Arrays.stream(variables).map((variable) -> {
			String bounds = Arrays.stream(variable.getAnnotatedBounds())
				.map(ApiText::text)
				.collect(Collectors.joining(" & "));
			return bounds.equals("Object") ? variable.getName() : variable.getName() + " extends " + bounds;
		}).collect(Collectors.joining(", ", "<", ">"));
	}

	private static String list(AnnotatedType[] types) {
		return Arrays.stream(types).map(ApiText::text).collect(Collectors.joining(", "));
	}

	private static String text(AnnotatedType type) {
		String annotations = annotations(type.getAnnotations());
		if (type instanceof AnnotatedArrayType array) {
			return text(array.getAnnotatedGenericComponentType()) + (annotations.isEmpty() ? "" : " " + annotations)
					+ "[]";
		}
		if (type instanceof AnnotatedParameterizedType parameterized) {
			Type raw = ((ParameterizedType) type.getType()).getRawType();
			return annotations + name((Class<?>) raw)
					+ Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
						.map(ApiText::text)
						.collect(Collectors.joining(", ", "<", ">"));
		}
		if (type instanceof AnnotatedWildcardType wildcard) {
			if (wildcard.getAnnotatedLowerBounds().length > 0) {
				return annotations + "? super " + list(wildcard.getAnnotatedLowerBounds());
			}
			String bounds = list(wildcard.getAnnotatedUpperBounds());
			return annotations + ((bounds.isEmpty() || bounds.equals("Object")) ? "?" : "? extends " + bounds);
		}
		return annotations + ((type.getType() instanceof Class<?> plain) ? name(plain) : type.getType().getTypeName());
	}

	private static String annotations(Annotation[] annotations) {
		return Arrays.stream(annotations).map((annotation) -> {
			Class<? extends Annotation> type = annotation.annotationType();
			if (annotation instanceof Target target) {
				return Arrays.stream(target.value())
					.map(Enum::name)
					.sorted()
					.collect(Collectors.joining(", ", "@Target(", ") "));
			}
			if (annotation instanceof Retention retention) {
				return "@Retention(" + retention.value() + ") ";
			}
			if (annotation instanceof Deprecated deprecated) {
				return "@Deprecated(since=\"" + deprecated.since() + "\", forRemoval=" + deprecated.forRemoval() + ") ";
			}
			if (annotation instanceof ConfigurationProperties properties) {
				return "@ConfigurationProperties(\"" + properties.value() + properties.prefix() + "\") ";
			}
			boolean told = type == Nullable.class || type == FunctionalInterface.class || type == Inherited.class;
			return told ? "@" + type.getSimpleName() + " " : "";
		}).sorted().collect(Collectors.joining());
	}

	private static String value(Object value) {
		if (value instanceof Object[] values) {
			return Arrays.stream(values).map(ApiText::value).collect(Collectors.joining(", ", "{", "}"));
		}
		if (value instanceof Class<?> type) {
			return name(type);
		}
		return (value instanceof String) ? "\"" + value + "\"" : String.valueOf(value);
	}

	private static String name(Class<?> type) {
		if (type.isArray()) {
			return name(type.getComponentType()) + "[]";
		}
		String name = (type.getCanonicalName() != null) ? type.getCanonicalName() : type.getName();
		if (name.startsWith("java.lang.") && type.getPackageName().equals("java.lang")) {
			return name.substring("java.lang.".length());
		}
		return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
	}

}
