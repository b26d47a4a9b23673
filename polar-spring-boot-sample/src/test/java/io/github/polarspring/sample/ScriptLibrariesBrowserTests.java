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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.context.WithPolarFake;
import io.github.polarspring.testsupport.Chromium;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarPortal;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Wait;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for buy buttons that real libraries submit, in a browser and on pages with a
 * strict content security policy. Needs npm in addition to the browser.
 */
@WithPolarFake
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.sql.init.mode=never", "polar.webhook.inbox=direct" })
class ScriptLibrariesBrowserTests {

	private static @Nullable ChromeDriver browser;

	static final PolarIdentity ALICE = PolarIdentity.of("alice").withEmail("alice@example.com");

	@LocalServerPort
	private int port;

	@Autowired
	private PolarCustomerOperations customers;

	@Autowired
	private PolarFake polar;

	@Autowired
	private AtomicInteger prefetches;

	@BeforeAll
	static void start() throws Exception {
		installLibraries();
		browser = Chromium.start();
	}

	private static void installLibraries() throws IOException, InterruptedException {
		NpmPackages.install();
		bundle("inertia", inertiaPage("@inertiajs/core"));
		bundle("inertia-2", inertiaPage("inertia-2"));
		bundle("datastar", "import './node_modules/@starfederation/datastar/dist/bundles/datastar.js';");
	}

	private static String inertiaPage(String module) {
		return """
				import { router } from "%s";
				router.init({
					initialPage: { component: "Shop", props: {}, url: "/", version: null, flash: {} },
					resolveComponent: () => ({}),
					swapComponent: async () => {},
				});
				const buy = document.querySelector("#buy");
				if (buy.dataset.prefetch) {
					buy.addEventListener("mouseenter", () => router.prefetch("/buy/get"));
					buy.addEventListener("click", () => router.get("/buy/get"));
				}
				else {
					buy.addEventListener("click", () => router.post("/buy/pro"));
				}
				""".formatted(module);
	}

