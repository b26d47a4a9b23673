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

package io.github.polarspring.security;

import java.util.function.Supplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.PolarEntitlementDeniedException;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.entitlement.PolarFeatures;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Factory for authorization managers that let in users who have a feature.
 *
 * <pre class="code">
 * .requestMatchers("/export/**").access(polar.entitled("export"))
 * </pre>
 *
 * @since 0.1.0
 */
public final class PolarAuthorization {

	/**
	 * Request attribute with the reason why the last check did not let the user in: a
	 * {@link PolarEntitlementDeniedException}, or a
	 * {@link PolarEntitlementsUnavailableException} if it is not known whether the user
	 * has the feature.
	 */
	public static final String REASON_ATTRIBUTE = "io.github.polarspring.security.PolarAuthorization.reason";

	private static final Log logger = LogFactory.getLog(PolarAuthorization.class);

	private final Supplier<PolarFeatures> features;

	private final Supplier<PolarEntitlements> entitlements;

	/**
	 * Create a factory.
	 * @param features supplies the configured features
	 * @param entitlements supplies the entitlements
	 */
	public PolarAuthorization(Supplier<PolarFeatures> features, Supplier<PolarEntitlements> entitlements) {
		this.features = features;
		this.entitlements = entitlements;
	}

	/**
	 * Return a manager that lets in users who have a feature. It can be combined with
	 * others by {@link org.springframework.security.authorization.AuthorizationManagers},
	 * and also be used for methods.
	 * @param <T> type of what is accessed, such as a request or a method invocation
	 * @param feature a name in {@code polar.features}
	 * @return a manager
	 * @throws PolarConfigurationException if there is no such feature
	 */
	public <T> AuthorizationManager<T> entitled(String feature) {
		Feature required = this.features.get().require(feature);
		return (authentication, object) -> new AuthorizationDecision(isEntitled(required));
	}

	private boolean isEntitled(Feature feature) {
		try {
			boolean entitled = this.entitlements.get().current().has(feature.name());
			reason(entitled ? null : new PolarEntitlementDeniedException(feature));
			return entitled;
		}
		catch (PolarEntitlementsUnavailableException ex) {
			reason(ex);
		}
		catch (PolarIdentityException ex) {
			logger.debug("Access is denied, because the user cannot be identified", ex);
			reason(null);
		}
		return false;
	}

	private static void reason(@Nullable PolarException reason) {
		RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
		if (attributes == null) {
			return;
		}
		try {
			if (reason != null) {
				attributes.setAttribute(REASON_ATTRIBUTE, reason, RequestAttributes.SCOPE_REQUEST);
			}
			else {
				attributes.removeAttribute(REASON_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
			}
		}
		catch (IllegalStateException ex) {
			// the request has ended, and this thread has outlived it
		}
	}

}
