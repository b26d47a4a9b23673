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

package io.github.polarspring.usage;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.annotation.AliasFor;
import org.springframework.http.ResponseEntity;
import org.springframework.scheduling.annotation.Async;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarMetered} and {@link PolarMeteredAdvisor} without Spring Boot.
 */
class PolarMeteredAdvisorTests {

	private final List<UsageEvent> events = new ArrayList<>();

	private final List<UsageMeter> meters = new ArrayList<>(
			List.of(meter("exports", "export", "pages"), meter("calls", "call", null)));

	private @Nullable PolarIdentity identity = PolarIdentity.of("alice");

	private @Nullable RuntimeException failure;

	private boolean classProxies = true;

	private static UsageMeter meter(String name, @Nullable String event, @Nullable String property) {
		return new UsageMeter(name, UUID.randomUUID(), event, property, null, WhenUnknown.REJECT);
	}

	private void add(UsageEvent event) {
		if (this.failure != null) {
			throw this.failure;
		}
		this.events.add(event);
	}

	private AnnotationConfigApplicationContext context(Class<?>... beans) {
		return context((context) -> {
			context.registerBean(PolarUsage.class, () -> new RecordingUsage(this::add));
			context.registerBean(CurrentPayer.class, () -> () -> this.identity);
		}, beans);
	}

