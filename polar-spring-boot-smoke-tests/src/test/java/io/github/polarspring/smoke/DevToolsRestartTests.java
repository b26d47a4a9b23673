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

package io.github.polarspring.smoke;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.github.polarspring.smoke.Library.DEVTOOLS;
import static io.github.polarspring.smoke.Library.TOMCAT;
import static io.github.polarspring.smoke.Library.WEB_MVC;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application that Spring Boot's developer tools restart: they load its
 * classes anew, and keep its HTTP sessions in a file meanwhile.
 */
class DevToolsRestartTests {

	@TempDir
	private Path directory;

	@Test
	void shopSellsAfterARestartAndStillKnowsItsGuests() throws Exception {
		try (PolarStub polar = new PolarStub()) {
			Process shop = start(polar);
			try (BufferedReader output = new BufferedReader(
					new InputStreamReader(shop.getInputStream(), StandardCharsets.UTF_8))) {
				Browser guest = new Browser();
				int port = awaitPort(output);
				assertThat(guest.post(port, "/buy").statusCode()).isEqualTo(303);
				assertThat(guest.webhook(port, Browser.SECRET).statusCode()).isEqualTo(202);
				assertThat(guest.get(port, "/orders").body()).isEqualTo("1");
				String generation = guest.get(port, "/generation").body();

				assertThat(guest.post(port, "/restart").statusCode()).isEqualTo(200);
				port = awaitPort(output);

				assertThat(guest.get(port, "/generation").body()).isNotEqualTo(generation);
				String thanks = "/thanks?checkout_id=" + PolarStub.SESSION;
				assertThat(guest.get(port, thanks).body()).isEqualTo("succeeded");
				assertThat(new Browser().get(port, thanks).body()).isEqualTo("unconfirmed");
				assertThat(guest.post(port, "/buy").statusCode()).isEqualTo(303);
				assertThat(guest.get(port, "/orders").body()).isEqualTo("0");
				assertThat(guest.webhook(port, Browser.SECRET).statusCode()).isEqualTo(202);
				assertThat(guest.get(port, "/orders").body()).isEqualTo("1");
			}
			finally {
				shop.destroyForcibly().waitFor();
			}
		}
	}

	private Process start(PolarStub polar) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-Djava.io.tmpdir=" + this.directory, "-cp", classPath(), RestartingShop.class.getName()));
		command.addAll(List.of("--server.port=0", "--spring.devtools.livereload.enabled=false",
				"--polar.access-token=polar_oat_smoke", "--polar.base-url=" + polar.url(),
				"--polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710",
				"--polar.webhook.secret=" + Browser.SECRET));
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

	/**
	 * Developer tools load directories anew, and jars once. Our modules are jars for
	 * those who use them, but need not be in this build.
	 */
	private String classPath() throws IOException {
		List<Path> classPath = new ArrayList<>();
		for (Path path : ClassPath.of("polar-spring-boot-starter", EnumSet.of(WEB_MVC, TOMCAT, DEVTOOLS))) {
			boolean module = Files.isDirectory(path) && !Files.isDirectory(path.resolve("io/github/polarspring/smoke"));
			classPath.add(module ? jar(path, "module-" + classPath.size() + ".jar") : path);
		}
		return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
	}

	private Path jar(Path classes, String name) {
		Path jar = this.directory.resolve(name);
		ToolProvider.findFirst("jar")
			.orElseThrow()
			.run(System.out, System.err, "--create", "--no-compress", "--file", jar.toString(), "-C",
					classes.toString(), ".");
		return jar;
	}

	private static int awaitPort(BufferedReader output) throws Exception {
		List<String> before = new ArrayList<>();
		String ready = CompletableFuture.supplyAsync(() -> readTo(RestartingShop.READY, output, before))
			.get(2, TimeUnit.MINUTES);
		assertThat(ready).as(String.join("\n", before)).isNotNull();
		return Integer.parseInt(ready.substring(RestartingShop.READY.length()));
	}

	private static String readTo(String start, BufferedReader output, List<String> before) {
		try {
			String line = output.readLine();
			while (line != null && !line.startsWith(start)) {
				before.add(line);
				line = output.readLine();
			}
			return line;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
