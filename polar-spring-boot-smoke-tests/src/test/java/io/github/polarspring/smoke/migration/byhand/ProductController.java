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

import io.github.polarspring.smoke.migration.Pages;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ProductController {

	private final SubscriptionService subscriptions;

	private final PlanRepository plans;

	private final UsageCounter usage;

	ProductController(SubscriptionService subscriptions, PlanRepository plans, UsageCounter usage) {
		this.subscriptions = subscriptions;
		this.plans = plans;
		this.usage = usage;
	}

	@GetMapping("/report")
	@RequiresPlan("pro")
	String report() {
		return Pages.report();
	}

	@PostMapping("/summaries")
	@RequiresPlan("pro")
	String summarize(Principal user) {
		int limit = this.subscriptions.findActive(user.getName())
			.flatMap((subscription) -> this.plans.findByCode(subscription.planCode()))
			.map(Plan::monthlySummaries)
			.orElse(0);
		long used = this.usage.increment(user.getName(), limit);
		return Pages.summary(used, limit);
	}

}
