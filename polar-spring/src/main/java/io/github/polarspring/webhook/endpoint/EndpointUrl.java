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

package io.github.polarspring.webhook.endpoint;

import java.net.IDN;
import java.net.URI;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * URL in the form in which Polar stores it.
 */
final class EndpointUrl {

	private EndpointUrl() {
	}

	/**
	 * Normalize a URL: the host in lower case and ASCII, no default port, and a path.
	 * @return the URL, or the same text if it is not a URL
	 */
	static String normalize(String url) {
		try {
			String text = url.strip();
			int authority = text.indexOf("://") + 3;
			int end = authority;
			while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
				end++;
			}
			String host = text.substring(authority, end);
			int user = host.lastIndexOf('@') + 1;
			String ascii = host.substring(0, user) + ascii(host.substring(user));
			URI uri = URI.create(text.substring(0, authority).toLowerCase(Locale.ROOT) + ascii + text.substring(end));
			boolean defaultPort = "https".equals(uri.getScheme()) && uri.getPort() == 443
					|| "http".equals(uri.getScheme()) && uri.getPort() == 80;
			String path = StringUtils.hasLength(uri.getRawPath()) ? uri.getRawPath() : "/";
			String query = (uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "";
			return uri.getScheme() + "://" + (defaultPort ? ascii.substring(0, ascii.lastIndexOf(':')) : ascii) + path
					+ query;
		}
		catch (IllegalArgumentException ex) {
			return url;
		}
	}

	private static String ascii(String host) {
		return host.startsWith("[") ? host.toLowerCase(Locale.ROOT) : IDN.toASCII(host).toLowerCase(Locale.ROOT);
	}

	/**
	 * Return whether two URLs lead to the same endpoint of the application, which accepts
	 * a slash at the end.
	 */
	static boolean isSame(@Nullable String one, @Nullable String other) {
		return one != null && other != null && withoutSlash(one).equals(withoutSlash(other));
	}

	/**
	 * Remove what can be a secret from the URLs in a text: user, password, query and
	 * fragment.
	 */
	static String hideSecrets(String text) {
		return text.replaceAll("://[^/@\\s]*@", "://").replaceAll("(://[^\\s?#]*)[?#]\\S*", "$1");
	}

	private static String withoutSlash(String url) {
		return StringUtils.trimTrailingCharacter(normalize(url), '/');
	}

}
