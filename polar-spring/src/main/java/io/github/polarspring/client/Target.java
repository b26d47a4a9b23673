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

import org.jspecify.annotations.Nullable;

/**
 * Target of a call. It is an attribute of the request, which interceptors and
 * observations of the application can read, so {@link #toString()} does not contain any
 * values.
 *
 * @param uri the actual URI, which can contain a secret
 * @param visibleUri the URI that interceptors and observations see
 * @param anonymous whether the call is made without the access token
 * @param deadline the {@link System#nanoTime()} after which reading the response is
 * abandoned
 * @param limit the {@link System#nanoTime()} by which each attempt ends, {@code null} if
 * only the read timeout limits it
 */
record Target(URI uri, URI visibleUri, boolean anonymous, long deadline, @Nullable Long limit) {

	static final String ATTRIBUTE = Target.class.getName();

	@Override
	public String toString() {
		return "Target";
	}

}
