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

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.TrialInterval;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for changing a checkout session, by its seller and by its buyer.
 */
class CheckoutUpdateTests {

	private static final UUID ID = CapturingPolar.SESSION;

	private final CapturingPolar polar = new CapturingPolar();

	private void update(CheckoutUpdate.Builder update, String json) {
		CheckoutSession session = this.polar.template().update(ID, update.build());
		assertThat(session.id()).isEqualTo(ID);
		assertThat(this.polar.last().line()).isEqualTo("PATCH https://sandbox-api.polar.sh/v1/checkouts/" + ID);
		assertThat(this.polar.last().authorization()).isEqualTo("Bearer polar_oat_test");
		assertThat(this.polar.last().contentLength()).isPositive();
		assertThat(this.polar.last().json()).isEqualTo(JsonMapper.shared().readTree(json));
	}

	@Test
	void nothingSetSendsNothing() {
		update(CheckoutUpdate.builder(), "{}");
		assertThat(this.polar.requests()).hasSize(1);
	}

	@Test
	void nullIsSentAndAbsentIsNot() {
		update(CheckoutUpdate.builder().discountId(null).seats(12), "{\"discount_id\":null,\"seats\":12}");
	}

	@Test
	void emailIsSent() {
		update(CheckoutUpdate.builder().customerEmail("a@example.com"), "{\"customer_email\":\"a@example.com\"}");
	}

	@Test
	void everythingThatPolarClearsIsSentAsNull() {
		update(CheckoutUpdate.builder()
			.customerName(null)
			.customerEmail(null)
			.customerTaxId(null)
			.clearCustomField("size")
			.discountId(null)
			.customerIpAddress(null)
			.allowTrial(null)
			.successUrl(null)
			.returnUrl(null), """
					{"customer_name":null,"customer_email":null,"customer_tax_id":null,
					"custom_field_data":{"size":null},"discount_id":null,"customer_ip_address":null,
					"allow_trial":null,"success_url":null,"return_url":null}""");
	}

	@Test
	void everythingThatPolarClearsForTheBuyerIsSentAsNull() {
		this.polar.template()
			.updateByClientSecret("polar_c_Secret-1",
					ClientCheckoutUpdate.builder()
						.discountCode(null)
						.customerName(null)
						.customerEmail(null)
						.customerTaxId(null)
						.build());
		assertThat(this.polar.last().json()).isEqualTo(JsonMapper.shared().readTree("""
				{"discount_code":null,"customer_name":null,"customer_email":null,"customer_tax_id":null}"""));
	}

	@Test
	void nothingElseCanBeNull() {
		Set<String> nullable = Set.of("customerName", "customerEmail", "customerTaxId", "discountId",
				"customerIpAddress", "allowTrial", "successUrl", "returnUrl", "discountCode");
		for (Class<?> builder : List.of(CheckoutUpdate.Builder.class, ClientCheckoutUpdate.Builder.class)) {
			for (Method method : builder.getMethods()) {
				if (method.getDeclaringClass() == Object.class || method.getParameterCount() != 1
						|| method.getParameterTypes()[0].isPrimitive()) {
					continue;
				}
				Object instance = (builder == CheckoutUpdate.Builder.class) ? CheckoutUpdate.builder()
						: ClientCheckoutUpdate.builder();
				ThrowingCallable call = () -> ReflectionUtils.invokeMethod(method, instance, new Object[] { null });
				if (nullable.contains(method.getName())) {
					assertThatCode(call).as(method.getName()).doesNotThrowAnyException();
				}
				else {
					assertThatIllegalArgumentException().as(method.getName()).isThrownBy(call);
				}
			}
		}
	}

	@Test
	void amountIsANumberOfAnyKind() {
		update(CheckoutUpdate.builder().amount(1500), "{\"amount\":1500}");
		update(CheckoutUpdate.builder().amount(9_007_199_254_740_993L), "{\"amount\":9007199254740993}");
	}

	@Test
	void lastValueOfAFieldCounts() {
		update(CheckoutUpdate.builder().discountId(null).discountId(ID).seats(3).seats(4),
				"{\"discount_id\":\"" + ID + "\",\"seats\":4}");
	}

	@Test
	void productIsNamedOrGivenByItsId() {
		update(CheckoutUpdate.builder().product("pro"), "{\"product_id\":\"" + CapturingPolar.SESSION + "\"}");
		UUID other = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");
		update(CheckoutUpdate.builder().productId(other), "{\"product_id\":\"" + other + "\"}");
	}

	@Test
	void customFieldsAreMerged() {
		update(CheckoutUpdate.builder().customField("size", "L").customField("count", 3).customField("gift", true),
				"{\"custom_field_data\":{\"size\":\"L\",\"count\":3,\"gift\":true}}");
	}