	private static void bundle(String name, String script) throws IOException, InterruptedException {
		Path source = NpmPackages.DIRECTORY.resolve(name + "-page.mjs");
		Files.writeString(source, script);
		NpmPackages.run("node_modules/.bin/esbuild", "--bundle", "--log-level=warning", source.getFileName().toString(),
				"--outfile=node_modules/" + name + ".js");
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.quit();
			browser = null;
		}
	}

	private static ChromeDriver browser() {
		assertThat(browser).isNotNull();
		return browser;
	}

	private static Wait<WebDriver> await() {
		return new WebDriverWait(browser(), Duration.ofSeconds(10)).ignoring(WebDriverException.class);
	}

	private void open(ScriptLibrary library) {
		open("/page/" + library);
	}

	private void open(String page) {
		browser().get("http://localhost:%d%s".formatted(this.port, page));
		await().until((driver) -> "complete".equals(browser().executeScript("return document.readyState")));
	}

	private void clickBuy(ScriptLibrary library) {
		open(library);
		click();
	}

	private void click() {
		await().until((driver) -> {
			driver.findElement(By.id("buy")).click();
			return true;
		});
	}

	@ParameterizedTest
	@EnumSource
	void checkoutPageIsOpenedByTheLibrary(ScriptLibrary library) {
		clickBuy(library);
		await().until(ExpectedConditions.urlContains("/checkout/polar_c_"));
		assertThat(browser().getCurrentUrl()).startsWith(this.polar.baseUrl().toString());
		assertThat(this.polar.checkoutIds()).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.MATCH_ANY, names = { ".*_LINK.*", "HTMX.*", "TURBO_\\d", "INTERCOOLER", "DATASTAR" })
	void portalIsOpenedByTheLibrary(ScriptLibrary library) {
		this.customers.ensure(ALICE);
		open("/page/" + library + "?portal");
		click();
		await().until(ExpectedConditions.urlContains("/portal?customer_session_token="));
		assertThat(browser().getCurrentUrl()).startsWith(this.polar.baseUrl().toString());
	}

	/**
	 * Unpoly displays errors in the elements and layers that the page names for them, and
	 * a click on a prefetched link of Inertia is a navigation.
	 */
	@ParameterizedTest
	@EnumSource(mode = Mode.MATCH_ANY, names = { "TURBO.*", "HTMX_4.*", "UNPOLY", "UNPOLY_TARGET", "UNPOLY_OVERLAY",
			"UNPOLY_NO_TARGET", "UNPOLY_LINK.*", "ALPINE_AJAX", "ALPINE_AJAX_LINK.*", "INERTIA_\\d" })
	void errorIsShownByTheLibrary(ScriptLibrary library) {
		this.polar.wireMock().stubFor(WireMock.post(WireMock.anyUrl()).willReturn(WireMock.serverError()));
		clickBuy(library);
		if (library.name().startsWith("INERTIA")) {
			await().until(ExpectedConditions.frameToBeAvailableAndSwitchToIt(By.tagName("iframe")));
		}
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("body"),
				"The checkout is not available right now."));
	}

	/**
	 * A library can use the response to a prefetch request when the user clicks.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TURBO_8_LINK", "TURBO_8_LINK_IN_FRAME", "TURBO_8_LINK_TRACKED", "UNPOLY_LINK_PRELOADED",
			"INERTIA_2_PREFETCH", "INERTIA_3_PREFETCH" })
	void hoverCreatesNothingAndClickOpensTheCheckoutPage(ScriptLibrary library) {
		this.prefetches.set(0);
		open(library);
		WebElement buy = browser().findElement(By.id("buy"));
		new Actions(browser()).moveToElement(browser().findElement(By.tagName("h1"))).moveToElement(buy).perform();
		await().until((driver) -> this.prefetches.get() == 1);
		assertThat(this.polar.checkoutIds()).isEmpty();
		buy.click();
		await().until(ExpectedConditions.urlContains("/checkout/polar_c_"));
		assertThat(this.polar.checkoutIds()).hasSize(1);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Pages.class)
	static class Application implements WebMvcConfigurer {

		@Override
		public void addResourceHandlers(ResourceHandlerRegistry registry) {
			registry.addResourceHandler("/npm/**")
				.addResourceLocations(NpmPackages.DIRECTORY.resolve("node_modules").toUri().toString());
		}

		@Bean
		AtomicInteger prefetches() {
			return new AtomicInteger();
		}

		@Bean
		Filter prefetchCounter(AtomicInteger prefetches) {
			return (request, response, chain) -> {
				chain.doFilter(request, response);
				HttpServletRequest http = (HttpServletRequest) request;
				if (Stream.of("X-Sec-Purpose", "Purpose", "X-Up-Version")
					.map(http::getHeader)
					.anyMatch(Objects::nonNull)) {
					prefetches.incrementAndGet();
				}
			};
		}

		@Bean
		PolarIdentityResolver identity() {
			return (user) -> ALICE;
		}

		@Bean
		SecurityFilterChain open(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.csrf(AbstractHttpConfigurer::disable)
				.build();
		}

	}

	@RestController
	static class Pages {

		private static final Map<String, String> SCRIPTS = Map.of("unpoly-overlay", """
				const form = document.querySelector('form');
				form.remove();
				up.on('up:framework:booted', () => up.layer.open(
					{ content: '<div>' + form.outerHTML + '<div id="cart"></div></div>' }));""", "unpoly-main",
				"up.fragment.config.mainTargets = ['#cart']", "jquery",
				"$('#buy').on('click', () => $.post('/buy/pro').done((session) => location.assign(session.url)))",
				"axios", """
						document.querySelector('#buy').addEventListener('click', async () =>
							location.assign((await axios.post('/buy/pro')).data.url))""", "fetch", """
						document.querySelector('#buy').addEventListener('click', async () =>
							location.assign((await (await fetch('/buy/pro', { method: 'POST' })).json()).url))""",
				"fetch-json", """
						document.querySelector('#buy').addEventListener('click', async () => {
							const headers = { Accept: 'application/json' };
							location.assign((await (await fetch('/buy/pro', { method: 'POST', headers })).json()).url);
						})""", "xhr", """
						document.querySelector('#buy').addEventListener('click', () => {
							const request = new XMLHttpRequest();
							request.open('POST', '/buy/pro');
							request.onload = () => location.assign(JSON.parse(request.responseText).url);
							request.send();
						})""");

		@PostMapping("/buy/pro")
		@PolarCheckout("pro")
		void buy() {
		}

		@GetMapping("/buy/get")
		@PolarCheckout("pro")
		void buyByLink() {
		}

		@RequestMapping("/billing")
		@PolarPortal
		void billing() {
		}

		@GetMapping("/page/{library}")
		ResponseEntity<String> page(@PathVariable ScriptLibrary library, @RequestParam Optional<String> portal) {
			return ResponseEntity.ok()
				.contentType(MediaType.TEXT_HTML)
				.header("Content-Security-Policy", library.contentSecurityPolicy())
				.body(portal.isPresent() ? library.page().replaceAll("/buy/(pro|get)", "/billing") : library.page());
		}

		@GetMapping(path = "/{name}-page.js", produces = "text/javascript")
		String script(@PathVariable String name) {
			return SCRIPTS.get(name);
		}

	}

}
