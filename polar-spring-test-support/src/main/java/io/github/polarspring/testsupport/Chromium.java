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

package io.github.polarspring.testsupport;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

import static org.assertj.core.api.Assertions.fail;

/**
 * Chromium without a window. If it or ChromeDriver is missing, the tests that start it
 * are skipped, but fail if the environment variable {@code CI} is set.
 */
public final class Chromium {

	private static final List<String> BROWSERS = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser",
			"/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

	private static final List<String> DRIVERS = List.of("/usr/bin/chromedriver", "/usr/local/bin/chromedriver",
			"/opt/homebrew/bin/chromedriver");

	private Chromium() {
	}

	/**
	 * Start a browser. The caller quits it.
	 */
	public static ChromeDriver start() {
		String binary = require("CHROME_BIN", BROWSERS);
		String driver = require("CHROMEDRIVER", DRIVERS);
		ChromeOptions options = new ChromeOptions();
		options.setBinary(binary);
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en-US");
		options.setExperimentalOption("prefs",
				Map.of("credentials_enable_service", false, "profile.password_manager_leak_detection", false));
		ChromeDriver browser = new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(new File(driver)).build(), options);
		browser.manage().window().setSize(new Dimension(1200, 900));
		return browser;
	}

	/**
	 * Skip the test if Chromium or ChromeDriver is not installed, or fail it in CI.
	 */
	public static void assumeInstalled() {
		require("CHROME_BIN", BROWSERS);
		require("CHROMEDRIVER", DRIVERS);
	}

	private static String require(String variable, List<String> candidates) {
		String configured = System.getenv(variable);
		if (configured != null) {
			return configured;
		}
		return candidates.stream()
			.filter((candidate) -> Files.isExecutable(Path.of(candidate)))
			.findFirst()
			.orElseGet(() -> missing("""
					The browser tests need Chromium and ChromeDriver (on Debian: apt-get install chromium \
					chromium-driver), or CHROME_BIN and CHROMEDRIVER with their paths."""));
	}

	/**
	 * Skip the test because something is not installed, or fail it in CI.
	 */
	public static <T> T missing(String message) {
		if (System.getenv("CI") != null) {
			return fail(message);
		}
		System.err.println("SKIPPED: " + message);
		return Assumptions.abort(message);
	}

}
