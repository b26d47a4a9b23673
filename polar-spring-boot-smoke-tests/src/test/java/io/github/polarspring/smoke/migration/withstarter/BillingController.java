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

package io.github.polarspring.smoke.migration.withstarter;

import io.github.polarspring.entitlement.PolarEntitled;
import io.github.polarspring.smoke.migration.Pages;
import io.github.polarspring.subscription.PolarSubscriptionOperations;
import io.github.polarspring.subscription.Proration;
import io.github.polarspring.subscription.UserSubscriptions;
import io.github.polarspring.usage.MeterBalance;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.OnActiveSubscription;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutReturn;
import io.github.polarspring.web.PolarPortal;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.view.RedirectView;

@RestController
class BillingController {

	private final PolarSubscriptionOperations subscriptions;

	private final PolarUsage usage;

	BillingController(PolarSubscriptionOperations subscriptions, PolarUsage usage) {
		this.subscriptions = subscriptions;
		this.usage = usage;
	}

	@PostMapping("/buy/pro")
	@PolarCheckout(value = "pro", onActiveSubscription = OnActiveSubscription.PORTAL)
	void buyPro() {
	}

	@PostMapping("/buy/team")
	@PolarCheckout(value = "team", onActiveSubscription = OnActiveSubscription.PORTAL)
	void buyTeam() {
	}

	@GetMapping("/thanks")
	String thanks(@PolarCheckoutReturn CheckoutOutcome outcome) {
		return Pages.thanks(outcome instanceof CheckoutOutcome.Succeeded);
	}

	@GetMapping("/report")
	@PolarEntitled("report")
	String report() {
		return Pages.report();
	}

	@PostMapping("/summaries")
	String summarize() {
		this.usage.consume("summaries", 1);
		MeterBalance balance = this.usage.balance("summaries");
		return Pages.summary(balance.used().longValue(), balance.credited().longValue());
	}

	@GetMapping("/billing")
	@PolarPortal(orElse = "/")
	void billing() {
	}

	@PostMapping("/plan/team")
	RedirectView changeToTeam() {
		UserSubscriptions own = this.subscriptions.ofCurrentUser();
		own.findRunning().ifPresent((running) -> own.changeProduct(running.id(), "team", Proration.INVOICE));
		return new RedirectView("/");
	}

}
