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

import java.io.PrintStream;

import io.github.polarspring.test.PolarFake;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.StandardEnvironment;

/**
 * Runs a {@link PolarFake} until the process is stopped, for front ends, applications in
 * other languages, and browser tests.
 *
 * @since 0.1.0
 */
public final class PolarFakeApplication {

	private static final int FAILED = 1;

	private static final int WRONG_ARGUMENTS = 2;

	private PolarFakeApplication() {
	}

	/**
	 * Start the fake. Exits with status 2 if an argument is wrong, and with 1 if the fake
	 * cannot be started.
	 * @param args the arguments; {@code --help} lists them
	 */
	public static void main(String[] args) {
		// one line for each message
		System.setProperty("java.util.logging.SimpleFormatter.format", "%5$s%n");
		try {
			FakeOptions options = FakeOptions.of(args, new StandardEnvironment());
			if (options.help()) {
				System.out.println(FakeOptions.HELP);
				return;
			}
			PolarFake fake = start(options);
			Runtime.getRuntime().addShutdownHook(new Thread(fake::close));
			print(fake, options, System.out);
		}
		catch (IllegalArgumentException ex) {
			exit(WRONG_ARGUMENTS, ex.getMessage());
		}
		catch (IllegalStateException ex) {
			exit(FAILED, ex.getMessage());
		}
	}

	private static PolarFake start(FakeOptions options) {
		String catalog = options.readCatalog();
		PolarFake fake = listen(options.port());
		if (options.accessToken() != null) {
			fake.accessToken(options.accessToken());
		}
		if (catalog != null) {
			addCatalog(fake, catalog, String.valueOf(options.catalog()));
		}
		if (options.webhookUrl() != null && options.webhookSecret() != null) {
			fake.webhooks().addEndpoint(options.webhookUrl(), options.webhookSecret());
		}
		return fake;
	}

	private static PolarFake listen(int port) {
		try {
			return PolarFake.start(port);
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException(
					"The fake could not be started on port %d. Stop the process that uses the port,".formatted(port)
							+ " or choose another one with --port.",
					ex);
		}
	}

	private static void addCatalog(PolarFake fake, String catalog, String file) {
		try {
			fake.addCatalog(catalog);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("The catalog %s is invalid: %s".formatted(file, ex.getMessage()), ex);
		}
	}

	private static void print(PolarFake fake, FakeOptions options, PrintStream out) {
		out.println("""
				A fake of Polar is running. No real payments are made.

				  API           %s
				  Access token  %s
				  Dashboard     %s
				  Control       %s
				  Catalog       %s
				  Webhooks to   %s

				Press Ctrl-C to stop.""".formatted(fake.baseUrl(), fake.accessToken(), fake.dashboardUrl(),
				fake.controlUrl(), text(options.catalog(), "empty; add one with --catalog"),
				text(options.webhookUrl(), "no one; add an endpoint with --webhook-url and --webhook-secret")));
	}

	private static String text(@Nullable Object value, String otherwise) {
		return (value != null) ? value.toString() : otherwise;
	}

	private static void exit(int status, @Nullable String message) {
		System.err.println(message);
		System.exit(status);
	}

}
