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
import java.util.Base64;
import java.util.Map;

import io.github.polarspring.testsupport.Chromium;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Wait;
import org.openqa.selenium.support.ui.WebDriverWait;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Follows the tutorials in a browser, with the snippets of the pages, and takes a picture
 * of each step.
 */
class TutorialBrowserTests {

	private static final String BUY = "//button[text()='Buy']";

	private static final String PAY = "//button[starts-with(text(),'Pay')]";

	private static @Nullable ChromeDriver browser;

	@TempDir
	private Path directory;

	private String url = "";

	@BeforeAll
	static void startBrowser() {
		browser = Chromium.start();
		browser.manage().window().setSize(new Dimension(800, 520));
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

	@Test
	void applicationGrowsFromPageToPage() throws IOException {
		try (TutorialShop shop = new TutorialShop(this.directory)) {
			firstSale(shop);
			firstWebhook(shop);
			customerPortal(shop);
			premiumPage(shop);
		}
	}

	private void firstSale(TutorialShop shop) throws IOException {
		Page page = Page.of("docs/tutorial/first-sale.md");
		start(shop);
		open("/");
		screenshot("first-sale-1");
		follow(BUY, "Pro");
		screenshot("first-sale-2");
		follow(PAY, "Payment successful");
		screenshot("first-sale-3");
		shop.addSettings(page, "success-url: /thanks");
		shop.addClass(page, "ThanksController");
		shop.addTemplate(page, "thanks.html", "th:switch");
		start(shop);
		buy();
		screenshot("first-sale-4");
	}

	private void firstWebhook(TutorialShop shop) throws IOException {
		Page page = Page.of("docs/tutorial/first-webhook.md");
		shop.addClass(page, "Licenses");
		start(shop);
		buy();
		shop.awaitLog("Order \\S+ has no known user: Guest");
		shop.addSecurity();
		start(shop);
		String password = shop.awaitLog("Using generated security password: (\\S+)").group(1);
		open("/");
		screenshot("first-webhook-1");
		logIn("user", password);
		buy();
		shop.awaitLog("Order \\S+: grant product 7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90 to user");
		openDashboard(shop);
		screenshot("first-webhook-2");
		follow("//button[text()='Refund']", "refunded");
		shop.awaitLog("There is no @PolarEventListener for events of the type 'order.refunded'");
	}

	private void customerPortal(TutorialShop shop) throws IOException {
		Page page = Page.of("docs/tutorial/customer-portal.md");
		shop.addSettings(page, "interval: month");
		shop.addClass(page, "BillingController");
		shop.addToTemplate(page, "index.html", "Manage billing", "</body>");
		start(shop);
		open("/");
		logIn("alice", "alice");
		follow("//a[text()='Manage billing']", "Buy");
		assertThat(browser().getCurrentUrl()).isEqualTo(this.url + "/");
		buy();
		open("/");
		screenshot("customer-portal-1");
		follow("//a[text()='Manage billing']", "Hello, ");
		screenshot("customer-portal-2");
		follow("//a[text()='Pro']", "Cancel at the end of the period");
		screenshot("customer-portal-3");
		follow("//button[text()='Cancel at the end of the period']", "Keep the subscription");
		follow("//a[contains(text(),'Back')]", "Buy");
		assertThat(browser().getCurrentUrl()).isEqualTo(this.url + "/");
		openDashboard(shop);
		assertThat(text()).contains("subscription.updated", "subscription.canceled");
		shop.addClass(page, "SubscriptionController");
		shop.addToTemplate(page, "index.html", "Subscribe", "</body>");
		start(shop);
		open("/");
		logIn("alice", "alice");
		follow("//button[text()='Subscribe']", "Total");
		follow(PAY, "Thank you.");
		open("/");
		follow("//button[text()='Subscribe']", "Hello, ");
	}

	private void premiumPage(TutorialShop shop) throws IOException {
		Page page = Page.of("docs/tutorial/premium-page.md");
		shop.addSettings(page, "features:");
		shop.addClass(page, "ReportController");
		shop.addToTemplate(page, "index.html", "Read the report", "</body>");
		shop.addToTemplate(page, "thanks.html", "Continue", "</p>\n\t<p th:case=\"'pending'\">");
		start(shop);
		open("/");
		logIn("alice", "alice");
		follow("//a[text()='Read the report']", "Buy");
		assertThat(browser().getCurrentUrl()).isEqualTo(this.url + "/");
		screenshot("premium-page-1");
		follow(BUY, "Total");
		follow(PAY, "Thank you.");
		screenshot("premium-page-2");
		follow("//a[text()='Continue']", "Only buyers can read this.");
		screenshot("premium-page-3");
		openDashboard(shop);
		follow("//button[text()='End now']", "ended");
		open("/report");
		waitFor("Buy");
	}

	private void start(TutorialShop shop) throws IOException {
		this.url = shop.start();
	}

	private void open(String path) {
		browser().get(this.url + path);
	}

	private void openDashboard(TutorialShop shop) {
		browser().get(shop.awaitLog("end subscriptions, open (\\S+)").group(1));
	}

	private void buy() {
		open("/");
		follow(BUY, "Total");
		follow(PAY, "Thank you. Your payment succeeded.");
	}

	private static void logIn(String user, String password) {
		browser().findElement(By.name("username")).sendKeys(user);
		browser().findElement(By.name("password")).sendKeys(password);
		follow("//button[@type='submit']", "Buy");
	}

	/**
	 * Click, and wait for a text of the next page.
	 */
	private static void follow(String xpath, String text) {
		WebElement page = browser().findElement(By.tagName("body"));
		browser().findElement(By.xpath(xpath)).click();
		await().until(ExpectedConditions.stalenessOf(page));
		waitFor(text);
	}

	private static void waitFor(String text) {
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("body"), text));
	}

	private static Wait<WebDriver> await() {
		return new WebDriverWait(browser(), Duration.ofSeconds(20)).ignoring(WebDriverException.class);
	}

	private static String text() {
		return browser().findElement(By.tagName("body")).getText();
	}

	private static void screenshot(String name) throws IOException {
		Path directory = Files.createDirectories(Path.of("target", "screenshots", "tutorial"));
		Object height = browser().executeScript("""
				const content = document.createRange();
				content.selectNodeContents(document.body);
				return Math.min(800, Math.ceil(content.getBoundingClientRect().bottom + scrollY + 16));
				""");
		Map<String, Object> page = Map.of("x", 0, "y", 0, "width", 800, "height", height, "scale", 1);
		Object data = browser()
			.executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", page))
			.get("data");
		Files.write(directory.resolve(name + ".png"), Base64.getDecoder().decode((String) data));
	}

}
