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

import java.util.List;

/**
 * Way in which a page submits a form, or follows a link, with a script.
 */
enum ScriptLibrary {

	TURBO_8(Html.FORM, "@hotwired/turbo/dist/turbo.es2017-umd.js"),

	TURBO_8_FRAME(Html.inFrame(Html.FORM), "@hotwired/turbo/dist/turbo.es2017-umd.js"),

	TURBO_8_LINK(Html.LINK, "@hotwired/turbo/dist/turbo.es2017-umd.js"),

	TURBO_8_LINK_IN_FRAME(Html.inFrame(Html.LINK), "@hotwired/turbo/dist/turbo.es2017-umd.js"),

	TURBO_8_TRACKED(Html.FORM, "@hotwired/turbo/dist/turbo.es2017-umd.js"),

	TURBO_8_LINK_TRACKED(Html.LINK, "@hotwired/turbo/dist/turbo.es2017-umd.js"),

	TURBO_8_LINK_PRELOADED(Html.link("data-turbo-preload"), "@hotwired/turbo/dist/turbo.es2017-umd.js"),

	TURBO_7(Html.FORM, "turbo-7/dist/turbo.es2017-umd.js"),

	TURBO_7_FRAME(Html.inFrame(Html.FORM), "turbo-7/dist/turbo.es2017-umd.js"),

	TURBO_7_LINK(Html.LINK, "turbo-7/dist/turbo.es2017-umd.js"),

	TURBO_7_LINK_IN_FRAME(Html.inFrame(Html.LINK), "turbo-7/dist/turbo.es2017-umd.js"),

	TURBO_7_TRACKED(Html.FORM, "turbo-7/dist/turbo.es2017-umd.js"),

	TURBO_7_LINK_TRACKED(Html.LINK, "turbo-7/dist/turbo.es2017-umd.js"),

	TURBO_7_LINK_PRELOADED(Html.link("data-turbo-preload"), "turbo-7/dist/turbo.es2017-umd.js"),

	HTMX_1(Html.form("hx-post='/buy/pro'"), "htmx-1/dist/htmx.js"),

	HTMX_2(Html.form("hx-post='/buy/pro'"), "htmx-2/dist/htmx.js"),

	HTMX_2_BOOSTED(Html.form("hx-boost='true'"), "htmx-2/dist/htmx.js"),

	HTMX_4(Html.form("hx-post='/buy/pro'"), "htmx-4/dist/htmx.js"),

	HTMX_4_BOOSTED(Html.form("hx-boost='true'"), "htmx-4/dist/htmx.js"),

	UNPOLY(Html.form("up-submit"), "unpoly/unpoly.js"),

	UNPOLY_TARGET(Html.form("up-submit up-target='#cart'"), "unpoly/unpoly.js"),

	UNPOLY_OVERLAY(Html.form("up-submit up-layer='new'"), "unpoly/unpoly.js"),

	UNPOLY_DRAWER(Html.form("up-submit up-layer='new drawer' up-target='#cart'"), "unpoly/unpoly.js"),

	UNPOLY_NO_TARGET(Html.form("up-submit up-target=':none'"), "unpoly/unpoly.js"),

	UNPOLY_NO_FALLBACK(Html.form("up-submit up-target='#cart' up-fallback='false'"), "unpoly/unpoly.js"),

	UNPOLY_WITHIN_OVERLAY(Html.form("up-submit up-target='#cart'"), "unpoly/unpoly.js", "/unpoly-overlay-page.js"),

	UNPOLY_OTHER_MAIN(Html.form("up-submit"), "unpoly/unpoly.js", "/unpoly-main-page.js"),

	UNPOLY_LINK(Html.link("up-follow"), "unpoly/unpoly.js"),

	UNPOLY_LINK_TO_OVERLAY(Html.link("up-layer='new'"), "unpoly/unpoly.js"),

