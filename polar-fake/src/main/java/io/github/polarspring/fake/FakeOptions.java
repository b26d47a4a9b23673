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

import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.util.Assert;

/**
 * Options of the process, from its arguments or from environment variables.
 *
 * @param help whether to print help only
 * @param port the port
 * @param catalog the file with the catalog
 * @param webhookUrl the URL of the webhook endpoint
 * @param webhookSecret the secret of the webhook endpoint
 * @param accessToken the access token
 */
record FakeOptions(boolean help, int port, @Nullable Path catalog, @Nullable URI webhookUrl,
		@Nullable String webhookSecret, @Nullable String accessToken) {

	static final String HELP = """
			Runs a fake of Polar on this machine: API, checkout page, webhooks, and dashboard.

			Usage: java -jar polar-fake.jar [options]

			  --port=8090                Port, 8090 by default, or 0 for a free port
			  --catalog=catalog.json     File with products, discounts, benefits, meters, and custom fields
			  --webhook-url=URL          URL to send events to, such as http://localhost:3000/webhooks
			  --webhook-secret=SECRET    Secret to sign events with; required with --webhook-url
			  --access-token=TOKEN       Token that the API accepts, random by default
			  --help                     Print this help

			Each option can also be set by an environment variable, such as POLAR_FAKE_WEBHOOK_SECRET. Other
			users of the machine can see arguments, but not variables.""";

	private static final List<String> NAMES = List.of("port", "catalog", "webhook-url", "webhook-secret",
			"access-token", "help");

	private static final int DEFAULT_PORT = 8090;

	/**
	 * Read the options.
	 * @param args the arguments, which take precedence
	 * @param environment the environment variables
	 * @throws IllegalArgumentException if an option is wrong
	 */
	static FakeOptions of(String[] args, ConfigurableEnvironment environment) {
		SimpleCommandLinePropertySource arguments = new SimpleCommandLinePropertySource(args);
		for (String name : arguments.getPropertyNames()) {
			Assert.isTrue(NAMES.contains(name),
					() -> "There is no option --%s. For all options, use --help.".formatted(name));
		}
		String other = arguments.getProperty(SimpleCommandLinePropertySource.DEFAULT_NON_OPTION_ARGS_PROPERTY_NAME);
		Assert.isTrue(other == null,
				() -> "The argument '%s' must have the form --name=value. For all options, use --help."
					.formatted(other));
		if (arguments.containsProperty("help")) {
			return new FakeOptions(true, DEFAULT_PORT, null, null, null, null);
		}
		Values values = new Values(arguments, environment);
		URI webhookUrl = url(values.get("webhook-url"));
		String webhookSecret = values.get("webhook-secret");
		Assert.isTrue(webhookUrl == null || webhookSecret != null,
				"The webhook URL requires a secret. Set POLAR_FAKE_WEBHOOK_SECRET, or add --webhook-secret=...");
		Assert.isTrue(webhookUrl != null || webhookSecret == null,
				"The webhook secret requires a URL. Add --webhook-url=http://localhost:3000/webhooks");
		return new FakeOptions(false, port(values.get("port")), path(values.get("catalog")), webhookUrl, webhookSecret,
				token(values.get("access-token")));
	}

	private static int port(@Nullable String text) {
		if (text == null) {
			return DEFAULT_PORT;
		}
		String message = "The port '%s' is not a number between 0 and 65535. Use --port=8090".formatted(text);
		Assert.isTrue(text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65535, message);
		return Integer.parseInt(text);
	}

	private static @Nullable Path path(@Nullable String text) {
		try {
			return (text != null) ? Path.of(text) : null;
		}
		catch (InvalidPathException ex) {
			throw new IllegalArgumentException("The catalog '%s' is not a file.".formatted(text), ex);
		}
	}

	private static @Nullable URI url(@Nullable String text) {
		if (text == null) {
			return null;
		}
		String message = "The webhook URL '%s' is not an http or https URL. Use --webhook-url=http://localhost:3000/webhooks"
			.formatted(text);
		try {
			URI url = URI.create(text);
			Assert.isTrue(("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null,
					message);
			return url;
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(message, ex);
		}
	}

	private static @Nullable String token(@Nullable String text) {
		Assert.isTrue(text == null || text.matches("[!-~]+"),
				"The access token must consist of visible ASCII characters without spaces.");
		return text;
	}

	/**
	 * Read the catalog.
	 * @return the content of the file, or {@code null} if none is set
	 * @throws IllegalArgumentException if the file cannot be read
	 */
	@Nullable String readCatalog() {
		if (this.catalog == null) {
			return null;
		}
		try {
			return Files.readString(this.catalog);
		}
		catch (NoSuchFileException ex) {
			throw new IllegalArgumentException("The catalog %s does not exist.".formatted(this.catalog), ex);
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("The catalog %s is not encoded in UTF-8.".formatted(this.catalog), ex);
		}
		catch (IOException ex) {
			throw new IllegalArgumentException(
					"The catalog %s cannot be read. Is it a readable file?".formatted(this.catalog), ex);
		}
	}

	@Override
	public String toString() {
		return "FakeOptions[port=%d]".formatted(this.port);
	}

	/**
	 * Values of options.
	 */
	private record Values(SimpleCommandLinePropertySource arguments, Environment environment) {

		@Nullable String get(String name) {
			String argument = this.arguments.getProperty(name);
			Assert.isTrue(argument == null || !argument.isBlank(),
					() -> "The option --%s has no value. For all options, use --help.".formatted(name));
			return (argument != null) ? argument : this.environment.getProperty("polar.fake." + name);
		}

	}

}
