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

import java.util.function.Supplier;

import io.github.polarspring.PolarConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * Entitlements of the caller for expressions and templates, as the bean {@code polar}.
 *
 * <pre class="code">
 * &#64;PreAuthorize("&#64;polar.entitled('export')")
 * &lt;a th:if="&#36;&#123;&#64;polar.entitled('export')&#125;" href="/export"&gt;Export&lt;/a&gt;
 * </pre>
 *
 * @since 0.1.0
 */
public final class PolarExpressions {

	private final Supplier<PolarEntitlements> entitlements;

	/**
	 * Create the object to declare as the bean {@code polar}.
	 * @param entitlements supplies the entitlements
	 */
	public PolarExpressions(Supplier<PolarEntitlements> entitlements) {
		this.entitlements = entitlements;
	}

	/**
	 * Return whether the caller has a feature.
	 * @param feature a name in {@code polar.features}
	 * @return {@code true} if so
	 * @throws PolarEntitlementsUnavailableException if it is not known. It results in a
	 * response with the status 503, because the caller may have paid
	 * @throws PolarConfigurationException if there is no such feature
	 */
	public boolean entitled(String feature) {
		return this.entitlements.get().current().has(feature);
	}

	/**
	 * Return whether to offer a feature to the caller, who is known not to have it.
	 * Unlike {@link #entitled}, it does not fail if that is not known.
	 * @param feature a name in {@code polar.features}
	 * @return {@code true} if the caller does not have it, {@code false} also if it is
	 * not known
	 * @throws PolarConfigurationException if there is no such feature
	 */
	public boolean offer(String feature) {
		try {
			return !entitled(feature);
		}
		catch (PolarEntitlementsUnavailableException ex) {
			return false;
		}
	}

	/**
	 * Return a limit of the caller.
	 * @param name a name in {@code polar.entitlements.defaults}
	 * @return the limit
	 * @throws PolarConfigurationException if there is no such limit
	 */
	public long limit(String name) {
		return this.entitlements.get().current().limit(name);
	}

	/**
	 * Return a failed payment of the caller, for a banner. Unlike {@link #entitled}, it
	 * does not fail if nothing is known.
	 * @return the failed payment, or {@code null} if there is none, or it is not known
	 */
	public @Nullable PaymentProblem paymentProblem() {
		return this.entitlements.get().current().paymentProblem().orElse(null);
	}

}
