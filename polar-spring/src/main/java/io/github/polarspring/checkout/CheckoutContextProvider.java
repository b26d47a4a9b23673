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
 * Strategy that determines the caller for whom {@link PolarCheckoutOperations} creates
 * checkout sessions. In a servlet application, the default reads the current request. A
 * bean of this type replaces it.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CheckoutContextProvider {

	/**
	 * Return what is known about the current caller. Called on the thread that creates
	 * the session or requests the context. Implementations must be safe for use by
	 * multiple threads.
	 * @return the context, {@link CheckoutContext#empty() empty} if nothing is known
	 */
	CheckoutContext currentContext();

}
