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

package io.github.polarspring.customer;

import java.util.stream.Stream;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.client.PolarQuery;

/**
 * Query for all items with the given values of filters.
 */
final class Listing extends PolarQuery {

	private Listing(Builder builder) {
		super(builder);
	}

	static Builder where(String filter, Object value) {
		return new Builder().and(filter, value);
	}

	<T> Stream<T> stream(PolarClient client, Class<T> type, String path) {
		return PolarPage.stream(page(), (page) -> client.list(type, path, parameters(page)));
	}

	static final class Builder extends PolarQuery.Builder<Builder> {

		private Builder() {
		}

		Builder and(String filter, Object... values) {
			return filter(filter, values);
		}

		Listing build() {
			return new Listing(this);
		}

	}

}
