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
import java.util.UUID;

import io.github.polarspring.test.PolarFake;
import io.github.polarspring.testsupport.Chromium;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
			axe.run(document).then((results) => done(results.passes.length < 10 ? ["axe did not run"]
				: results.violations.flatMap((violation) =>
					violation.nodes.map((node) => violation.id + " " + node.target + " " + node.failureSummary))));
			""";

	private static final String DUPLICATE_NAMES = """
			const names = [...document.querySelectorAll("main button, main a")]
				.filter((element) => element.offsetParent)
				.map((element) => (element.ariaLabel ?? element.textContent).trim());
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
	void noPageHasAProblem() {
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
		open("/billing");
		checkCurrent("portal");
		browser().get(this.polar.dashboardUrl().toString());
		checkCurrent("dashboard");
		open("/thanks?checkout_id=" + UUID.randomUUID());
		checkCurrent("error");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void embeddedCheckoutHasTheFocusAndClosesWithEscape() {
		open("/");
		WebElement button = browser().findElement(By.xpath("//button[text()='Buy Pro here']"));
		button.sendKeys(Keys.ENTER);
		await().until(ExpectedConditions.frameToBeAvailableAndSwitchToIt(By.tagName("iframe")));
		await().until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("h1"), "Lumen Pro"));
		await().until((driver) -> browser().executeScript("return document.hasFocus()"));
		checkCurrent("embedded checkout");
		new Actions(browser()).sendKeys(Keys.ESCAPE).perform();
		browser().switchTo().defaultContent();
		await().until(ExpectedConditions.numberOfElementsToBe(By.tagName("iframe"), 0));
		assertThat(browser().switchTo().activeElement()).isEqualTo(button);
		assertThat(this.problems).isEmpty();
	}

	private void check(String path) {
		open(path);
		checkCurrent(path);
	}

	private void checkCurrent(String page) {
		String url = browser().getCurrentUrl();
		for (Dimension size : SIZES) {
			browser().manage().window().setSize(size);
			JavascriptExecutor scripts = browser();
			scripts.executeScript(axe);
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
