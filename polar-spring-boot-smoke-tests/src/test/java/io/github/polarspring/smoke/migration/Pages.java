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

/**
 * The pages of the shop.
 */
public final class Pages {

	private Pages() {
	}

	/**
	 * Return the page that only customers with a plan can read.
	 */
	public static String report() {
		return page("Report", "<p>Only customers read this.</p>");
	}

	/**
	 * Return a summary, which costs a unit.
	 */
	public static String summary(long used, long limit) {
		return page("Summary", "<p>You have used %d of %d summaries.</p>".formatted(used, limit));
	}

	/**
	 * Return the page for buyers who come back from Polar.
	 */
	public static String thanks(boolean paid) {
		return paid ? page("Thank you!", "<p>Your plan is active.</p>")
				: page("Almost done", "<p>Reload this page in a moment.</p>");
	}

	static String page(String title, String content) {
		return "<!doctype html><html lang=\"en\"><title>%1$s</title><h1>%1$s</h1>%2$s".formatted(title, content);
	}

}
