package io.github.polarspring.test;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The rules that the code is built by.
 */
@AnalyzeClasses(packages = "io.github.polarspring.test", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule fakeKnowsNeitherBootNorAutoConfiguration = noClasses().that()
		.resideOutsideOfPackage("..autoconfigure..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..", "..autoconfigure..");

	@ArchTest
	static final ArchRule onlyWhatTestsUseIsPublic = classes().that()
		.resideOutsideOfPackage("..autoconfigure..")
		.and()
		.arePublic()
		.should()
		.haveNameMatching(
				".*\\.(PolarFake|PolarFakeWebhooks|PolarFakeWebhooks[$]Delivery|SignedWebhook|Trouble|PolarFakeAssertions|PolarFakeAssert|"
						+ "PolarFakeAssert[$]CheckoutAssert|PolarFakeAssert[$]OrderAssert|WithPolarFake)");

	/**
	 * So that the server under the fake can change without breaking tests that do not use
	 * it.
	 */
	@ArchTest
	static final ArchRule wireMockStaysBehindItsMethod = methods().that()
		.arePublic()
		.and()
		.areDeclaredIn(PolarFake.class)
		.and()
		.doNotHaveName("wireMock")
		.should()
		.notHaveRawReturnType(WireMockServer.class);

	@ArchTest
	static final ArchRule everyPackageIsNullMarked = classes().should(new ArchCondition<>("be @NullMarked") {

		@Override
		public void check(JavaClass type, ConditionEvents events) {
			boolean marked = type.getPackage()
				.tryGetPackageInfo()
				.filter(CanBeAnnotated.Predicates.annotatedWith(NullMarked.class))
				.isPresent();
			events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is @NullMarked: " + marked));
		}

	});

}
