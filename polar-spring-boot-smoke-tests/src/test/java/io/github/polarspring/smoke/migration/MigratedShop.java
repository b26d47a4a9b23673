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

package io.github.polarspring.smoke.migration;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

import io.github.polarspring.test.PolarFake;

import org.springframework.boot.Banner.Mode;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;

import static org.awaitility.Awaitility.await;

/**
 * One of the two shops while it runs, with a fake of Polar that calls its webhook
 * endpoint.
 */
final class MigratedShop implements AutoCloseable {

	private static final String SECRET = "polar_whs_q7Yd2Lk9ZbV4nR8tX1mS6wC3eA5uH0";

	/**
	 * Events of the last five seconds before a count are considered not counted.
	 */
	private static final Duration COUNTED_AFTER = Duration.ofSeconds(6);

	private final String database = UUID.randomUUID().toString();

	private final Implementation implementation;

	private final List<String> arguments;

	private final PolarFake polar;

	private final String url;

	private ConfigurableApplicationContext context;

	private MigratedShop(Implementation implementation, PolarFake polar, List<String> arguments) throws IOException {
		int port = freePort();
		this.implementation = implementation;
		this.arguments = arguments;
		this.polar = polar;
		this.url = "http://localhost:" + port;
		polar.addCatalog(new ClassPathResource("migration/catalog.json").getContentAsString(StandardCharsets.UTF_8));
		polar.usage().delay(COUNTED_AFTER);
		polar.webhooks().addEndpoint(URI.create(this.url + "/webhooks/polar"), SECRET);
		this.context = run(port);
	}

	static MigratedShop start(Implementation implementation, String... arguments) throws IOException {
		PolarFake polar = PolarFake.start();
		try {
			return new MigratedShop(implementation, polar, List.of(arguments));
		}
		catch (IOException | RuntimeException ex) {
			polar.close();
			throw ex;
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Both get the same settings: each shop ignores those of the other one.
	 */
	private ConfigurableApplicationContext run(int port) {
		List<String> all = new ArrayList<>(this.arguments);
		all.add("spring.config.location=classpath:migration/" + this.implementation.configuration());
		all.add("server.port=" + port);
		all.add("spring.datasource.url=jdbc:h2:mem:" + this.database + ";DB_CLOSE_DELAY=-1");
		all.add("billing.api-url=" + this.polar.baseUrl());
		all.add("billing.access-token=" + this.polar.accessToken());
		all.add("billing.webhook-secret=" + SECRET);
		all.add("billing.application-url=" + this.url);
		all.add("polar.base-url=" + this.polar.baseUrl());
		all.add("polar.access-token=" + this.polar.accessToken());
		all.add("polar.webhook.secret=" + SECRET);
		all.add("polar.checkout.application-url=" + this.url);
		all.add("spring.autoconfigure.exclude=" + String.join(",", excluded()));
		return new SpringApplicationBuilder(this.implementation.application()).bannerMode(Mode.OFF)
			.registerShutdownHook(false)
			.run(all.stream().map((argument) -> "--" + argument).toArray(String[]::new));
	}

	/**
	 * The hand-written shop does not have the starter on its class path, and none has the
	 * shared test code.
	 */
	private List<String> excluded() {
		String prefix = (this.implementation == Implementation.BY_HAND) ? "io.github.polarspring."
				: "io.github.polarspring.testsupport.";
		return StreamSupport
			.stream(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).spliterator(), false)
			.filter((name) -> name.startsWith(prefix))
			.toList();
	}

	void restart() {
		int port = URI.create(this.url).getPort();
		this.context.close();
		this.context = run(port);
	}

	/**
	 * Wait until Polar has counted what the customer has used. Until then, a balance is
	 * only known approximately. The hand-written shop does not record usage at Polar.
	 */
	void awaitUsage(int units) {
		if (this.implementation == Implementation.WITH_STARTER) {
			await().atMost(Duration.ofSeconds(30)).until(() -> {
				this.polar.advance(Duration.ZERO); // does what is due
				return this.polar.webhooks()
					.deliveries()
					.stream()
					.anyMatch((delivery) -> delivery.type().equals("customer.state_changed")
							&& delivery.body().contains("\"consumed_units\":" + units + ".0"));
			});
		}
	}

	String url() {
		return this.url;
	}

	PolarFake polar() {
		return this.polar;
	}

	UnreliableDatabase database() {
		return this.context.getBean(UnreliableDatabase.class);
	}

	@Override
	public void close() {
		try (this.polar) {
			this.context.close();
		}
	}

}
