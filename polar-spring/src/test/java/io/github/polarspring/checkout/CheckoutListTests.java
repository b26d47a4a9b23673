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

package io.github.polarspring.checkout;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.CheckoutStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for listing checkout sessions.
 */
class CheckoutListTests {

	private static final String LIST = "GET https://sandbox-api.polar.sh/v1/checkouts/";

	private static final UUID ID = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	private final CapturingPolar polar = new CapturingPolar();

	@Test
	void pageHasItemsAndCounts() {
		this.polar.answer(page(7, 3, 1, 2));
		PolarPage<CheckoutSession> page = this.polar.template().list(CheckoutQuery.all());
		assertThat(this.polar.last().line()).isEqualTo(LIST + "?page=1");
		assertThat(page.totalCount()).isEqualTo(7);
		assertThat(page.maxPage()).isEqualTo(3);
		assertThat(page.items()).extracting(CheckoutSession::id).containsExactly(id(1), id(2));
	}

	@Test
	void emptyPageHasNoItems() {
		this.polar.answer(page(0, 0));
		assertThat(this.polar.template().list(CheckoutQuery.all())).isEqualTo(new PolarPage<>(List.of(), 0, 0));
	}

	@Test
	void everyFilterIsSentAsOftenAsItHasValues() {
		this.polar.answer(page(0, 0));
		this.polar.template()
			.list(CheckoutQuery.builder()
				.products("pro", ID.toString())
				.products(ID)
				.status(CheckoutStatus.OPEN, CheckoutStatus.EXPIRED)
				.customerId(ID)
				.externalCustomerId("a&b=c", "größe {x} +1")
				.query("ada+1@")
				.ascending(CheckoutQuery.SortProperty.STATUS)
				.descending(CheckoutQuery.SortProperty.EXPIRES_AT)
				.page(3)
				.limit(50)
				.build());
		assertThat(this.polar.last().line()).isEqualTo(LIST + "?product_id=8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018"
				+ "&product_id=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710&status=open&status=expired"
				+ "&customer_id=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710&external_customer_id=a%26b%3Dc"
				+ "&external_customer_id=gr%C3%B6%C3%9Fe%20%7Bx%7D%20%2B1&query=ada%2B1%40"
				+ "&sorting=status&sorting=-expires_at&page=3&limit=50");
	}

	@Test
	void streamAsksForPagesAsItIsRead() {
		this.polar.answer(page(4, 2, 1, 2));
		Stream<CheckoutSession> stream = this.polar.template().stream(CheckoutQuery.all());
		assertThat(this.polar.requests()).isEmpty();
		List<UUID> ids = stream.peek((session) -> this.polar.answer(page(4, 2, 3, 4)))
			.map(CheckoutSession::id)
			.toList();
		assertThat(ids).containsExactly(id(1), id(2), id(3), id(4));
		assertThat(this.polar.requests()).extracting(CapturingPolar.Request::line)
			.containsExactly(LIST + "?page=1&limit=100", LIST + "?page=2&limit=100");
	}

	@Test
	void streamThatEndsEarlyAsksForNoMore() {
		this.polar.answer(page(300, 3, 1, 2));
		assertThat(this.polar.template().stream(CheckoutQuery.all()).findFirst()).isPresent();
		assertThat(this.polar.requests()).hasSize(1);
		assertThat(this.polar.template().stream(CheckoutQuery.all()).iterator().next().id()).isEqualTo(id(1));
		assertThat(this.polar.requests()).hasSize(2);
	}

	@Test
	void streamStartsAtThePageAndKeepsTheLimitOfTheQuery() {
		this.polar.answer(page(30, 3, 1));
		CheckoutQuery query = CheckoutQuery.builder().page(3).limit(10).build();
		assertThat(this.polar.template().stream(query)).hasSize(1);
		assertThat(this.polar.last().line()).isEqualTo(LIST + "?page=3&limit=10");
	}

	@Test
	void streamOfNothingIsEmpty() {
		this.polar.answer(page(0, 0));
		assertThat(this.polar.template().stream(CheckoutQuery.all())).isEmpty();
		assertThat(this.polar.requests()).hasSize(1);
	}

	@Test
	void streamEndsAtAnEmptyPageWhateverTheCountSays() {
		this.polar.answer(page(4, 99));
		assertThat(this.polar.template().stream(CheckoutQuery.all())).isEmpty();
		assertThat(this.polar.requests()).hasSize(1);
	}

