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

package io.github.polarspring.autoconfigure;

import io.github.polarspring.PolarApiVersionException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarValidationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Shows the failure of a call to Polar that an application makes while it starts.
 */
final class PolarFailureAnalyzer extends AbstractFailureAnalyzer<PolarException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PolarException cause) {
		String action = action(cause);
		return (action != null) ? new FailureAnalysis(String.valueOf(cause.getMessage()), action, cause) : null;
	}

	private static @Nullable String action(PolarException cause) {
		if (cause instanceof PolarAuthenticationException) {
			return """
					Set the property 'polar.access-token', or the environment variable POLAR_ACCESS_TOKEN, to an \
					organization access token of the environment that is called. Polar's dashboard makes one under \
					Settings. 'polar.environment' chooses between production and sandbox.""";
		}
		if (cause instanceof PolarPermissionException permission && !permission.getRequiredScopes().isEmpty()) {
			return "Give the access token one of these scopes in Polar's dashboard, under Settings: "
					+ String.join(", ", permission.getRequiredScopes()) + ".";
		}
		if (cause instanceof PolarApiVersionException) {
			return """
					Set 'polar.api-version' to a version that Polar serves, such as the current one: it releases one \
					each quarter and serves the last ones. If 'polar.base-url' is set, check that Polar's API is there.""";
		}
		if (cause instanceof PolarValidationException validation
				&& validation.getFieldErrors().stream().anyMatch((error) -> error.field().startsWith("products"))) {
			return """
					Check the ids in 'polar.products'. A product of the sandbox does not exist in production: keep \
					them in a profile for each environment.""";
		}
		return (cause instanceof PolarConnectionException)
				? "Check that this machine may connect to Polar. If 'polar.base-url' is set, check it. To start without Polar, do not call it while the application starts."
				: null;
	}

}
