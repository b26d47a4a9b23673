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

import java.net.URI;
import java.security.Principal;
import java.util.UUID;

import io.github.polarspring.smoke.migration.Accounts;
import io.github.polarspring.smoke.migration.Pages;
import io.github.polarspring.smoke.migration.byhand.PolarDto.Checkout;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class CheckoutController {

	private final PolarApi polar;

	private final PlanRepository plans;

	private final SubscriptionService subscriptions;

	private final Accounts accounts;

	CheckoutController(PolarApi polar, PlanRepository plans, SubscriptionService subscriptions, Accounts accounts) {
		this.polar = polar;
		this.plans = plans;
		this.subscriptions = subscriptions;
		this.accounts = accounts;
	}

	@PostMapping("/buy/{code}")
	ResponseEntity<Void> buy(@PathVariable String code, Principal user) {
		Plan plan = this.plans.findByCode(code).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
		if (this.subscriptions.findActive(user.getName()).isPresent()) {
			return redirect("/billing");
		}
		Checkout checkout = this.polar.createCheckout(plan.productId(), this.accounts.emailOf(user.getName()));
		return redirect(checkout.url());
	}

	@GetMapping("/thanks")
	String thanks(@RequestParam("checkout_id") UUID checkoutId) {
		try {
			return Pages.thanks(this.polar.getCheckout(checkoutId).isSucceeded());
		}
		catch (PolarApiException ex) {
			return Pages.thanks(false);
		}
	}

	static ResponseEntity<Void> redirect(String url) {
		return ResponseEntity.status(HttpStatus.SEE_OTHER).location(URI.create(url)).build();
	}

}
