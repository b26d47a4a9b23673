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

package io.github.polarspring.autoconfigure.webhook.relay;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.webhook.PolarReceivers;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.webhook.relay.PolarEventRelay;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.StringUtils;

/**
 * Runs the relay in the background while the application runs. It starts after the inbox
 * and stops before it.
 */
final class EventRelayLifecycle implements SmartInitializingSingleton, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(EventRelayLifecycle.class);

	private static final String ACTION = "Set 'polar.organization-id'. Polar's dashboard shows the ID under Settings.";

	private final PolarProperties properties;

	private final PolarConnectionDetails connectionDetails;

	private final ObjectProvider<PolarClient> client;

	private final ObjectProvider<PolarReceivers> receivers;

	private @Nullable PolarEventRelay relay;

	EventRelayLifecycle(PolarProperties properties, PolarConnectionDetails connectionDetails,
			ObjectProvider<PolarClient> client, ObjectProvider<PolarReceivers> receivers) {
		this.properties = properties;
		this.connectionDetails = connectionDetails;
		this.client = client;
		this.receivers = receivers;
	}

	/**
	 * Fail in production, also without a token.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		PolarEventRelay.requireSandbox(this.connectionDetails.getBaseUrl());
	}

	private @Nullable PolarEventRelay relay() {
		String accessToken = this.connectionDetails.getAccessToken();
		if (!StringUtils.hasText(accessToken)) {
			logger.warn("Polar's events are not relayed, because 'polar.access-token' is not set");
			return null;
		}
		return new PolarEventRelay(this.connectionDetails.getBaseUrl(), accessToken.strip(), this::organizationId,
				(secret) -> this.receivers.getObject().signedWith(List.of(secret)));
	}

	private UUID organizationId() {
		UUID configured = this.properties.organizationId();
		if (configured != null) {
			return configured;
		}
		try {
			return this.client.getObject()
				.forChecks()
				.list(JsonNode.class, "/v1/products/", new LinkedMultiValueMap<>(Map.of("limit", List.of("1"))))
				.items()
				.stream()
				.map((product) -> UUID.fromString(product.path("organization_id").asString("")))
				.findFirst()
				.orElseThrow(() -> new PolarConfigurationException(
						"The organization is not known, as it has no products.", ACTION));
		}
		catch (PolarPermissionException ex) {
			throw new PolarConfigurationException(
					"The organization is not known, because the access token lacks the scope 'products:read'.", ACTION);
		}
	}

	@Override
	public synchronized void start() {
		PolarEventRelay relay = (this.relay == null) ? relay() : null;
		if (relay != null) {
			Thread thread = new Thread(relay::run, "polar-event-relay");
			thread.setDaemon(true);
			thread.start();
			this.relay = relay;
		}
	}

	@Override
	public synchronized void stop() {
		PolarEventRelay relay = this.relay;
		if (relay != null) {
			relay.stop();
			this.relay = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.relay != null;
	}

}
