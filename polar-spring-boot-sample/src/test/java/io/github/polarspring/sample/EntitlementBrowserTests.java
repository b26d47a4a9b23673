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

import io.github.polarspring.test.PolarFake;
import io.github.polarspring.testsupport.Chromium;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that buyers get in, in a real browser. The feature depends on a benefit, which
 * Polar grants some time after the payment.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "polar.features.export.products=",
				"polar.features.export.benefits=4a7f1c3e-92b6-4d58-8e0a-6c5d3b2f1e90" })
@DirtiesContext
class EntitlementBrowserTests {

	private static @Nullable ChromeDriver browser;

	@LocalServerPort
	private int port;

	@Autowired
	private PolarFake polar;

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

	@AfterEach
	void grantAtOnce() {
		this.polar.delayGrants(Duration.ZERO);
	}

	private static ChromeDriver browser() {
		assertThat(browser).isNotNull();
		return browser;
	}

	private static void click(String xpath) {
		browser().findElement(By.xpath(xpath)).click();
	}

	private static void waitForHeading(String text) {
		new WebDriverWait(browser(), Duration.ofSeconds(10)).ignoring(WebDriverException.class)
			.until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("h1"), text));
	}

	private static String page() {
		return browser().findElement(By.tagName("body")).getText();
	}

	private static void screenshot(String name) throws IOException {
		Path directory = Files.createDirectories(Path.of("target", "screenshots"));
		Files.write(directory.resolve(name + ".png"), browser().getScreenshotAs(OutputType.BYTES));
	}

	private void open(String path) {
		browser().get("http://localhost:" + this.port + path);
	}

	private void logIn(String user) {
		browser().findElement(By.name("username")).sendKeys(user);
		browser().findElement(By.name("password")).sendKeys(user);
		click("//main//button");
	}

	@ParameterizedTest
	@CsvSource({ "alice, 0", "bob, 2", "operator, 10" })
	void buyerComesBackToTheWantedPage(String user, int delay) throws IOException {
		this.polar.delayGrants(Duration.ofSeconds(delay));
		open("/");
		browser().manage().deleteAllCookies();
		open("/scenes/export?from=mail");
		waitForHeading("Log in");
		logIn(user);
		waitForHeading("This is part of Lumen Pro");
		assertThat(browser().getCurrentUrl()).endsWith("/upgrade");
		screenshot("upgrade");
		click("//button[text()='Buy Lumen Pro']");
		waitForHeading("Lumen Pro");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, " + user + "!");
		click("//a[text()='Continue']");
		waitForHeading("Your export");
		assertThat(browser().getCurrentUrl()).contains("/scenes/export?from=mail");
		this.polar.advance(Duration.ofMinutes(2));
		open("/scenes/export");
		waitForHeading("Your export");
		open("/scenes");
		assertThat(page()).contains(" of 50 scenes.").doesNotContain("with Lumen Pro");
		screenshot("scenes");
		browser().get(this.polar.dashboardUrl().toString());
		click("//button[text()='Refund']");
		waitForHeading("Dashboard");
		open("/scenes/export");
		waitForHeading("This is part of Lumen Pro");
	}

	@Test
	void customerMakesAsManyScenesAsTheLimitAllows() {
		open("/");
		browser().manage().deleteAllCookies();
		open("/scenes");
		waitForHeading("Log in");
		logIn("alice");
		waitForHeading("Your scenes");
		for (String scene : new String[] { "Morning", "Evening" }) {
			browser().findElement(By.name("name")).sendKeys(scene);
			click("//button[text()='Add a scene']");
			waitForHeading("Your scenes");
		}
		assertThat(page()).contains("You have 2 of 2 scenes.", "Morning", "Evening", "Get more scenes")
			.doesNotContain("Add a scene");
	}

	@Test
	void customerRendersAsManyImagesAsWereBought() throws IOException {
		open("/");
		browser().manage().deleteAllCookies();
		open("/scenes/renderings");
		waitForHeading("Log in");
		logIn("bob");
		waitForHeading("Renderings");
		assertThat(page()).contains("Lumen Pro contains ten renderings.").doesNotContain("Images");
		click("//a[text()='Get more renderings']");
		waitForHeading("This is part of Lumen Pro");
		click("//button[text()='Buy Lumen Pro']");
		waitForHeading("Lumen Pro");
		click("//button[starts-with(text(),'Pay')]");
		waitForHeading("Thank you, bob!");
		open("/scenes/renderings");
		waitForHeading("Renderings");
		assertThat(page()).contains("You have used 0 of 10 renderings.");
		render(4);
		waitForText("You have used 4 of 10 renderings.");
		assertThat(browser().findElement(By.tagName("progress")).getDomProperty("value")).isEqualTo("4");
		screenshot("renderings");
		render(7);
		waitForHeading("This is part of Lumen Pro");
		open("/scenes/renderings");
		render(6);
		waitForText("You have used 10 of 10 renderings.");
		assertThat(page()).doesNotContain("Images");
		new WebDriverWait(browser(), Duration.ofSeconds(10)).until((driver) -> this.polar.usage().events().size() == 2);
		assertThat(this.polar.usage().events()).extracting((event) -> event.metadata().get("images"))
			.containsExactlyInAnyOrder(4, 6);
		this.polar.advance(Duration.ofMinutes(1));
		open("/scenes/renderings");
		assertThat(page()).contains("You have used 10 of 10 renderings.");
		browser().get(this.polar.dashboardUrl().toString());
		click("//button[text()='Refund']");
		waitForHeading("Dashboard");
	}

	private static void render(int images) {
		WebElement field = browser().findElement(By.name("images"));
		field.clear();
		field.sendKeys(String.valueOf(images));
		click("//button[text()='Render']");
	}

	private static void waitForText(String text) {
		new WebDriverWait(browser(), Duration.ofSeconds(10)).ignoring(WebDriverException.class)
			.until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("body"), text));
	}

}
