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

package io.github.polarspring.autoconfigure.webhook;

import java.time.Clock;
import java.util.List;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Creates the receivers for all ways in which events arrive, which have the same inbox
 * and the same settings. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarReceivers {

	private final PolarWebhookInbox inbox;

	private final PolarProperties properties;

	private final ObjectProvider<ObservationRegistry> observations;

	private final ObjectProvider<Clock> clock;

	PolarReceivers(PolarWebhookInbox inbox, PolarProperties properties,
			ObjectProvider<ObservationRegistry> observations, ObjectProvider<Clock> clock) {
		this.inbox = inbox;
		this.properties = properties;
		this.observations = observations;
		this.clock = clock;
	}

	/**
	 * Create the receiver for events that are signed with the given secrets.
	 * @param secrets the secrets
	 * @return the receiver
	 */
	public PolarWebhookReceiver signedWith(List<String> secrets) {
		return receiver(PolarWebhookVerifier.of(secrets, this.properties.webhook().tolerance(),
				this.clock.getIfUnique(Clock::systemUTC)));
	}

	/**
	 * Create the receiver for events that are read from Polar's API.
	 * @return the receiver
	 */
	public PolarWebhookReceiver ofApi() {
		return receiver(null);
	}

	PolarWebhookReceiver receiver(@Nullable PolarWebhookVerifier verifier) {
		PolarWebhookReceiver.Builder builder = (verifier != null) ? PolarWebhookReceiver.builder(verifier, this.inbox)
				: PolarWebhookReceiver.builderForApi(this.inbox);
		return builder.maxBodySize(this.properties.webhook().maxBodySize())
			.organizationId(this.properties.organizationId())
			.observations(this.observations.getIfAvailable(() -> ObservationRegistry.NOOP))
			.identifyByBody(this.properties.webhook().listen())
			.build();
	}

}
