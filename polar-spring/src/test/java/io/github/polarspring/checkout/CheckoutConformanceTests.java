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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.model.BillingAddressFields;
import io.github.polarspring.model.CheckoutDiscount;
import io.github.polarspring.model.CheckoutOrganization;
import io.github.polarspring.model.CheckoutProduct;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.CheckoutStatus;
import io.github.polarspring.model.ProductBenefit;
import io.github.polarspring.model.ProductPrice;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.model.TaxBehavior;
import io.github.polarspring.model.TierType;
import io.github.polarspring.model.TrialInterval;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import io.github.polarspring.testsupport.conformance.SampleJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks the types of this package against Polar's own description of the API.
 */
@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
		disabledReason = "Polar's OpenAPI documents are not part of this project: -Dpolar.openapi=<directory> names theirs")
@ParameterizedClass(name = "{0}")
@MethodSource("documents")
class CheckoutConformanceTests {

	private static final UUID ID = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	/**
	 * Deprecated, and so reachable as properties only.
	 */
	private static final Set<String> LEFT_OUT_OF_SESSION = Set.of(".product_price", ".product_price_id",
			".discount.amount", ".discount.currency");

	/**
	 * Sent by the server, but not in its documents.
	 */
	private static final Set<String> UNDOCUMENTED = Set.of(".customer_external_id", ".subtotal_amount",
			".customer_billing_address_fields", ".prices.*[].price_per_seat", ".products[].prices[].price_per_seat",
			".product.prices[].price_per_seat");

	private static final Set<String> LEFT_OUT_OF_UPDATE = Set.of("product_price_id");

	/**
	 * Meant for Polar's own page, which has what the payment processor needs.
	 */
	private static final Set<String> LEFT_OUT_OPERATIONS = Set.of("POST /v1/checkouts/client/{client_secret}/confirm");

	@Parameter(0)
	String name;

	@Parameter(1)
	OpenApiDocument document;

	private final CapturingPolar polar = new CapturingPolar();

	static Stream<Arguments> documents() {
		return OpenApiDocument.all().entrySet().stream().map((entry) -> Arguments.of(entry.getKey(), entry.getValue()));
	}

	@ParameterizedTest
	@MethodSource("examples")
	void exampleIsReadWhole(String example) {
		JsonNode json = OpenApiDocument.read(examplesDirectory().resolve(example));
		assertThat(this.document.violations("Checkout", json.toString())).isEmpty();
		Set<String> untyped = ReadWhole.untypedOf(this.polar.read(json.toString()), json);
		untyped.removeAll(UNDOCUMENTED);
		assertThat(untyped).isSubsetOf(LEFT_OUT_OF_SESSION);
	}

	static Stream<String> examples() {
		try (Stream<Path> files = Files.list(examplesDirectory())) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.matches("checkout-.*\\.json") && !name.endsWith("-request.json"))
				.sorted()
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path examplesDirectory() {
		Path directory = OpenApiDocument.directory();
		assertThat(directory).isNotNull();
		return directory.resolve("examples");
	}

	@ParameterizedTest
	@MethodSource("examples")
	void exampleOfARequestCanBeSaidInJava(String example) {
		Path request = examplesDirectory().resolve(example.replace(".json", "-request.json"));
		JsonNode json = OpenApiDocument.read(request);
		assertThat(this.document.violations("CheckoutCreate", json.toString())).isEmpty();
		JsonNode sent = JsonMapper.shared().readTree(this.polar.sent(CheckoutRequestReader.read(json)));
		assertThat(withoutOurCopy(sent)).isEqualTo(inOurForm(json));
	}

	private static JsonNode withoutOurCopy(JsonNode json) {
		if (json.get("metadata") instanceof ObjectNode metadata) {
			metadata.remove(List.of(CheckoutMetadata.EXTERNAL_CUSTOMER_ID, CheckoutMetadata.BUYER));
			if (metadata.isEmpty()) {
				((ObjectNode) json).remove("metadata");
			}
		}
		return json;
	}

	/**
	 * What is not set is left out, where the example says {@code null}.
	 */
	private static JsonNode inOurForm(JsonNode json) {
		return JsonMapper.shared()
			.readTree(json.toString().replace(",\"max_seats\":null", "").replace("\"max_seats\":null,", ""));
	}

	@Test
	void sessionWithEverythingIsReadWhole() {
		Set<String> untyped = new TreeSet<>();
		for (int variant = 0; variant < 8; variant++) {
			ObjectNode json = sample("Checkout", variant);
			untyped.addAll(ReadWhole.untypedOf(this.polar.read(json.toString()), json));
		}
		assertThat(untyped).isEqualTo(LEFT_OUT_OF_SESSION);
	}

