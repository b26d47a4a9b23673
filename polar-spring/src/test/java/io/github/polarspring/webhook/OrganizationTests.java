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

package io.github.polarspring.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the check of the organization, with a delivery of each type in the form in
 * which Polar sends it.
 */
class OrganizationTests {

	private static final String OURS = "6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34";

	private static final String OTHER = "0b8d4f6a-92c1-4e37-a5d0-7f3e6c1b9a28";

	private static final String CUSTOMER = """
			{"id":"3b7a9c15-6d2e-4f80-91b4-c5e8d7f60a12","created_at":"2026-11-02T08:15:30.120931Z","modified_at":null,
			"metadata":{},"external_id":"alice","email":"alice@example.com","email_verified":false,"type":"individual",
			"name":"Alice","billing_name":null,"billing_address":{"country":"FR"},"tax_id":null,"locale":"en",
			"organization_id":"$organization","default_payment_method_id":null,"deleted_at":null}""";

	private static final String PRODUCT = """
			{"id":"b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710","created_at":"2026-11-01T10:00:00Z","modified_at":null,
			"name":"Pro","description":null,"visibility":"public","recurring_interval":"month","is_recurring":true,
			"is_archived":false,"organization_id":"$organization","metadata":{},"prices":[],"benefits":[],"medias":[],
			"attached_custom_fields":[]}""";

	private static final String BENEFIT = """
			{"id":"c9d1e2f3-0a4b-4c5d-8e6f-7a8b9c0d1e2f","created_at":"2026-11-01T10:05:00Z","modified_at":null,
			"type":"custom","description":"Support","selectable":true,"deletable":true,"is_deleted":false,
			"organization_id":"$organization","metadata":{},"visibility":"public","properties":{"note":null}}""";

	private static final String MEMBER = """
			{"id":"d4c3b2a1-9f8e-4d7c-b6a5-948372615049","created_at":"2026-11-02T08:16:00Z","modified_at":null,
			"customer_id":"3b7a9c15-6d2e-4f80-91b4-c5e8d7f60a12","email":"alice@example.com","name":"Alice",
			"external_id":"alice","role":"owner"}""";

	private static final Map<String, String> PAYLOADS = Map.ofEntries(Map.entry("checkout", """
			{"id":"a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d","status":"open","client_secret":"polar_c_test",
			"organization_id":"$organization","customer_id":null,"metadata":{},"products":[%s],"product":%s,
			"discount":null,"customer_metadata":{}}""".formatted(PRODUCT, PRODUCT)), Map.entry("customer", CUSTOMER),
			Map.entry("customer_seat",
					"""
							{"id":"e5f60718-2a3b-4c4d-9e5f-60718293a4b5","subscription_id":"f60718293-a4b5-4c6d-8e7f-8091a2b3c4d5",
							"order_id":null,"status":"pending","customer_id":"3b7a9c15-6d2e-4f80-91b4-c5e8d7f60a12",
							"member_id":"d4c3b2a1-9f8e-4d7c-b6a5-948372615049","member":%s,"email":"bob@example.com",
							"invitation_token_expires_at":"2026-11-03T08:16:00Z","claimed_at":null,"revoked_at":null,
							"seat_metadata":{"organization_id":"$organization"}}"""
						.formatted(MEMBER)),
			Map.entry("member", MEMBER), Map.entry("order", """
					{"id":"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4","status":"paid","paid":true,"total_amount":900,
					"currency":"usd","billing_reason":"purchase","customer_id":"3b7a9c15-6d2e-4f80-91b4-c5e8d7f60a12",
					"metadata":{},"custom_field_data":{},"customer":%s,"product":%s,"discount":null,"subscription":null,
					"items":[]}""".formatted(CUSTOMER, PRODUCT)),
			Map.entry("subscription",
					"""
							{"id":"f6071829-3a4b-4c5d-8e7f-8091a2b3c4d5","status":"active","amount":900,"currency":"usd",
							"customer_id":"3b7a9c15-6d2e-4f80-91b4-c5e8d7f60a12","metadata":{},"custom_field_data":{},
							"customer":%s,"product":%s,"discount":null,"prices":[],"meters":[]}"""
						.formatted(CUSTOMER, PRODUCT)),
			Map.entry("refund", """
					{"id":"07182930-4a5b-4c6d-8e7f-90a1b2c3d4e5","metadata":{},"status":"succeeded",
					"reason":"customer_request","amount":900,"tax_amount":0,"currency":"usd",
					"organization_id":"$organization","order_id":"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4",
					"subscription_id":null,"customer_id":"3b7a9c15-6d2e-4f80-91b4-c5e8d7f60a12"}"""),
			Map.entry("product", PRODUCT), Map.entry("discount", """
					{"id":"18293041-5a6b-4c7d-8e8f-a0b1c2d3e4f5","duration":"once","type":"percentage",
					"basis_points":1000,"metadata":{},"name":"Autumn","code":null,"redemptions_count":0,
					"organization_id":"$organization","products":[]}"""), Map.entry("benefit", BENEFIT),
			Map.entry("benefit_grant", """
					{"id":"29304152-6a7b-4c8d-9e9f-b0c1d2e3f405","is_granted":true,"is_revoked":false,
					"subscription_id":"f6071829-3a4b-4c5d-8e7f-8091a2b3c4d5","order_id":null,"error":null,
					"customer_id":"3b7a9c15-6d2e-4f80-91b4-c5e8d7f60a12","customer":%s,"member":%s,"benefit":%s,
					"properties":{}}""".formatted(CUSTOMER, MEMBER, BENEFIT)), Map.entry("organization", """
					{"id":"$organization","created_at":"2026-10-01T09:00:00Z","modified_at":null,"name":"Shop",
					"slug":"shop","status":"active"}"""));

