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

package io.github.polarspring.order;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.Order;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

/**
 * Invoices and receipts, which Polar generates when they are asked for.
 */
final class OrderDocuments {

	private static final Log logger = LogFactory.getLog(OrderDocuments.class);

	private static final String INVOICE = "/v1/orders/{id}/invoice";

	private static final String RECEIPT = "/v1/orders/{id}/receipt";

	private static final String NOT_GENERATED = "InvoiceDoesNotExist";

	private static final Duration INTERVAL = Duration.ofMillis(500);

	private final PolarClient client;

	private final Duration timeout;

	OrderDocuments(PolarClient client, Duration timeout) {
		this.client = client;
		this.timeout = timeout;
	}

	URI invoice(UUID orderId) {
		return findInvoice(orderId).orElseGet(() -> {
			this.client.call(HttpMethod.POST, INVOICE, orderId).retryable().execute();
			return await(() -> findInvoice(orderId), "invoice", orderId);
		});
	}

	/**
	 * Ask Polar to generate an invoice that exists again. A failure does not affect the
	 * change that it follows.
	 */
	void regenerateInvoice(Order order) {
		if (!order.isInvoiceGenerated()) {
			return;
		}
		try {
			this.client.call(HttpMethod.POST, INVOICE, order.id()).retryable().execute();
		}
		catch (PolarException ex) {
			logger.warn("The billing details of the order %s were changed, but not those on its invoice"
				.formatted(order.id()), ex);
		}
	}

	private Optional<URI> findInvoice(UUID orderId) {
		try {
			return Optional.of(url(this.client.get(JsonNode.class, INVOICE, orderId)));
		}
		catch (PolarNotFoundException ex) {
			if (NOT_GENERATED.equals(ex.getError())) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	URI receipt(UUID orderId) {
		return await(() -> this.client.call(HttpMethod.GET, RECEIPT, orderId)
			.retrieveIfPresent(JsonNode.class)
			.map(OrderDocuments::url), "receipt", orderId);
	}

	private URI await(Supplier<Optional<URI>> document, String kind, UUID orderId) {
		long end = System.nanoTime() + this.timeout.toNanos();
		while (true) {
			Optional<URI> found = document.get();
			if (found.isPresent()) {
				return found.get();
			}
			if (System.nanoTime() >= end || !pause()) {
				throw new PolarDocumentNotReadyException(
						"Polar has not generated the %s of the order %s yet".formatted(kind, orderId));
			}
		}
	}

	private static boolean pause() {
		try {
			Thread.sleep(INTERVAL.toMillis());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private static URI url(JsonNode response) {
		String url = response.path("url").asString("");
		try {
			URI uri = URI.create(url);
			if ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) {
				return uri;
			}
		}
		catch (IllegalArgumentException ex) {
			// the URL is a credential, so the message must not contain it
		}
		throw new PolarDataException("The response of Polar does not contain the URL of the document");
	}

}
