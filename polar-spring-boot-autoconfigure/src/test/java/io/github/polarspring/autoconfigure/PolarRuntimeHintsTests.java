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

package io.github.polarspring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JacksonAnnotation;
import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.checkout.AdHocPrice;
import io.github.polarspring.checkout.BillingAddress;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.entitlement.PolarExpressions;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.PolarResource;
import io.github.polarspring.model.ProductPrice;
import io.github.polarspring.model.TrialInterval;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarEventListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.AnnotatedWithParams;
import tools.jackson.databind.introspect.BeanPropertyDefinition;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.io.Resource;
import org.springframework.core.io.UrlResource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.javapoet.ClassName;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.support.GenericWebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a native image is told: that an application with all of the
 * auto-configuration has a hint for whatever is found by reflection. What that is, is
 * asked of Jackson and of the compiled classes, not written down here.
 */
class PolarRuntimeHintsTests {

	private static final String OWN = "io.github.polarspring.";

	/**
	 * The names that are only compared with those of objects and annotations that are
	 * there.
	 */
	private static final Set<String> COMPARED = Set.of("org.springframework.security.ldap.userdetails.LdapUserDetails",
			"org.springframework.messaging.handler.annotation.MessageMapping",
			"org.springframework.graphql.data.method.annotation.SchemaMapping",
			"org.springframework.graphql.data.method.annotation.BatchMapping",
			"org.springframework.transaction.annotation.Transactional",
			"org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
			"org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

	private static final RuntimeHints HINTS = processAheadOfTime();

	private static RuntimeHints processAheadOfTime() {
		try (GenericWebApplicationContext context = new GenericWebApplicationContext()) {
			AnnotatedBeanDefinitionReader reader = new AnnotatedBeanDefinitionReader(context);
			reader.register(Configurations.getClasses(AutoConfigurations.of(autoConfigurations())));
			reader.register(Listeners.class);
			TestPropertyValues.of("management.endpoints.web.exposure.include=*").applyTo(context);
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get(PolarRuntimeHintsTests.class)), new InMemoryGeneratedFiles());
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			return generation.getRuntimeHints();
		}
	}

	private static Class<?>[] autoConfigurations() {
		return ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith(OWN + "autoconfigure."))
			.map((name) -> ClassUtils.resolveClassName(name, null))
			.toArray(Class[]::new);
	}

	/**
	 * Return the classes of this module, without those of its tests.
	 */
	private static List<Resource> classFiles() throws IOException {
		List<String> roots = Stream.of(PolarAutoConfiguration.class, PolarClient.class).map((type) -> {
			String root = type.getProtectionDomain().getCodeSource().getLocation().toString();
			return root.substring(root.indexOf(':') + 1);
		}).toList();
		return Stream
			.of(new PathMatchingResourcePatternResolver().getResources("classpath*:io/github/polarspring/**/*.class"))
			.filter((resource) -> roots.stream().anyMatch(resource.toString()::contains))
			.filter((resource) -> !String.valueOf(resource.getFilename()).contains("-info"))
			.toList();
	}

	private static Class<?> load(Resource classFile) throws IOException {
		try (InputStream in = classFile.getInputStream()) {
			return ClassUtils.resolveClassName(new ClassReader(in).getClassName().replace('/', '.'), null);
		}
	}

	/**
	 * Return what says of itself that Jackson reads or writes it, the payloads, and what
	 * the endpoints of the actuator return.
	 */
	static List<Class<?>> typesOfJson() throws IOException {
		// values of the fields of a request, which have no static type
		List<Class<?>> types = new ArrayList<>(List.of(BillingAddress.class, TrialInterval.class));
		for (Resource classFile : classFiles()) {
			Class<?> type = load(classFile);
			// enums of the model are read by the resources, not by Jackson
			boolean ofModel = type.getPackageName().equals(OWN + "model");
			if (ofModel ? PolarResource.class.isAssignableFrom(type)
					: (!type.isAnonymousClass() && isAnnotated(type))) {
				types.add(type);
			}
			if (MergedAnnotations.from(type).isPresent(Endpoint.class)) {
				types.addAll(Arrays.asList(type.getDeclaredClasses()));
			}
		}
		assertThat(types).contains(CheckoutSession.class, Order.class, AdHocPrice.class, ProductPrice.class)
			.extracting(Class::getSimpleName)
			.contains("DeadLetterDetails", "Explanation");
		return types;
	}

	private static boolean isAnnotated(Class<?> type) {
		if (type.getName().startsWith(BoundedHttpComponents.class.getName())) {
			// what it is made of is not on the class path
			return false;
		}
		List<AnnotatedElement> elements = new ArrayList<>(List.of(type));
		elements.addAll(Arrays.asList(type.getDeclaredFields()));
		elements.addAll(Arrays.asList(type.getDeclaredMethods()));
		elements.addAll(Arrays.asList(type.getDeclaredConstructors()));
		return elements.stream()
			.anyMatch((element) -> MergedAnnotations.from(element).isPresent(JacksonAnnotation.class)
					|| (element instanceof Executable executable && Arrays.stream(executable.getParameterAnnotations())
						.flatMap(Arrays::stream)
						.map(Annotation::annotationType)
						.anyMatch((annotation) -> annotation.isAnnotationPresent(JacksonAnnotation.class))));
	}

	@ParameterizedTest
	@MethodSource("typesOfJson")
	void whatJacksonCallsHasAHint(Class<?> type) {
		UsedByJackson used = UsedByJackson.of(type);
		assertThat(used.types).allSatisfy((bound) -> assertThat(RuntimeHintsPredicates.reflection()
			.onType(bound)
			.withMemberCategory(MemberCategory.ACCESS_DECLARED_FIELDS)).as(bound.getName()).accepts(HINTS));
		assertThat(used.members).allSatisfy((member) -> assertThat(hint(member)).as(member.toString()).accepts(HINTS));
	}

	/**
	 * The tests above pass for types of which Jackson uses nothing.
	 */
	@Test
	void jacksonTellsWhatItUses() {
		String value = OWN + "model.Value";
		assertThat(UsedByJackson.of(Order.class).members).extracting(Member::getName)
			.containsExactlyInAnyOrder(Order.class.getName(), value, "json");
		assertThat(UsedByJackson.of(ProductPrice.class).members).extracting(Member::getName)
			.contains(ProductPrice.Fixed.class.getName(), value, "of", "json");
		assertThat(UsedByJackson.of(CheckoutRequest.class).members).extracting(Member::getName).contains("fields");
		assertThat(UsedByJackson.of(CheckoutRequest.class).types).contains(CheckoutRequest.class);
	}

	private static Predicate<RuntimeHints> hint(Member member) {
		if (member instanceof Field field) {
			return RuntimeHintsPredicates.reflection().onFieldAccess(field);
		}
		return (member instanceof Constructor<?> constructor)
				? RuntimeHintsPredicates.reflection().onConstructorInvocation(constructor)
				: RuntimeHintsPredicates.reflection().onMethodInvocation((Method) member);
	}

	static Set<String> namesInStrings() throws IOException {
		Pattern name = Pattern.compile("(?:org|jakarta|java|io|tools|com)\\.[a-z0-9_.]+\\.[A-Z]\\w+");
		Set<String> names = new TreeSet<>();
		for (Resource classFile : classFiles()) {
			try (InputStream in = classFile.getInputStream()) {
				ClassReader reader = new ClassReader(in);
				if (reader.getClassName().equals(PolarRuntimeHints.class.getName().replace('.', '/'))) {
					continue;
				}
				reader.accept(new ClassVisitor(SpringAsmInfo.ASM_VERSION) {

					@Override
					public MethodVisitor visitMethod(int access, String method, String descriptor, String signature,
							String[] exceptions) {
						return new MethodVisitor(SpringAsmInfo.ASM_VERSION) {

							@Override
							public void visitLdcInsn(Object value) {
								if (value instanceof String text && name.matcher(text).matches()) {
									names.add(text);
								}
							}

						};
					}

				}, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
			}
		}
		assertThat(names).containsAll(COMPARED);
		names.removeAll(COMPARED);
		assertThat(names).contains("org.springframework.security.oauth2.jwt.JwtDecoder");
		return names;
	}

	@ParameterizedTest
	@MethodSource("namesInStrings")
	void classThatIsLookedUpByNameHasAHint(String name) {
		assertThat(PolarRuntimeHints.LOOKED_UP).contains(name);
		if (ClassUtils.isPresent(name, null)) {
			assertThat(RuntimeHintsPredicates.reflection().onType(ClassUtils.resolveClassName(name, null)))
				.accepts(HINTS);
		}
	}

	@Test
	void listenersCanBeCalled() throws Exception {
		for (String method : List.of("paid", "alsoPaid")) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onMethodInvocation(Listeners.class.getDeclaredMethod(method, Order.class))).accepts(HINTS);
		}
	}

	@Test
	void expressionsCanBeEvaluated() throws Exception {
		for (String method : List.of("entitled", "limit")) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onMethodInvocation(PolarExpressions.class.getMethod(method, String.class))).accepts(HINTS);
		}
	}

	@Test
	void resourcesAreThere() throws IOException {
		Map<String, Resource> scripts = new TreeMap<>();
		for (Resource script : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:io/github/polarspring/**/*.sql")) {
			scripts.put("io/github/polarspring/webhook/jdbc/" + script.getFilename(), script);
		}
		assertThat(scripts).hasSizeGreaterThanOrEqualTo(3)
			.allSatisfy(
					(name, script) -> assertThat(RuntimeHintsPredicates.resource().forResource(name)).accepts(HINTS));
	}

	@Test
	void failuresAreAnalyzed() throws IOException {
		Properties factories = PropertiesLoaderUtils.loadProperties(
				new UrlResource(PolarAutoConfiguration.class.getProtectionDomain().getCodeSource().getLocation()
						+ "META-INF/spring.factories"));
		assertThat(factories.getProperty(FailureAnalyzer.class.getName()).split(",")).hasSizeGreaterThanOrEqualTo(2)
			.allSatisfy((name) -> assertThat(RuntimeHintsPredicates.reflection()
				.onConstructorInvocation(ClassUtils.resolveClassName(name, null).getDeclaredConstructor()))
				.accepts(HINTS));
	}

	@Test
	void endpointRespondsWithDeadLetters() throws Exception {
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(PolarDeadLetters.DeadLetter.class.getMethod("failure"))).accepts(HINTS);
		Class<?> requeued = ClassUtils.resolveClassName(OWN + "autoconfigure.actuate.PolarEndpoint$Requeued", null);
		Method accessor = requeued.getDeclaredMethod("requeued");
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(accessor)).accepts(HINTS);
	}

	static class Listeners {

		@PolarEventListener
		void paid(Order order) {
		}

		@Paid
		private void alsoPaid(Order order) {
		}

	}

	@PolarEventListener
	@Retention(RetentionPolicy.RUNTIME)
	@interface Paid {

	}

	/**
	 * The members that Jackson calls to read and to write a type, and all types within
	 * it.
	 */
	private static final class UsedByJackson {

		private final Set<Member> members = new LinkedHashSet<>();

		private final Set<Class<?>> types = new LinkedHashSet<>();

		private final Deque<Class<?>> open = new ArrayDeque<>();

		static UsedByJackson of(Class<?> type) {
			UsedByJackson used = new UsedByJackson();
			used.open.add(type);
			while (!used.open.isEmpty()) {
				Class<?> next = used.open.remove();
				if (next.getName().startsWith(OWN) && used.types.add(next)) {
					used.read(next);
				}
			}
			return used;
		}

		private void read(Class<?> type) {
			if (type.isEnum()) {
				this.members.add(ClassUtils.getMethod(type, "values"));
				return;
			}
			if (type.isSealed()) {
				this.open.addAll(List.of(type.getPermittedSubclasses()));
			}
			JavaType javaType = PolarJson.MAPPER.constructType(type);
			BeanDescription writing = PolarJson.MAPPER._serializationContext().introspectBeanDescription(javaType);
			AnnotatedMember jsonValue = writing.findJsonValueAccessor();
			add(jsonValue);
			if (jsonValue == null) {
				add(writing.findAnyGetter());
				writing.findProperties().forEach((property) -> add(property.getAccessor()));
			}
			BeanDescription reading = PolarJson.MAPPER._deserializationContext().introspectBeanDescription(javaType);
			reading.getConstructors().forEach(this::addCreator);
			reading.getFactoryMethods().forEach(this::addCreator);
			if (isView(type)) {
				// created from the whole of the JSON, so no property is set
				this.types.remove(type);
				return;
			}
			for (BeanPropertyDefinition property : reading.findProperties()) {
				add(property.getMutator());
				add(property.getPrimaryType());
			}
			add(reading.findAnySetterAccessor());
		}

		private static boolean isView(Class<?> type) {
			return PolarResource.class.isAssignableFrom(type) || type.getName().equals(OWN + "model.Value");
		}

		private void addCreator(AnnotatedWithParams creator) {
			if (creator.hasAnnotation(JsonCreator.class)) {
				this.members.add(creator.getMember());
				add(creator.getParameterType(0));
			}
		}

		private void add(@Nullable AnnotatedMember member) {
			if (member instanceof AnnotatedParameter parameter) {
				this.members.add(parameter.getOwner().getMember());
			}
			else if (member != null && member.getDeclaringClass() != Object.class) {
				this.members.add(member.getMember());
				add(member.getType());
			}
		}

		private void add(@Nullable JavaType type) {
			if (type != null) {
				this.open.add(type.getRawClass());
				add(type.getKeyType());
				add(type.getContentType());
			}
		}

	}

}
