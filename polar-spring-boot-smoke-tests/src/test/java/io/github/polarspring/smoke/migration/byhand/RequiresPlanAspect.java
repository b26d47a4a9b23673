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

package io.github.polarspring.smoke.migration.byhand;

import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

@Aspect
@Component
class RequiresPlanAspect {

	private final SubscriptionService subscriptions;

	private final PlanRepository plans;

	private final PolarApi polar;

	RequiresPlanAspect(SubscriptionService subscriptions, PlanRepository plans, PolarApi polar) {
		this.subscriptions = subscriptions;
		this.plans = plans;
		this.polar = polar;
	}

	@Before("@annotation(requiresPlan)")
	void check(RequiresPlan requiresPlan) {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		if (authentication == null || !authentication.isAuthenticated()) {
			throw new UpgradeRequiredException(requiresPlan.value());
		}
		Subscription subscription = this.subscriptions.findActive(authentication.getName())
			.orElseThrow(() -> new UpgradeRequiredException(requiresPlan.value()));
		if (level(subscription.planCode()) < level(requiresPlan.value())) {
			throw new UpgradeRequiredException(requiresPlan.value());
		}
		// webhooks can be late, and a subscription that has ended must not be used
		if (!this.polar.isActive(subscription.id())) {
			throw new UpgradeRequiredException(requiresPlan.value());
		}
	}

	private int level(String planCode) {
		return this.plans.findByCode(planCode)
			.orElseThrow(() -> new IllegalStateException("Unknown plan " + planCode))
			.level();
	}

}
