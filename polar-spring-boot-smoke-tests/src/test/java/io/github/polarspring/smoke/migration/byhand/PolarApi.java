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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import io.github.polarspring.smoke.migration.byhand.PolarDto.Checkout;
import io.github.polarspring.smoke.migration.byhand.PolarDto.CreateCheckout;
import io.github.polarspring.smoke.migration.byhand.PolarDto.CreateCustomerSession;
import io.github.polarspring.smoke.migration.byhand.PolarDto.CustomerSession;
import io.github.polarspring.smoke.migration.byhand.PolarDto.SubscriptionData;
import io.github.polarspring.smoke.migration.byhand.PolarDto.UpdateSubscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

@Component
class PolarApi {

	private static final Logger logger = LoggerFactory.getLogger(PolarApi.class);

	private final RestClient restClient;

	private final BillingProperties properties;

	PolarApi(RestClient polarRestClient, BillingProperties properties) {
		this.restClient = polarRestClient;
		this.properties = properties;
	}

	Checkout createCheckout(UUID productId, String email) {
		CreateCheckout request = new CreateCheckout(List.of(productId), email,
				this.properties.applicationUrl() + "/thanks?checkout_id={CHECKOUT_ID}");
		return call(() -> this.restClient.post()
			.uri("/v1/checkouts/")
			.contentType(MediaType.APPLICATION_JSON)
			.body(request)
			.retrieve()
			.onStatus(HttpStatusCode::isError, this::fail)
			.body(Checkout.class));
	}

	Checkout getCheckout(UUID checkoutId) {
		return call(() -> this.restClient.get()
			.uri("/v1/checkouts/{id}", checkoutId)
			.retrieve()
			.onStatus(HttpStatusCode::isError, this::fail)
			.body(Checkout.class));
	}

	/**
	 * Whether a subscription is active at Polar right now.
	 */
	boolean isActive(UUID subscriptionId) {
		try {
			return getSubscription(subscriptionId).isActive();
		}
		catch (PolarApiException ex) {
			logger.warn("Could not check the subscription {}", subscriptionId, ex);
			return false;
		}
	}

	SubscriptionData getSubscription(UUID subscriptionId) {
		return call(() -> this.restClient.get()
			.uri("/v1/subscriptions/{id}", subscriptionId)
			.retrieve()
			.onStatus(HttpStatusCode::isError, this::fail)
			.body(SubscriptionData.class));
	}

	SubscriptionData changeProduct(UUID subscriptionId, UUID productId) {
		return call(() -> this.restClient.patch()
			.uri("/v1/subscriptions/{id}", subscriptionId)
			.contentType(MediaType.APPLICATION_JSON)
			.body(new UpdateSubscription(productId, "invoice"))
			.retrieve()
			.onStatus(HttpStatusCode::isError, this::fail)
			.body(SubscriptionData.class));
	}

	CustomerSession createCustomerSession(UUID customerId) {
		return call(() -> this.restClient.post()
			.uri("/v1/customer-sessions/")
			.contentType(MediaType.APPLICATION_JSON)
			.body(new CreateCustomerSession(customerId, this.properties.applicationUrl() + "/"))
			.retrieve()
			.onStatus(HttpStatusCode::isError, this::fail)
			.body(CustomerSession.class));
	}

	private <T> T call(Supplier<T> call) {
		try {
			T result = call.get();
			if (result == null) {
				throw new PolarApiException("Polar sent an empty response");
			}
			return result;
		}
		catch (ResourceAccessException ex) {
			throw new PolarApiException("Polar could not be reached", ex);
		}
	}

	private void fail(HttpRequest request, ClientHttpResponse response) throws IOException {
		String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
		logger.error("{} {} failed with {}: {}", request.getMethod(), request.getURI(), response.getStatusCode(), body);
		throw new PolarApiException(response.getStatusCode());
	}

}
