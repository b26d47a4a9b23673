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
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A customer who is logged in, and follows no redirects.
 */
final class Customer {

	private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]* value=\"([^\"]+)\"");

	private final HttpClient client = HttpClient.newBuilder()
		.version(Version.HTTP_1_1)
		.cookieHandler(new CookieManager())
		.build();

	private final MigratedShop shop;

	private final String name;

	private Customer(MigratedShop shop, String name) {
		this.shop = shop;
		this.name = name;
	}

	static Customer logIn(MigratedShop shop, String name) throws Exception {
		Customer customer = new Customer(shop, name);
		customer.logIn();
		return customer;
	}

	/**
	 * Log in, also again after a restart.
	 */
	void logIn() throws Exception {
		post("/login", "/login", "&username=" + this.name + "&password=" + this.name);
	}

	/**
	 * Start a checkout.
	 * @return the ID of the session at Polar
	 */
	UUID checkOut(String plan) throws Exception {
		HttpResponse<String> response = post("/", "/buy/" + plan, "");
		assertThat(response.headers().firstValue("Location").orElse(""))
			.startsWith(this.shop.polar().baseUrl().toString());
		return this.shop.polar().checkoutIds().get(0);
	}

	/**
	 * Return whether the page for customers opens. All others are sent to the plans.
	 */
	boolean readsReport() throws Exception {
		HttpResponse<String> response = send(HttpRequest.newBuilder().GET(), "/report");
		return isContent(response, "<h1>Report</h1>");
	}

	/**
	 * Return whether a unit was left.
	 */
	boolean summarizes() throws Exception {
		return isContent(post("/", "/summaries", ""), "<h1>Summary</h1>");
	}

	private boolean isContent(HttpResponse<String> response, String content) {
		if (response.statusCode() == 303) {
			assertThat(response.headers().firstValue("Location").orElse("")).matches("(" + this.shop.url() + ")?/");
			return false;
		}
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains(content);
		return true;
	}

	private HttpResponse<String> post(String page, String path, String fields) throws Exception {
		Matcher csrf = CSRF.matcher(send(HttpRequest.newBuilder().GET(), page).body());
		assertThat(csrf.find()).isTrue();
		return send(HttpRequest.newBuilder()
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers
				.ofString("_csrf=" + URLEncoder.encode(csrf.group(1), StandardCharsets.UTF_8) + fields)), path);
	}

	private HttpResponse<String> send(HttpRequest.Builder request, String path)
			throws IOException, InterruptedException {
		return this.client.send(request.uri(URI.create(this.shop.url() + path)).header("Accept", "text/html").build(),
				BodyHandlers.ofString());
	}

}