	@Test
	void metadataGoOnSayingWhoBuys() {
		update(CheckoutUpdate.builder().metadata(Map.of("cart", "c-881")),
				"{\"metadata\":{\"cart\":\"c-881\",\"external_customer_id\":\"user_1042\"}}");
		assertThat(this.polar.requests()).hasSize(2);
		assertThat(this.polar.requests().get(0).line())
			.isEqualTo("GET https://sandbox-api.polar.sh/v1/checkouts/" + ID);
	}

	@Test
	void metadataCannotSayThatSomeoneElseBuys() {
		Map<String, Object> metadata = new HashMap<>(Map.of("external_customer_id", "somebody_else"));
		update(CheckoutUpdate.builder().metadata(metadata), "{\"metadata\":{\"external_customer_id\":\"user_1042\"}}");
	}

	@Test
	void metadataOfAGuestGetNoId() {
		this.polar.answer("{\"id\":\"" + ID + "\",\"status\":\"open\",\"url\":\"https://polar.sh/x\",\"metadata\":{}}");
		update(CheckoutUpdate.builder().metadata(Map.of("external_customer_id", "mallory", "a", 1)),
				"{\"metadata\":{\"a\":1}}");
	}

	@Test
	void metadataOfASessionCanBeChangedAndSentBack() {
		Map<String, Object> metadata = new HashMap<>(this.polar.template().get(ID).metadata());
		metadata.put("old", 0.5);
		update(CheckoutUpdate.builder().metadata(metadata),
				"{\"metadata\":{\"old\":0.5,\"external_customer_id\":\"user_1042\"}}");
	}

	@Test
	void metadataThatAreFullHaveNoRoomForTheId() {
		Map<String, Object> metadata = new HashMap<>();
		for (int i = 0; i < 50; i++) {
			metadata.put("key" + i, i);
		}
		CheckoutUpdate update = CheckoutUpdate.builder().metadata(metadata).build();
		assertThatIllegalArgumentException().isThrownBy(() -> this.polar.template().update(ID, update))
			.withMessageContaining("at most 50")
			.withMessageContaining("identifies the buyer");
		assertThat(this.polar.requests()).extracting(CapturingPolar.Request::line)
			.noneMatch((line) -> line.startsWith("PATCH"));
	}

	@ParameterizedTest
	@MethodSource("rejected")
	void valueThatPolarRejectsIsRejected(String field, Consumer<CheckoutUpdate.Builder> call) {
		assertThatIllegalArgumentException().isThrownBy(() -> call.accept(CheckoutUpdate.builder()))
			.withMessageStartingWith(field);
	}

	static Stream<Arguments> rejected() {
		Map<String, Object> tooMany = new HashMap<>();
		for (int i = 0; i < 51; i++) {
			tooMany.put("key" + i, i);
		}
		Map<String, Object> nullValue = new HashMap<>();
		nullValue.put("a", null);
		return Stream.of(rejected("product_id", (update) -> update.productId(null)),
				rejected("products", (update) -> update.product(" ")),
				rejected("amount", (update) -> update.amount(-1L)), rejected("seats", (update) -> update.seats(0)),
				rejected("seats", (update) -> update.seats(10_001)), rejected("units", (update) -> update.units(0)),
				rejected("customer_name", (update) -> update.customerName(" ")),
				rejected("customer_name", (update) -> update.customerName("x".repeat(257))),
				rejected("customer_email", (update) -> update.customerEmail("nobody")),
				rejected("customer_billing_name", (update) -> update.customerBillingName("")),
				rejected("customer_billing_address",
						(update) -> update.customerBillingAddress(BillingAddress.inCountry("ZZ"))),
				rejected("customer_billing_address",
						(update) -> update.customerBillingAddress(BillingAddress.inCountry("CU"))),
				rejected("customer_tax_id", (update) -> update.customerTaxId(" ")),
				rejected("locale", (update) -> update.locale(Locale.ROOT)),
				rejected("custom_field_data", (update) -> update.customField("", "L")),
				rejected("custom_field_data", (update) -> update.customField("size", (String) null)),
				rejected("custom_field_data", (update) -> update.clearCustomField(" ")),
				rejected("currency", (update) -> update.currency("euro")),
				rejected("currency", (update) -> update.currency(null)),
				rejected("customer_billing_address", (update) -> update.customerBillingAddress(null)),
				rejected("customer_billing_name", (update) -> update.customerBillingName(null)),
				rejected("customer_metadata", (update) -> update.customerMetadata(null)),
				rejected("locale", (update) -> update.locale(null)),
				rejected("embed_origin", (update) -> update.embedOrigin(null)),
				rejected("customer_ip_address", (update) -> update.customerIpAddress("1.2.3.4:80")),
				rejected("metadata", (update) -> update.metadata(null)),
				rejected("metadata", (update) -> update.metadata(tooMany)),
				rejected("metadata", (update) -> update.metadata(nullValue)),
				rejected("metadata", (update) -> update.metadata(Map.of("a", Map.of("b", 1)))),
				rejected("metadata", (update) -> update.metadata(Map.of("a", List.of()))),
				rejected("metadata", (update) -> update.metadata(Map.of("a", new AtomicInteger(1)))),
				rejected("custom_field_data", (update) -> update.clearCustomField("\uD800")),
				rejected("discount_id", (update) -> update.discountId(new UUID(1, 2))),
				rejected("metadata", (update) -> update.metadata(Map.of("a", ""))),
				rejected("metadata", (update) -> update.metadata(Map.of("a", "x".repeat(501)))),
				rejected("metadata", (update) -> update.metadata(Map.of("a", Double.NaN))),
				rejected("metadata", (update) -> update.metadata(Map.of("x".repeat(41), 1))),
				rejected("customer_metadata", (update) -> update.customerMetadata(Map.of("", 1))),
				rejected("trial_interval_count", (update) -> update.trial(0, TrialInterval.DAY)),
				rejected("trial_interval", (update) -> update.trial(1, TrialInterval.UNKNOWN)),
				rejected("success_url", (update) -> update.successUrl("/thanks")),
				rejected("success_url", (update) -> update.successUrl("javascript:alert(1)")),
				rejected("return_url", (update) -> update.returnUrl("//evil.example")),
				rejected("embed_origin", (update) -> update.embedOrigin("https://shop.example/path")));
	}