	private ObjectNode sample(String schema, int variant) {
		ObjectNode json = new SampleJson(this.document, variant).of(schema);
		ObjectNode discount = (ObjectNode) json.get("discount");
		discount.put("type", discount.has("basis_points") ? "percentage" : "fixed");
		return json;
	}

	@Test
	void sessionOfTheBuyerIsReadWhole() {
		for (int variant = 0; variant < 4; variant++) {
			ObjectNode json = sample("CheckoutPublic", variant);
			this.polar.answer(json.toString());
			CheckoutSession session = this.polar.template().getByClientSecret("polar_c_x");
			assertThat(ReadWhole.untypedOf(session, json)).isSubsetOf(LEFT_OUT_OF_SESSION);
			assertThat(session.organization()).isNotNull();
			assertThat(session.metadata()).isEmpty();
		}
	}

	@Test
	void listWithEverythingIsReadWhole() {
		ObjectNode json = new SampleJson(this.document, 0).of("ListResource_Checkout_");
		this.polar.answer(json.toString());
		var page = this.polar.template().list(CheckoutQuery.all());
		assertThat(page.totalCount()).isEqualTo(json.at("/pagination/total_count").asLong());
		assertThat(page.maxPage()).isEqualTo(json.at("/pagination/max_page").asInt());
		assertThat(json.propertyNames()).containsExactlyInAnyOrder("items", "pagination");
		assertThat(json.get("pagination").propertyNames()).containsExactlyInAnyOrder("total_count", "max_page");
		assertThat(ReadWhole.untypedOf(page.items().get(0), json.at("/items/0"))).isSubsetOf(LEFT_OUT_OF_SESSION);
	}

	@ParameterizedTest
	@MethodSource("enums")
	void everyValueOfAnEnumIsKnown(String schema, Class<? extends Enum<?>> type) {
		assertThat(ReadWhole.valuesOf(type)).isEqualTo(ReadWhole.valuesOf(this.document.definition(schema)));
	}

	static Stream<Arguments> enums() {
		return Stream.of(Arguments.of("CheckoutStatus", CheckoutStatus.class),
				Arguments.of("TaxBehaviorOption", TaxBehavior.class),
				Arguments.of("TrialInterval", TrialInterval.class),
				Arguments.of("RecurringInterval", RecurringInterval.class),
				Arguments.of("ProductVisibility", CheckoutProduct.Visibility.class),
				Arguments.of("BenefitType", ProductBenefit.Type.class),
				Arguments.of("ProductPriceSource", ProductPrice.Source.class),
				Arguments.of("MeterUnit", ProductPrice.MeterUnit.class), Arguments.of("SeatTierType", TierType.class),
				Arguments.of("DiscountDuration", CheckoutDiscount.Duration.class),
				Arguments.of("BillingAddressFieldMode", BillingAddressFields.Mode.class),
				Arguments.of("SubscriptionProrationBehavior", CheckoutOrganization.ProrationBehavior.class));
	}

	@Test
	void everyEnumOfASessionIsAmongTheseTests() {
		Set<String> enums = new TreeSet<>();
		collectEnums("Checkout", enums, new LinkedHashSet<>());
		collectEnums("CheckoutPublic", enums, new LinkedHashSet<>());
		Set<String> tested = enums().map((arguments) -> (String) arguments.get()[0])
			.collect(Collectors.toCollection(TreeSet::new));
		// TaxBehavior is a part of TaxBehaviorOption, the others are strings in Java
		enums.removeAll(Set.of("TaxBehavior", "PaymentProcessor", "DiscountType"));
		assertThat(tested).isEqualTo(enums);
	}

	private void collectEnums(String schema, Set<String> enums, Set<String> seen) {
		if (!seen.add(schema)) {
			return;
		}
		JsonNode definition = this.document.definition(schema);
		if (definition.has("enum")) {
			enums.add(schema);
		}
		definition.findValuesAsString("$ref")
			.forEach((reference) -> collectEnums(reference.substring(reference.lastIndexOf('/') + 1), enums, seen));
	}

