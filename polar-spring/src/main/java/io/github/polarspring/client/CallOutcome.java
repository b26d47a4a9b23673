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

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarApiVersionException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.PolarTimeoutException;
import io.github.polarspring.PolarValidationException;

/**
 * Outcome of an attempt, or of a call with all its attempts.
 */
enum CallOutcome {

	SUCCESS(false),

	/**
	 * No connection was established, so nothing was sent.
	 */
	UNREACHABLE(true),

	TIMEOUT(true),

	/**
	 * The connection ended before the response was complete, or the response is not HTTP.
	 */
	BROKEN(true),

	/**
	 * The response is too large, cannot be read, is a redirect, or is not one of Polar's
	 * API.
	 */
	UNUSABLE(true),

	SATURATED(true),

	RATE_LIMITED(true),

	SERVER_ERROR(true),

	UNAUTHORIZED(true),

	FORBIDDEN(true),

	API_VERSION(true),

	NOT_FOUND(false),

	INVALID(false),

	/**
	 * Any other 4xx status: the state of the object does not permit the call.
	 */
	REJECTED(false),

	/**
	 * An exception of the application's interceptors, or a configuration error.
	 */
	ERROR(false);

	private final boolean countsAsFailure;

	CallOutcome(boolean countsAsFailure) {
		this.countsAsFailure = countsAsFailure;
	}

	/**
	 * Return whether the outcome indicates a failure of Polar or of the configuration,
	 * rather than of a single request.
	 */
	boolean countsAsFailure() {
		return this.countsAsFailure;
	}

	/**
	 * Return whether Polar may have processed the call, although there is no response
	 * that says so.
	 */
	boolean isUnknown() {
		return this == TIMEOUT || this == BROKEN || this == UNUSABLE || this == SERVER_ERROR;
	}

	/**
	 * Return whether the failure persists until the configuration is changed.
	 */
	boolean isPersistent() {
		return this == UNAUTHORIZED || this == FORBIDDEN || this == API_VERSION;
	}

	String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	static CallOutcome of(Throwable ex) {
		if (ex instanceof PolarSaturationException) {
			return SATURATED;
		}
		if (ex instanceof PolarTimeoutException) {
			return TIMEOUT;
		}
		if (ex instanceof PolarConnectionException) {
			return (ex.getCause() != null && ex.getCause().getCause() instanceof AttemptFailure failure)
					? failure.outcome() : UNUSABLE;
		}
		if (ex instanceof PolarApiException api) {
			return of(api);
		}
		return ERROR;
	}

	private static CallOutcome of(PolarApiException ex) {
		if (ex instanceof PolarRateLimitException) {
			return RATE_LIMITED;
		}
		if (ex instanceof PolarAuthenticationException) {
			return UNAUTHORIZED;
		}
		if (ex instanceof PolarPermissionException) {
			return FORBIDDEN;
		}
		if (ex instanceof PolarApiVersionException) {
			return API_VERSION;
		}
		if (ex instanceof PolarNotFoundException) {
			return NOT_FOUND;
		}
		if (ex instanceof PolarValidationException) {
			return INVALID;
		}
		if (ex.getStatus() >= 500) {
			return SERVER_ERROR;
		}
		return (ex.getError() != null || ex.getDetail() != null) ? REJECTED : UNUSABLE;
	}

	/**
	 * Determine the outcome of a failed exchange, including failures of optional HTTP
	 * clients.
	 */
	static CallOutcome of(IOException failure) {
		if (failure instanceof UnusableResponseException) {
			return UNUSABLE;
		}
		for (Throwable ex = failure; ex != null; ex = ex.getCause()) {
			if (isConnectFailure(ex)) {
				return UNREACHABLE;
			}
			if (ex instanceof SocketTimeoutException || ex instanceof HttpTimeoutException
					|| ex instanceof TimeoutException) {
				return TIMEOUT;
			}
		}
		return BROKEN;
	}

	private static boolean isConnectFailure(Throwable ex) {
		if (ex instanceof SocketTimeoutException) {
			// some clients use this type for all timeouts
			return ex.getMessage() != null && ex.getMessage().regionMatches(true, 0, "connect", 0, "connect".length());
		}
		return ex instanceof ConnectException || ex instanceof HttpConnectTimeoutException
				|| ex instanceof UnknownHostException || ex instanceof NoRouteToHostException
				// Apache HttpComponents: no connection was available
				|| ex.getClass().getSimpleName().equals("ConnectionRequestTimeoutException");
	}

}
