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
 * Callback that customizes every checkout session, for example to add a campaign or a
 * tenant to the metadata. All beans of this type are called for each session, in their
 * order. Afterwards, the {@link CheckoutContext} adds identity, IP address and locale if
 * they are not set.
 * <p>
 * Called on the thread that creates the session, before Polar is called. If the session
 * is created on another thread, a customizer cannot read values from the current web
 * request: set such values in the {@link CheckoutRequest} instead. To determine the
 * buyer, use a {@link io.github.polarspring.identity.PolarIdentityResolver}. If a
 * customizer throws an exception, the session is not created.
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
