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

package io.github.polarspring.web.servlet;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import org.springframework.web.util.HtmlUtils;

/**
 * Caller of a checkout method, as far as its request shows which responses it can follow.
 * Browsers do not let scripts follow a redirect to another origin, so only navigations
 * and callers that are not browsers are redirected.
 */
final class CheckoutCaller {

	private static final String SEC_FETCH_MODE = "Sec-Fetch-Mode";

	private static final String SEC_FETCH_DEST = "Sec-Fetch-Dest";

	private static final String REQUESTED_WITH = "X-Requested-With";

	private static final String TURBO_FRAME = "Turbo-Frame";

	private static final String ALPINE_TARGET = "X-Alpine-Target";

	private static final String UNPOLY_VERSION = "X-Up-Version";

	/**
	 * Targets of Alpine AJAX with which it does not display the response, but loads its
	 * URL or does nothing.
	 */
	private static final Set<String> ALPINE_KEYWORDS = Set.of("_top", "_self", "_none");

	private static final MediaType TURBO_STREAM = MediaType.parseMediaType("text/vnd.turbo-stream.html");

	/**
	 * Headers of libraries that display HTML, whatever their {@code Accept} header says.
	 */
	private static final List<String> HTML_LIBRARIES = List.of("X-Turbo-Request-Id", TURBO_FRAME, UNPOLY_VERSION,
			"X-Alpine-Request", ALPINE_TARGET, "X-PJAX", "X-Livewire-Navigate");

	/**
	 * Values of {@code X-Requested-With} by which scripts identify themselves. Web views
	 * of Android send the name of their application, also with navigations.
	 */
	private static final List<String> SCRIPTS = List.of("XMLHttpRequest", "fetch", "swup");

	private CheckoutCaller() {
	}

	/**
	 * Return the response that the caller can follow to another origin.
	 */
	static CheckoutResponse response(HttpServletRequest request) {
		if (isTrue(request, "HX-Request")) {
			return CheckoutResponse.HTMX;
		}
		if (isTrue(request, "X-IC-Request")) {
			return CheckoutResponse.INTERCOOLER;
		}
		if (isTrue(request, "X-Inertia")) {
			return CheckoutResponse.INERTIA;
		}
		if (isTrue(request, "Datastar-Request")) {
			return CheckoutResponse.DATASTAR;
		}
		if (acceptsTurboStream(request)) {
			return CheckoutResponse.TURBO;
		}
		if (isScript(request)) {
			return displaysHtml(request) ? CheckoutResponse.PAGE : CheckoutResponse.JSON;
		}
		boolean json = !isNavigation(request) && jsonQuality(request) > htmlQuality(request);
		return json ? CheckoutResponse.JSON : CheckoutResponse.REDIRECT;
	}

	/**
	 * Return the response with which the browser sends the request again, as a
	 * navigation, or {@code null} if it need not. A library that displays HTML can
	 * request a link before the user clicks, or load it again instead of displaying the
	 * response, so that only the navigation must create a session. Inertia handles the
	 * response to a prefetch request when the user clicks.
	 */
	static @Nullable CheckoutResponse responseForNavigation(HttpServletRequest request, boolean prefetch) {
		if (!HttpMethod.GET.matches(request.getMethod()) || NonPurchase.isCachedAsPreview(request)) {
			return null;
		}
		CheckoutResponse response = response(request);
		return (response == CheckoutResponse.PAGE || (prefetch && response == CheckoutResponse.INERTIA)) ? response
				: null;
	}

	/**
	 * Return whether a script in a browser sent the request. Old browsers, and all
	 * browsers on pages without TLS, do not say so. There, navigations accept HTML, and
	 * only pages send an origin or a referrer.
	 */
	static boolean isScript(HttpServletRequest request) {
		if (isLibrary(request)) {
			return true;
		}
		if (request.getHeader(SEC_FETCH_MODE) != null) {
			return !isNavigation(request);
		}
		boolean fromPage = request.getHeader(HttpHeaders.ORIGIN) != null
				|| request.getHeader(HttpHeaders.REFERER) != null;
		return fromPage && htmlQuality(request) == 0;
	}

	/**
	 * Return whether the response is to replace the page, so that the user can come back
	 * to the URL of the request.
	 */
	static boolean isPageVisit(HttpServletRequest request) {
		if (!HttpMethod.GET.matches(request.getMethod())) {
			return false;
		}
		if (!isLibrary(request)) {
			return !isScript(request);
		}
		return isTrue(request, "HX-Boosted")
				|| (isTrue(request, "X-Inertia") && !hasHeader(request, List.of("X-Inertia-Partial-Component")))
				|| (hasHeader(request, List.of("X-Turbo-Request-Id")) && !hasHeader(request, List.of(TURBO_FRAME)));
	}

