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

package io.github.polarspring.test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the values that a {@link PolarFake} accepts in requests for sessions and for
 * the catalog, and for what it says about others.
 */
class PolarFakeInputTests {

	private static final UUID PRO = UUID.randomUUID();

	private static final UUID PLAN = UUID.randomUUID();

	private final PolarFake fake = PolarFake.start().addProduct(PRO, "Pro", 2900, "usd");

	private final HttpClient client = HttpClient.newHttpClient();

	@BeforeEach
	void addPlan() {
		this.fake.addCatalog("""
				{"products":[{"id":"%s","name":"Plan","recurring_interval":"month",
				"prices":[{"amount_type":"fixed","price_amount":1000}]}]}""".formatted(PLAN));
	}

	@AfterEach
	void stop() {
		this.fake.close();
	}

	private JsonNode send(int status, String method, String path, String body)
			throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.fake.baseUrl() + path))
			.method(method, BodyPublishers.ofString(body))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.header("Content-Type", "application/json")
			.build();
		var response = this.client.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return JsonMapper.shared().readTree(response.body().isEmpty() ? "null" : response.body());
	}

	private JsonNode open(int status, String fields) throws Exception {
		return send(status, "POST", "/v1/checkouts/", "{\"products\":[\"" + PRO + "\"]," + fields + "}");
	}

	private JsonNode rejected(String fields) throws Exception {
		return open(422, fields).at("/detail/0");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			"1."                 | int_parsing
			"1__0"               | int_parsing
			1.5                  | int_from_float
			1e20                 | int_parsing_size
			[]                   | int_type
			-99999999999999999999 | greater_than_equal
			""")
	void integersAreReadLikePydantic(String value, String type) throws Exception {
		assertThat(rejected("\"amount\":" + value).at("/type").asString()).isEqualTo(type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\" 1_000 \"", "\"1.0\"", "true", "99999999999999999999" })
	void otherFormsOfIntegersAreAccepted(String value) throws Exception {
		open(201, "\"amount\":" + value);
	}

	@ParameterizedTest
	@CsvSource({ "1.0, 201", "0, 201", "\"\"\"Off\"\"\", 201", "2, 422", "1.5, 422", "null, 422" })
	void booleansAreReadLikePydantic(String value, int status) throws Exception {
		open(status, "\"allow_trial\":" + value.replace("\"\"\"", "\""));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee   | invalid group length in group 4: expected 12, found 11
			aaaa-aaaa-bbbb-4ccc-8ddd-eeeeeeeeee   | invalid group count: expected 5, found 6
			aaaaaaaabbbb4ccc8ddd                  | invalid length: expected length 32 for simple format, found 20
			urn:uuid:gaaaaaaa                     | invalid character: found `g` at 10
			""")
	void uuidIsExplained(String id, String problem) throws Exception {
		assertThat(rejected("\"discount_id\":\"" + id + "\"").at("/msg").asString())
			.isEqualTo("Input should be a valid UUID, " + problem);
	}

	@ParameterizedTest
	@ValueSource(strings = { "aaaaaaaa-bbbb-4ccc-0ddd-eeeeeeeeeeee", "aaaaaaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee" })
	void uuidOfAnotherKindIsRejected(String id) throws Exception {
		assertThat(rejected("\"customer_id\":\"" + id + "\"").at("/type").asString()).isEqualTo("uuid_version");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					ada..x@example.com     | An email address cannot have two periods in a row.
					.ada@example.com       | An email address cannot start with a period.
					ada(x)@example.com     | The email address contains invalid characters before the @-sign: '(', ')'.
					ada@exa_mple.com       | The part after the @-sign contains invalid characters: '_'.
					ada@-example.com       | An email address cannot have a hyphen immediately after the @-sign.
					ada@127.0.0.1          | The part after the @-sign is not valid. It is not within a valid top-level domain.
					ada@shop.local         | The part after the @-sign is a special-use or reserved name that cannot be used with email.
					Ada <ada@example.com   | An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.
					""")
	void emailIsExplained(String email, String problem) throws Exception {
		assertThat(rejected("\"customer_email\":\"" + email + "\"").at("/msg").asString())
			.isEqualTo("value is not a valid email address: " + problem);
	}

	@ParameterizedTest
	@CsvSource({ "SALES@Example.COM, sales@example.com", "Ada Lo <Ada@Example.com>, Ada@example.com",
			"a+b/c@example.com, a+b/c@example.com" })
	void emailIsNormalized(String email, String expected) throws Exception {
		assertThat(open(201, "\"customer_email\":\"" + email + "\"").at("/customer_email").asString())
			.isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			https://shop.example:99999    | invalid port number
			https://shop example/         | invalid international domain name
			http://1.2.3.256/             | invalid IPv4 address
			http://[zz]/                  | invalid IPv6 address
			https://?x                    | empty host
			shop.example                  | relative URL without a base
			""")
	void urlIsExplained(String url, String problem) throws Exception {
		assertThat(rejected("\"return_url\":\"" + url + "\"").at("/msg").asString())
			.isEqualTo("Input should be a valid URL, " + problem);
	}

	@ParameterizedTest
	@CsvSource({ "https:shop.example, https://shop.example/", "http://127.1:80/a/../b, http://127.0.0.1/b",
			"https://a@b@shop.example, https://a%40b@shop.example/",
			"http://[::ffff:1.2.3.4]/, http://[::ffff:102:304]/" })
	void urlIsNormalized(String url, String expected) throws Exception {
		assertThat(open(201, "\"return_url\":\"" + url + "\"").at("/return_url").asString()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "true, 0.0.0.1", "4294967296, ::1:0:0", "\"\"\"::1%eth0\"\"\", ::1%eth0" })
	void ipAddressesHaveManyForms(String value, String expected) throws Exception {
		assertThat(open(201, "\"customer_ip_address\":" + value.replace("\"\"\"", "\"")).at("/customer_ip_address")
			.asString()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "::1%", "00001::", "1.2.3", "1::2::3" })
	void otherTextsAreNoIpAddresses(String value) throws Exception {
		assertThat(rejected("\"customer_ip_address\":\"" + value + "\"").at("/type").asString())
			.isEqualTo("ip_any_address");
	}

	@ParameterizedTest
	@CsvSource({ "zh-Hant-TW, 201", "sl-rozaj-biske, 201", "en-u-ca-buddhist, 201", "i-klingon, 201", "und, 422",
			"xxx, 422", "en-ABCD, 422", "en-abcde, 422", "en-, 422" })
	void localeMustBeRegistered(String locale, int status) throws Exception {
		open(status, "\"locale\":\"" + locale + "\"");
	}

	@ParameterizedTest
	@CsvSource({ "US, CA, 201", "US, US-DC, 201", "US, PR, 422", "US, ca, 422", "CA, QC, 201", "CA, NF, 422",
			"FR, Bretagne, 201" })
	void stateMustBeOneOfTheCountry(String country, String state, int status) throws Exception {
		open(status, "\"customer_billing_address\":{\"country\":\"%s\",\"state\":\"%s\"}".formatted(country, state));
	}

	@ParameterizedTest
	@CsvSource({ "DE, DE136695976, DE136695976", "DE, fr 61 954 506 077, FR61954506077", "US, 12-3456789, 123456789",
			"GB, GB980780684, 980780684", "CH, CHE-100.155.212 MWST, CHE100155212MWST" })
	void taxIdIsNormalized(String country, String id, String expected) throws Exception {
		assertThat(open(201, taxId(country, id)).at("/customer_tax_id").asString()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "DE, DE123456789", "DE, 136695976", "FR, FR12345678901", "US, 00-0000000", "MA, 123456789",
			"US, FR61954506077", "AQ, 123456789" })
	void taxIdOfAnotherCountryOrWithWrongDigitsIsRejected(String country, String id) throws Exception {
		assertThat(rejected(taxId(country, id)).at("/msg").asString()).isEqualTo("Invalid tax ID.");
	}

	private static String taxId(String country, String id) {
		return "\"customer_billing_address\":{\"country\":\"%s\"},\"customer_tax_id\":\"%s\"".formatted(country, id);
	}

	@Test
	void taxIdMustBeOneOfANewCountry() throws Exception {
		String id = open(201, taxId("FR", "FR61954506077")).at("/id").asString();
		assertThat(send(422, "PATCH", "/v1/checkouts/" + id, "{\"customer_billing_address\":{\"country\":\"US\"}}")
			.at("/detail/0/input")
			.asString()).isEqualTo("FR61954506077");
		assertThat(send(200, "PATCH", "/v1/checkouts/" + id, "{\"is_business_customer\":false}").at("/customer_tax_id")
			.isNull()).isTrue();
	}

	@Test
	void otherNameOfAFieldIsNamedInErrors() throws Exception {
		assertThat(rejected("\"customer_external_id\":5").at("/loc/2").asString()).isEqualTo("customer_external_id");
	}

	@Test
	void nulIsReportedOnlyForValidValues() throws Exception {
		assertThat(rejected("\"amount\":\"1\\u0000\"").at("/type").asString()).isEqualTo("int_parsing");
		assertThat(rejected("\"embed_origin\":\"x\\u0000\"").at("/type").asString()).isEqualTo("value_error");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					"amount_type":"fixed","price_amount":49                        | Amount must be at least $0.50 or 0 for free pricing
					"amount_type":"fixed","price_amount":69,"price_currency":"isk" | Amount must be at least ISK70 or 0 for free pricing
					"amount_type":"fixed","price_amount":1600000001,"price_currency":"idr" | Amount must be at most IDR16,000,000.00
					"amount_type":"custom","maximum_amount":10                     | Amount must be at least $0.50 or 0 for free pricing
					"amount_type":"custom","minimum_amount":-1                     | Input should be greater than or equal to 0
					"amount_type":"seat_based","seat_tiers":{"tiers":[{"min_seats":1,"price_per_seat":1},{"min_seats":2,"price_per_seat":1}]} | Value error, Only the last tier can have unlimited max_seats (None)
					"amount_type":"seat_based","seat_tiers":{"tiers":[{"min_seats":5,"max_seats":3,"price_per_seat":1}]} | Value error, minimum_seats must not exceed the last tier's max_seats, got 5 > 3
					"amount_type":"unit_based","tiers":{"type":"volume","tiers":[{"bound":5,"unit_amount":1},{"bound":5,"unit_amount":2}]} | Tier bound values must be unique, got 5 twice
					"amount_type":"unit_based","minimum_units":6,"tiers":{"type":"volume","tiers":[{"bound":5,"unit_amount":1}]} | Value error, minimum_units must not exceed the last tier's bound, got 6 > 5
					"amount_type":"metered_unit","meter_id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","unit_amount":"0.0000000000001" | Decimal input should have no more than 12 decimal places
					""")
	void priceIsExplained(String price, String problem) throws Exception {
		String body = "{\"products\":[\"%1$s\"],\"prices\":{\"%1$s\":[{%2$s}]}}".formatted(PLAN, price);
		assertThat(send(422, "POST", "/v1/checkouts/", body).at("/detail/0/msg").asString()).isEqualTo(problem);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					FIXED,"tax_behavior":"inclusive"};SEATS}            | All prices for the same currency must have the same tax behavior.
					SEATS};UNITS}                                        | A seat-based price cannot be combined with a unit-based price.
					UNITS};UNITS}                                        | Only one unit-based price is allowed.
					FIXED};FIXED,"price_currency":"eur"};SEATS}          | All price currencies must define the same set of price types.
					""")
	void pricesMustFitTogether(String prices, String problem) throws Exception {
		String list = prices.replace(';', ',')
			.replace("FIXED", "{\"amount_type\":\"fixed\",\"price_amount\":700")
			.replace("SEATS",
					"{\"amount_type\":\"seat_based\",\"seat_tiers\":{\"tiers\":[{\"min_seats\":1,\"price_per_seat\":100}]}")
			.replace("UNITS",
					"{\"amount_type\":\"unit_based\",\"tiers\":{\"type\":\"volume\",\"tiers\":[{\"unit_amount\":100}]}");
		String adHoc = "{\"products\":[\"%1$s\"],\"prices\":{\"%1$s\":[%2$s]}}".formatted(PLAN, list);
		assertThat(send(422, "POST", "/v1/checkouts/", adHoc).at("/detail").valueStream())
			.anyMatch((item) -> item.at("/msg").asString().equals(problem));
		String product = "{\"name\":\"Max\",\"recurring_interval\":\"month\",\"prices\":[%s]}".formatted(list);
		JsonNode error = send(422, "POST", "/v1/products/", product);
		assertThat(error.at("/error").asString()).isEqualTo("PolarRequestValidationError");
		assertThat(error.at("/detail").valueStream()).anyMatch((item) -> item.at("/msg").asString().equals(problem));
	}

	@Test
	void unitsAreChargedAtTheirTier() throws Exception {
		String body = """
				{"products":["%1$s"],"units":5,"prices":{"%1$s":[{"amount_type":"unit_based",
				"tiers":{"type":"volume","tiers":[{"unit_amount":100}]}}]}}""".formatted(PLAN);
		JsonNode session = send(201, "POST", "/v1/checkouts/", body);
		assertThat(session.at("/amount").asInt()).isEqualTo(500);
		this.fake.pay(UUID.fromString(session.at("/id").asString()), "ada@example.com");
		assertThat(send(200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "").at("/subtotal_amount").asInt())
			.isEqualTo(500);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			"min_seats":2,"max_seats":9,"seats":1  | seats must be greater than or equal to min_seats
			"min_seats":1                          | min_seats must be at least 2.
			"max_seats":12                         | max_seats must be at most 10.
			"min_seats":1,"max_seats":12           | min_seats must be at least 2.
			"seats":11                             | Maximum 10 seats allowed.
			"max_seats":1                          | Maximum 1 seats allowed.
			""")
	void seatsMustFitTheTiers(String fields, String problem) throws Exception {
		String body = """
				{"products":["%1$s"],%2$s,"prices":{"%1$s":[{"amount_type":"seat_based",
				"seat_tiers":{"tiers":[{"min_seats":2,"max_seats":10,"price_per_seat":100}]}}]}}""".formatted(PRO,
				fields);
		assertThat(send(422, "POST", "/v1/checkouts/", body).at("/detail/0/msg").asString()).endsWith(problem);
	}

	@Test
	void oldShapesNameTheirOwnFields() throws Exception {
		String body = "{\"product_id\":\"%s\",\"currency\":\"eur\"}".formatted(PRO);
		assertThat(send(422, "POST", "/v1/checkouts/", body).at("/detail/0/loc").toString())
			.isEqualTo("[\"body\",\"product_id\"]");
		String price = send(200, "GET", "/v1/products/" + PRO, "").at("/prices/0/id").asString();
		send(201, "POST", "/v1/checkouts/", "{\"product_price_id\":\"%s\"}".formatted(price));
		send(200, "PATCH", "/v1/products/" + PRO, "{\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":100}]}");
		JsonNode error = send(422, "POST", "/v1/checkouts/", "{\"product_price_id\":\"%s\"}".formatted(price));
		assertThat(error.at("/detail/0/msg").asString()).isEqualTo("Price is archived.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					"type":"fixed"                                          | Value error, Must specify either `amount` or `amounts`.
					"type":"fixed","amount":1,"amounts":{"usd":1}           | Value error, Cannot specify both `amount` and `amounts`.
					"type":"percentage","basis_points":10001                | Input should be less than or equal to 10000
					"type":"percentage","basis_points":1,"code":"a-b"       | Value error, Code must contain only alphanumeric characters.
					"type":"percentage","basis_points":1,"duration_in_months":1 | Value error, `duration_in_months` must be omitted when `duration` is not `repeating`.
					"type":"gift"                                           | Input tag 'gift' found using 'type' does not match any of the expected tags: <DiscountType.fixed: 'fixed'>, <DiscountType.percentage: 'percentage'>
					""")
	void discountIsExplained(String fields, String problem) throws Exception {
		assertThat(send(422, "POST", "/v1/discounts/", "{\"name\":\"Gift\",\"duration\":\"once\"," + fields + "}")
			.at("/detail/0/msg")
			.asString()).isEqualTo(problem);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					"type":"text","slug":"A b"                                | String should match pattern '^[a-z0-9-_]+$'
					"type":"number","properties":{"ge":5,"le":3}              | Value error, Greater than or equal (ge) must be less than or equal to Less than or equal (le)
					"type":"select","properties":{"options":[]}               | List should have at least 1 item after validation, not 0
					""")
	void customFieldIsExplained(String fields, String problem) throws Exception {
		String slug = fields.contains("slug") ? "" : "\"slug\":\"size\",";
		String properties = fields.contains("properties") ? "" : "\"properties\":{},";
		assertThat(send(422, "POST", "/v1/custom-fields/", "{\"name\":\"Size\"," + slug + properties + fields + "}")
			.at("/detail/0/msg")
			.asString()).isEqualTo(problem);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			"duration":"forever" | Duration cannot be changed.
			"type":"fixed"       | Type cannot be changed.
			"code":"LAUNCH"      | Discount with this code already exists.
			"products":["ID"]    | Product not found.
			"basis_points":0     | Input should be greater than or equal to 1
			""")
	void changeOfADiscountIsExplained(String fields, String problem) throws Exception {
		discount("LAUNCH");
		assertThat(send(422, "PATCH", "/v1/discounts/" + discount("GIFT"),
				"{" + fields.replace("ID", UUID.randomUUID().toString()) + "}")
			.at("/detail/0/msg")
			.asString()).isEqualTo(problem);
	}

	private String discount(String code) throws Exception {
		return send(201, "POST", "/v1/discounts/", """
				{"name":"Gift","type":"percentage","basis_points":1000,"duration":"once","code":"%s"}"""
			.formatted(code)).at("/id").asString();
	}

	@Test
	void discountIsChangedAndDeleted() throws Exception {
		String id = discount("GIFT");
		JsonNode changed = send(200, "PATCH", "/v1/discounts/" + id,
				"{\"basis_points\":5000,\"code\":\"gift\",\"products\":[\"" + PRO + "\"]}");
		assertThat(changed.at("/basis_points").asInt()).isEqualTo(5000);
		assertThat(changed.at("/products/0/id").asString()).isEqualTo(PRO.toString());
		assertThat(open(201, "\"discount_id\":\"" + id + "\"").at("/discount_amount").asInt()).isEqualTo(1450);
		send(204, "DELETE", "/v1/discounts/" + id, "");
		send(404, "PATCH", "/v1/discounts/" + id, "{}");
		assertThat(rejected("\"discount_id\":\"" + id + "\"").at("/msg").asString())
			.isEqualTo("Discount does not exist.");
	}

	@Test
	void sameProductIsPricedAgain() throws Exception {
		String body = """
				{"products":["%1$s"],"prices":{"%1$s":[{"amount_type":"fixed","price_amount":100}]}}""".formatted(PRO);
		JsonNode session = send(201, "POST", "/v1/checkouts/", body);
		assertThat(session.at("/amount").asInt()).isEqualTo(100);
		assertThat(
				send(200, "PATCH", "/v1/checkouts/" + session.at("/id").asString(), "{\"product_id\":\"" + PRO + "\"}")
					.at("/amount")
					.asInt())
			.isEqualTo(2900);
	}

	@ParameterizedTest
	@ValueSource(strings = { "products", "discounts", "benefits", "meters", "custom-fields" })
	void everyKindOfTheCatalogIsListed(String kind) throws Exception {
		JsonNode list = send(200, "GET", "/v1/" + kind + "/?limit=1", "");
		assertThat(list.at("/pagination/total_count").asInt()).isEqualTo(kind.equals("products") ? 2 : 0);
		send(422, "GET", "/v1/" + kind + "/?sorting=color", "");
		send(422, "GET", "/v1/" + kind + "/?organization_id=x", "");
	}

}
