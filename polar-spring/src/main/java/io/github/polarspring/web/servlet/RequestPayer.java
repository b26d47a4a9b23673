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

package io.github.polarspring.web.servlet;

import java.time.Instant;

import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * {@link CurrentPayer} that reads the current servlet request. On other threads, it uses
 * the authentication that was passed on to them, if any.
 */
final class RequestPayer implements CurrentPayer {

	private final CurrentIdentity identity;

	RequestPayer(CurrentIdentity identity) {
		this.identity = identity;
	}

	@Override
	public @Nullable PolarIdentity identity() {
		HttpServletRequest request = request();
		return (request != null) ? this.identity.of(request) : this.identity.ofThread();
	}

	@Override
	public @Nullable Instant paidAt() {
		HttpServletRequest request = request();
		return (request != null) ? PaidCookie.read(request) : null;
	}

	private static @Nullable HttpServletRequest request() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? attributes.getRequest() : null;
	}

}
