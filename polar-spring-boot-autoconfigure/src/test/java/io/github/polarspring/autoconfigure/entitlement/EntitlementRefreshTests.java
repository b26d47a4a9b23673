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

package io.github.polarspring.autoconfigure.entitlement;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.webhook.PolarEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link EntitlementRefresh}.
 */
class EntitlementRefreshTests {

	private static final String RECORDED = "polar.recorded";

	private static final UUID CUSTOMER = UUID.fromString("30c89c67-fdc7-46a6-afcf-37497c00e310");

	private static final PolarFeatures FEATURES = new PolarFeatures(
			List.of(new Feature("export", Set.of(UUID.randomUUID()), Set.of(), null, Feature.WhenUnknown.REJECT)),
			Map.of());

	private final List<Refresh> refreshes = new ArrayList<>();

	private final EntitlementRefresh recorder = new EntitlementRefresh(FEATURES, this::entitlements);

	private PolarEntitlements entitlements() {
		PolarEntitlements entitlements = mock(PolarEntitlements.class);
		willAnswer((invocation) -> {
			Collection<String> payers = invocation.getArgument(0);
			return this.refreshes.add(new Refresh(new TreeSet<>(payers), invocation.getArgument(1)));
		}).given(entitlements).refresh(anyCollection(), any());
		return entitlements;
	}

	private static PolarEvent<?> event(String type, String data) {
		return PolarEvent.read("id",
				"{\"type\":\"%s\",\"timestamp\":\"2026-11-23T10:00:00Z\",\"data\":%s}".formatted(type, data)
					.getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-",
			textBlock = """
					order.paid | {"customer_id":"$","metadata":{"external_customer_id":"alice"},"customer":{"external_id":"bob"}} | alice,bob
					order.refunded | {"customer_id":"$","metadata":{},"subscription":{"metadata":{"external_customer_id":"alice"}}} | alice
					subscription.active | {"customer_id":"$","metadata":{"external_customer_id":"alice"},"customer":{"external_id":null}} | alice
					subscription.updated | {"customer_id":"$","metadata":{"external_customer_id":42}} | -
					subscription.novel | {"customer_id":"$"} | -
					benefit_grant.created | {"customer_id":"$","customer":{"external_id":"bob"},"member":{"external_id":"carol"}} | bob
					benefit_grant.revoked | {"customer_id":"$"} | -
					refund.created | {"customer_id":"$","order_id":"x","metadata":{}} | -
					customer_seat.claimed | {"customer_id":"$","member":{"customer_id":"$"}} | -
					customer_seat.revoked | {"customer_id":null,"member":{"customer_id":"$","external_id":"carol"}} | -
					member.deleted | {"customer_id":"$","external_id":"carol"} | -
					customer.updated | {"id":"$","external_id":"bob","metadata":{"external_customer_id":"eve"}} | bob,eve
					customer.deleted | {"id":"$","external_id":null} | -
					customer.state_changed | {"id":"$","external_id":"bob","active_subscriptions":[{"metadata":{"external_customer_id":"alice"}},{"metadata":{}}]} | alice,bob
					""")
	void payersAndTheCustomerOfAnEventAreMarked(String type, String data, @Nullable String payers) {
		this.recorder.record(event(type, data.replace("$", CUSTOMER.toString())));
		Set<String> expected = (payers != null) ? new TreeSet<>(Arrays.asList(payers.split(","))) : Set.of();
		assertThat(this.refreshes).containsExactly(new Refresh(expected, CUSTOMER));
	}

	@ParameterizedTest
	@ValueSource(strings = { "checkout.updated", "product.updated", "benefit.updated", "organization.updated",
			"discount.created", "customers.novel", "novel", "orders.paid" })
	void otherEventsMarkNoOne(String type) {
		this.recorder.record(event(type, """
				{"id":"%1$s","customer_id":"%1$s","metadata":{"external_customer_id":"alice"},"external_id":"bob"}"""
			.formatted(CUSTOMER)));
		assertThat(this.refreshes).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"customer_id\":\"none\",\"metadata\":\"alice\"}",
			"{\"customer_id\":7,\"metadata\":{\"external_customer_id\":\" \"},\"customer\":[]}",
			"{\"customer\":{\"external_id\":{\"a\":1}},\"active_subscriptions\":\"none\"}" })
	void eventWithoutAnIdMarksNoOne(String data) {
		for (String type : List.of("order.paid", "customer.state_changed")) {
			this.recorder.record(event(type, data));
		}
		assertThat(this.refreshes).isEmpty();
	}

	@Test
	void idThatNoUserCanHaveIsLeftOut() {
		this.recorder.record(event("order.paid",
				"{\"metadata\":{\"external_customer_id\":\"%s\"},\"customer\":{\"external_id\":\"%s\"}}"
					.formatted("x".repeat(201), "y".repeat(200))));
		assertThat(this.refreshes).containsExactly(new Refresh(Set.of("y".repeat(200)), null));
	}

	@Test
	void nothingIsMarkedWithoutFeatures() {
		PolarFeatures none = new PolarFeatures(List.of(), Map.of());
		new EntitlementRefresh(none, this::entitlements)
			.record(event("order.paid", "{\"customer_id\":\"%s\"}".formatted(CUSTOMER)));
		assertThat(this.refreshes).isEmpty();
		new EntitlementRefresh(new PolarFeatures(List.of(), Map.of("forms", 3L)), this::entitlements)
			.record(event("order.paid", "{\"customer_id\":\"%s\"}".formatted(CUSTOMER)));
		assertThat(this.refreshes).hasSize(1);
	}

	@Test
	@EnabledIfSystemProperty(named = RECORDED, matches = ".+",
			disabledReason = "Recorded exchanges with Polar are not part of this project: -Dpolar.recorded=<directory> names theirs")
	void recordedEventsOfPurchasesNameTheirCustomer() throws IOException {
		Set<String> kinds = new TreeSet<>();
		for (Path file : files()) {
			String raw = JsonMapper.shared().readTree(Files.readString(file)).path("raw").asString();
			PolarEvent<?> event = PolarEvent.read("id", raw.getBytes(StandardCharsets.UTF_8));
			int before = this.refreshes.size();
			this.recorder.record(event);
			for (Refresh refresh : this.refreshes.subList(before, this.refreshes.size())) {
				kinds.add(event.type().split("\\.")[0]);
				assertThat(refresh.customerId()).as(event.type()).isNotNull();
				JsonNode customer = event.payload().at("/customer/external_id");
				if (customer.isString()) {
					assertThat(refresh.payers()).as(event.type()).contains(customer.asString());
				}
			}
		}
		assertThat(kinds).containsExactly("benefit_grant", "customer", "customer_seat", "member", "order", "refund",
				"subscription");
	}

	private static List<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(Path.of(System.getProperty(RECORDED), "webhooks", "raw"))) {
			return files.sorted().toList();
		}
	}

	private record Refresh(Set<String> payers, @Nullable UUID customerId) {

	}

}