	private static Arguments rejected(String field, Consumer<CheckoutUpdate.Builder> call) {
		return Arguments.of(field, call);
	}

	static Stream<Arguments> valuesThatPolarCannotStore() {
		BigInteger tooLarge = BigInteger.TEN.pow(400);
		Stream<Arguments> numbers = Stream
			.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN, Float.NEGATIVE_INFINITY, tooLarge, tooLarge.negate(),
					new BigDecimal("1E+999999999"), new BigDecimal(tooLarge))
			.flatMap((bad) -> Stream.of(rejected("metadata", (update) -> update.metadata(Map.of("k", bad))),
					rejected("customer_metadata", (update) -> update.customerMetadata(Map.of("k", bad)))));
		Stream<Arguments> fractions = Stream
			.of(0.5, 0.5F, new BigDecimal("2.5"), new BigDecimal("1E-999999999"), new BigDecimal("-0.001"))
			.map((fraction) -> rejected("customer_metadata value of 'k' must be a whole number",
					(update) -> update.customerMetadata(Map.of("k", fraction))));
		Stream<Arguments> texts = Stream.of("a\0", "a\uD800", "\uDC00")
			.flatMap((bad) -> Stream.of(rejected("metadata", (update) -> update.metadata(Map.of("k", bad))),
					rejected("metadata", (update) -> update.metadata(Map.of(bad, 1))),
					rejected("customer_metadata", (update) -> update.customerMetadata(Map.of("k", bad))),
					rejected("customer_metadata", (update) -> update.customerMetadata(Map.of(bad, 1))),
					rejected("custom_field_data", (update) -> update.customField("k", bad)),
					rejected("custom_field_data", (update) -> update.customField(bad, true)),
					rejected("custom_field_data", (update) -> update.clearCustomField(bad)),
					rejected("customer_name", (update) -> update.customerName(bad)),
					rejected("customer_email", (update) -> update.customerEmail(bad + "@example.com")),
					rejected("customer_billing_name", (update) -> update.customerBillingName(bad)),
					rejected("customer_tax_id", (update) -> update.customerTaxId(bad)),
					rejected("customer_billing_address",
							(update) -> update
								.customerBillingAddress(new BillingAddress("FR", null, null, null, bad, null))),
					rejected("success_url", (update) -> update.successUrl("https://shop.example/" + bad)),
					rejected("return_url", (update) -> update.returnUrl("https://shop.example/?" + bad))));
		return Stream.of(numbers, fractions, texts).flatMap(Function.identity());
	}

	@ParameterizedTest
	@MethodSource("valuesThatPolarCannotStore")
	void valueThatPolarCannotStoreIsRejected(String field, Consumer<CheckoutUpdate.Builder> call) {
		assertThatIllegalArgumentException().isThrownBy(() -> call.accept(CheckoutUpdate.builder()))
			.withMessageStartingWith(field);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\0", "a\uD800" })
	void textOfTheBuyerThatPolarCannotStoreIsRejected(String bad) {
		assertThatIllegalArgumentException().isThrownBy(() -> ClientCheckoutUpdate.builder().discountCode(bad))
			.withMessageStartingWith("discount_code");
		assertThatIllegalArgumentException().isThrownBy(() -> ClientCheckoutUpdate.builder().paymentMethodType(bad))
			.withMessageStartingWith("payment_method_type");
		assertThatIllegalArgumentException().isThrownBy(() -> CheckoutQuery.builder().query(bad))
			.withMessageStartingWith("query");
		assertThatIllegalArgumentException().isThrownBy(() -> CheckoutQuery.builder().externalCustomerId(bad))
			.withMessageStartingWith("external_customer_id");
	}

	@Test
	void wholeNumbersOfCustomerMetadataAreSentAsIntegers() {
		update(CheckoutUpdate.builder().customerMetadata(Map.of("a", 2.0)), "{\"customer_metadata\":{\"a\":2}}");
		update(CheckoutUpdate.builder().customerMetadata(Map.of("a", 3F)), "{\"customer_metadata\":{\"a\":3}}");
		update(CheckoutUpdate.builder().customerMetadata(Map.of("a", new BigDecimal("4.00"))),
				"{\"customer_metadata\":{\"a\":4}}");
		update(CheckoutUpdate.builder().customerMetadata(Map.of("a", new BigDecimal("5E+1"))),
				"{\"customer_metadata\":{\"a\":50}}");
	}

	@Test
	void updateDoesNotChangeWithItsBuilderAndHidesPersonalData() {
		CheckoutUpdate.Builder builder = CheckoutUpdate.builder().customField("size", "L").customerName("Ada");
		CheckoutUpdate update = builder.build();
		builder.customField("size", "XL").seats(3);
		assertThat(update).isEqualTo(CheckoutUpdate.builder().customField("size", "L").customerName("Ada").build())
			.isNotEqualTo(builder.build())
			.hasToString("CheckoutUpdate[custom_field_data, customer_name]");
	}

	@Test
	void buyerReadsAndChangesWithoutTheToken() {
		CheckoutSession session = this.polar.template().getByClientSecret("polar_c_Secret-1");
		assertThat(session.id()).isEqualTo(ID);
		assertThat(this.polar.last().line())
			.isEqualTo("GET https://sandbox-api.polar.sh/v1/checkouts/client/polar_c_Secret-1");
		assertThat(this.polar.last().authorization()).isNull();
		this.polar.template()
			.updateByClientSecret("polar_c_Secret-1",
					ClientCheckoutUpdate.builder().discountCode("SPRING").withoutTrial().seats(4).build());
		assertThat(this.polar.last().line())
			.isEqualTo("PATCH https://sandbox-api.polar.sh/v1/checkouts/client/polar_c_Secret-1");
		assertThat(this.polar.last().authorization()).isNull();
		assertThat(this.polar.last().json()).isEqualTo(
				JsonMapper.shared().readTree("{\"discount_code\":\"SPRING\",\"allow_trial\":false,\"seats\":4}"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ".", "..", "a/b", "../../customers", "a%2fb", "a?b", "a#b", "ä" })
	void clientSecretThatLeadsElsewhereIsRejectedWithoutNamingIt(String clientSecret) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.polar.template().getByClientSecret(clientSecret))
			.withMessage("client_secret must have 1 to 200 letters, digits, '_' and '-'");
		assertThatIllegalArgumentException().isThrownBy(
				() -> this.polar.template().updateByClientSecret(clientSecret, ClientCheckoutUpdate.builder().build()));
		assertThat(this.polar.requests()).isEmpty();
	}

	@Test
	void updateOfTheBuyerHidesPersonalDataAndRejectsBlanks() {
		ClientCheckoutUpdate update = ClientCheckoutUpdate.builder().discountCode("SPRING").build();
		assertThat(update).hasToString("ClientCheckoutUpdate[discount_code]")
			.isEqualTo(ClientCheckoutUpdate.builder().discountCode("SPRING").build())
			.isNotEqualTo(ClientCheckoutUpdate.builder().discountCode(null).build());
		assertThatIllegalArgumentException().isThrownBy(() -> ClientCheckoutUpdate.builder().discountCode(" "))
			.withMessageStartingWith("discount_code");
		assertThatIllegalArgumentException().isThrownBy(() -> ClientCheckoutUpdate.builder().paymentMethodType(""))
			.withMessageStartingWith("payment_method_type");
	}

	@Test
	void nothingIsSentWithoutIdOrUpdate() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> this.polar.template().update(null, CheckoutUpdate.builder().build()));
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> this.polar.template().update(ID, null));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.polar.template().list(null));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.polar.template().stream(null));
		assertThat(this.polar.requests()).isEmpty();
	}

}
