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

package io.github.polarspring.test;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.polarspring.testsupport.api.NullMarkedPackages;

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
	static final ArchRule everyPackageIsNullMarked = classes().should(NullMarkedPackages.beNullMarked());

}
