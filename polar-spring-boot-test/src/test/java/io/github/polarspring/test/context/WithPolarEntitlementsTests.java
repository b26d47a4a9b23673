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

package io.github.polarspring.test.context;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.entitlement.EntitlementReport.Reason;
import io.github.polarspring.entitlement.Entitlements;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.identity.PolarIdentity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.reset;

/**
 * Tests for {@link WithPolarEntitlements}.
 */
@SpringJUnitConfig(WithPolarEntitlementsTests.Application.class)
class WithPolarEntitlementsTests {

	@Autowired
	PolarEntitlements entitlements;

	@Autowired
	Stub stub;

	@BeforeEach
	void resetStub() {
		reset(this.stub.mock);
	}

	@Test
	@WithPolarEntitlements("export")
	void everyUserHasExactlyTheFeatures() {
		for (Entitlements of : List.of(this.entitlements.current(), this.entitlements.of("alice"),
				this.entitlements.of(PolarIdentity.of("bob")))) {
			assertThat(of.has("export")).isTrue();
			assertThat(of.has("themes")).isFalse();
			assertThat(of.paymentProblem()).isEmpty();
		}
		this.entitlements.refresh(Set.of("alice"), null);
		then(this.stub.mock).shouldHaveNoInteractions();
	}

	@Test
	@WithPolarEntitlements
	void withoutFeaturesUserHasNone() {
		assertThat(this.entitlements.current().has("export")).isFalse();
		assertThat(this.entitlements.current().limit("forms")).isEqualTo(3);
	}

	@Test
	@WithPolarEntitlements(value = { "export", "themes", "themes" }, limits = { "forms=50", "seats=unlimited" })
	void limitsReplaceDefaults() {
		Entitlements current = this.entitlements.current();
		assertThat(current.limit("forms")).isEqualTo(50);
		assertThat(current.limit("seats")).isEqualTo(Long.MAX_VALUE);
		assertThat(current.limit("users")).isEqualTo(1);
		assertThat(current.report().limits())
			.containsExactlyInAnyOrderEntriesOf(Map.of("forms", 50L, "seats", Long.MAX_VALUE, "users", 1L));
	}

	@Test
	@WithPolarEntitlements("export")
	void reportNamesAllFeatures() {
		assertThat(this.entitlements.current().report().features()).containsOnlyKeys("export", "themes")
			.hasEntrySatisfying("export", (reason) -> assertThat(reason).returns(true, Reason::granted))
			.hasEntrySatisfying("themes", (reason) -> assertThat(reason).returns(false, Reason::granted));
	}

	@Test
	@WithPolarEntitlements("export")
	void otherThreadHasTheSameFeatures() {
		assertThat(CompletableFuture.supplyAsync(() -> this.entitlements.current().has("export")).join()).isTrue();
	}

