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
import java.util.List;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.context.WithPolarFake;
import io.github.polarspring.testsupport.Chromium;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Wait;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole story in a browser: look around, log in, buy, pay, come back.
 * <p>
 * Needs Chromium (or Chrome) and ChromeDriver. Where they are missing the tests are
 * skipped, but where the environment variable {@code CI} is set they fail. Screenshots go
 * to {@code target/screenshots}.
 */
@WithPolarFake
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ShopBrowserTests {

	private static @Nullable ChromeDriver browser;

	@LocalServerPort
	private int port;

	@Autowired
	private PolarFake polar;

	@Autowired
	private Orders orders;

	@BeforeAll
	static void startBrowser() {
		browser = Chromium.start();
	}

	@AfterAll
	static void stopBrowser() {
		if (browser != null) {
			browser.quit();
			browser = null;
		}
	}

	private static ChromeDriver browser() {
		assertThat(browser).isNotNull();
		return browser;
	}

	@BeforeEach
	void openTheShop() {
		browser().get("http://localhost:" + this.port + "/shop.js");
		browser().manage().deleteAllCookies();
		openTheShelf();
	}

	/**
	 * While a page gives way to the next, the driver fails in ways of its own.
	 */
	private static Wait<WebDriver> await() {
		return new WebDriverWait(browser(), Duration.ofSeconds(10)).ignoring(WebDriverException.class);
	}

	private static void click(String xpath) {
		browser().findElement(By.xpath(xpath)).click();
	}

	private static void waitForHeading(String text) {
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("h1"), text));
	}

	private static String page() {
		return browser().findElement(By.tagName("body")).getText();
	}

	private static void screenshot(String name) throws IOException {
		Path directory = Files.createDirectories(Path.of("target", "screenshots"));
		Files.write(directory.resolve(name + ".png"), browser().getScreenshotAs(OutputType.BYTES));
	}

	private static void logIn(String user) {
		click("//a[text()='Log in']");
		waitForHeading("Log in");
		browser().findElement(By.name("username")).sendKeys(user);
		browser().findElement(By.name("password")).sendKeys(user);
		click("//main//button");
		waitForHeading("Good light");
	}

	@Test
	void loggedInBuyerPaysAndIsThanked() throws IOException {
		logIn("alice");
		assertThat(page()).contains("Logged in as alice", "Lumen Pro", "$29.00");
		screenshot("shop");
		click("//button[@aria-label='Buy Lumen Pro']");
		waitForHeading("Lumen Pro");
		assertThat(browser().getCurrentUrl()).startsWith(this.polar.baseUrl() + "/checkout/polar_c_");
		assertThat(page()).contains("This is a fake of Polar", "$29.00", "Tax\n$2.57", "Total\n$31.57",
				"external_customer_id\nalice");
		assertThat(browser().findElement(By.name("email")).getDomProperty("value")).isEqualTo("alice@example.com");
		screenshot("checkout");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, alice!");
		assertThat(browser().getCurrentUrl()).startsWith("http://localhost:" + this.port + "/thanks?checkout_id=");
		assertThat(page()).contains("Your payment succeeded.");
		screenshot("thanks");
		click("//a[text()='See your account']");
		waitForHeading("Your account");
		assertThat(page()).contains("Lumen Pro $31.57 paid");
		screenshot("account");
	}

	/**
	 * He reloads nothing and waits for nothing: what he bought is there when he arrives.
	 */
	@Test
	void orderIsThereWhenTheBuyerArrives() {
		logIn("bob");
		int there = 0;
		for (int i = 0; i < 10; i++) {
			int before = this.orders.of("bob").size();
			click("//button[@aria-label='Buy The Pocket Handbook']");
			waitForHeading("The Pocket Handbook");
			click("//button[starts-with(text(),'Pay')]");
			waitForHeading("Thank you, bob!");
			there += this.orders.of("bob").size() - before;
			openTheShelf();
		}
		assertThat(there).isEqualTo(10);
	}

	@Test
	void subscriptionIsUsableUntilItEnds() throws IOException {
		logIn("alice");
		click("//button[text()='Subscribe to Cloud']");
		waitForHeading("Lumen Cloud");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, alice!");
		click("//a[text()='See your account']");
		waitForHeading("Your account");
		assertThat(entitlements()).contains("Lumen Cloud");
		assertThat(page()).contains("Lumen Cloud active");
		String account = browser().getCurrentUrl();
		dashboard("Cancel", "Keep");
		browser().get(account);
		assertThat(entitlements()).contains("Lumen Cloud");
		assertThat(page()).contains("Lumen Cloud ends on ");
		screenshot("subscription");
		dashboard("End now", "Refund");
		browser().get(account);
		assertThat(entitlements()).doesNotContain("Lumen Cloud");
		assertThat(page()).contains("Lumen Cloud ended");
	}

	@Test
	void subscriberManagesTheSubscriptionInThePortal() throws IOException {
		logIn("operator");
		click("//a[text()='Billing']");
		waitForHeading("Nothing to manage yet");
		openTheShop();
		logIn("bob");
		click("//button[text()='Subscribe to Cloud']");
		waitForHeading("Lumen Cloud");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, bob!");
		click("//a[text()='See your account']");
		waitForHeading("Your account");
		String account = browser().getCurrentUrl();
		click("//a[text()='Manage billing']");
		waitForHeading("Hello, ");
		assertThat(browser().getCurrentUrl()).startsWith(this.polar.baseUrl().toString());
		screenshot("portal");
		click("//a[text()='Lumen Cloud']");
		waitForHeading("Lumen Cloud");
		screenshot("portal-subscription");
		click("//button[text()='Cancel at the end of the period']");
		await()
			.until(ExpectedConditions.presenceOfElementLocated(By.xpath("//button[text()='Keep the subscription']")));
		click("//a[text()='← Back']");
		waitForHeading("Your account");
		assertThat(browser().getCurrentUrl()).isEqualTo(account);
		assertThat(page()).contains("Lumen Cloud ends on ");
		openTheShelf();
		click("//button[text()='Subscribe to Cloud']");
		waitForHeading("Hello, ");
		click("//a[text()='Lumen Cloud']");
		waitForHeading("Lumen Cloud");
		click("//button[text()='Keep the subscription']");
		await().until(ExpectedConditions
			.presenceOfElementLocated(By.xpath("//button[text()='Cancel at the end of the period']")));
		browser().get(account);
		assertThat(page()).contains("Lumen Cloud active");
		click("//button[text()='Close my account']");
		waitForHeading("Good light");
		assertThat(page()).contains("Log in").doesNotContain("Logged in as");
		logIn("bob");
		click("//a[text()='Billing']");
		waitForHeading("Nothing to manage yet");
		browser().get(account);
		assertThat(page()).contains("Lumen Cloud ended");
	}

	@Test
	void refundTakesTheProductBack() throws IOException {
		logIn("bob");
		click("//button[@aria-label='Buy Lumen Pro']");
		waitForHeading("Lumen Pro");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, bob!");
		click("//a[text()='See your account']");
		waitForHeading("Your account");
		assertThat(entitlements()).contains("Lumen Pro");
		String account = browser().getCurrentUrl();
		click("//a[text()='refund an order or end a subscription']");
		waitForHeading("Dashboard");
		screenshot("dashboard");
		dashboard("Refund", "refunded");
		browser().get(account);
		assertThat(entitlements()).doesNotContain("Lumen Pro");
		assertThat(page()).contains("Lumen Pro $31.57 refunded");
	}

	@Test
	void buyerOfSeatsDecidesWhoHasThem() throws IOException {
		logIn("alice");
		click("//button[text()='Buy seats']");
		waitForHeading("Lumen Team");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, alice!");
		click("//a[text()='See your account']");
		waitForHeading("Your account");
		screenshot("account");
		click("//a[starts-with(@aria-label, 'Seats of Lumen Team')]");
		waitForHeading("Your seats");
		assertThat(page()).contains("2 of 3 seats are free");
		browser().findElement(By.name("email")).sendKeys("bob@example.com");
		click("//button[text()='Assign a seat']");
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("main"), "1 of 3 seats are free"));
		assertThat(page()).contains("bob@example.com invited");
		screenshot("seats");
		click("//button[@aria-label='Revoke the seat of bob@example.com']");
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("main"), "2 of 3 seats are free"));
		assertThat(page()).doesNotContain("bob@example.com");
	}

	@Test
	void buyerSeesTheLicenseKey() throws IOException {
		logIn("operator");
		click("//button[@aria-label='Buy Lumen Pro']");
		waitForHeading("Lumen Pro");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, operator!");
		click("//a[text()='See your account']");
		waitForHeading("Your account");
		click("//a[text()='License keys']");
		waitForHeading("Your license keys");
		assertThat(page()).contains("LUMEN-");
		screenshot("license-keys");
	}

	private List<String> entitlements() {
		return browser().findElements(By.cssSelector(".entitlements li")).stream().map(WebElement::getText).toList();
	}

	/**
	 * Press the first button of a kind: the newest order or subscription comes first.
	 */
	private void dashboard(String button, String result) {
		browser().get(this.polar.dashboardUrl().toString());
		click("//button[text()='" + button + "']");
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("main"), result));
	}

	@Test
	void buyerCanGoBackWithoutPaying() {
		logIn("bob");
		click("//button[@aria-label='Buy Lumen Team']");
		waitForHeading("Lumen Team");
		click("//a[contains(text(),'Back')]");
		waitForHeading("Good light");
		assertThat(page()).contains("Logged in as bob").doesNotContain("Thank you");
	}

	@Test
	void buyerDecidesAtTheCheckout() throws IOException {
		logIn("alice");
		click("//button[text()='Compare all three']");
		waitForHeading("Lumen Pro");
		click("//label[contains(., 'Lumen Team')]");
		click("//button[text()='Change']");
		waitForHeading("Lumen Team");
		assertThat(page()).contains("$99.00");
		screenshot("choice");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, alice!");
	}

	@Test
	void buyerPaysTheOfferOfTheirChoice() throws IOException {
		logIn("bob");
		browser().executeScript("window.scrollTo(0, document.body.scrollHeight)");
		screenshot("offers");
		click("//button[text()='Buy Pro for $23.20']");
		waitForHeading("Lumen Pro");
		assertThat(page()).contains("$23.20", "prices\nad-hoc");
		openTheShelf();
		type("seats", "12");
		click("//button[text()='Buy seats']");
		waitForHeading("Lumen Team");
		assertThat(page()).contains("$108.00");
		type("seats", "3");
		click("//button[text()='Change']");
		waitForText("$36.00");
		openTheShelf();
		click("//button[text()='Pay what you want']");
		waitForHeading("A coffee for the team");
		assertThat(page()).contains("$5.00");
		type("amount", "7.50");
		click("//button[text()='Change']");
		waitForText("$7.50");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, bob!");
	}

	private void openTheShelf() {
		browser().get("http://localhost:" + this.port + "/");
	}

	private static void type(String field, String text) {
		browser().findElement(By.name(field)).clear();
		browser().findElement(By.name(field)).sendKeys(text);
	}

	private static void waitForText(String text) {
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.className("amount"), text));
	}

	@Test
	void guestPaysAndIsThankedInThisBrowserOnly() {
		click("//button[@aria-label='Buy The Pocket Handbook']");
		waitForHeading("The Pocket Handbook");
		assertThat(page()).contains("$19.00", "external_customer_id\n–");
		browser().findElement(By.name("email")).clear();
		browser().findElement(By.name("email")).sendKeys("guest@example.com");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you!");
		String thanks = browser().getCurrentUrl();
		assertThat(thanks).doesNotContain("customer_session_token");
		// another browser
		browser().manage().deleteAllCookies();
		browser().get(thanks);
		waitForHeading("Payment not found");
	}

	@Test
	void guestWhoLogsInAfterwardsIsStillThanked() {
		click("//button[@aria-label='Buy The Pocket Handbook']");
		waitForHeading("The Pocket Handbook");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you!");
		String thanks = browser().getCurrentUrl();
		openTheShelf();
		logIn("bob");
		browser().get(thanks);
		waitForHeading("Thank you, bob!");
	}

	@Test
	void buyerPaysWithoutLeavingThePage() throws IOException {
		logIn("alice");
		click("//button[text()='Buy Pro here']");
		await().until(ExpectedConditions.frameToBeAvailableAndSwitchToIt(By.tagName("iframe")));
		waitForHeading("Lumen Pro");
		assertThat(page()).contains("embed_origin\nhttp://localhost:" + this.port);
		screenshot("embedded");
		click("//button[text()='Close']");
		browser().switchTo().defaultContent();
		await().until(ExpectedConditions.numberOfElementsToBe(By.tagName("iframe"), 0));
		assertThat(browser().getCurrentUrl()).isEqualTo("http://localhost:" + this.port + "/");
		click("//button[text()='Buy Pro here']");
		await().until(ExpectedConditions.frameToBeAvailableAndSwitchToIt(By.tagName("iframe")));
		click("//button[starts-with(text(),'Pay')]");
		browser().switchTo().defaultContent();
		waitForHeading("Thank you, alice!");
		assertThat(browser().getCurrentUrl()).startsWith("http://localhost:" + this.port + "/thanks?checkout_id=")
			.doesNotContain("customer_session_token");
	}

	@Test
	void declinedCardCanBeTriedAgainAndALateBuyerIsReported() {
		logIn("bob");
		click("//button[@aria-label='Buy Lumen Pro']");
		waitForHeading("Lumen Pro");
		click("//button[text()='Decline payment']");
		waitForHeading("Something went wrong");
		assertThat(page()).contains("The card was declined. You were not charged.");
		click("//a[text()='Back to the checkout']");
		waitForHeading("Lumen Pro");
		click("//button[text()='Expire checkout']");
		waitForHeading("This checkout is expired");
		browser().get("http://localhost:" + this.port + "/thanks?checkout_id=" + this.polar.checkoutIds().get(0));
		waitForHeading("Checkout expired");
	}

	@Test
	void scriptGetsALinkThatSomeoneElseCanPay() throws IOException {
		click("//button[text()='Get a payment link']");
		By link = By.xpath("//output/a");
		await().until(ExpectedConditions.presenceOfElementLocated(link));
		assertThat(browser().findElement(link).getText()).startsWith("Payment link, valid until ");
		screenshot("link");
		browser().findElement(link).click();
		waitForHeading("Lumen Team");
	}

	@Test
	void scriptShowsAnOutageInThePage() {
		this.polar.wireMock().stubFor(WireMock.post(WireMock.anyUrl()).willReturn(WireMock.serverError()));
		click("//button[text()='Get a payment link']");
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("output"),
				"The checkout is not available right now."));
	}

	/**
	 * The fake is another site to the browser, which then keeps such cookies back.
	 */
	@Test
	void buyerWithAStrictSessionCookieIsThanked() {
		try (ConfigurableApplicationContext strict = new SpringApplicationBuilder(ShopApplication.class)
			.run("--server.port=0", "--server.servlet.session.cookie.same-site=strict")) {
			browser().get("http://localhost:%s/".formatted(strict.getEnvironment().getProperty("local.server.port")));
			logIn("alice");
			click("//button[@aria-label='Buy Lumen Pro']");
			waitForHeading("Lumen Pro");
			click("//button[starts-with(text(),'Pay')]");
			waitForHeading("Thank you!");
		}
	}

	@Test
	void browserForgetsItsCheckoutsAtTheLogout() {
		logIn("alice");
		click("//button[@aria-label='Buy Lumen Pro']");
		waitForHeading("Lumen Pro");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, alice!");
		String thanks = browser().getCurrentUrl();
		click("//button[text()='Log out']");
		waitForHeading("Good light");
		browser().get(thanks);
		waitForHeading("Payment not found");
	}

	@Test
	void stalePageOfAGuestIsAnErrorPageAndNoLogin() {
		browser().manage().deleteAllCookies();
		click("//button[@aria-label='Buy Lumen Pro']");
		waitForHeading("Sorry, something went wrong.");
		assertThat(browser().getCurrentUrl()).endsWith("/buy/pro");
		assertThat(page()).contains("(403)");
	}

	@Test
	void outageIsAnErrorPageOfTheShop() throws IOException {
		this.polar.wireMock().stubFor(WireMock.post(WireMock.anyUrl()).willReturn(WireMock.serverError()));
		click("//button[@aria-label='Buy Lumen Pro']");
		waitForHeading("Sorry, something went wrong.");
		assertThat(page()).contains("The checkout is not available right now. Please try again in a moment. (503)");
		screenshot("outage");
	}

}
