package io.github.polarspring.test;

import java.util.Set;

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

	private static final String ROOT = "io.github.polarspring.test";

	/**
	 * What tests and applications use. A name that is missing here was made public by
	 * accident, one that is gone breaks somebody.
	 */
	static final Set<String> API = Set.of(ROOT + ".PolarFake", ROOT + ".PolarFakeAssert", ROOT + ".PolarFakeAssertions",
			ROOT + ".PolarFakeWebhooks", ROOT + ".SignedWebhook", ROOT + ".Trouble", ROOT + ".context.WithPolarFake",
			ROOT + ".autoconfigure.PolarFakeAutoConfiguration", ROOT + ".autoconfigure.PolarFakeProperties");

	@ArchTest
	static final ArchRule fakeKnowsNeitherBootNorAutoConfiguration = noClasses().that()
		.resideOutsideOfPackage("..autoconfigure..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..", "..autoconfigure..");

	@ArchTest
	static final ArchRule onlyWhatTestsUseIsPublic = classes().that()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.should(new ArchCondition<>("be listed as API") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean listed = API.contains(type.getName());
				events.add(new SimpleConditionEvent(type, listed, type.getName() + " is listed: " + listed));
			}

		});

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