	@Test
	void everyFieldOfARequestCanBeSet() {
		JsonNode sent = JsonMapper.shared().readTree(this.polar.sent(everything()));
		assertThat(this.document.violations("CheckoutCreate", sent.toString())).isEmpty();
		assertThat(names(sent)).isEqualTo(new TreeSet<>(this.document.properties("CheckoutProductsCreate")));
		assertThat(names(sent.get("customer_billing_address")))
			.isEqualTo(new TreeSet<>(this.document.properties("AddressInput")));
		List<JsonNode> prices = new ArrayList<>();
		sent.get("prices").forEach((list) -> list.forEach(prices::add));
		Map<String, String> schemas = Map.of("fixed", "ProductPriceFixedCreate", "custom", "ProductPriceCustomCreate",
				"seat_based", "ProductPriceSeatBasedCreate", "metered_unit", "ProductPriceMeteredUnitCreate",
				"unit_based", "ProductPriceUnitBasedCreate");
		assertThat(prices).extracting((price) -> price.get("amount_type").asString())
			.containsExactlyInAnyOrderElementsOf(schemas.keySet());
		for (JsonNode price : prices) {
			assertThat(names(price))
				.isEqualTo(new TreeSet<>(this.document.properties(schemas.get(price.get("amount_type").asString()))));
		}
		JsonNode tiers = prices.stream()
			.filter((price) -> price.has("seat_tiers"))
			.findFirst()
			.orElseThrow()
			.get("seat_tiers");
		assertThat(names(tiers)).isEqualTo(new TreeSet<>(this.document.properties("ProductPriceSeatTiers-Input")));
		assertThat(names(tiers.at("/tiers/0")))
			.isEqualTo(new TreeSet<>(this.document.properties("ProductPriceSeatTier")));
	}

	private static CheckoutRequest everything() {
		UUID seats = UUID.randomUUID();
		UUID custom = UUID.randomUUID();
		UUID units = UUID.randomUUID();
		return CheckoutRequest.forProducts(seats, ID, custom, units)
			.price(ID, AdHocPrice.fixed(1000, "usd").taxBehavior(TaxBehavior.INCLUSIVE),
					AdHocPrice.metered(ID, new BigDecimal("0.0025"), "usd").cap(100).taxBehavior(TaxBehavior.INCLUSIVE))
			.price(seats,
					AdHocPrice.seatBased("usd", SeatTier.of(1, 10, 100)).graduated().taxBehavior(TaxBehavior.EXCLUSIVE))
			.price(custom,
					AdHocPrice.custom("usd").minimum(100).maximum(300).preset(200).taxBehavior(TaxBehavior.LOCATION))
			.price(units,
					AdHocPrice.unitBased("usd", UnitTier.upTo(10, 5), UnitTier.beyond(4))
						.minimum(2)
						.label(Map.of("en", Map.of("one", "credit", "other", "credits")))
						.taxBehavior(TaxBehavior.LOCATION))
			.currency("usd")
			.discountId(ID)
			.allowDiscountCodes(false)
			.requireBillingAddress(true)
			.amount(100)
			.seats(2)
			.minSeats(1)
			.maxSeats(3)
			.allowTrial(true)
			.trial(3, TrialInterval.WEEK)
			.customerId(ID)
			.externalCustomerId("user_1042")
			.businessCustomer(true)
			.customerName("Ada")
			.customerEmail("ada@example.com")
			.customerIpAddress("203.0.113.7")
			.customerBillingName("Ada Ltd")
			.customerBillingAddress(new BillingAddress("FR", "1 rue", "B", "75001", "Paris", "IDF"))
			.customerTaxId("FR61954506077")
			.metadata("cart", "c-881")
			.customerMetadata("plan", 1)
			.customField("size", "L")
			.subscriptionId(ID)
			.successUrl("https://shop.example/thanks?id={CHECKOUT_ID}")
			.returnUrl("https://shop.example/")
			.embedOrigin("https://shop.example")
			.locale(Locale.FRANCE)
			.build();
	}

	@Test
	void everyFieldOfAnUpdateCanBeSet() {
		CheckoutUpdate.Builder update = CheckoutUpdate.builder()
			.currency("eur")
			.discountId(ID)
			.allowDiscountCodes(false)
			.requireBillingAddress(true)
			.customerIpAddress("203.0.113.7")
			.metadata(Map.of("cart", "c-881"))
			.customerMetadata(Map.of("plan", 1))
			.allowTrial(false)
			.trial(3, TrialInterval.WEEK)
			.successUrl("https://shop.example/thanks")
			.returnUrl("https://shop.example/")
			.embedOrigin("https://shop.example");
		this.polar.template().update(ID, setEverything(update).build());
		requireAllSet("CheckoutUpdate");
	}

