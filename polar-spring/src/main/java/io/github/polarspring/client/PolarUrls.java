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

package io.github.polarspring.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.polarspring.PolarEnvironment;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Rules for the URLs that this library calls and redirects to, and for the text of
 * settings. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarUrls {

	private static final Set<String> LOOPBACK = Set.of("localhost", "[::1]");

	private static final String WEBSITE = "polar.sh";

	private static final String QUOTE = "\\\\?[\"'`\u00b4\u201a\u201e\uff02\uff07\u301d-\u301f\\p{Pi}\\p{Pf}]";

	private static final Pattern QUOTED = Pattern.compile("(?s)\\s*" + QUOTE + "(.*" + QUOTE + ")?\\s*");

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^{}]*}");

	private static final Pattern UNSAFE_PATH = Pattern.compile("(^|/)\\.\\.?(/|$)|%2[Ff]");

	private PolarUrls() {
	}

	/**
	 * Check a base URL of the API. The access token is sent there.
	 * @param baseUrl the URL to check
	 * @return the URL without a trailing slash
	 * @throws IllegalArgumentException if it is not a base URL or not safe
	 */
	public static URI requireBaseUrl(URI baseUrl) {
		Assert.isTrue(baseUrl.isAbsolute() && baseUrl.getHost() != null, "baseUrl must be absolute and have a host");
		Assert.isTrue(baseUrl.getRawUserInfo() == null, "baseUrl must not contain user information");
		Assert.isTrue(baseUrl.getRawQuery() == null && baseUrl.getRawFragment() == null,
				"baseUrl must have neither query nor fragment");
		Assert.isTrue(isAllowedScheme(baseUrl), "baseUrl must be an https URL, or an http URL to a loopback address");
		requireApi(baseUrl);
		String text = baseUrl.toString();
		return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : baseUrl;
	}

	/**
	 * Reject what cannot be the API on Polar's own hosts. Any other host can be a
	 * gateway.
	 */
	private static void requireApi(URI baseUrl) {
		String host = baseUrl.getHost().toLowerCase(Locale.ROOT);
		if (!host.equals(WEBSITE) && !host.endsWith("." + WEBSITE)) {
			return;
		}
		boolean sandbox = host.contains("sandbox");
		URI api = (sandbox ? PolarEnvironment.SANDBOX : PolarEnvironment.PRODUCTION).baseUrl();
		Assert.isTrue(host.split("\\.")[0].contains("api"),
				() -> "baseUrl must be the URL of the API, not that of Polar's website: " + api);
		Assert.isTrue(baseUrl.getRawPath().isEmpty() || baseUrl.getRawPath().equals("/"),
				() -> "baseUrl must not have a path, because the paths of calls start with /v1: " + api);
	}

	private static boolean isAllowedScheme(URI baseUrl) {
		String scheme = baseUrl.getScheme().toLowerCase(Locale.ROOT);
		return scheme.equals("https") || (scheme.equals("http") && isLoopback(baseUrl));
	}

	/**
	 * Check the public URL of an application, against which paths are resolved.
	 * @param applicationUrl the URL to check
	 * @return the URL
	 * @throws IllegalArgumentException if paths cannot be resolved against it; the
	 * message does not contain it
	 */
	public static String requireApplicationUrl(String applicationUrl) {
		try {
			URI uri = new URI(applicationUrl);
			boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
			if (http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null
					&& uri.getRawFragment() == null) {
				return applicationUrl;
			}
		}
		catch (URISyntaxException ex) {
			// the message below omits the URL
		}
		throw new IllegalArgumentException(
				"applicationUrl must be an absolute http or https URL without user information, query and fragment");
	}

	/**
	 * Check that a call goes to the path of its template. Polar decodes a path before it
	 * selects the route, so even an encoded slash separates segments.
	 * @param template path with template variables, with or without a query
	 * @param variables values of the template variables, including those of a query
	 * @throws IllegalArgumentException if it does not; the message can be logged
	 */
	static void requireSafePath(String template, @Nullable Object... variables) {
		String path = template.split("[?#]", 2)[0];
		Assert.isTrue(!UNSAFE_PATH.matcher(path).find(),
				"A path must not contain the segments '.' and '..', or an encoded slash");
		long inPath = Math.min(path.chars().filter((c) -> c == '{').count(), variables.length);
		for (int i = 0; i < inPath; i++) {
			String variable = (variables[i] != null) ? variables[i].toString() : "";
			if (variable.isEmpty() || variable.contains("/") || variable.equals(".") || variable.equals("..")) {
				throw new IllegalArgumentException(("Value %d of the path %s is empty, '.' or '..', or contains"
						+ " a slash, so Polar would use another path. Pass such an id in a query parameter or in"
						+ " the body")
					.formatted(i + 1, path));
			}
		}
	}

	/**
	 * Return why the text of a setting cannot be meant.
	 * @param text the text
	 * @return the rest of a sentence, without the text, or {@code null} if it can be
	 */
	public static @Nullable String mistake(String text) {
		if (isQuoted(text)) {
			return "is enclosed in quotation marks, which are part of the value";
		}
		return PLACEHOLDER.matcher(text).find() ? "contains a placeholder ${...} that could not be resolved" : null;
	}

	/**
	 * Return whether a text is enclosed in quotation marks of any kind, for example
	 * because they were not removed from a container's env file.
	 * @param text the text
	 * @return whether it is
	 */
	public static boolean isQuoted(String text) {
		return QUOTED.matcher(text).matches();
	}

	/**
	 * Return a text without quotation marks at its beginning and end.
	 * @param text the text
	 * @return the text without them
	 */
	public static String unquoted(String text) {
		return text.strip().replaceAll("^(" + QUOTE + ")+|(" + QUOTE + ")+$", "").strip();
	}

	/**
	 * Return whether payments at an address of the API must be considered real. This is
	 * the case for all addresses except the sandbox and this machine.
	 * @param baseUrl base URL of the API
	 * @return {@code true} for production and for any address that may forward to it
	 */
	public static boolean isProduction(URI baseUrl) {
		return !PolarEndpoint.origin(baseUrl).equals(PolarEndpoint.origin(PolarEnvironment.SANDBOX.baseUrl()))
				&& !isLoopback(baseUrl);
	}

	/**
	 * Return which environment an address of the API belongs to.
	 * @param baseUrl base URL of the API
	 * @return {@code production}, {@code sandbox}, or {@code custom} for any other
	 */
	public static String environment(URI baseUrl) {
		for (PolarEnvironment environment : PolarEnvironment.values()) {
			if (PolarEndpoint.origin(environment.baseUrl()).equals(PolarEndpoint.origin(baseUrl))) {
				return environment.name().toLowerCase(Locale.ROOT);
			}
		}
		return "custom";
	}

	/**
	 * Return whether the URL refers to this machine. Only the text is considered: no name
	 * is resolved.
	 * @param uri an absolute URL
	 * @return {@code true} for {@code localhost} and loopback literals
	 */
	public static boolean isLoopback(URI uri) {
		if (uri.getHost() == null) {
			return false;
		}
		String host = uri.getHost().toLowerCase(Locale.ROOT);
		return LOOPBACK.contains(host) || host.matches("127(\\.\\d{1,3}){3}");
	}

	/**
	 * Return an origin as browsers write it.
	 * @param scheme the scheme
	 * @param host the host
	 * @param port the port, or -1 for the default one
	 * @return the origin in lower case, without the default port
	 */
	public static String origin(@Nullable String scheme, @Nullable String host, int port) {
		String lower = String.valueOf(scheme).toLowerCase(Locale.ROOT);
		boolean defaultPort = port == -1 || port == (lower.equals("https") ? 443 : 80);
		return lower + "://" + String.valueOf(host).toLowerCase(Locale.ROOT) + (defaultPort ? "" : ":" + port);
	}

	/**
	 * Add the path of the {@code DispatcherServlet} to a path that does not start with
	 * it.
	 * @param url an absolute URL, which is returned unchanged, or a path
	 * @param servletPath path of the servlet, or an empty string
	 * @return the URL
	 */
	public static String withServletPath(String url, String servletPath) {
		return (!url.startsWith("/") || startsWith(url, servletPath)) ? url : servletPath + url;
	}

	private static boolean startsWith(String url, String path) {
		return url.startsWith(path)
				&& (url.length() == path.length() || "/?#".indexOf(url.charAt(path.length())) != -1);
	}

}
