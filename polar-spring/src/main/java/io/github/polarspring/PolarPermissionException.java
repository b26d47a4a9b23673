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

package io.github.polarspring;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The access token is valid but may not do this (403).
 *
 * @since 0.1.0
 */
public class PolarPermissionException extends PolarApiException {

	private final Set<String> requiredScopes;

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error the name that Polar gives to the error
	 * @param detail the text that Polar gives to the error
	 * @param requiredScopes the scopes of which the token needs at least one
	 */
	public PolarPermissionException(String message, int status, @Nullable String error, @Nullable String detail,
			Set<String> requiredScopes) {
		super(message, status, error, detail);
		this.requiredScopes = Set.copyOf(requiredScopes);
	}

	/**
	 * Return the scopes of which the token needs at least one.
	 * @return the scopes, empty when Polar refused for another reason
	 */
	public Set<String> getRequiredScopes() {
		return this.requiredScopes;
	}

}
