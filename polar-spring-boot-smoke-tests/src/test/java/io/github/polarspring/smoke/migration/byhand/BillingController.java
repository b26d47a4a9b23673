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

import java.security.Principal;
import java.util.Optional;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class BillingController {

	private final PolarApi polar;

	private final PlanRepository plans;

	private final SubscriptionService subscriptions;

	BillingController(PolarApi polar, PlanRepository plans, SubscriptionService subscriptions) {
		this.polar = polar;
		this.plans = plans;
		this.subscriptions = subscriptions;
	}

	@GetMapping("/billing")
	ResponseEntity<Void> billing(Principal user) {
		Optional<Subscription> subscription = this.subscriptions.findLatest(user.getName());
		if (subscription.isEmpty()) {
			return CheckoutController.redirect("/");
		}
		return CheckoutController
			.redirect(this.polar.createCustomerSession(subscription.get().customerId()).customerPortalUrl());
	}

	@PostMapping("/plan/{code}")
	ResponseEntity<Void> change(@PathVariable String code, Principal user) {
		Plan plan = this.plans.findByCode(code).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
		Subscription subscription = this.subscriptions.findActive(user.getName())
			.orElseThrow(() -> new UpgradeRequiredException(code));
		if (!subscription.planCode().equals(plan.code())) {
			this.polar.changeProduct(subscription.id(), plan.productId());
			this.subscriptions.changePlan(subscription, plan);
		}
		return CheckoutController.redirect("/");
	}

}
