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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Names of products as they are written in YAML and in environment variables.
 */
class ProductNamesTests {

	private static final UUID ID = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

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
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			größe | größe | gre
			Größe XL | Größe XL | GreXL
			"pro plan" | pro plan | proplan
			a/b | a/b | ab
			50% | 50% | 50
			pro+ | pro+ | pro
			größe-l_x | größe-l_x | gre-l_x
			""")
	void changedNameIsExplainedWithTheLineToWrite(String key, String name, String changed) throws Exception {
		yaml(key).run((context) -> {
			PolarProducts products = context.getBean(PolarProducts.class);
			assertThat(products.asMap()).containsOnlyKeys(changed);
			assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> products.resolve(name))
				.withMessageContaining("There is no product '" + name + "' in 'polar.products', but there is '"
						+ changed + "': Spring Boot removes characters")
				.satisfies((ex) -> assertThat(ex.getAction()).contains("'\"[" + name + "]\": <id>'",
						"'polar.products.[" + name + "]=<id>'"));
		});
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
		runner(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
				Map.of(variable, ID.toString())))
			.run((context) -> assertThat(context.getBean(PolarProducts.class).resolve(name)).isEqualTo(ID));
	}

}
