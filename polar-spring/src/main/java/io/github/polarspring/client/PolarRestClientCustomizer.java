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

import org.springframework.web.client.RestClient;

/**
 * Callback that customizes only the {@link RestClient} that calls Polar. It runs after
 * the application's general customizers. The settings that the API requires (address,
 * access token, version, JSON, error handling) are applied afterwards and cannot be
 * changed here.
 * <p>
 * A request factory that is set here replaces that of the starter, including the {@code
 * polar.http} timeouts. It must not follow redirects, because it would send the access
 * token to the redirect target.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PolarRestClientCustomizer {

	/**
	 * Customize the given builder.
	 * @param builder the builder to customize
	 */
	void customize(RestClient.Builder builder);

}