	@Test
	@WithPolarEntitlements("export")
	void unknownNamesAreRejectedWhenTheyAreChecked() {
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> this.entitlements.current().has("exports"))
			.withMessageContaining("Known features: export, themes.");
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> this.entitlements.current().limit("form"))
			.withMessageContaining("Known limits: forms, seats, users.");
	}

	@Test
	@Exporting
	void annotationCanBeComposed() {
		assertThat(this.entitlements.current().has("export")).isTrue();
	}

	@Test
	void withoutAnnotationApplicationDecides() {
		Entitlements ofUser = mock();
		given(this.stub.mock.current()).willReturn(ofUser);
		given(this.stub.mock.of("alice")).willReturn(ofUser);
		given(this.stub.mock.of(PolarIdentity.of("alice"))).willReturn(ofUser);
		assertThat(this.entitlements.current()).isSameAs(ofUser);
		assertThat(this.entitlements.of("alice")).isSameAs(ofUser);
		assertThat(this.entitlements.of(PolarIdentity.of("alice"))).isSameAs(ofUser);
		UUID customer = UUID.randomUUID();
		this.entitlements.refresh(Set.of("alice"), customer);
		then(this.stub.mock).should().refresh(Set.of("alice"), customer);
	}

	@Test
	@WithPolarEntitlements("export")
	void purchasesAreAssignedByTheApplication() {
		UUID id = UUID.randomUUID();
		this.entitlements.assignOrder(id, "alice");
		this.entitlements.assignSubscription(id, "alice");
		then(this.stub.mock).should().assignOrder(id, "alice");
		then(this.stub.mock).should().assignSubscription(id, "alice");
	}

	@Test
	void unknownFeatureFailsTheTest() {
		assertThat(failureOf("unknownFeature")).isInstanceOf(PolarConfigurationException.class)
			.hasMessageContaining("There is no feature 'exprot' in 'polar.features'. Known features: export, themes.");
		assertThat(failureOf("unknownLimit")).isInstanceOf(PolarConfigurationException.class)
			.hasMessageContaining("There is no limit 'form'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "limitWithoutNumber", "limitThatIsNegative", "limitWithoutName" })
	void limitThatCannotBeReadFailsTheTest(String method) {
		assertThat(failureOf(method)).isInstanceOf(IllegalArgumentException.class)
			.hasMessageContaining("must be a name with a number, such as forms=50 or forms=unlimited");
	}

	private static Throwable failureOf(String method) {
		TestContextManager manager = new TestContextManager(Wrong.class);
		return catchThrowable(() -> manager.beforeTestMethod(new Wrong(), Wrong.class.getDeclaredMethod(method)));
	}

	private static PolarEntitlements start(TestContextManager manager, Object test) throws Exception {
		manager.prepareTestInstance(test);
		manager.beforeTestMethod(test, test.getClass().getDeclaredMethod("test"));
		return manager.getTestContext().getApplicationContext().getBean(PolarEntitlements.class);
	}

	@Test
	void entitlementsEndWithTheTest() throws Exception {
		TestContextManager manager = new TestContextManager(OfClass.class);
		OfClass test = new OfClass();
		PolarEntitlements own = start(manager, test);
		assertThat(own.current().has("themes")).isTrue();
		manager.afterTestMethod(test, OfClass.class.getDeclaredMethod("test"), null);
		assertThat(own.current()).isNull();
	}

	@Test
	void applicationWithoutFeaturesHasThoseOfTheTest() throws Exception {
		TestContextManager manager = new TestContextManager(WithoutBeans.class);
		WithoutBeans test = new WithoutBeans();
		PolarEntitlements own = start(manager, test);
		assertThat(own.current().has("any")).isTrue();
		assertThat(own.current().has("other")).isFalse();
		assertThat(own.current().limit("forms")).isOne();
		assertThatIllegalStateException().isThrownBy(() -> own.current().limit("seats"))
			.withMessageContaining("no limit 'seats'");
		manager.afterTestMethod(test, WithoutBeans.class.getDeclaredMethod("test"), null);
		assertThatIllegalStateException().isThrownBy(own::current)
			.withMessage("The application has no PolarEntitlements bean");
	}

	@Test
	void annotationTogetherWithMockFailsTheTest() throws Exception {
		TestContextManager manager = new TestContextManager(WithMock.class);
		WithMock test = new WithMock();
		assertThatIllegalStateException().isThrownBy(() -> start(manager, test)).withMessageContaining("has no effect");
		manager.afterTestMethod(test, WithMock.class.getDeclaredMethod("test"), null);
	}

	@Test
	void contextOfTestsWithoutTheAnnotationIsNotChanged() {
		TestContextManager manager = new TestContextManager(NotAnnotated.class);
		assertThat(manager.getTestContext().getApplicationContext().getBeansOfType(PolarEntitlements.class))
			.containsOnlyKeys("stub");
	}

	@Nested
	@WithPolarEntitlements("themes")
	class OfEnclosing {

		@Test
		void classDecides() {
			assertThat(WithPolarEntitlementsTests.this.entitlements.current().has("themes")).isTrue();
			assertThat(WithPolarEntitlementsTests.this.entitlements.current().has("export")).isFalse();
		}

		@Test
		@WithPolarEntitlements("export")
		void methodDecides() {
			assertThat(WithPolarEntitlementsTests.this.entitlements.current().has("themes")).isFalse();
			assertThat(WithPolarEntitlementsTests.this.entitlements.current().has("export")).isTrue();
		}

		@Nested
		class Inner {

			@Test
			void inheritsFromEnclosingClass(@Autowired PolarEntitlements entitlements) {
				assertThat(entitlements.current().has("themes")).isTrue();
			}

		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@WithPolarEntitlements("export")
	@interface Exporting {

	}

	@SpringJUnitConfig(Application.class)
	@WithPolarEntitlements("themes")
	static class OfClass {

		void test() {
		}

	}

	@SpringJUnitConfig(Application.class)
	static class NotAnnotated {

	}

	@SpringJUnitConfig(Application.class)
	static class Wrong {

		@WithPolarEntitlements("exprot")
		void unknownFeature() {
		}

		@WithPolarEntitlements(limits = "form=3")
		void unknownLimit() {
		}

		@WithPolarEntitlements(limits = "forms")
		void limitWithoutNumber() {
		}

		@WithPolarEntitlements(limits = "forms=-1")
		void limitThatIsNegative() {
		}

		@WithPolarEntitlements(limits = "=1")
		void limitWithoutName() {
		}

	}

	@SpringJUnitConfig(Empty.class)
	@WithPolarEntitlements(value = "any", limits = "forms=1")
	static class WithoutBeans {

		void test() {
		}

	}

	@SpringJUnitConfig(Application.class)
	@WithPolarEntitlements("export")
	static class WithMock {

		@MockitoBean
		PolarEntitlements mock;

		void test() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		PolarFeatures features() {
			return new PolarFeatures(
					List.of(new Feature("export", Set.of(), Set.of(UUID.randomUUID()), null, WhenUnknown.REJECT),
							new Feature("themes", Set.of(), Set.of(UUID.randomUUID()), null, WhenUnknown.REJECT)),
					Map.of("forms", 3L, "seats", 0L, "users", 1L));
		}

		@Bean
		@Primary
		Stub stub() {
			return new Stub(mock());
		}

	}

	/**
	 * Entitlements of the application, which are also injected by their class.
	 */
	record Stub(PolarEntitlements mock) implements PolarEntitlements {

		@Override
		public Entitlements current() {
			return this.mock.current();
		}

		@Override
		public Entitlements of(String externalId) {
			return this.mock.of(externalId);
		}

		@Override
		public Entitlements of(PolarIdentity identity) {
			return this.mock.of(identity);
		}

		@Override
		public void refresh(Collection<String> externalIds, UUID customerId) {
			this.mock.refresh(externalIds, customerId);
		}

		@Override
		public void assignSubscription(UUID subscriptionId, String externalId) {
			this.mock.assignSubscription(subscriptionId, externalId);
		}

		@Override
		public void assignOrder(UUID orderId, String externalId) {
			this.mock.assignOrder(orderId, externalId);
		}

	}

}
