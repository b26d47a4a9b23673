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

package io.github.polarspring.sample;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import io.github.polarspring.testsupport.Chromium;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Packages of npm that tests use in a browser. They are installed once.
 */
final class NpmPackages {

	static final Path DIRECTORY = Path.of("target", "npm");

	private static boolean installed;

	private NpmPackages() {
	}

	static synchronized void install() throws IOException, InterruptedException {
		if (installed) {
			return;
		}
		Files.createDirectories(DIRECTORY);
		for (String name : List.of("package.json", "package-lock.json")) {
			Files.copy(Path.of("src", "test", "npm", name), DIRECTORY.resolve(name),
					StandardCopyOption.REPLACE_EXISTING);
		}
		try {
			run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
		}
		catch (IOException ex) {
			Chromium.missing("The tests of script libraries need npm (on Debian: apt-get install npm).");
		}
		installed = true;
	}

	static void run(String... command) throws IOException, InterruptedException {
		File log = DIRECTORY.resolve("log").toFile();
		ProcessBuilder builder = new ProcessBuilder(command).directory(DIRECTORY.toFile());
		int status = builder.redirectErrorStream(true).redirectOutput(log).start().waitFor();
		assertThat(status).as(() -> contentOf(log)).isZero();
	}

	private static String contentOf(File log) {
		try {
			return Files.readString(log.toPath());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
