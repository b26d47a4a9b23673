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

import java.time.Duration;

import io.github.polarspring.smoke.ApplicationWith;
import io.github.polarspring.testsupport.Chromium;
import org.junit.jupiter.api.BeforeAll;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

import static io.github.polarspring.smoke.Library.ASPECTJ;
import static io.github.polarspring.smoke.Library.BROWSER;
import static io.github.polarspring.smoke.Library.CACHE;
import static io.github.polarspring.smoke.Library.FAKE;
import static io.github.polarspring.smoke.Library.JDBC;
import static io.github.polarspring.smoke.Library.SECURITY;
import static io.github.polarspring.smoke.Library.TOMCAT;
import static io.github.polarspring.smoke.Library.WEB_MVC;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a customer sees the same in both shops, from the purchase to its end.
 */
class ShopStoryBrowserTests {

	private static final String EMAIL = "alice@example.com";

	@BeforeAll
	static void findBrowser() {
		Chromium.assumeInstalled();
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void customerBuysUsesChangesAndEndsPlanByHand() throws Exception {
		customerBuysUsesChangesAndEndsPlan(Implementation.BY_HAND);
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void customerBuysUsesChangesAndEndsPlanWithStarter() throws Exception {
		customerBuysUsesChangesAndEndsPlan(Implementation.WITH_STARTER);
	}

	private static void customerBuysUsesChangesAndEndsPlan(Implementation implementation) throws Exception {
		try (MigratedShop shop = MigratedShop.start(implementation)) {
			ChromeDriver browser = Chromium.start();
			try {
				new Story(shop, browser).run();
			}
			finally {
				browser.quit();
			}
		}
	}

	/**
	 * The steps of the customer.
	 */
	private record Story(MigratedShop shop, ChromeDriver browser) {

		void run() {
			logIn();
			needsPlan();
			buyPro();
			readReport();
			summarizeUntilLimit();
			assertThat(portal()).contains("Pro active $9.00");
			this.shop.awaitUsage(3);
			changeToTeam();
			assertThat(portal()).contains("Team active $29.00");
			endPlan();
		}

		private void logIn() {
			this.browser.get(this.shop.url() + "/");
			this.browser.findElement(By.name("username")).sendKeys("alice");
			this.browser.findElement(By.name("password")).sendKeys("alice");
			this.browser.findElement(By.tagName("button")).click();
			waitForHeading("Plans");
		}

		private void needsPlan() {
			click("Read the report");
			waitForHeading("Plans");
			click("Summarize");
			waitForHeading("Plans");
			click("Manage billing");
			waitForHeading("Plans");
		}

		private void buyPro() {
			click("Buy Pro for $9 per month");
			waitForHeading("Pro");
			WebElement email = this.browser.findElement(By.name("email"));
			email.clear();
			email.sendKeys(EMAIL);
			this.browser.findElement(By.xpath("//button[starts-with(text(),'Pay')]")).click();
			waitForHeading("Thank you!");
			assertThat(this.browser.getCurrentUrl()).startsWith(this.shop.url() + "/thanks?checkout_id=");
		}

		private void readReport() {
			home();
			click("Read the report");
			waitForHeading("Report");
		}

		private void summarizeUntilLimit() {
			for (int i = 1; i <= 3; i++) {
				assertThat(summarize()).contains("You have used " + i + " of 3 summaries.");
			}
			home();
			click("Summarize");
			waitForHeading("Plans");
		}

		private void changeToTeam() {
			home();
			click("Change to Team");
			waitForHeading("Plans");
			assertThat(this.shop.polar().orderIds()).hasSize(2);
			assertThat(summarize()).contains("You have used 4 of 5 summaries.");
			home();
			click("Read the report");
			waitForHeading("Report");
		}

		private void endPlan() {
			this.shop.polar().revokeSubscription(this.shop.polar().subscriptionIds().get(0));
			waiting().until((browser) -> {
				browser.get(this.shop.url() + "/report");
				return heading().equals("Plans");
			});
		}

		/**
		 * Click until a unit is left: the buyer can be faster than Polar's webhooks.
		 */
		private String summarize() {
			waiting().until((browser) -> {
				home();
				click("Summarize");
				return heading().equals("Summary");
			});
			return text();
		}

		/**
		 * Return the text of the customer portal.
		 */
		private String portal() {
			home();
			click("Manage billing");
			waiting().until(ExpectedConditions.urlContains(this.shop.polar().baseUrl().toString()));
			return text();
		}

		private void home() {
			this.browser.get(this.shop.url() + "/");
		}

		private void click(String label) {
			WebElement element = this.browser
				.findElement(By.xpath("//*[self::a or self::button][text()='" + label + "']"));
			element.click();
			// the next page can have the same heading
			waiting().until(ExpectedConditions.stalenessOf(element));
		}

		private void waitForHeading(String heading) {
			waiting().ignoring(WebDriverException.class).until((browser) -> heading().equals(heading));
		}

		private WebDriverWait waiting() {
			return new WebDriverWait(this.browser, Duration.ofSeconds(30), Duration.ofMillis(50));
		}

		private String heading() {
			return this.browser.findElement(By.tagName("h1")).getText();
		}

		private String text() {
			return this.browser.findElement(By.tagName("body")).getText();
		}

	}

}
