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
import java.util.List;
import java.util.UUID;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

final class PolarDto {

	private PolarDto() {
	}

	@JsonNaming(SnakeCaseStrategy.class)
	record CreateCheckout(List<UUID> products, String customerEmail, String successUrl) {

	}

	@JsonNaming(SnakeCaseStrategy.class)
	record Checkout(String url, String status) {

		boolean isSucceeded() {
			return "succeeded".equals(this.status);
		}

	}

	@JsonNaming(SnakeCaseStrategy.class)
	record CreateCustomerSession(UUID customerId, String returnUrl) {

	}

	@JsonNaming(SnakeCaseStrategy.class)
	record CustomerSession(String customerPortalUrl) {

	}

	@JsonNaming(SnakeCaseStrategy.class)
	record UpdateSubscription(UUID productId, String prorationBehavior) {

	}

	@JsonNaming(SnakeCaseStrategy.class)
	record SubscriptionData(UUID id, String status, UUID productId, CustomerData customer) {

		boolean isActive() {
			return "active".equals(this.status) || "trialing".equals(this.status);
		}

	}

	@JsonNaming(SnakeCaseStrategy.class)
	record CustomerData(UUID id, String email) {

	}

	@JsonNaming(SnakeCaseStrategy.class)
	record WebhookPayload(String type, Instant timestamp, JsonNode data) {

	}

}
