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

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.product.PolarProducts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names of products as they are written in YAML and in environment variables.
 */
class ProductNamesTests {

	private static final UUID ID = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	private static final UUID OTHER_ID = UUID.fromString("7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90");

	private static ApplicationContextRunner runner(PropertySource<?> source) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, RestClientAutoConfiguration.class))
			.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(source));
	}

	private static ApplicationContextRunner yaml(String key) throws Exception {
		String yaml = "polar:\n  products:\n    " + key + ": " + ID + "\n";
		return runner(new YamlPropertySourceLoader()
			.load("test", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
			.get(0));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			pro | pro
			Pro | pro
			pro | PRO
			team_yearly | team-yearly
			teamYearly | TEAM_YEARLY
			team.yearly | team_yearly
			"[größe]" | größe
			"[grösse l]" | GRÖSSE L
			"[größe l]" | Größe l
			"[a/b]" | a/b
			"[日本]" | 日本
			"[50%]" | 50%
			""")
	void nameIsFound(String key, String name) throws Exception {
		yaml(key).run((context) -> assertThat(context.getBean(PolarProducts.class).resolve(name)).isEqualTo(ID));
	}

	@Test
	void nameIsFoundInAnyUnicodeForm() throws Exception {
		yaml("\"[" + Normalizer.normalize("größe", Normalizer.Form.NFD) + "]\"")
			.run((context) -> assertThat(context.getBean(PolarProducts.class).resolve("größe")).isEqualTo(ID));
	}

	@ParameterizedTest
	@ValueSource(strings = { "größe", "grüße", "Größe XL", "pro plan", "a/b", "50%", "pro+", "pro €", "größe-l_x",
			"-pro", "team.größe", "team.-yearly", "[team].größe", "größe.[team]", "pro*", "pro(2)", "\u0130d",
			"\u212ailo", "p\u200bro" })
	void nameThatSpringBootChangesFailsTheStartWithTheLineToWrite(String name) {
		String property = name.startsWith("[") ? "polar.products" + name : "polar.products." + name;
		MapPropertySource changed = new MapPropertySource("profile", Map.of(property, OTHER_ID.toString()));
		runner(new MapPropertySource("test", Map.of("polar.products.pro", ID.toString())))
			.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(changed))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(PolarConfigurationException.class,
						(ex) -> assertThat(ex.getAction()).contains(
								"below 'polar.products': '\"[" + name + "]\": <id>'",
								"'polar.products.[" + name + "]=<id>'"))
				.hasMessageStartingWith("'" + property + "' is not kept as it is: Spring Boot removes characters"));
	}

	@Test
	void changedNameIsLocated() throws Exception {
		yaml("\"pro €\"").run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageStartingWith("'polar.products.pro €' (")
			.hasMessageContaining("3:14"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "POLAR_PRODUCTS_PRO+", "POLAR_PRODUCTS_GRÖSSE", "polar.products.pro+" })
	void environmentVariableThatSpringBootChangesFailsTheStart(String variable) {
		environment(variable).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageStartingWith("'" + variable + "' is not kept as it is"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "polar.fake.products.pro+.amount", "polar.fake.products.größe.name" })
	void nameForTheFakeIsCheckedToo(String property) {
		runner(new MapPropertySource("test", Map.of(property, "10"))).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageStartingWith("'" + property + "' is not kept as it is"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "polar.products.Team-Yearly", "polar.products.team_yearly", "polar.products.teamYearly",
			"polar.products.team.yearly", "polar.products.team-", "polar.products.a.b[c d].e", "polar.products[a[b]]",
			"polar.products.[pro €]", "Polar.Products.pro", "polar.products-old.pro+", "polar.product.pro+" })
	void nameThatSpringBootKeepsIsAccepted(String property) {
		runner(new MapPropertySource("test", Map.of(property, ID.toString())))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void nameOfWhichNothingIsLeftFailsTheStart() throws Exception {
		yaml("日本").run((context) -> {
			FailureAnalysis analysis = new PolarBindFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).contains("'polar.products' has a value without a name");
			assertThat(analysis.getAction()).contains("\"[<name>]\": <id>");
		});
	}

	@Test
	void nameWithADotIsCheckedToo() throws Exception {
		yaml("team.yearly").run((context) -> assertThat(context).hasNotFailed());
		runner(new MapPropertySource("test", Map.of("polar.products.team.yearly", "yearly")))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'polar.products.team.yearly' is 'yearly', which is not a UUID"));
		runner(new MapPropertySource("test",
				Map.of("polar.products.team.yearly", "b2a7c0de-58f1-1e0b-8a52-41f6d3c9e710")))
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("version 4"));
	}

	@ParameterizedTest
	@CsvSource({ "POLAR_PRODUCTS_PRO,Pro", "POLAR_PRODUCTS_TEAM_YEARLY,team-yearly",
			"POLAR_PRODUCTS_TEAMYEARLY,team_yearly" })
	void environmentVariableNamesAProductInAnyCase(String variable, String name) {
		environment(variable)
			.run((context) -> assertThat(context.getBean(PolarProducts.class).resolve(name)).isEqualTo(ID));
	}

	private static ApplicationContextRunner environment(String variable) {
		return runner(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
				Map.of(variable, ID.toString())));
	}

}
