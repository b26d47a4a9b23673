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

package io.github.polarspring;

import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.polarspring.testsupport.api.NullMarkedPackages;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The rules that the library is built by.
 */
@AnalyzeClasses(packages = ArchitectureTests.ROOT,
		importOptions = { ImportOption.DoNotIncludeTests.class, NullMarkedPackages.ExcludeTestSupport.class })
class ArchitectureTests {

	static final String ROOT = "io.github.polarspring";

	/**
	 * Public because another package or the auto-configuration creates them, but not
	 * meant for applications. Every addition widens what can break.
	 */
	static final Set<String> INTERNAL = Set.of(ROOT + ".aop.GuardedMethods", ROOT + ".client.PolarUrls",
			ROOT + ".client.PolarJson", ROOT + ".webhook.PolarEventAnnouncements",
			ROOT + ".webhook.jdbc.JdbcWebhookInbox", ROOT + ".web.servlet.PolarWebhookEndpoint",
			ROOT + ".web.reactive.PolarWebhookEndpoint", ROOT + ".web.ForeignTraceHeaders",
			ROOT + ".clientip.IpAddress", ROOT + ".identity.PrincipalIdentityReader",
			ROOT + ".security.AuthenticationIdentityResolver", ROOT + ".web.servlet.PolarWebMvc",
			ROOT + ".web.servlet.PolarWebSecurity");

	private static final String[] FEATURES = { "checkout", "customer", "product", "subscription", "order", "seat",
			"license", "usage", "entitlement", "identity", "clientip", "webhook" };

	@ArchTest
	static final ArchRule springBootStaysOutside = noClasses().should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	static final ArchRule modelDependsOnNothingButTheExceptions = noClasses().that()
		.resideInAPackage(ROOT + ".model..")
		.should()
		.dependOnClassesThat(areOursOutsideOf(ROOT + ".model", ROOT));

	@ArchTest
	static final ArchRule rootDependsOnNothing = noClasses().that()
		.resideInAPackage(ROOT)
		.should()
		.dependOnClassesThat(areOursOutsideOf(ROOT));

	@ArchTest
	static final ArchRule clientKnowsNoFeature = noClasses().that()
		.resideInAPackage(ROOT + ".client..")
		.should()
		.dependOnClassesThat(areOursOutsideOf(ROOT + ".client", ROOT + ".model", ROOT));

	@ArchTest
	static final ArchRule featuresDoNotKnowTheWeb = noClasses().that()
		.resideInAnyPackage(packages(FEATURES))
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage(ROOT + ".web..", ROOT + ".security..");

	@ArchTest
	static final ArchRule webIsIndependentOfTheWebStack = noClasses().that()
		.resideInAPackage(ROOT + ".web")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage(ROOT + ".web.servlet..", ROOT + ".web.reactive..", ROOT + ".security..");

	@ArchTest
	static final ArchRule servletApiStaysInItsPackage = noClasses().that()
		.resideOutsideOfPackage(ROOT + ".web.servlet..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("jakarta.servlet..", "org.springframework.web.servlet..");

	@ArchTest
	static final ArchRule webFluxStaysInItsPackage = noClasses().that()
		.resideOutsideOfPackage(ROOT + ".web.reactive..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.web.server..", "org.springframework.http.server.reactive..");

	@ArchTest
	static final ArchRule reactorStaysInItsPackages = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".web.reactive..", ROOT + ".usage.ai..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("reactor..");

	@ArchTest
	static final ArchRule springAiStaysInItsPackage = noClasses().that()
		.resideOutsideOfPackage(ROOT + ".usage.ai..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.ai..");

	@ArchTest
	static final ArchRule springSecurityStaysInItsPackages = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".web.servlet..", ROOT + ".security..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.security..");

	@ArchTest
	static final ArchRule webhookEndpointNeedsNothingButServlets = noClasses().that()
		.haveNameMatching(ROOT + "\\.web\\.servlet\\.PolarWebhook(Endpoint|Filter|Servlet).*")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.web.servlet..", "org.springframework.security..", ROOT + ".security..",
				ROOT + ".checkout..", ROOT + ".identity..");

	@ArchTest
	static final ArchRule webhookEndpointNeedsNothingButSpringWeb = noClasses().that()
		.resideInAPackage(ROOT + ".web.reactive")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.web.reactive..", ROOT + ".security..", ROOT + ".checkout..",
				ROOT + ".identity..");

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule everyPackageIsNullMarked = classes().should(NullMarkedPackages.beNullMarked());

	@ArchTest
	static final ArchRule internalTypesAreFinal = classes()
		.that(DescribedPredicate.describe("are internal", (type) -> INTERNAL.contains(type.getName())))
		.should()
		.haveModifier(JavaModifier.FINAL);

	private static String[] packages(String... names) {
		String[] packages = new String[names.length];
		for (int i = 0; i < names.length; i++) {
			packages[i] = ROOT + "." + names[i] + "..";
		}
		return packages;
	}

	private static DescribedPredicate<JavaClass> areOursOutsideOf(String... allowed) {
		Set<String> names = Set.of(allowed);
		return DescribedPredicate.describe("are ours, outside of " + names,
				(type) -> type.getPackageName().startsWith(ROOT) && !names.contains(type.getPackageName()));
	}

}
