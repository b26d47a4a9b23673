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

package io.github.polarspring.fake;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link FakeOptions}.
 */
class FakeOptionsTests {

	private static FakeOptions read(Map<String, Object> variables, String... arguments) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new HashMap<>(variables)));
		return FakeOptions.of(arguments, environment);
	}

	@Test
	void withoutArgumentsItIsAnEmptyFakeOnTheDefaultPort() {
		assertThat(read(Map.of())).isEqualTo(new FakeOptions(false, 8090, null, null, null, null));
	}

	@Test
	void argumentsAreRead() {
		assertThat(read(Map.of(), "--port=0", "--catalog=a/b.json", "--webhook-url=https://localhost:3000/hooks?a=b",
				"--webhook-secret=whsec_a=", "--access-token=polar_oat_x"))
			.isEqualTo(new FakeOptions(false, 0, Path.of("a/b.json"), URI.create("https://localhost:3000/hooks?a=b"),
					"whsec_a=", "polar_oat_x"));
	}

	@Test
	void variablesAreReadAndArgumentsTakePrecedence() {
		Map<String, Object> variables = Map.of("POLAR_FAKE_PORT", "9000", "POLAR_FAKE_CATALOG", "c.json",
				"POLAR_FAKE_WEBHOOK_URL", "http://localhost", "POLAR_FAKE_WEBHOOK_SECRET", "s",
				"POLAR_FAKE_ACCESS_TOKEN", "t");
		assertThat(read(variables, "--port=9001"))
			.isEqualTo(new FakeOptions(false, 9001, Path.of("c.json"), URI.create("http://localhost"), "s", "t"));
	}

	@Test
	void helpIsAvailableEvenIfSomethingElseIsWrong() {
		assertThat(read(Map.of("POLAR_FAKE_PORT", "x"), "--help").help()).isTrue();
		assertThat(FakeOptions.HELP).contains("--port", "--catalog", "--webhook-url", "--webhook-secret",
				"--access-token", "--help");
	}

	@Test
	void everyOptionIsInTheHelpAndInTheDocumentation() throws Exception {
		List<String> options = Arrays.stream(FakeOptions.class.getRecordComponents())
			.map((component) -> component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
			.toList();
		String page = Files.readString(Path.of("../docs/how-to/run-the-fake.md"));
		assertThat(options).contains("webhook-url")
			.allSatisfy((option) -> assertThat(FakeOptions.HELP).contains("  --" + option));
		assertThat(options).filteredOn((option) -> !option.equals("help"))
			.allSatisfy((option) -> assertThat(page).contains("| `--%s` | `POLAR_FAKE_%s` |".formatted(option,
					option.replace('-', '_').toUpperCase(Locale.ROOT))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					--prot=8090                      | There is no option --prot. For all options, use --help.
					--server.port=8090               | There is no option --server.port. For all options, use --help.
					8090                             | The argument '8090' must have the form --name=value. For all options, use --help.
					-p                               | The argument '-p' must have the form --name=value. For all options, use --help.
					--port                           | The option --port has no value. For all options, use --help.
					--port=                          | The option --port has no value. For all options, use --help.
					--webhook-secret=                | The option --webhook-secret has no value. For all options, use --help.
					--port=http                      | The port 'http' is not a number between 0 and 65535. Use --port=8090
					--port=-1                        | The port '-1' is not a number between 0 and 65535. Use --port=8090
					--port=65536                     | The port '65536' is not a number between 0 and 65535. Use --port=8090
					--port=1 --port=2                | The port '1,2' is not a number between 0 and 65535. Use --port=8090
					--webhook-url=http://localhost   | The webhook URL requires a secret. Set POLAR_FAKE_WEBHOOK_SECRET, or add --webhook-secret=...
					--webhook-secret=x               | The webhook secret requires a URL. Add --webhook-url=http://localhost:3000/webhooks
					--webhook-url=localhost:3000     | The webhook URL 'localhost:3000' is not an http or https URL. Use --webhook-url=http://localhost:3000/webhooks
					--webhook-url=/webhooks          | The webhook URL '/webhooks' is not an http or https URL. Use --webhook-url=http://localhost:3000/webhooks
					--webhook-url=http:///webhooks   | The webhook URL 'http:///webhooks' is not an http or https URL. Use --webhook-url=http://localhost:3000/webhooks
					--webhook-url=ftp://localhost    | The webhook URL 'ftp://localhost' is not an http or https URL. Use --webhook-url=http://localhost:3000/webhooks
					--access-token=tökén             | The access token must consist of visible ASCII characters without spaces.
					""")
	void wrongArgumentSaysWhatToChange(String arguments, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> read(Map.of(), arguments.split(" ")))
			.withMessage(message);
	}

	@Test
	void unreadableCatalogSaysWhy(@TempDir Path directory) throws Exception {
		Path file = Files.write(directory.resolve("latin.json"), new byte[] { '"', (byte) 0xe4, '"' });
		assertUnreadable(directory.resolve("none.json"), "The catalog %s does not exist.");
		assertUnreadable(directory, "The catalog %s cannot be read. Is it a readable file?");
		assertUnreadable(file, "The catalog %s is not encoded in UTF-8.");
		assertThat(catalog(null).readCatalog()).isNull();
	}

	private static void assertUnreadable(Path file, String message) {
		assertThatIllegalArgumentException().isThrownBy(catalog(file)::readCatalog).withMessage(message, file);
	}

	private static FakeOptions catalog(@Nullable Path file) {
		return new FakeOptions(false, 0, file, null, null, null);
	}

	@Test
	void textContainsNoSecrets() {
		assertThat(read(Map.of(), "--webhook-url=http://localhost", "--webhook-secret=secret-1",
				"--access-token=secret-2"))
			.asString()
			.doesNotContain("secret");
	}

}
