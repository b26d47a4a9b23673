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

package io.github.polarspring.customer;

import java.util.List;
import java.util.UUID;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarIdentityException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarAccounts}.
 */
class PolarAccountsTests {

	private static final UUID ALICE = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID BOB = UUID.fromString("7e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID FIRST = UUID.fromString("1e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID SECOND = UUID.fromString("2e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID THIRD = UUID.fromString("3e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final String NOT_FOUND = "{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}";

	private static final String FIND = "GET /v1/customers/external/alice";

	private static final String OF_CUSTOMER = "GET /v1/subscriptions/?customer_id=" + ALICE + "&page=1&limit=100";

	private static final String ANONYMIZE = "DELETE /v1/customers/" + ALICE + "?anonymize=true";

	private static final String ERASE = "erase " + ALICE;

	private final ScriptedPolar polar = new ScriptedPolar();

	private final List<String> steps = this.polar.requests();

	private boolean broken;

	private final PolarAccounts accounts = new PolarAccounts(this.polar.client(),
			new PolarCustomerTemplate(this.polar.client()), List.of(new Eraser(), this::erase));

	private void erase(Object id) {
		if (this.broken) {
			throw new IllegalStateException("The database is down");
		}
		this.steps.add("erase " + id);
	}

	@AfterEach
	void allResponsesWereRead() {
		this.polar.verify();
	}

	@Test
	void closeErasesAndAnonymizesTheCustomer() {
		this.polar.respond(200, ScriptedPolar.customer(ALICE, "alice"));
		this.polar.respond(200, list(1));
		this.polar.respond(200, list(1, subscription(THIRD, ALICE, "alice", null)));
		this.polar.respond(204, "");
		assertThat(this.accounts.close("alice")).hasValue(ALICE);
		assertThat(this.steps).containsExactly(FIND, subscriptions(1), OF_CUSTOMER, "erase alice", ERASE, ERASE,
				ANONYMIZE);
	}

	@Test
	void closeWhenSubscriptionsBelongToAnotherCustomerShouldRevokeThemFirst() {
		this.polar.respond(200, ScriptedPolar.customer(ALICE, "alice"));
		this.polar.respond(200, list(2, subscription(FIRST, BOB, "alice", null)));
		this.polar.respond(200, list(2, subscription(SECOND, BOB, "alice", null)));
		this.polar.respond(200, subscription(FIRST, BOB, "alice", "2026-11-29T10:00:00Z"));
		this.polar.respond(200, subscription(SECOND, BOB, "alice", "2026-11-29T10:00:00Z"));
		this.polar.respond(200, list(1, subscription(THIRD, ALICE, "alice", null)));
		this.polar.respond(204, "");
		this.accounts.close("alice");
		assertThat(this.steps).containsExactly(FIND, subscriptions(1), subscriptions(2),
				"DELETE /v1/subscriptions/" + FIRST, "DELETE /v1/subscriptions/" + SECOND, OF_CUSTOMER, "erase alice",
				ERASE, ERASE, ANONYMIZE);
	}

	@Test
	void closeShouldRevokeNothingElse() {
		this.polar.respond(200, ScriptedPolar.customer(ALICE, "alice"));
		this.polar.respond(200,
				list(1, subscription(FIRST, ALICE, "alice", null), subscription(FIRST, BOB, "bob", null),
						subscription(FIRST, BOB, null, null),
						subscription(FIRST, BOB, "alice", "2026-11-29T10:00:00Z")));
		this.polar.respond(200, list(1, subscription(THIRD, ALICE, "alice", null)));
		this.polar.respond(204, "");
		this.accounts.close("alice");
		assertThat(this.steps).containsExactly(FIND, subscriptions(1), OF_CUSTOMER, "erase alice", ERASE, ERASE,
				ANONYMIZE);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			403 | {"error":"AlreadyCanceledSubscription","detail":"This subscription is already canceled."}
			404 | {"error":"ResourceNotFound","detail":"Not found"}
			410 | {"error":"ResourceUnavailable","detail":"Unavailable"}
			""")
	void closeWhenASubscriptionHasEndedMeanwhileShouldContinue(int status, String body) {
		this.polar.respond(200, ScriptedPolar.customer(ALICE, "alice"));
		this.polar.respond(200, list(1, subscription(FIRST, BOB, "alice", null)));
		this.polar.respond(status, body);
		this.polar.respond(200, list(1, subscription(THIRD, ALICE, "alice", null)));
		this.polar.respond(204, "");
		assertThat(this.accounts.close("alice")).hasValue(ALICE);
		assertThat(this.steps).last().isEqualTo(ANONYMIZE);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			403 | 1 | {"error":"insufficient_scope","error_description":"no"}
			403 | 1 | {"error":"NotPermitted","detail":"Not permitted"}
			409 | 3 | {"error":"SubscriptionLocked","detail":"Locked"}
			""")
	void closeWhenASubscriptionCannotBeRevokedShouldFailBeforeAnythingIsErased(int status, int attempts, String body) {
		this.polar.respond(200, ScriptedPolar.customer(ALICE, "alice"));
		this.polar.respond(200, list(1, subscription(FIRST, BOB, "alice", null)));
		for (int i = 0; i < attempts; i++) {
			this.polar.respond(status, body);
		}
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> this.accounts.close("alice"));
		assertThat(this.steps).last().isEqualTo("DELETE /v1/subscriptions/" + FIRST);
	}

	@Test
	void closeWhenTheCustomerHasASubscriptionOfAnotherUserShouldFailBeforeAnythingIsErased() {
		this.polar.respond(200, ScriptedPolar.customer(ALICE, "alice"));
		this.polar.respond(200, list(1, subscription(FIRST, BOB, "alice", null)));
		this.polar.respond(200, subscription(FIRST, BOB, "alice", "2026-11-29T10:00:00Z"));
		this.polar.respond(200, list(1, subscription(SECOND, ALICE, "bob", null)));
		assertThatExceptionOfType(PolarIdentityException.class).isThrownBy(() -> this.accounts.close("alice"))
			.withMessageContaining(ALICE.toString())
			.withMessageNotContaining("bob");
		assertThat(this.steps).last().isEqualTo(OF_CUSTOMER);
	}

	@Test
	void closeWhenASubscriptionOfAnotherUserHasEndedShouldContinue() {
		this.polar.respond(200, ScriptedPolar.customer(ALICE, "alice"));
		this.polar.respond(200, list(1));
		this.polar.respond(200, list(1, subscription(SECOND, ALICE, "bob", "2026-11-29T10:00:00Z")));
		this.polar.respond(204, "");
		assertThat(this.accounts.close("alice")).hasValue(ALICE);
	}

	@Test
	void closeWhenDataCannotBeErasedShouldFailAndCanBeRetried() {
		this.broken = true;
		this.polar.respond(200, ScriptedPolar.customer(ALICE, "alice"));
		this.polar.respond(200, list(1));
		this.polar.respond(200, list(1));
		assertThatIllegalStateException().isThrownBy(() -> this.accounts.close("alice"));
		assertThat(this.steps).doesNotContain(ANONYMIZE);
		this.broken = false;
		this.steps.clear();
		closeErasesAndAnonymizesTheCustomer();
	}

	@Test
	void closeWhenAlreadyClosedShouldEraseWhatIsStoredAboutTheUser() {
		this.polar.respond(404, NOT_FOUND);
		this.polar.respond(200, list(1));
		assertThat(this.accounts.close("alice")).isEmpty();
		assertThat(this.steps).containsExactly(FIND, subscriptions(1), "erase alice");
	}

	@Test
	void closeWhenTheUserIsNoCustomerShouldRevokeWhatAnotherCustomerHas() {
		this.polar.respond(404, NOT_FOUND);
		this.polar.respond(200, list(1, subscription(FIRST, BOB, "alice", null)));
		this.polar.respond(200, subscription(FIRST, BOB, "alice", "2026-11-29T10:00:00Z"));
		assertThat(this.accounts.close("alice")).isEmpty();
		assertThat(this.steps).containsExactly(FIND, subscriptions(1), "DELETE /v1/subscriptions/" + FIRST,
				"erase alice");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a\u0000b" })
	void closeWhenNoCustomerCanHaveTheIdShouldCallNothing(String externalId) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.accounts.close(externalId));
		assertThat(this.steps).isEmpty();
	}

	private static String subscriptions(int page) {
		return "GET /v1/subscriptions/?metadata%5Bexternal_customer_id%5D=alice&page=" + page + "&limit=100";
	}

	private static String subscription(UUID id, UUID customer, String buyer, String endedAt) {
		return "{\"id\":\"%s\",\"customer_id\":\"%s\",\"status\":\"active\",\"metadata\":{%s},\"ended_at\":%s}"
			.formatted(id, customer, (buyer != null) ? "\"external_customer_id\":\"%s\"".formatted(buyer) : "",
					(endedAt != null) ? "\"" + endedAt + "\"" : "null");
	}

	private static String list(int pages, String... items) {
		return "{\"items\":[%s],\"pagination\":{\"total_count\":%d,\"max_page\":%d}}".formatted(String.join(",", items),
				items.length, pages);
	}

	private final class Eraser implements CustomerDataEraser {

		@Override
		public void erase(UUID customerId) {
			PolarAccountsTests.this.erase(customerId);
		}

		@Override
		public void eraseUser(String externalId) {
			PolarAccountsTests.this.erase(externalId);
		}

	}

}
