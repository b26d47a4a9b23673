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

import io.github.polarspring.smoke.migration.byhand.PolarDto.SubscriptionData;
import io.github.polarspring.smoke.migration.byhand.PolarDto.WebhookPayload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
class WebhookController {

	private static final Logger logger = LoggerFactory.getLogger(WebhookController.class);

	private final WebhookSignature signature;

	private final SubscriptionService subscriptions;

	private final JsonMapper jsonMapper;

	WebhookController(WebhookSignature signature, SubscriptionService subscriptions, JsonMapper jsonMapper) {
		this.signature = signature;
		this.subscriptions = subscriptions;
		this.jsonMapper = jsonMapper;
	}

	@PostMapping("/webhooks/polar")
	ResponseEntity<Void> receive(@RequestHeader("webhook-id") String id,
			@RequestHeader("webhook-timestamp") String timestamp, @RequestHeader("webhook-signature") String signatures,
			@RequestBody byte[] body) {
		if (!this.signature.isValid(id, timestamp, signatures, body)) {
			logger.warn("Rejected the webhook {} because of its signature", id);
			return ResponseEntity.status(HttpStatus.FORBIDDEN).build();
		}
		try {
			handle(id, this.jsonMapper.readValue(body, WebhookPayload.class));
		}
		catch (Exception ex) {
			// Polar disables endpoints that respond with errors
			logger.error("Could not handle the webhook {}", id, ex);
		}
		return ResponseEntity.ok().build();
	}

	private void handle(String id, WebhookPayload payload) {
		switch (payload.type()) {
			case "subscription.created", "subscription.active", "subscription.updated", "subscription.canceled",
					"subscription.uncanceled", "subscription.past_due" ->
				this.subscriptions.update(id, payload.timestamp(), subscription(payload));
			case "subscription.revoked" -> this.subscriptions.revoke(id, subscription(payload));
			default -> logger.debug("Ignored the webhook {} of type {}", id, payload.type());
		}
	}

	private SubscriptionData subscription(WebhookPayload payload) {
		return this.jsonMapper.treeToValue(payload.data(), SubscriptionData.class);
	}

}
