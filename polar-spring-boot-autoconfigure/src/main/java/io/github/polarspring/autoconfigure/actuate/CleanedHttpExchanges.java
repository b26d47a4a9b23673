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

package io.github.polarspring.autoconfigure.actuate;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.web.exchanges.HttpExchange;
import org.springframework.boot.actuate.web.exchanges.HttpExchangeRepository;

/**
 * {@link HttpExchangeRepository} that stores exchanges in the application's repository
 * without the secrets that give access to a checkout, the customer portal or the API.
 * This includes the redirect to the checkout page: anyone with that URL can see and
 * change the buyer's data.
 *
 * @param delegate the application's repository
 * @param hiddenHeaders matches the names of the headers whose values are hidden
 * completely
 */
record CleanedHttpExchanges(HttpExchangeRepository delegate,
		Predicate<String> hiddenHeaders) implements HttpExchangeRepository {

	@Override
	public List<HttpExchange> findAll() {
		return this.delegate.findAll();
	}

	// Boot's constructor takes null for an address that is not recorded
	@Override
	@SuppressWarnings("NullAway")
	public void add(HttpExchange exchange) {
		HttpExchange.Request request = exchange.getRequest();
		HttpExchange.Response response = exchange.getResponse();
		this.delegate.add(new HttpExchange(exchange.getTimestamp(),
				new HttpExchange.Request(URI.create(PolarSecrets.hide(request.getUri().toString())),
						request.getRemoteAddress(), request.getMethod(), clean(request.getHeaders())),
				new HttpExchange.Response(response.getStatus(), clean(response.getHeaders())), exchange.getPrincipal(),
				exchange.getSession(), exchange.getTimeTaken()));
	}

	private Map<String, List<String>> clean(Map<String, List<String>> headers) {
		Map<String, List<String>> clean = new LinkedHashMap<>();
		headers.forEach((name, values) -> clean.put(name, this.hiddenHeaders.test(name)
				? List.of(SanitizableData.SANITIZED_VALUE) : values.stream().map(PolarSecrets::hide).toList()));
		return clean;
	}

}
