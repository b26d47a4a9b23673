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

package io.github.polarspring.autoconfigure.web;

import java.util.Enumeration;
import java.util.List;
import java.util.function.Function;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.client.PolarUrls;
import io.github.polarspring.clientip.ClientIpResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * {@link ClientIpResolver} that disregards requests of a developer, which come from the
 * same machine and without a proxy. They would look like those of a proxy that does not
 * set the header. In production, there is such a proxy.
 */
final class DevelopmentClientIpResolver implements ClientIpResolver {

	private final ClientIpResolver delegate;

	private final List<String> headers;

	private final ObjectProvider<PolarConnectionDetails> connectionDetails;

	DevelopmentClientIpResolver(ClientIpResolver delegate, List<String> headers,
			ObjectProvider<PolarConnectionDetails> connectionDetails) {
		this.delegate = delegate;
		this.headers = headers;
		this.connectionDetails = connectionDetails;
	}

	@Override
	public @Nullable String resolve(@Nullable String peerAddress, Function<String, Enumeration<String>> headers) {
		boolean direct = isLoopback(peerAddress)
				&& this.headers.stream().map(headers).noneMatch(DevelopmentClientIpResolver::isPresent);
		return (direct && !isProduction()) ? null : this.delegate.resolve(peerAddress, headers);
	}

	private static boolean isLoopback(@Nullable String address) {
		return address != null && (address.matches("127(\\.\\d{1,3}){3}") || address.equals("::1")
				|| address.equals("0:0:0:0:0:0:0:1"));
	}

	private static boolean isPresent(@Nullable Enumeration<String> values) {
		return values != null && values.hasMoreElements();
	}

	private boolean isProduction() {
		PolarConnectionDetails details = this.connectionDetails.getIfUnique();
		return details == null || PolarUrls.isProduction(details.getBaseUrl());
	}

}
