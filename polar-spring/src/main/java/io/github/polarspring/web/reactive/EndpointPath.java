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

package io.github.polarspring.web.reactive;

import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Path of an endpoint within the base path of the application, with and without a
 * trailing slash.
 */
final class EndpointPath {

	private final PathPattern path;

	private final PathPattern pathWithSlash;

	EndpointPath(String path) {
		this.path = PathPatternParser.defaultInstance.parse(path);
		this.pathWithSlash = PathPatternParser.defaultInstance.parse(path + "/");
	}

	boolean matches(ServerHttpRequest request) {
		PathContainer path = request.getPath().pathWithinApplication();
		return this.path.matches(path) || this.pathWithSlash.matches(path);
	}

}
