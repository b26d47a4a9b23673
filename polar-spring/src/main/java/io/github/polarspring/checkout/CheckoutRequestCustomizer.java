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

package io.github.polarspring.checkout;

/**
 * Callback to add to every checkout session what the application knows, such as a
 * campaign or a tenant in the metadata. All beans of this type are called for each
 * session, in their order. Afterwards the {@link CheckoutContext} adds identity, IP
 * address and locale where nothing was set.
 * <p>
 * Called in the thread that creates the session, before Polar is called: what a
 * customizer reads from the current web request is missing when the session is created on
 * another thread. Set such values in the request itself, and let a
 * {@link io.github.polarspring.identity.PolarIdentityResolver} decide who buys. An
 * exception stops the creation.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CheckoutRequestCustomizer {

	/**
	 * Customize the given request.
	 * @param checkout the request to customize
	 */
	void customize(CheckoutRequest.Builder checkout);

}