	private static boolean isNavigation(HttpServletRequest request) {
		String mode = request.getHeader(SEC_FETCH_MODE);
		return "navigate".equalsIgnoreCase(mode) || "nested-navigate".equalsIgnoreCase(mode);
	}

	/**
	 * Return whether the caller cannot follow any response: swup displays only containers
	 * whose names it does not send, Alpine AJAX can have no element to display it in, and
	 * images, scripts and style sheets are not pages.
	 */
	static boolean isUnableToFollow(HttpServletRequest request) {
		String destination = request.getHeader(SEC_FETCH_DEST);
		return "swup".equalsIgnoreCase(request.getHeader(REQUESTED_WITH)) || displaysNothing(request)
				|| (destination != null && !isNavigation(request) && !"empty".equalsIgnoreCase(destination));
	}

	private static boolean displaysNothing(HttpServletRequest request) {
		String targets = request.getHeader(ALPINE_TARGET);
		return targets != null && (!StringUtils.hasText(targets)
				|| Arrays.stream(StringUtils.tokenizeToStringArray(targets, " ")).anyMatch(ALPINE_KEYWORDS::contains));
	}

	private static boolean isLibrary(HttpServletRequest request) {
		return isTrue(request, "HX-Request") || isTrue(request, "X-IC-Request") || isTrue(request, "X-Inertia")
				|| isTrue(request, "Datastar-Request") || hasHeader(request, HTML_LIBRARIES)
				|| acceptsTurboStream(request)
				|| SCRIPTS.stream().anyMatch((name) -> name.equalsIgnoreCase(request.getHeader(REQUESTED_WITH)));
	}

	/**
	 * Return whether the caller displays HTML, so that it must not get JSON.
	 */
	static boolean displaysHtml(HttpServletRequest request) {
		double html = htmlQuality(request);
		return hasHeader(request, HTML_LIBRARIES) || (html > 0 && html >= jsonQuality(request));
	}

	/**
	 * Wrap HTML in the elements by which a library finds its part of a page, if any.
	 */
	static String wrap(HttpServletRequest request, String html) {
		String frame = request.getHeader(TURBO_FRAME);
		if (StringUtils.hasText(frame)) {
			return "<turbo-frame id=\"" + HtmlUtils.htmlEscape(frame) + "\">" + html + "</turbo-frame>";
		}
		StringBuilder wrapped = new StringBuilder();
		for (String id : StringUtils.tokenizeToStringArray(request.getHeader(ALPINE_TARGET), " ")) {
			wrapped
				.append("<div id=\"%s\">%s</div>".formatted(HtmlUtils.htmlEscape(id), wrapped.isEmpty() ? html : ""));
		}
		return wrapped.isEmpty() ? html : wrapped.toString();
	}

	static boolean isUnpoly(HttpServletRequest request) {
		return StringUtils.hasText(request.getHeader(UNPOLY_VERSION));
	}

	/**
	 * Return whether the caller displays only the part of a page that {@link #wrap}
	 * creates.
	 */
	static boolean displaysFragment(HttpServletRequest request) {
		return hasHeader(request, List.of(TURBO_FRAME, ALPINE_TARGET));
	}

	private static boolean isTrue(HttpServletRequest request, String header) {
		return "true".equalsIgnoreCase(request.getHeader(header));
	}

	private static boolean hasHeader(HttpServletRequest request, List<String> headers) {
		return headers.stream().map(request::getHeader).anyMatch(StringUtils::hasText);
	}

	private static double htmlQuality(HttpServletRequest request) {
		return quality(request, (type) -> type.equalsTypeAndSubtype(MediaType.TEXT_HTML)
				|| type.equalsTypeAndSubtype(MediaType.APPLICATION_XHTML_XML));
	}

	private static double jsonQuality(HttpServletRequest request) {
		return quality(request, (type) -> type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
				|| "json".equals(type.getSubtypeSuffix()));
	}

	private static boolean acceptsTurboStream(HttpServletRequest request) {
		return quality(request, (type) -> type.equalsTypeAndSubtype(TURBO_STREAM)) > 0;
	}

	/**
	 * Return the highest quality of the matching types that the caller explicitly
	 * accepts, or 0.
	 */
	private static double quality(HttpServletRequest request, Predicate<MediaType> types) {
		try {
			return MediaType.parseMediaTypes(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)))
				.stream()
				.filter(types)
				.mapToDouble(MediaType::getQualityValue)
				.max()
				.orElse(0);
		}
		catch (InvalidMediaTypeException ex) {
			return 0;
		}
	}

}
