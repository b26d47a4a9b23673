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

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.polarspring.checkout.CheckoutQuery;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.Banner.Mode;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static io.github.polarspring.smoke.Library.ACTUATOR;
import static io.github.polarspring.smoke.Library.FAKE;
import static io.github.polarspring.smoke.Library.JDBC;
import static io.github.polarspring.smoke.Library.JETTY;
import static io.github.polarspring.smoke.Library.METRICS;
import static io.github.polarspring.smoke.Library.SECURITY;
import static io.github.polarspring.smoke.Library.TOMCAT;
import static io.github.polarspring.smoke.Library.WEB_FLUX;
import static io.github.polarspring.smoke.Library.WEB_MVC;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for applications of all kinds: each starts, and sells, with nothing on its class
 * path but the starter and what it has chosen. That a restart of the developer tools
 * forgets nothing is in {@link DevToolsRestartTests}.
 */
class ApplicationShapesTests {

	private static final String SERVLET = "jakarta.servlet.Servlet";

	private static final String DISPATCHER_SERVLET = "org.springframework.web.servlet.DispatcherServlet";

	private static final String AUTHENTICATION = "org.springframework.security.core.Authentication";

	private static final String ACTUATOR_ENDPOINT = "org.springframework.boot.actuate.endpoint.annotation.Endpoint";

	private static final String HEALTH = "org.springframework.boot.health.contributor.Health";

	private static final String METER = "io.micrometer.core.instrument.Meter";

	private final PolarStub polar = new PolarStub();

	private final Browser browser = new Browser();

	ApplicationShapesTests() throws Exception {
	}

	@AfterEach
	void stopPolar() {
		this.polar.close();
	}

	@ApplicationWith({})
	void noWeb() {
		assertAbsent(SERVLET, DISPATCHER_SERVLET, "org.springframework.web.reactive.DispatcherHandler", AUTHENTICATION,
				ACTUATOR_ENDPOINT, HEALTH, METER, "org.springframework.jdbc.core.simple.JdbcClient");
		try (ConfigurableApplicationContext context = start(CommandLine.class)) {
			PolarCheckoutOperations checkouts = context.getBean(PolarCheckoutOperations.class);
			assertThat(checkouts.create(CheckoutRequest.forProducts("pro").build()).url())
				.isEqualTo(PolarStub.CHECKOUT_PAGE);
			assertThat(context.getBeansOfType(PolarWebhookVerifier.class)).hasSize(1);
			assertThat(context.getBean(PolarEventListeners.class).isEmpty()).isFalse();
		}
	}

	@ApplicationWith(WEB_FLUX)
	void webFlux() throws Exception {
		assertAbsent(SERVLET, DISPATCHER_SERVLET, AUTHENTICATION, ACTUATOR_ENDPOINT, METER);
		try (ConfigurableApplicationContext context = start(ReactiveShop.class)) {
			assertLeadsToPolar(this.browser.post(port(context), "/buy", "X-User", "alice"));
			assertThat(this.polar.created()).singleElement()
				.asString()
				.contains("\"external_customer_id\":\"alice\"", "\"customer_ip_address\":\"127.0.0.1\"");
			assertHearsWebhooks(context);
			assertThat(context.getBeanDefinitionNames())
				.contains("polarWebhookReceiver", "polarEventListeners", "polarWebhookWebFilter")
				.doesNotContain("polarWebhookFilter");
		}
	}

	@ApplicationWith({ WEB_FLUX, ACTUATOR, METRICS })
	void webFluxWithTheActuator() throws Exception {
		assertAbsent(SERVLET);
		try (ConfigurableApplicationContext context = start(ReactiveShop.class,
				"management.endpoint.health.show-components=always",
				"management.endpoints.web.exposure.include=health,metrics")) {
			assertLeadsToPolar(this.browser.post(port(context), "/buy", "X-User", "alice"));
			assertHearsWebhooks(context);
			assertThat(this.browser.get(port(context), "/actuator/health/polar").body()).contains("\"UP\"");
			assertThat(this.browser.get(port(context), "/actuator/metrics/http.server.requests?tag=uri:/webhooks/polar")
				.body()).contains("{\"statistic\":\"COUNT\",\"value\":2.0}");
		}
	}

	@ApplicationWith(WEB_FLUX)
	void webFluxWithLazyInitialization() throws Exception {
		try (ConfigurableApplicationContext context = start(ReactiveShop.class,
				"spring.main.lazy-initialization=true")) {
			assertThat(context.getBeanFactory().containsSingleton("polarWebhookReceiver")).isFalse();
			assertHearsWebhooks(context);
		}
	}

	@ApplicationWith({ WEB_FLUX, JDBC })
	void webFluxWithTheJdbcInbox() throws Exception {
		assertAbsent(SERVLET);
		try (ConfigurableApplicationContext context = start(ReactiveShop.class, "polar.webhook.inbox=jdbc")) {
			assertHearsWebhooks(context);
			assertThat(context.getBean(PolarWebhookInbox.class)).isInstanceOf(JdbcWebhookInbox.class);
		}
	}