	private static final Set<String> NAMES_NO_ORGANIZATION = Set.of("member", "customer_seat");

	static Set<String> types() {
		return PolarEventTypes.payloads().keySet();
	}

	private static String group(String type) {
		return type.substring(0, type.indexOf('.'));
	}

	private static String body(String type, String data, String organization) {
		return """
				{"type":"%s","timestamp":"2026-11-02T08:16:31.301877Z","data":%s,"api_version":"2026-10"}"""
			.formatted(type, data.replace("$organization", organization));
	}

	private static PolarWebhookReceipt receive(String body) {
		PolarWebhookVerifier verifier = PolarWebhookVerifier.of(List.of(Signed.SECRET), Duration.ofMinutes(5),
				Clock.systemUTC());
		return PolarWebhookReceiver.builder(verifier, (event) -> Receipt.ACCEPTED)
			.organizationId(UUID.fromString(OURS))
			.build()
			.receive(Signed.of(Signed.SECRET, "1", body).httpHeaders(), body.getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@MethodSource("types")
	void eventOfAnotherOrganizationIsRejected(String type) {
		String data = PAYLOADS.get(group(type));
		assertThat(receive(body(type, data, OURS))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
		assertThat(receive(body(type, data, OTHER))).isEqualTo(NAMES_NO_ORGANIZATION.contains(group(type))
				? PolarWebhookReceipt.ACCEPTED : PolarWebhookReceipt.REJECTED);
	}

	/**
	 * In case that Polar adds the customer or the subscription to an event, or omits one
	 * of two objects.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "{\"customer\":{\"organization_id\":\"$organization\"}}",
			"{\"product\":{\"organization_id\":\"$organization\"}}",
			"{\"customer\":null,\"product\":{\"organization_id\":\"$organization\"}}",
			"{\"benefit\":{\"organization_id\":\"$organization\"}}",
			"{\"discount\":{\"organization_id\":\"$organization\"}}",
			"{\"order\":{\"customer\":{\"organization_id\":\"$organization\"}}}",
			"{\"subscription\":{\"product\":{\"organization_id\":\"$organization\"}}}",
			"{\"checkout\":{\"organization_id\":\"$organization\"}}",
			"{\"member\":{\"customer\":{\"organization_id\":\"$organization\"}}}",
			"{\"organization\":{\"id\":\"$organization\"}}" })
	void organizationIsTakenFromObjectsInThePayload(String data) {
		for (String type : List.of("customer_seat.assigned", "member.created", "order.paid", "novel.type")) {
			assertThat(receive(body(type, data, OURS))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
			assertThat(receive(body(type, data, OTHER))).isEqualTo(PolarWebhookReceipt.REJECTED);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "metadata", "customer_metadata", "custom_field_data", "seat_metadata", "properties" })
	void whatBuyersAndSellersEnterIsNoOrganization(String name) {
		String data = "{\"%s\":{\"organization_id\":\"$organization\"},\"customer\":{\"metadata\":{\"organization_id\":\"$organization\"}}}"
			.formatted(name);
		assertThat(receive(body("order.paid", data, OTHER))).isEqualTo(PolarWebhookReceipt.ACCEPTED);
	}

	@Test
	void unreadableOrganizationIsNotCertain() {
		for (String organization : List.of("nonsense", "")) {
			assertThat(receive(body("refund.created", PAYLOADS.get("refund"), organization)))
				.isEqualTo(PolarWebhookReceipt.ACCEPTED);
		}
	}

}