	@Test
	void sessionThatMovedToTheNextPageIsDeliveredOnce() {
		this.polar.answer(page(3, 2, 1, 2));
		List<UUID> ids = this.polar.template()
			.stream(CheckoutQuery.all())
			.peek((session) -> this.polar.answer(page(4, 2, 2, 3)))
			.map(CheckoutSession::id)
			.toList();
		assertThat(ids).containsExactly(id(1), id(2), id(3));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "{\"items\":[]}", "{\"items\":null,\"pagination\":{\"total_count\":0}}",
			"{\"pagination\":{\"total_count\":0,\"max_page\":0}}", "{\"items\":[],\"pagination\":{}}",
			"{\"items\":[null],\"pagination\":{\"total_count\":1,\"max_page\":1}}" })
	void nonsenseIsNoEmptyPage(String json) {
		this.polar.answer(json);
		assertThatExceptionOfType(PolarConnectionException.class)
			.isThrownBy(() -> this.polar.template().list(CheckoutQuery.all()))
			.withMessageContaining("GET /v1/checkouts/ failed")
			.withMessageContaining("cannot be read");
	}

	@Test
	void valuesThatPolarRejectsAreRejected() {
		CheckoutQuery.Builder query = CheckoutQuery.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> query.page(0)).withMessageContaining("page");
		assertThatIllegalArgumentException().isThrownBy(() -> query.limit(0)).withMessageContaining("limit");
		assertThatIllegalArgumentException().isThrownBy(() -> query.limit(101)).withMessageContaining("100");
		assertThatIllegalArgumentException().isThrownBy(() -> query.status(CheckoutStatus.UNKNOWN))
			.withMessageContaining("status");
		assertThatIllegalArgumentException().isThrownBy(() -> query.customerId((UUID) null))
			.withMessageContaining("customer_id");
		assertThatIllegalArgumentException().isThrownBy(() -> query.externalCustomerId(" "))
			.withMessageContaining("external_customer_id");
		assertThatIllegalArgumentException().isThrownBy(() -> query.query("")).withMessageContaining("query");
		assertThatIllegalArgumentException().isThrownBy(() -> query.products("")).withMessageContaining("products");
	}

	@Test
	void filterWithoutAValueIsRejectedAndNotDropped() {
		CheckoutQuery.Builder query = CheckoutQuery.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> query.products(new UUID[0]))
			.withMessage("products must have at least one value");
		assertThatIllegalArgumentException().isThrownBy(() -> query.products(new String[0]))
			.withMessage("products must have at least one value");
		assertThatIllegalArgumentException().isThrownBy(() -> query.status())
			.withMessage("status must have at least one value");
		assertThatIllegalArgumentException().isThrownBy(() -> query.customerId())
			.withMessage("customer_id must have at least one value");
		assertThatIllegalArgumentException().isThrownBy(() -> query.externalCustomerId(new String[0]))
			.withMessage("external_customer_id must have at least one value");
		assertThatIllegalArgumentException().isThrownBy(() -> query.organizationId((UUID[]) null))
			.withMessage("organization_id must have at least one value");
		assertThatIllegalArgumentException().isThrownBy(() -> query.ascending(null)).withMessageContaining("sorting");
		assertThatIllegalArgumentException().isThrownBy(() -> query.descending(null)).withMessageContaining("sorting");
	}

	@Test
	void streamThatStartsLaterCountsInTheSamePagesAsAList() {
		this.polar.answer(page(30, 3, 1));
		assertThat(this.polar.template().stream(CheckoutQuery.builder().page(3).build())).hasSize(1);
		assertThat(this.polar.last().line()).isEqualTo(LIST + "?page=3");
	}

	@Test
	void queryDoesNotChangeWithItsBuilderAndHidesPersonalData() {
		CheckoutQuery.Builder builder = CheckoutQuery.builder().query("ada@example.com");
		CheckoutQuery query = builder.build();
		builder.page(9).externalCustomerId("user_1042");
		assertThat(query).isEqualTo(CheckoutQuery.builder().query("ada@example.com").build())
			.isNotEqualTo(builder.build())
			.hasToString("CheckoutQuery[page=1, filters=[query]]");
	}

	private static UUID id(int number) {
		return UUID.fromString("00000000-0000-4000-8000-00000000000" + number);
	}

	private static String page(int totalCount, int maxPage, int... numbers) {
		String items = IntStream.of(numbers)
			.mapToObj((number) -> "{\"id\":\"%s\",\"status\":\"open\",\"url\":\"https://polar.sh/x\"}"
				.formatted(id(number)))
			.collect(Collectors.joining(","));
		return "{\"items\":[%s],\"pagination\":{\"total_count\":%d,\"max_page\":%d}}".formatted(items, totalCount,
				maxPage);
	}

}