	@ApplicationWith(JDBC)
	void noWebWithTheJdbcInbox() {
		assertAbsent(SERVLET, DISPATCHER_SERVLET, "reactor.core.publisher.Mono");
		try (ConfigurableApplicationContext context = start(CommandLine.class, "polar.webhook.inbox=jdbc")) {
			PolarEvent<?> event = PolarEvent.read("msg_1", Browser.ORDER_PAID.getBytes(StandardCharsets.UTF_8));
			PolarWebhookInbox inbox = context.getBean(PolarWebhookInbox.class);
			assertThat(inbox).isInstanceOf(JdbcWebhookInbox.class);
			assertThat(inbox.accept(event)).isEqualTo(Receipt.ACCEPTED);
			assertThat(inbox.accept(event)).isEqualTo(Receipt.ACCEPTED);
			assertThat(context.getBean(Shop.Licenses.class).orders()).hasSize(1);
		}
	}

	@ApplicationWith({ WEB_FLUX, FAKE })
	void webFluxWithTheFake() throws Exception {
		assertAbsent(SERVLET, "org.springframework.test.web.servlet.MockMvc");
		sellsWithTheFake("");
		sellsWithTheFake("/shop");
	}

	private void sellsWithTheFake(String basePath) throws Exception {
		try (ConfigurableApplicationContext context = start(ReactiveShop.class, "polar.access-token=",
				"polar.base-url=", "polar.webhook.secret=", "polar.fake.enabled=true",
				"spring.webflux.base-path=" + basePath)) {
			HttpResponse<String> response = this.browser.post(port(context), basePath + "/buy", "X-User", "alice");
			assertThat(response.statusCode()).isEqualTo(303);
			PolarFake fake = context.getBean(PolarFake.class);
			fake.pay(context.getBean(PolarCheckoutOperations.class)
				.stream(CheckoutQuery.builder().build())
				.findFirst()
				.orElseThrow()
				.id());
			assertThat(context.getBean(Shop.Licenses.class).orders()).hasSize(1);
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT })
	void springMvcOnTomcatAndNothingElse() throws Exception {
		assertAbsent(AUTHENTICATION, ACTUATOR_ENDPOINT, HEALTH, METER,
				"org.springframework.jdbc.core.simple.JdbcClient", "jakarta.validation.Validator");
		try (ConfigurableApplicationContext context = start(Shop.class)) {
			assertThat(serverOf(context)).startsWith("org.springframework.boot.tomcat.");
			assertSells(context);
			assertSellsToPrincipal(context);
		}
	}

	@ApplicationWith({ WEB_MVC, JETTY })
	void springMvcOnJetty() throws Exception {
		assertAbsent("org.apache.catalina.startup.Tomcat");
		try (ConfigurableApplicationContext context = start(Shop.class)) {
			assertThat(serverOf(context)).startsWith("org.springframework.boot.jetty.");
			assertSells(context);
			assertSellsToPrincipal(context);
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY })
	void severalSecurityFilterChains() throws Exception {
		assertAbsent(ACTUATOR_ENDPOINT, HEALTH, METER, "org.springframework.security.oauth2.core.user.OAuth2User");
		try (ConfigurableApplicationContext context = start(SecuredShop.class)) {
			int port = port(context);
			String token = this.browser.get(port, "/token").body();
			assertThat(this.browser.post(port, "/buy").statusCode()).isEqualTo(403);
			assertThat(this.browser.post(port, "/buy", "Authorization", basic("alice")).statusCode()).isEqualTo(403);
			assertThat(this.polar.created()).isEmpty();
			assertLeadsToPolar(this.browser.post(port, "/buy", "X-CSRF-TOKEN", token, "Authorization", basic("alice")));
			assertThat(this.polar.created()).last().asString().contains("\"external_customer_id\":\"alice\"");
			assertThat(this.browser.post(port, "/api/buy").statusCode()).isEqualTo(401);
			Browser script = new Browser();
			HttpResponse<String> answer = script.post(port, "/api/buy", "Authorization", basic("bob"), "Accept",
					"application/json");
			assertThat(answer.body()).contains(PolarStub.CHECKOUT_PAGE);
			assertThat(answer.headers().allValues("set-cookie"))
				.allMatch((cookie) -> cookie.startsWith("polar-checkout"));
			assertThat(this.polar.created()).hasSize(2).last().asString().contains("\"external_customer_id\":\"bob\"");
			assertHearsWebhooks(context);
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, ACTUATOR })
	void actuatorWithoutMetrics() throws Exception {
		assertAbsent(METER, AUTHENTICATION);
		try (ConfigurableApplicationContext context = start(Shop.class,
				"management.endpoint.health.show-components=always",
				"management.endpoints.web.exposure.include=health,info")) {
			assertSells(context);
			assertThat(this.browser.get(port(context), "/actuator/health/polar").body()).contains("\"UP\"");
			assertThat(this.browser.get(port(context), "/actuator/info").body()).contains("\"apiVersion\"");
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, ACTUATOR, METRICS })
	void actuatorWithoutSecurity() throws Exception {
		assertAbsent(AUTHENTICATION);
		try (ConfigurableApplicationContext context = start(Shop.class,
				"management.endpoint.health.show-components=always",
				"management.endpoints.web.exposure.include=health,metrics")) {
			assertSells(context);
			assertThat(this.browser.get(port(context), "/actuator/health/polar").body()).contains("\"UP\"");
			assertThat(this.browser.get(port(context), "/actuator/metrics/polar.checkout").body())
				.contains("{\"statistic\":\"COUNT\",\"value\":1.0}");
		}
	}

