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

package io.github.polarspring.autoconfigure.webhook;

import java.util.HashSet;
import java.util.Set;

import io.micrometer.tracing.propagation.Propagator;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Headers that the application's tracing reads its context from.
 */
final class PropagatedHeaders {

	private static final boolean TRACING = ClassUtils.isPresent("io.micrometer.tracing.propagation.Propagator",
			PropagatedHeaders.class.getClassLoader());

	private PropagatedHeaders() {
	}

	static Set<String> of(ListableBeanFactory beanFactory) {
		return TRACING ? Propagators.headers(beanFactory) : Set.of();
	}

	private static final class Propagators {

		/**
		 * Return the headers that the propagators name, and those that they ask for: not
		 * all of them name their headers for baggage.
		 */
		static Set<String> headers(ListableBeanFactory beanFactory) {
			Set<String> headers = new HashSet<>();
			beanFactory.getBeanProvider(Propagator.class).forEach((propagator) -> {
				headers.addAll(propagator.fields());
				propagator.extract(headers, (carrier, name) -> {
					carrier.add(name);
					return null;
				});
			});
			return headers;
		}

	}

}
