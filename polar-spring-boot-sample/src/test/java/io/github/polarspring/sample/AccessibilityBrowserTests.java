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

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import io.github.polarspring.checkout.AdHocPrice;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.checkout.SeatTier;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.customer.PortalAccess;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Member;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.testsupport.Chromium;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Wait;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the accessibility of the pages of the sample and of the fake, with axe, on a
 * desktop and on a phone.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class AccessibilityBrowserTests {

	private static final List<Dimension> SIZES = List.of(new Dimension(1200, 900), new Dimension(390, 844));

	private static final String RUN_AXE = """
			const done = arguments[0];
			axe.run(document, { resultTypes: ["violations"] }).then((results) => done(
				results.passes.length < 10 ? ["axe did not run"] : results.violations.flatMap((violation) =>
					violation.nodes.map((node) => violation.id + " " + node.target + " " + node.failureSummary))));
			""";

	private static final String DUPLICATE_NAMES = """
			const names = [...document.querySelectorAll("main button, main a")]
				.filter((element) => element.offsetParent)
				.map((element) => (element.ariaLabel ?? element.textContent).replace("←", "").trim());
			return names.filter((name, index) => names.indexOf(name) !== index);
			""";

	/**
	 * The ring of each element that can have the focus, against what is behind it (WCAG
	 * 2.2, 1.4.11).
	 */
	private static final String FAINT_FOCUS = """
			const channels = (color) => color.match(/[\\d.]+/g).map(Number);
			const luminance = (color) => channels(color).slice(0, 3)
				.map((value) => value / 255)
				.map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
				.reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
			const behind = (element) => {
				for (let parent = element.parentElement; parent; parent = parent.parentElement) {
					const color = getComputedStyle(parent).backgroundColor;
					if (channels(color)[3] !== 0) {
						return color;
					}
				}
				return "rgb(255, 255, 255)";
			};
			return [...document.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")]
				.filter((element) => element.checkVisibility() && element.type !== "hidden" && !element.disabled)
				.filter((element) => {
					element.focus();
					const style = getComputedStyle(element);
					const [dark, light] = [luminance(style.outlineColor), luminance(behind(element))].sort((a, b) => a - b);
					return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2
						|| (light + 0.05) / (dark + 0.05) < 3;
				})
				.map((element) => element.outerHTML);
			""";

	private static @Nullable ChromeDriver browser;

	private static String axe = "";

	@LocalServerPort
	private int port;

	@Autowired
	private PolarFake polar;

	@Autowired
	private PolarCheckoutOperations checkouts;

	@Autowired
	private PolarCustomerOperations customers;

	private final List<String> problems = new ArrayList<>();

	@BeforeAll
	static void start() throws Exception {
		NpmPackages.install();
		axe = Files.readString(NpmPackages.DIRECTORY.resolve("node_modules/axe-core/axe.min.js"));
		browser = Chromium.start();
		browser.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.quit();
			browser = null;
		}
	}

	@BeforeEach
	void reset() {
		this.polar.reset();
		browser().executeCdpCommand("Network.clearBrowserCookies", Map.of());
	}

	private static ChromeDriver browser() {
		assertThat(browser).isNotNull();
		return browser;
	}

	/**
	 * Click, and wait for the next page. A click can return before its navigation begins.
	 */
	private static void follow(String xpath, String heading) {
		browser().findElement(By.xpath(xpath)).click();
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("h1"), heading));
	}

	private static Wait<WebDriver> await() {
		return new WebDriverWait(browser(), Duration.ofSeconds(10)).ignoring(WebDriverException.class);
	}

	private void open(String path) {
		browser().get("http://localhost:" + this.port + path);
	}

	private void buy(String path, String product) {
		open("/");
		follow("//form[contains(@action, '" + path + "')]//button", product);
		pay();
	}

	private static void pay() {
		follow("//button[starts-with(text(),'Pay')]", "Thank you, alice!");
	}

	@Test
	void noPageOfTheShopHasAProblem() {
		check("/");
		check("/login");
		open("/login");
		browser().findElement(By.name("username")).sendKeys("alice");
		browser().findElement(By.name("password")).sendKeys("alice");
		follow("//main//button", "Good light");
		check("/account");
		check("/upgrade");
		open("/");
		follow("//form[contains(@action, '/buy/any')]//button", "Lumen");
		checkCurrent("choice");
		open("/");
		follow("//button[@aria-label='Buy Lumen Pro']", "Lumen Pro");
		checkCurrent("checkout");
		pay();
		checkCurrent("thanks");
		buy("/buy/pro", "Lumen Pro");
		buy("/buy/seats", "Lumen Team");
		buy("/buy/cloud", "Lumen Cloud");
		for (String path : List.of("/", "/account", "/scenes", "/scenes/renderings", "/scenes/export", "/upgrade",
				"/account/license-keys")) {
			check(path);
		}
		open("/account");
		follow("//a[starts-with(@aria-label, 'Seats of')]", "Your seats");
		checkCurrent("seats");
		open("/thanks?checkout_id=" + UUID.randomUUID());
		checkCurrent("error");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void noPageOfTheCheckoutHasAProblem() {
		String open = create("pro", (checkout) -> checkout.customerEmail("ada@example.com")).url();
		browser().get(open);
		follow("//button[text()='Decline payment']", "Something went wrong");
		checkCurrent("declined");
		follow("//a[text()='Back to the checkout']", "Lumen Pro");
		follow("//button[text()='Expire checkout']", "This checkout is expired");
		checkCurrent("expired");
		checkUrl("Lumen Team", create("team", AccessibilityBrowserTests::seats).url());
		checkUrl("A coffee for the team",
				create("support",
						(checkout) -> checkout.price("support", AdHocPrice.custom("usd").minimum(100).preset(500)))
					.url());
		String paid = sell("pro", (checkout) -> {
		}).url();
		checkUrl("This checkout is succeeded", paid);
		checkUrl("Payment successful", paid + "/confirmation");
		checkUrl("Lumen Pro", create("pro", (checkout) -> {
		}).url());
		checkUrl("Checkout not found", paid + "x");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void noPageOfThePortalAndTheDashboardHasAProblem() {
		sell("pro", (checkout) -> {
		});
		sell("cloud", (checkout) -> {
		});
		UUID subscription = this.polar.subscriptionIds().get(0);
		checkPortal("Lumen Cloud", ada(), "/subscriptions/" + subscription);
		sell("team", AccessibilityBrowserTests::seats);
		this.polar.declineRenewals(true).renewSubscription(subscription);
		UUID order = this.polar.orderIds().get(0);
		Map.of("", "Hello", "/orders", "Orders", "/usage", "Usage", "/settings", "Settings", "/nothing", "Not found",
				"/subscriptions/" + subscription, "Lumen Cloud", "/orders/" + order, "Lumen Cloud")
			.forEach((page, heading) -> checkPortal(heading, ada(), page));
		openPortal(ada(), "/orders/" + order);
		follow("//button[text()='Pay with a card that is declined']", "Something went wrong");
		checkCurrent("portal, declined");
		PolarIdentity member = ada().withMemberId("bob").withEmail("bob@example.com");
		assertThat(this.customers.ensureMember(member, Member.Role.MEMBER)).isPresent();
		checkPortal("Hello, bob@example.com", member, "");
		checkPortal("Not permitted", member, "/orders");
		String portal = openPortal(member, "");
		this.polar.advance(Duration.ofHours(2));
		checkUrl("This link has expired", portal);
		this.polar.webhooks().hold();
		this.polar.revokeSubscription(subscription);
		create("pro", (checkout) -> {
		});
		checkUrl("Dashboard", this.polar.dashboardUrl().toString());
		browser().findElement(By.cssSelector("a[href*='/dashboard/event']")).click();
		await().until(ExpectedConditions.urlContains("/dashboard/event"));
		checkCurrent("event");
		assertThat(this.problems).isEmpty();
	}

	private static PolarIdentity ada() {
		return PolarIdentity.of("ada");
	}

	private static void seats(CheckoutRequest.Builder checkout) {
		checkout.price("team", AdHocPrice.seatBased("usd", SeatTier.of(1, 9, 1200))).seats(2);
	}

	private CheckoutSession create(String product, Consumer<CheckoutRequest.Builder> customizer) {
		return this.checkouts.create(product,
				customizer.andThen((checkout) -> checkout.externalCustomerId("ada")
					.successUrl("https://shop.example/thanks")
					.returnUrl("https://shop.example/")));
	}

	private CheckoutSession sell(String product, Consumer<CheckoutRequest.Builder> customizer) {
		CheckoutSession session = create(product, customizer);
		this.polar.pay(session.id());
		return session;
	}

	private void checkPortal(String heading, PolarIdentity identity, String page) {
		openPortal(identity, page);
		checkCurrentWith(heading);
	}

	/**
	 * Open a page of the portal in a new session.
	 * @return the URL
	 */
	private String openPortal(PolarIdentity identity, String page) {
		PortalAccess access = this.customers.openPortal(identity, "https://shop.example/account");
		assertThat(access).isInstanceOf(PortalAccess.Granted.class);
		String url = ((PortalAccess.Granted) access).session()
			.customerPortalUrl()
			.replaceFirst("/portal(?=[?])", "/portal" + page);
		browser().get(url);
		return url;
	}

	@Test
	void embeddedCheckoutHasTheFocusAndClosesWithEscape() {
		openEmbedded();
		closeWithEscape("checkout");
		openEmbedded();
		follow("//button[text()='Expire checkout']", "This checkout is expired");
		closeWithEscape("expired");
		openEmbedded();
		follow("//button[text()='Decline payment']", "Something went wrong");
		closeWithEscape("declined");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void embeddedCheckoutClosesWithEscapeAfterAPaymentWithoutARedirect() {
		openEmbedded("success");
		follow("//button[starts-with(text(),'Pay')]", "Payment successful");
		closeWithEscape("paid");
		assertThat(this.problems).isEmpty();
	}

	/**
	 * Browsers close a dialog at the second attempt, also if the page prevents it.
	 */
	@Test
	void embeddedCheckoutThatTheBrowserClosesIsRemoved() {
		openEmbedded("close");
		browser().switchTo().defaultContent();
		browser().executeScript("document.querySelector('dialog').close()");
		assertEmbeddedIsClosed();
	}

	/**
	 * Open the embedded checkout with the keyboard.
	 * @param prevented events whose effect the page prevents
	 */
	private void openEmbedded(String... prevented) {
		open("/");
		browser().executeScript("""
				const create = Polar.EmbedCheckout.create;
				Polar.EmbedCheckout.create = async (url) => {
					const checkout = await create(url);
					arguments[0].forEach((type) => checkout.addEventListener(type, (event) => event.preventDefault()));
				};
				""", List.of(prevented));
		embedButton().sendKeys(Keys.ENTER);
		await().until(ExpectedConditions.frameToBeAvailableAndSwitchToIt(By.tagName("iframe")));
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("h1"), "Lumen Pro"));
	}

	private static WebElement embedButton() {
		return browser().findElement(By.xpath("//button[text()='Buy Pro here']"));
	}

	private void closeWithEscape(String page) {
		await().until((driver) -> browser().executeScript("return document.hasFocus()"));
		checkCurrent("embedded, " + page);
		new Actions(browser()).sendKeys(Keys.ESCAPE).perform();
		browser().switchTo().defaultContent();
		assertEmbeddedIsClosed();
	}

	private static void assertEmbeddedIsClosed() {
		await().until(ExpectedConditions.numberOfElementsToBe(By.cssSelector("iframe, dialog"), 0));
		assertThat(browser().switchTo().activeElement()).isEqualTo(embedButton());
	}

	private void check(String path) {
		open(path);
		checkCurrent(path);
	}

	private void checkUrl(String heading, String url) {
		browser().get(url);
		checkCurrentWith(heading);
	}

	private void checkCurrentWith(String heading) {
		assertThat(browser().findElement(By.tagName("h1")).getText()).startsWith(heading);
		checkCurrent(heading);
	}

	private void checkCurrent(String page) {
		String url = browser().getCurrentUrl();
		JavascriptExecutor scripts = browser();
		scripts.executeScript(axe);
		for (Dimension size : SIZES) {
			browser().manage().window().setSize(size);
			found(scripts.executeAsyncScript(RUN_AXE)).forEach((problem) -> report(page, size, problem));
			found(scripts.executeScript(DUPLICATE_NAMES))
				.forEach((name) -> report(page, size, "two buttons or links '" + name + "'"));
			found(scripts.executeScript(FAINT_FOCUS))
				.forEach((element) -> report(page, size, "the focus is hard to see on " + element));
			if (scripts.executeScript("return document.documentElement.scrollWidth > innerWidth") == Boolean.TRUE) {
				report(page, size, "wider than the window");
			}
		}
		browser().manage().window().setSize(SIZES.get(0));
		assertThat(browser().getCurrentUrl()).isEqualTo(url);
	}

	private static List<?> found(@Nullable Object result) {
		assertThat(result).isInstanceOf(List.class);
		return (List<?>) result;
	}

	private void report(String page, Dimension size, Object problem) {
		this.problems.add(page + " at " + size.getWidth() + " px: " + problem);
	}

}