	@Test
	void everyFieldOfAnUpdateOfTheBuyerCanBeSet() {
		ClientCheckoutUpdate.Builder update = ClientCheckoutUpdate.builder()
			.discountCode("SPRING")
			.paymentMethodType("card")
			.withoutTrial();
		this.polar.template().updateByClientSecret("polar_c_x", setEverything(update).build());
		requireAllSet("CheckoutUpdatePublic");
	}

	private static <B extends AbstractCheckoutUpdateBuilder<B>> B setEverything(B update) {
		return update.productId(ID)
			.amount(100L)
			.seats(2)
			.units(3)
			.businessCustomer(true)
			.customerName("Ada")
			.customerEmail("ada@example.com")
			.customerBillingName("Ada Ltd")
			.customerBillingAddress(BillingAddress.inCountry("FR"))
			.customerTaxId("FR61954506077")
			.locale(Locale.FRANCE)
			.customField("size", "L")
			.customField("since", Instant.EPOCH);
	}

	private void requireAllSet(String schema) {
		JsonNode sent = this.polar.last().json();
		assertThat(this.document.violations(schema, sent.toString())).isEmpty();
		Set<String> documented = new TreeSet<>(this.document.properties(schema));
		assertThat(documented).containsAll(LEFT_OUT_OF_UPDATE);
		documented.removeAll(LEFT_OUT_OF_UPDATE);
		documented.add("units");
		assertThat(names(sent)).isEqualTo(documented);
	}

	@Test
	void everyFilterOfAListCanBeSet() {
		this.polar.answer("{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}");
		this.polar.template()
			.list(CheckoutQuery.builder()
				.products(ID)
				.status(CheckoutStatus.OPEN)
				.customerId(ID)
				.externalCustomerId("user_1042")
				.organizationId(ID)
				.query("ada")
				.descending(CheckoutQuery.SortProperty.CREATED_AT)
				.page(2)
				.limit(20)
				.build());
		Set<String> sent = Arrays.stream(this.polar.last().line().replaceFirst(".*\\?", "").split("&"))
			.map((parameter) -> parameter.replaceFirst("=.*", ""))
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> documented = new TreeSet<>();
		this.document.paths()
			.at("/~1v1~1checkouts~1/get/parameters")
			.forEach((parameter) -> documented.add(parameter.get("name").asString()));
		assertThat(sent).isEqualTo(documented);
		Set<String> sorting = new TreeSet<>();
		this.document.definition("CheckoutSortProperty").get("enum").forEach((value) -> sorting.add(value.asString()));
		assertThat(Arrays.stream(CheckoutQuery.SortProperty.values())
			.map((property) -> property.name().toLowerCase(Locale.ROOT))
			.flatMap((property) -> Stream.of(property, "-" + property))).containsExactlyInAnyOrderElementsOf(sorting);
	}

	@Test
	void everyOperationExists() {
		Set<String> operations = new TreeSet<>();
		this.document.paths()
			.forEachEntry((path, methods) -> methods.propertyNames()
				.stream()
				.filter((method) -> path.startsWith("/v1/checkouts/"))
				.forEach((method) -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path)));
		operations.removeAll(LEFT_OUT_OPERATIONS);
		assertThat(operations).containsExactlyInAnyOrder("POST /v1/checkouts/", "GET /v1/checkouts/",
				"GET /v1/checkouts/{id}", "PATCH /v1/checkouts/{id}", "GET /v1/checkouts/client/{client_secret}",
				"PATCH /v1/checkouts/client/{client_secret}");
	}

	@Test
	void schemaRejectsWhatItShould() {
		assertThat(this.document.violations("CheckoutCreate", "{}")).isNotEmpty();
		assertThat(this.document.violations("CheckoutCreate", "{\"products\":[\"no-id\"]}")).isNotEmpty();
		assertThat(this.document.violations("CheckoutCreate",
				"{\"products\":[\"" + ID + "\"],\"customer_ip_address\":\"1.2.3.4:80\"}"))
			.isNotEmpty();
		assertThat(this.document.violations("CheckoutCreate",
				"{\"products\":[\"" + ID + "\"],\"metadata\":{\"a\":{\"b\":1}}}"))
			.isNotEmpty();
		assertThat(this.document.violations("CheckoutCreate", "{\"products\":[\"" + ID + "\"],\"prices\":{\"" + ID
				+ "\":[{\"amount_type\":\"fixed\",\"price_currency\":\"usd\"}]}}"))
			.isNotEmpty();
	}

	private static Set<String> names(JsonNode json) {
		return new TreeSet<>(json.propertyNames());
	}

}
