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

import java.util.TreeSet;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarApiVersionException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.PolarValidationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * {@link AbstractFailureAnalyzer} for calls to Polar that fail during startup.
 */
final class PolarFailureAnalyzer extends AbstractFailureAnalyzer<PolarException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PolarException cause) {
		String action = action(cause);
		return (action != null) ? new FailureAnalysis(String.valueOf(cause.getMessage()), action, cause) : null;
	}

	private static @Nullable String action(PolarException cause) {
		if (cause instanceof PolarAuthenticationException authentication
				&& "Unauthorized".equals(authentication.getError())) {
			return """
					Check that 'polar.access-token' is an organization access token, and that neither an interceptor, \
					the HTTP client nor a proxy removes or replaces the header Authorization.""";
		}
		if (cause instanceof PolarAuthenticationException) {
			return """
					Create an organization access token in Polar's dashboard, under Settings, and set the property \
					'polar.access-token' or the environment variable POLAR_ACCESS_TOKEN. The token must belong to the \
					environment set by 'polar.environment' (production or sandbox). If the token is right, check in Polar's \
					dashboard whether Polar has blocked the organization.""";
		}
		if (cause instanceof PolarPermissionException permission && !permission.getRequiredScopes().isEmpty()) {
			return "Add a scope to the access token in Polar's dashboard, under Settings: "
					+ String.join(" or ", new TreeSet<>(permission.getRequiredScopes())) + ".";
		}
		if (cause instanceof PolarPermissionException permission && "NotPermitted".equals(permission.getError())) {
			return "Check the role of the token's owner and the state of the organization in Polar's dashboard.";
		}
		if (cause instanceof PolarPermissionException) {
			return "Check the scopes of the access token in Polar's dashboard, under Settings.";
		}
		if (cause instanceof PolarRateLimitException) {
			return "Polar limits the calls of all applications of an organization together. Start the application later, or"
					+ " do not call Polar during startup.";
		}
		if (cause instanceof PolarApiVersionException) {
			return """
					Set 'polar.api-version' to a version that Polar supports, such as the current one: Polar releases a \
					version each quarter and supports the latest ones. If 'polar.base-url' is set, check that it is the \
					URL of the Polar API.""";
		}
		if (cause instanceof PolarValidationException validation
				&& validation.getFieldErrors().stream().anyMatch((error) -> error.field().startsWith("products"))) {
			return """
					Check the IDs in 'polar.products'. A product of the sandbox does not exist in production: use a \
					separate profile for each environment.""";
		}
		if (cause instanceof PolarApiException api && api.getStatus() == 404 && api.getDetail() != null
				&& api.getError() == null) {
			return "Check 'polar.base-url', if it is set: it must not end in '/v1'. Check the path of the call otherwise.";
		}
		if (cause instanceof PolarApiException api && api.getStatus() < 500 && api.getError() == null
				&& api.getDetail() == null) {
			return "Check 'polar.base-url', if it is set, and the proxies and firewalls between this machine and Polar.";
		}
		if (cause instanceof PolarSaturationException) {
			return "Increase 'polar.http.max-concurrent-calls', or make fewer calls at the same time during startup.";
		}
		if (cause instanceof PolarConnectionException && cause.getCause() == null) {
			return "Check that this machine can connect to Polar directly: a proxy can redirect calls or replace responses."
					+ " Check 'polar.base-url', if it is set, and the path and the type of the call.";
		}
		return (cause instanceof PolarConnectionException)
				? "Check that this machine can connect to Polar. If 'polar.base-url' is set, check its value. To start"
						+ " without a connection to Polar, do not call Polar during startup."
				: null;
	}

}