	private AnnotationConfigApplicationContext context(Consumer<AnnotationConfigApplicationContext> customizer,
			Class<?>... beans) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		AopConfigUtils.registerAutoProxyCreatorIfNecessary(context);
		if (this.classProxies) {
			AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(context);
		}
		context.register(Config.class);
		context.registerBean(PolarMeters.class, () -> new PolarMeters(this.meters));
		context.registerBean("limits", Limits.class);
		customizer.accept(context);
		context.register(beans);
		context.refresh();
		return context;
	}

	private void assertStartFails(Class<?> type, String... message) {
		assertStartFails(() -> context(type).close(), message);
	}

	private static void assertStartFails(Runnable start, String... message) {
		assertThatExceptionOfType(Exception.class).isThrownBy(start::run).satisfies((ex) -> {
			Throwable cause = (ex instanceof BeanCreationException creation) ? creation.getMostSpecificCause() : ex;
			assertThat(cause).isInstanceOfSatisfying(PolarConfigurationException.class,
					(configuration) -> assertThat(configuration.getMessage() + " " + configuration.getAction())
						.contains(message));
		});
	}

	@Test
	void successIsRecordedForTheCurrentUser() {
		try (var context = context(Service.class)) {
			assertThat(context.getBean(Service.class).call()).isEqualTo("called");
		}
		assertThat(this.events).singleElement().satisfies((event) -> {
			assertThat(event.name()).isEqualTo("call");
			assertThat(event.externalCustomerId()).isEqualTo("alice");
			assertThat(event.externalMemberId()).isNull();
			assertThat(event.metadata()).isEmpty();
			assertThat(event.key()).isNull();
		});
	}

	@Test
	void memberOfATeamIsRecorded() {
		this.identity = PolarIdentity.of("team").withMemberId("alice");
		try (var context = context(Service.class)) {
			context.getBean(Service.class).call();
		}
		assertThat(this.events).singleElement().satisfies((event) -> {
			assertThat(event.externalCustomerId()).isEqualTo("team");
			assertThat(event.externalMemberId()).isEqualTo("alice");
		});
	}

	@Test
	void expressionsUseParametersResultAndBeans() {
		UUID key = UUID.randomUUID();
		try (var context = context(Service.class)) {
			context.getBean(Service.class).export(new Form("form-1", 12), 7, key);
		}
		assertThat(this.events).singleElement().satisfies((event) -> {
			assertThat(event.metadata()).isEqualTo(Map.of("form", "form-1", "free", true, "limit", 5, "pages", 13));
			assertThat(event.externalCustomerId()).isEqualTo("7");
			assertThat(event.key()).isEqualTo(key.toString());
		});
	}

	@Test
	void exceptionIsNotRecorded() {
		try (var context = context(Service.class)) {
			assertThatIllegalStateException().isThrownBy(context.getBean(Service.class)::fail).withMessage("A bug");
		}
		assertThat(this.events).isEmpty();
	}

	@Test
	void guestDoesNotGetUnbilledWork() {
		this.identity = null;
		try (var context = context(Service.class)) {
			Service service = context.getBean(Service.class);
			assertThatExceptionOfType(PolarLoginRequiredException.class).isThrownBy(service::call);
			assertThat(service.calls()).isZero();
			service.export(new Form("form-1", 12), 7, UUID.randomUUID());
			assertThat(service.calls()).isEqualTo(1);
		}
		assertThat(this.events).hasSize(1);
	}

	@Test
	void userIsDeterminedBeforeTheCall() {
		try (var context = context(Service.class)) {
			context.getBean(Service.class).run(() -> this.identity = null);
		}
		assertThat(this.events).singleElement()
			.satisfies((event) -> assertThat(event.externalCustomerId()).isEqualTo("alice"));
	}

	@Test
	void failureToRecordIsThrown() {
		this.failure = new PolarUsageQueueFullException("Full");
		try (var context = context(Service.class)) {
			assertThatExceptionOfType(PolarUsageQueueFullException.class)
				.isThrownBy(context.getBean(Service.class)::call);
		}
	}

	@Test
	void methodInAProxyOfAFactoryIsNotCalled() {
		try (var context = context(ProxyFactory.class)) {
			Exporter exporter = context.getBean(Exporter.class);
			assertThatIllegalStateException().isThrownBy(() -> exporter.export(3))
				.withMessageContaining("is created by a FactoryBean");
		}
		assertThat(this.events).isEmpty();
	}

	@Test
	void ownCallIsNotRecorded() {
		try (var context = context(Service.class)) {
			context.getBean(Service.class).own();
		}
		assertThat(this.events).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(classes = { OfInterface.class, Composed.class, ComposedOfBoth.class })
	void annotationIsFoundWhereSpringFindsIt(Class<? extends Exporter> type) {
		try (var context = context(type)) {
			context.getBean(Exporter.class).export(3);
		}
		this.classProxies = false;
		try (var context = context(type)) {
			assertThat(AopUtils.isJdkDynamicProxy(context.getBean(Exporter.class))).isTrue();
			context.getBean(Exporter.class).export(3);
		}
		assertThat(this.events.stream().filter((event) -> event.name().equals("export"))).hasSize(2)
			.allSatisfy((event) -> assertThat(event.metadata()).isEqualTo(Map.of("pages", 3)));
	}

	@Test
	void eachAnnotationRecordsAnEvent() {
		try (var context = context(Repeated.class, ComposedOfBoth.class)) {
			context.getBean(Repeated.class).export(4);
			context.getBean(ComposedOfBoth.class).export(5);
		}
		assertThat(this.events).extracting(UsageEvent::name).containsExactly("call", "export", "call", "export");
		assertThat(this.events.get(1).metadata()).isEqualTo(Map.of("pages", 4));
	}

	@Test
	void beanWithoutAnnotationIsNotTouched() {
		try (var context = context(Service.class)) {
			assertThat(AopUtils.isAopProxy(context.getBean(Limits.class))).isFalse();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			nullUnits      | 'units' of the @PolarMetered method %s#nullUnits cannot be evaluated: it is null
			textUnits      | it must be a Number, but is of type java.lang.String
			listOfMetadata | it must be a Map, but is of type
			nullMetadata   | metadata value of 'form' must be a string, a number or a boolean, but is null
			objectAsKey    | 'key' of the @PolarMetered method %s#objectAsKey cannot be evaluated: EL1001E
			missing        | Property or field 'missing' cannot be found
			noVariable     | 'metadata' of the @PolarMetered method %s#noVariable cannot be evaluated: EL1007E
			""")
	void unusableValueIsReportedWithoutTheValue(String method, String message) {
		try (var context = context(Unusable.class)) {
			Unusable unusable = context.getBean(Unusable.class);
			Method called = ClassUtils.getMethod(Unusable.class, method, String.class);
			ReflectionUtils.makeAccessible(called);
			assertThatIllegalStateException().isThrownBy(() -> ReflectionUtils.invokeMethod(called, unusable, "secret"))
				.withMessageContaining(message.formatted(Unusable.class.getName()))
				.withMessageNotContaining("secret");
		}
		assertThat(this.events).isEmpty();
	}

	@Test
	void nullAsCustomerPreventsTheCall() {
		try (var context = context(Unusable.class)) {
			Unusable unusable = context.getBean(Unusable.class);
			assertThatIllegalStateException().isThrownBy(() -> unusable.customer(null))
				.withMessageContaining("'customer' of the @PolarMetered method");
			assertThat(unusable.called()).isFalse();
		}
	}

	@Test
	void resultThatIsNotReadyIsNotRecorded() {
		try (var context = context(Opaque.class)) {
			Opaque opaque = context.getBean(Opaque.class);
			assertThatIllegalStateException().isThrownBy(() -> opaque.any(CompletableFuture.completedFuture("x")))
				.withMessageContaining(Opaque.class.getName() + "#any returned before its work was done");
			assertThatIllegalStateException().isThrownBy(() -> opaque.entity((StreamingResponseBody) (out) -> {
			}));
			assertThat(this.events).isEmpty();
			opaque.any("done");
			opaque.entity("done");
			assertThat(this.events).hasSize(2);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { OfFuture.class, OfStage.class, OfCallable.class, OfMono.class, OfFlux.class,
			OfDeferred.class, OfEmitter.class, OfStream.class })
	void methodThatReturnsBeforeItsWorkIsDoneFailsTheStart(Class<?> type) {
		assertStartFails(type, "#export cannot be metered: it returns before its work is done",
				"Record usage with PolarUsage.record when the work has succeeded");
	}

	@ParameterizedTest
	@ValueSource(classes = { AsyncMethod.class, AsyncClass.class })
	void asyncMethodFailsTheStart(Class<?> type) {
		assertStartFails(type, "#export cannot be metered: it is called on another thread (@Async)");
	}

	@Test
	void invalidExpressionFailsTheStart() {
		assertStartFails(Syntax.class, "cannot be metered: 'metadata' is not a valid expression: ",
				"Correct 'metadata = \"{form: \"'.");
		assertStartFails(UnknownVariable.class,
				"'units' uses the variable #page, which does not exist. There is" + " #other, #pages, #result");
		assertStartFails(UnknownIndex.class, "'units' uses the variable #p1, which does not exist");
		assertStartFails(ParameterResult.class, "the parameter 'result' has the name of the variable for the result");
		assertStartFails(ResultOfVoid.class, "'units' uses the variable #result, which does not exist");
		assertStartFails(ResultAsCustomer.class, "'customer' uses the variable #result, which does not exist");
		assertStartFails(NoName.class, "the name of the event is invalid: name must not be blank");
		assertStartFails(UnknownVariableOfLazyBean.class, "'key' uses the variable #page");
	}

	@Test
	void unitsNeedAMeter() {
		this.meters.clear();
		assertStartFails(Service.class, "no meter in 'polar.usage.meters' adds up a property of the event 'export'",
				"Add 'polar.usage.meters.<name>.event: export' and 'polar.usage.meters.<name>.property: <key>'");
		this.meters.add(meter("count", "export", null));
		assertStartFails(Service.class, "no meter in 'polar.usage.meters' adds up a property");
		this.meters.add(meter("pages", "export", "pages"));
		this.meters.add(meter("bytes", "export", "bytes"));
		assertStartFails(Service.class, "add up different properties of the event 'export'",
				"Replace 'units' by 'metadata' with the properties bytes, pages.");
	}

	@Test
	void meterInPlaceOfItsEventFailsTheStart() {
		this.meters.set(1, meter("call", "request", null));
		assertStartFails(Service.class, "'call' is the name of a meter in 'polar.usage.meters', and not of an event",
				"Set 'value' to the event that the meter counts: \"request\".");
		this.meters.add(meter("calls", "call", null));
		context(Service.class).close();
	}

	@Test
	void eventThatNoMeterCountsFailsTheStart() {
		this.meters.set(1, meter("calls", "call", "size"));
		assertStartFails(Service.class, "the event 'call' has no property, and all of its meters add up one");
		this.meters.add(meter("count", "call", null));
		context(Service.class).close();
	}

	@Test
	void methodThatCannotBeMeteredFailsTheStart() {
		assertStartFails(FinalMethod.class,
				"The @PolarMetered method " + FinalMethod.class.getName() + "#export cannot be metered: it is final");
		assertStartFails(FinalClass.class, "its class is final");
		assertStartFails(PrivateMethod.class, "it is private");
		assertStartFails(StaticMethod.class, "it is static");
		assertStartFails(StaticMethods.class, "it is static");
		assertStartFails(BeanMethod.class, "Spring calls it to create a bean");
		this.classProxies = false;
		assertStartFails(NotInInterface.class, "it is not part of an interface");
	}

	@Test
	void objectThatIsRegisteredFailsTheStart() {
		assertStartFails(() -> context((context) -> {
			context.registerBean(PolarUsage.class, () -> new RecordingUsage(this::add));
			context.registerBean(CurrentPayer.class, () -> () -> this.identity);
			context.getBeanFactory().registerSingleton("made", new Repeated());
		}, Limits.class), "Spring has not wrapped the bean 'made'");
	}

	@Test
	void missingBeanFailsTheStart() {
		assertStartFails(() -> context((context) -> {
		}, Repeated.class), "there is no bean that records usage", "Set 'polar.access-token', or declare a PolarUsage");
		Consumer<AnnotationConfigApplicationContext> withoutPayer = (context) -> context.registerBean(PolarUsage.class,
				() -> new RecordingUsage(this::add));
		assertStartFails(() -> context(withoutPayer, Repeated.class), "nothing determines the user",
				"declare a CurrentPayer bean");
		context(withoutPayer, Opaque.class).close();
		context((context) -> {
		}, Limits.class).close();
	}

	@ParameterizedTest
	@ValueSource(classes = { WovenMethod.class, WovenClass.class })
	void transactionOfAspectJFailsTheStart(Class<?> type) {
		assertStartFails(() -> context((context) -> {
			context.registerBean(PolarUsage.class, () -> new RecordingUsage(this::add));
			context.registerBean(CurrentPayer.class, () -> () -> this.identity);
			context.registerBean("org.springframework.transaction.config.internalTransactionAspect", Object.class);
		}, type), "AspectJ commits its transaction before it returns");
		context(type).close();
	}

	@Configuration(proxyBeanMethods = false)
	static class Config {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static PolarMeteredAdvisor advisor(ObjectProvider<PolarUsage> usage, ObjectProvider<CurrentPayer> payer,
				ObjectProvider<PolarMeters> meters) {
			return new PolarMeteredAdvisor(usage::getObject, payer::getObject, meters::getObject);
		}

	}

	record Form(String id, int pages) {

	}

	static class Limits {

		public int of(String form) {
			return 5;
		}

	}

	static class Service {

		private int calls;

		@PolarMetered("call")
		public String call() {
			this.calls++;
			return "called";
		}

		@PolarMetered(value = "export", units = "#result", customer = "#customer", key = "#p2",
				metadata = "{form: #form.id, free: #form.pages() > 10, limit: @limits.of(#a0.id), pages: 1}")
		public int export(Form form, long customer, UUID request) {
			this.calls++;
			return form.pages() + 1;
		}

		@PolarMetered("call")
		public void fail() {
			throw new IllegalStateException("A bug");
		}

		@PolarMetered("call")
		public void run(Runnable work) {
			work.run();
		}

		public void own() {
			call();
		}

		public int calls() {
			return this.calls;
		}

	}

	interface Exporter {

		void export(int pages);

	}

	interface MeteredExporter extends Exporter {

		@Override
		@PolarMetered(value = "export", units = "#pages")
		void export(int pages);

	}

	static class OfInterface implements MeteredExporter {

		@Override
		public void export(int pages) {
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@PolarMetered("export")
	@interface Export {

		@AliasFor(annotation = PolarMetered.class, attribute = "units")
		String pages();

	}

	static class Composed implements Exporter {

		@Override
		@Export(pages = "#pages")
		public void export(int pages) {
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@PolarMetered("call")
	@PolarMetered(value = "export", units = "#p0")
	@interface Both {

	}

	static class ComposedOfBoth implements Exporter {

		@Override
		@Both
		public void export(int pages) {
		}

	}

	static class Repeated {

		@PolarMetered("call")
		@PolarMetered(value = "export", units = "#pages")
		public void export(int pages) {
		}

	}

	static class Unusable {

		private boolean called;

		@PolarMetered(value = "export", units = "null")
		public void nullUnits(String text) {
		}

		@PolarMetered(value = "export", units = "#text")
		public void textUnits(String text) {
		}

		@PolarMetered(value = "call", metadata = "{#text}")
		public void listOfMetadata(String text) {
		}

		@PolarMetered(value = "call", metadata = "{form: null}")
		public void nullMetadata(String text) {
		}

		@PolarMetered(value = "call", key = "new Object()")
		public void objectAsKey(String text) {
		}

		@PolarMetered(value = "call", metadata = "{form: #text.missing}")
		public void missing(String text) {
		}

		@PolarMetered(value = "call", metadata = "{form: form.id}")
		public void noVariable(String text) {
		}

		@PolarMetered(value = "call", customer = "#customer")
		public void customer(@Nullable String customer) {
			this.called = true;
		}

		public boolean called() {
			return this.called;
		}

	}

	static class Opaque {

		@PolarMetered(value = "call", customer = "'alice'")
		public Object any(Object result) {
			return result;
		}

		@PolarMetered(value = "call", customer = "'alice'")
		public ResponseEntity<?> entity(Object body) {
			return ResponseEntity.ok(body);
		}

	}

	static class OfFuture {

		@PolarMetered("call")
		public @Nullable Future<String> export() {
			return null;
		}

	}

	static class OfStage {

		@PolarMetered("call")
		public @Nullable CompletableFuture<String> export() {
			return null;
		}

	}

	static class OfCallable {

		@PolarMetered("call")
		public @Nullable Callable<String> export() {
			return null;
		}

	}

	static class OfMono {

		@PolarMetered("call")
		public Mono<String> export() {
			return Mono.empty();
		}

	}

	static class OfFlux {

		@PolarMetered("call")
		public ResponseEntity<Flux<String>> export() {
			return ResponseEntity.ok(Flux.empty());
		}

	}

	static class OfDeferred {

		@PolarMetered("call")
		public DeferredResult<String> export() {
			return new DeferredResult<>();
		}

	}

	static class OfEmitter {

		@PolarMetered("call")
		public SseEmitter export() {
			return new SseEmitter();
		}

	}

	static class OfStream {

		@PolarMetered("call")
		public ResponseEntity<StreamingResponseBody> export() {
			return ResponseEntity.ok().build();
		}

	}

	static class AsyncMethod {

		@Async
		@PolarMetered("call")
		public void export() {
		}

	}

	@Async
	static class AsyncClass {

		@PolarMetered("call")
		public void export() {
		}

	}

	static class Syntax {

		@PolarMetered(value = "call", metadata = "{form: ")
		public void export() {
		}

	}

	static class UnknownVariable {

		@PolarMetered(value = "export", units = "{1, 2}.?[#this > 1].size() + #page")
		public int export(int pages, int other) {
			return 1;
		}

	}

	static class UnknownIndex {

		@PolarMetered(value = "export", units = "#p1")
		public void export(int pages) {
		}

	}

	static class ParameterResult {

		@PolarMetered(value = "call", key = "#result")
		public String export(String result) {
			return result;
		}

	}

	/**
	 * Creates a bean in the same way as a factory of repositories.
	 */
	static class ProxyFactory implements FactoryBean<Exporter> {

		@Override
		public Exporter getObject() {
			return (Exporter) new org.springframework.aop.framework.ProxyFactory(new OfInterface()).getProxy();
		}

		@Override
		public Class<?> getObjectType() {
			return Exporter.class;
		}

	}

	static class ResultOfVoid {

		@PolarMetered(value = "export", units = "#result")
		public void export() {
		}

	}

	static class ResultAsCustomer {

		@PolarMetered(value = "call", customer = "#result")
		public String export() {
			return "alice";
		}

	}

	static class NoName {

		@PolarMetered(" ")
		public void export() {
		}

	}

	@Lazy
	static class UnknownVariableOfLazyBean {

		@PolarMetered(value = "call", key = "#page")
		public void export(int pages) {
		}

	}

	static class FinalMethod {

		@PolarMetered("call")
		public final void export() {
		}

	}

	static final class FinalClass {

		@PolarMetered("call")
		public void export() {
		}

	}

	static class PrivateMethod {

		@PolarMetered("call")
		private void export() {
		}

	}

	static class StaticMethod {

		@PolarMetered("call")
		public static void export() {
		}

	}

	static class StaticMethods {

		@PolarMetered("call")
		@PolarMetered("other")
		public static void export() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethod {

		@Bean
		@PolarMetered("call")
		String name() {
			return "name";
		}

	}

	static class NotInInterface implements Exporter {

		@Override
		public void export(int pages) {
		}

		@PolarMetered("call")
		public void other() {
		}

	}

	static class WovenMethod {

		@Transactional
		@PolarMetered("call")
		public void export() {
		}

	}

	@Transactional
	static class WovenClass {

		@PolarMetered("call")
		public void export() {
		}

	}

}