	UNPOLY_LINK_WITHOUT_TARGET(Html.link("up-follow up-target=':none'"), "unpoly/unpoly.js"),

	UNPOLY_LINK_PRELOADED(Html.link("up-follow up-preload"), "unpoly/unpoly.js"),

	INERTIA_3(Html.BUTTON, "inertia.js"),

	INERTIA_2(Html.BUTTON, "inertia-2.js"),

	INERTIA_3_PREFETCH("<button id='buy' data-prefetch='true'>Buy</button>", "inertia.js"),

	INERTIA_2_PREFETCH("<button id='buy' data-prefetch='true'>Buy</button>", "inertia-2.js"),

	ALPINE_AJAX(Html.form("x-data x-target='cart'"), "@imacrayon/alpine-ajax/dist/cdn.js", "alpinejs/dist/cdn.js"),

	ALPINE_AJAX_LINK(Html.link("x-data x-target='cart'"), "@imacrayon/alpine-ajax/dist/cdn.js", "alpinejs/dist/cdn.js"),

	ALPINE_AJAX_LINK_TOP(Html.link("x-data x-target='_top'"), "@imacrayon/alpine-ajax/dist/cdn.js",
			"alpinejs/dist/cdn.js"),

	INTERCOOLER("<button id='buy' ic-post-to='/buy/pro'>Buy</button>", "jquery-3/dist/jquery.js",
			"intercooler/dist/intercooler.js"),

	DATASTAR("<button id='buy' data-on-click=\"@post('/buy/pro')\">Buy</button>", "datastar.js"),

	JQUERY(Html.BUTTON, "jquery/dist/jquery.js", "/jquery-page.js"),

	AXIOS(Html.BUTTON, "axios/dist/axios.js", "/axios-page.js"),

	FETCH(Html.BUTTON, "/fetch-page.js"),

	FETCH_JSON(Html.BUTTON, "/fetch-json-page.js"),

	XHR(Html.BUTTON, "/xhr-page.js");

	private final String html;

	private final List<String> scripts;

	ScriptLibrary(String html, String... scripts) {
		this.html = html;
		this.scripts = List.of(scripts);
	}

	/**
	 * Return a page with the element {@code #buy} that starts a checkout.
	 */
	String page() {
		StringBuilder page = new StringBuilder("<!doctype html><html lang='en'><head><title>Shop</title>");
		for (String script : this.scripts) {
			String type = script.contains("datastar") ? "type='module'" : "defer";
			page.append("<script %s src='%s'></script>".formatted(type,
					script.startsWith("/") ? script : "/npm/" + script));
		}
		if (name().endsWith("TRACKED")) {
			page.append("<meta name='assets' content='1' data-turbo-track='reload'>");
		}
		return page.append("</head><body><h1>Shop</h1><div id='cart'></div>")
			.append(this.html)
			.append("</body></html>")
			.toString();
	}

	/**
	 * Return the content security policy of the page, as strict as the library allows.
	 */
	String contentSecurityPolicy() {
		String evaluation = List.of(ALPINE_AJAX, ALPINE_AJAX_LINK, ALPINE_AJAX_LINK_TOP, DATASTAR).contains(this)
				? " 'unsafe-eval'" : "";
		return "default-src 'none'; connect-src 'self'; style-src 'self'; frame-src 'self'; script-src 'self'"
				+ evaluation;
	}

	private static final class Html {

		static final String FORM = form("");

		static final String LINK = link("");

		static final String BUTTON = "<button id='buy'>Buy</button>";

		static String form(String attributes) {
			return "<form action='/buy/pro' method='post' %s><button id='buy'>Buy</button></form>"
				.formatted(attributes);
		}

		static String link(String attributes) {
			return "<a id='buy' href='/buy/get' %s>Buy</a>".formatted(attributes);
		}

		static String inFrame(String html) {
			return "<turbo-frame id='shop'>" + html + "</turbo-frame>";
		}

	}

}