	@EnabledForJreRange(min = JRE.JAVA_21)
	@ApplicationWith({ WEB_MVC, TOMCAT })
	void virtualThreads() throws Exception {
		try (ConfigurableApplicationContext context = start(Shop.class, "spring.threads.virtual.enabled=true")) {
			assertThat(this.browser.get(port(context), "/thread").body()).startsWith("VirtualThread");
			assertSells(context);
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT })
	void enableWebMvc() throws Exception {
		try (ConfigurableApplicationContext context = start(OwnMvcShop.class)) {
			assertThat(context.getBeanDefinitionNames())
				.contains("org.springframework.web.servlet.config.annotation.DelegatingWebMvcConfiguration");
			assertSells(context);
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT })
	void lazyInitialization() throws Exception {
		try (ConfigurableApplicationContext context = start(Shop.class, "spring.main.lazy-initialization=true")) {
			String listener = Shop.Licenses.class.getName();
			assertThat(context.getBeanFactory().containsSingleton(listener)).isFalse();
			assertSells(context);
			assertThat(context.getBeanFactory().containsSingleton(listener)).isTrue();
		}
	}

	private ConfigurableApplicationContext start(Class<?> application, String... properties) {
		Map<String, String> arguments = new LinkedHashMap<>();
		arguments.put("server.port", "0");
		arguments.put("polar.access-token", "polar_oat_smoke");
		arguments.put("polar.base-url", this.polar.url());
		arguments.put("polar.products.pro", "b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");
		arguments.put("polar.webhook.secret", Browser.SECRET);
		for (String property : properties) {
			arguments.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		return new SpringApplicationBuilder(application).bannerMode(Mode.OFF)
			.registerShutdownHook(false)
			.run(arguments.entrySet().stream().map((argument) -> "--" + argument).toArray(String[]::new));
	}

	private static int port(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static String serverOf(ConfigurableApplicationContext context) throws Exception {
		return context.getClass().getMethod("getWebServer").invoke(context).getClass().getName();
	}

	private static String basic(String user) {
		byte[] credentials = (user + ":" + user).getBytes(StandardCharsets.UTF_8);
		return "Basic " + Base64.getEncoder().encodeToString(credentials);
	}

	private static void assertAbsent(String... types) {
		assertThat(types)
			.noneMatch((type) -> ClassUtils.isPresent(type, ApplicationShapesTests.class.getClassLoader()));
	}

	private static void assertLeadsToPolar(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).contains(PolarStub.CHECKOUT_PAGE);
	}

	/**
	 * A guest buys, comes back, and is told from a stranger; then Polar tells of the
	 * order.
	 */
	private void assertSells(ConfigurableApplicationContext context) throws Exception {
		String thanks = "/thanks?checkout_id=" + PolarStub.SESSION;
		assertLeadsToPolar(this.browser.post(port(context), "/buy"));
		assertThat(this.polar.created()).last().asString().doesNotContain("external_customer_id");
		assertThat(this.browser.get(port(context), thanks).body()).isEqualTo("succeeded");
		assertThat(new Browser().get(port(context), thanks).body()).isEqualTo("unconfirmed");
		assertHearsWebhooks(context);
	}

	private void assertSellsToPrincipal(ConfigurableApplicationContext context) throws Exception {
		assertLeadsToPolar(new Browser().post(port(context), "/buy", "X-User", "alice"));
		assertThat(this.polar.created()).last().asString().contains("\"external_customer_id\":\"alice\"");
	}

	private void assertHearsWebhooks(ConfigurableApplicationContext context) throws Exception {
		assertThat(this.browser.webhook(port(context), Browser.SECRET).statusCode()).isEqualTo(202);
		assertThat(this.browser.webhook(port(context), "forged-" + Browser.SECRET).statusCode()).isEqualTo(403);
		assertThat(context.getBean(Shop.Licenses.class).orders()).hasSize(1);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Shop.Licenses.class)
	static class CommandLine {

	}

	@EnableWebMvc
	@Import(Shop.class)
	static class OwnMvcShop {

	}

}
