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

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the packaged fake, started as its users do.
 */
@Timeout(120)
class PolarFakeApplicationIntegrationTests {

	private static final Path JAR = Path.of(System.getProperty("fake.jar"));

	private static final Path PAGE = Path.of("../docs/how-to/run-the-fake.md");

	private static final String PRO = "0b6c1a52-8f3e-4d17-9b57-2f1d0c5e7a11";

	private final HttpClient http = HttpClient.newHttpClient();

	@TempDir
	private Path directory;

	private @Nullable Process process;

	@AfterEach
	void stop() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

	private Process start(Map<String, String> variables, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().keySet().removeIf((name) -> name.startsWith("POLAR_"));
		builder.environment().putAll(variables);
		this.process = builder.start();
		return this.process;
	}

	private String untilStarted(Process process) throws IOException {
		BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
		StringBuilder output = new StringBuilder();
		while (!output.toString().contains("Press Ctrl-C")) {
			String line = reader.readLine();
			assertThat(line).withFailMessage(() -> "The fake did not start: " + output).isNotNull();
			output.append(line).append('\n');
		}
		return output.toString();
	}

	private static String value(String output, String name) {
		Matcher matcher = Pattern.compile(name + " +(\\S+)").matcher(output);
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

	private Path documentedCatalog() throws IOException {
		Matcher block = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
		assertThat(block.find()).isTrue();
		return Files.writeString(this.directory.resolve("catalog.json"), block.group(1));
	}

	private HttpResponse<String> send(String method, String url, String token, String body) throws Exception {
		return this.http.send(HttpRequest.newBuilder(URI.create(url))
			.header("Authorization", "Bearer " + token)
			.header("Content-Type", "application/json")
			.method(method, BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	@Test
	void sellsTheDocumentedCatalogAndSendsWebhooks() throws Exception {
		BlockingQueue<String> events = new LinkedBlockingQueue<>();
		HttpServer shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		shop.createContext("/webhooks", (exchange) -> {
			JsonNode event = JsonMapper.shared().readTree(exchange.getRequestBody());
			if (exchange.getRequestHeaders().containsKey("webhook-signature")) {
				events.add(event.path("type").asString());
			}
			exchange.sendResponseHeaders(202, -1);
			exchange.close();
		});
		shop.start();
		try {
			Process process = start(
					Map.of("POLAR_FAKE_WEBHOOK_SECRET", "whsec_local", "POLAR_FAKE_ACCESS_TOKEN", "test"), "--port=0",
					"--catalog=" + documentedCatalog(),
					"--webhook-url=http://localhost:%d/webhooks".formatted(shop.getAddress().getPort()));
			String output = untilStarted(process);
			String api = value(output, "API");
			String control = value(output, "Control");
			assertThat(api).startsWith("http://127.0.0.1:");
			assertThat(output).contains("Access token  test", "/dashboard", "catalog.json")
				.doesNotContain("whsec_local");
			HttpResponse<String> session = send("POST", api + "/v1/checkouts/", "test",
					"{\"products\":[\"%s\"],\"external_customer_id\":\"alice\"}".formatted(PRO));
			assertThat(session.statusCode()).isEqualTo(201);
			String id = JsonMapper.shared().readTree(session.body()).path("id").asString();
			assertThat(send("POST", control + "pay", "", "{\"id\":\"%s\"}".formatted(id)).statusCode()).isEqualTo(204);
			assertThat(events).contains("checkout.created", "order.paid", "subscription.active",
					"benefit_grant.created");
			assertThat(send("GET", value(output, "Dashboard"), "", "").body()).contains("alice@example.com");
			process.destroy();
			assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			shop.stop(0);
		}
	}

	@Test
	void withoutArgumentsForItTheTokenIsRandom() throws Exception {
		String output = untilStarted(start(Map.of(), "--port=0"));
		String token = value(output, "Access token");
		assertThat(token).startsWith("polar_oat_");
		assertThat(output).contains("empty; add one with --catalog", "no one; add an endpoint with --webhook-url");
		assertThat(send("GET", value(output, "API") + "/v1/products/", token, "").statusCode()).isEqualTo(200);
		assertThat(send("GET", value(output, "API") + "/v1/products/", "test", "").statusCode()).isEqualTo(401);
	}

	@Test
	void portInUseIsOneSentence() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertFails(1,
					"The fake could not be started on port %d. Stop the process that uses the port, or choose another one with --port."
						.formatted(taken.getLocalPort()),
					"--port=" + taken.getLocalPort());
		}
	}

	@Test
	void wrongArgumentIsOneSentence() throws Exception {
		assertFails(2, "There is no option --prot. For all options, use --help.", "--prot=8090");
		assertFails(2, "Invalid argument syntax: --=1", "--=1");
	}

	@Test
	void wrongCatalogIsOneSentence() throws Exception {
		Path file = Files.writeString(this.directory.resolve("wrong.json"), "{\"products\":[{\"name\":\"Pro\"}]}");
		assertFails(2, "The catalog %s is invalid: products[0].prices: Field required".formatted(file), "--port=0",
				"--catalog=" + file);
		assertFails(2, "The catalog none.json does not exist.", "--port=0", "--catalog=none.json");
	}

	private void assertFails(int status, String message, String... arguments) throws Exception {
		Process process = start(Map.of(), arguments);
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isEqualTo(status);
		assertThat(errors.strip()).isEqualTo(message);
		assertThat(output).isEmpty();
	}

	@Test
	void helpIsPrinted() throws Exception {
		Process process = start(Map.of(), "--help");
		assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
			.contains("Usage: java -jar polar-fake.jar", "--webhook-secret", "POLAR_FAKE_WEBHOOK_SECRET");
		assertThat(process.waitFor()).isZero();
	}

	@Test
	void jarContainsNeitherSpringBootNorTests() throws Exception {
		try (ZipFile jar = new ZipFile(JAR.toFile())) {
			assertThat(jar.stream().map(ZipEntry::getName).filter((name) -> name.endsWith(".jar")))
				.anyMatch((name) -> name.startsWith("BOOT-INF/lib/polar-spring-boot-test"))
				.noneMatch((name) -> name.matches(".*/(spring-boot-|polar-spring-boot-autoconfigure|junit|assertj).*")
						&& !name.contains("polar-spring-boot-test"));
		}
	}

}
