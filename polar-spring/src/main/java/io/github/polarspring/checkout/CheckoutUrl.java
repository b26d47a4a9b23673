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

package io.github.polarspring.checkout;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.client.PolarUrls;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.web.util.InvalidUrlException;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder.ParserType;

/**
 * Rules for the URLs that Polar redirects the buyer to: an absolute URL, or a path within
 * the application. They are text rather than {@link java.net.URI}, because of
 * {@code {CHECKOUT_ID}}.
 */
final class CheckoutUrl {

	private static final int MAX_LENGTH = 2083;

	/**
	 * Placeholder that Polar replaces with the id of the session, in the only two forms
	 * that it recognizes: letters must be in upper case, also in the encoded braces.
	 */
	private static final List<String> CHECKOUT_ID = List.of("{CHECKOUT_ID}", "%7BCHECKOUT_ID%7D");

	/**
	 * The value of the query parameter for the id of the session, in a form that Polar
	 * does not recognize as the placeholder.
	 */
	private static final Pattern UNRECOGNIZED = Pattern
		.compile("(?<=[?&]checkout_id=)(?i:(\\{|%7b)checkout_id(}|%7d))(?=[&#]|$)");

	private CheckoutUrl() {
	}

	static String validate(String field, String url) {
		Assert.hasText(url, () -> field + " must not be blank");
		Assert.isTrue(url.length() <= MAX_LENGTH, () -> field + " must have at most " + MAX_LENGTH + " characters");
		if (isPath(url)) {
			Assert.isTrue(!url.startsWith("//") && url.indexOf('\\') == -1, () -> field
					+ " must be a path within the application that does not start with '//' or contain '\\'");
			parse(field, "http://localhost" + url);
			return url;
		}
		UriComponents uri = parse(field, url);
		boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
		Assert.isTrue(http && uri.getHost() != null && uri.getUserInfo() == null,
				() -> field + " must be an absolute http or https URL, or a path that starts with '/'");
		return url;
	}

	static String validateAbsolute(String field, String url) {
		Assert.isTrue(!isPath(url), () -> field + " must be an absolute http or https URL");
		return validate(field, url);
	}

	static String validateOrigin(String field, String origin) {
		Assert.hasText(origin, () -> field + " must not be blank");
		UriComponents uri = parse(field, origin);
		boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
		Assert.isTrue(
				http && uri.getHost() != null && uri.getUserInfo() == null && !StringUtils.hasLength(uri.getPath())
						&& uri.getQuery() == null && uri.getFragment() == null,
				() -> field + " must consist of scheme, host and port only, such as https://shop.example");
		return origin;
	}

	static @Nullable String resolve(String field, @Nullable String url, @Nullable String applicationUrl) {
		if (url == null || !isPath(url)) {
			return url;
		}
		if (applicationUrl == null) {
			throw new PolarConfigurationException(
					"The %s '%s' is a path, but the address of the application is unknown.".formatted(field, url),
					"Set 'polar.checkout.application-url' to the public address of the application, such as"
							+ " https://shop.example, or use an absolute URL.");
		}
		return validate(field, StringUtils.trimTrailingCharacter(applicationUrl, '/') + url);
	}

	static String validateServletPath(String servletPath) {
		String path = StringUtils.trimTrailingCharacter(servletPath, '/');
		if (!path.isEmpty()) {
			validate("servletPath", path);
			Assert.isTrue(isPath(path) && path.indexOf('?') == -1 && path.indexOf('#') == -1,
					"servletPath must be a path that starts with '/'");
		}
		return path;
	}

	/**
	 * Append the id of the session to a success URL of the application itself that does
	 * not contain it. Without it, the page could not determine which checkout to confirm.
	 */
	static @Nullable String withCheckoutId(@Nullable String successUrl, @Nullable String applicationUrl) {
		if (successUrl == null || !isOwn(successUrl, applicationUrl)) {
			return successUrl;
		}
		String named = successUrl;
		if (CHECKOUT_ID.stream().noneMatch((placeholder) -> successUrl.contains("checkout_id=" + placeholder))) {
			named = UNRECOGNIZED.matcher(named).replaceFirst(CHECKOUT_ID.get(0));
		}
		if (CHECKOUT_ID.stream().noneMatch(named::contains)) {
			named = withParameter(named, "checkout_id", CHECKOUT_ID.get(0));
		}
		return (named.length() <= MAX_LENGTH) ? named : successUrl;
	}

	private static boolean isOwn(String url, @Nullable String applicationUrl) {
		String origin = origin(applicationUrl);
		return origin != null && origin.equals(origin(url));
	}

	/**
	 * Return scheme, host and port as browsers write them, or {@code null} if there is
	 * none.
	 */
	static @Nullable String origin(@Nullable String url) {
		if (url == null) {
			return null;
		}
		UriComponents uri = parse("url", url);
		return PolarUrls.origin(uri.getScheme(), uri.getHost(), uri.getPort());
	}

	/**
	 * Add a query parameter to a URL if there is none with that name. The rest of the URL
	 * remains unchanged.
	 */
	static String withParameter(String url, String name, String value) {
		int fragment = (url.indexOf('#') != -1) ? url.indexOf('#') : url.length();
		int query = url.substring(0, fragment).indexOf('?');
		if (query != -1 && Arrays.stream(url.substring(query + 1, fragment).split("&"))
			.anyMatch((parameter) -> parameter.startsWith(name + "="))) {
			return url;
		}
		String separator = (query == -1) ? "?" : (query == fragment - 1) ? "" : "&";
		return url.substring(0, fragment) + separator + name + "=" + value + url.substring(fragment);
	}

	static boolean isPath(String url) {
		return url.startsWith("/");
	}

	/**
	 * Parse a URL as leniently as browsers and Polar do, which accept international
	 * hosts, spaces and braces. The query and the fragment are omitted, because the
	 * parser logs its input.
	 */
	private static UriComponents parse(String field, String url) {
		Assert.isTrue(url.indexOf('\\') == -1 && url.chars().noneMatch(Character::isISOControl),
				() -> field + " must not contain a backslash or a control character");
		CheckoutFields.requireWellFormed(field, url);
		try {
			String parsed = withoutContent(url.strip()).replace('{', '_').replace('}', '_');
			return UriComponentsBuilder.fromUriString(parsed, ParserType.WHAT_WG).build();
		}
		catch (InvalidUrlException ex) {
			throw new IllegalArgumentException(field + " is not a valid URL");
		}
	}

	private static String withoutContent(String url) {
		for (int i = 0; i < url.length() - 1; i++) {
			if (url.charAt(i) == '?' || url.charAt(i) == '#') {
				return url.substring(0, i + 1) + "_";
			}
		}
		return url;
	}

}
