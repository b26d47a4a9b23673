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
import java.util.Locale;

/**
 * Location and version of the API.
 *
 * @param baseUrl base URL without a trailing slash
 * @param apiVersion value of the {@code Polar-Version} header
 */
record PolarEndpoint(URI baseUrl, String apiVersion) {

	static final String VERSION_HEADER = "Polar-Version";

	/**
	 * Return the name that messages use for the API: the name of the environment or, for
	 * any other base URL, its origin.
	 */
	String name() {
		String environment = PolarUrls.environment(this.baseUrl);
		return environment.equals("custom") ? origin(this.baseUrl) : environment;
	}

	boolean isOriginOf(URI uri) {
		return origin(this.baseUrl).equals(origin(uri));
	}

	static String origin(URI uri) {
		String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
		String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
		boolean standard = uri.getPort() == -1 || uri.getPort() == ("https".equals(scheme) ? 443 : 80);
		return scheme + "://" + host + (standard ? "" : ":" + uri.getPort());
	}

}
