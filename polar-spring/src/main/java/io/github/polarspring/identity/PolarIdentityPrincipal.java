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

package io.github.polarspring.identity;

/**
 * Interface to be implemented by an application's principal ({@code UserDetails}, {@code
 * OidcUser} or any other) that determines its own identity as a customer:
 *
 * <pre class="code">
 * class ShopUser extends User implements PolarIdentityPrincipal {
 *
 *     public PolarIdentity toPolarIdentity() {
 *         return PolarIdentity.of(this.id.toString()).withEmail(this.email).withName(this.fullName);
 *     }
 *
 * }
 * </pre>
 *
 * It takes precedence over all other ways to determine the identity.
 *
 * @since 0.1.0
 */
public interface PolarIdentityPrincipal {

	/**
	 * Return the identity of this principal.
	 * @return the identity
	 */
	PolarIdentity toPolarIdentity();

}
