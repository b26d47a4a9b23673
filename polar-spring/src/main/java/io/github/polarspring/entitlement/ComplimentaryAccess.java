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

package io.github.polarspring.entitlement;

import io.github.polarspring.identity.PolarIdentity;

/**
 * Strategy that gives users features that they have not bought, for example staff or
 * partners. It is called when a user has not bought a feature, and when it is not known.
 * All beans of this type are called until one grants the feature. The result is not
 * stored. Implementations must be safe for use by multiple threads, and fast.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ComplimentaryAccess {

	/**
	 * Return whether a user has a feature without having bought it.
	 * @param identity the user
	 * @param feature a name in {@code polar.features}
	 * @return {@code true} if so
	 */
	boolean grants(PolarIdentity identity, String feature);

}
