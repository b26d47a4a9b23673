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

import java.time.Instant;
import java.util.Optional;

import io.github.polarspring.smoke.migration.Accounts;
import io.github.polarspring.smoke.migration.byhand.PolarDto.SubscriptionData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class SubscriptionService {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionService.class);

	private final SubscriptionRepository subscriptions;

	private final PlanRepository plans;

	private final Accounts accounts;

	SubscriptionService(SubscriptionRepository subscriptions, PlanRepository plans, Accounts accounts) {
		this.subscriptions = subscriptions;
		this.plans = plans;
		this.accounts = accounts;
	}

	@Transactional
	public void update(String eventId, Instant timestamp, SubscriptionData data) {
		if (!this.subscriptions.addEvent(eventId)) {
			return;
		}
		Optional<String> username = this.accounts.findByEmail(data.customer().email());
		if (username.isEmpty()) {
			logger.warn("No user has the email address of subscription {}", data.id());
			return;
		}
		Plan plan = this.plans.findByProductId(data.productId())
			.orElseThrow(() -> new IllegalStateException("Unknown product " + data.productId()));
		this.subscriptions.save(new Subscription(data.id(), username.get(), data.customer().id(), plan.code(),
				data.status(), timestamp));
	}

	@Transactional
	public void revoke(String eventId, SubscriptionData data) {
		if (this.subscriptions.addEvent(eventId)) {
			this.subscriptions.end(data.id());
		}
	}

	public Optional<Subscription> findActive(String username) {
		return this.subscriptions.findActive(username);
	}

	public Optional<Subscription> findLatest(String username) {
		return this.subscriptions.findLatest(username);
	}

	public void changePlan(Subscription subscription, Plan plan) {
		this.subscriptions.updatePlan(subscription.id(), plan.code());
	}

}
