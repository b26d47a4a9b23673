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

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for changes of the catalog of a {@link PolarFake} and of sessions, and for the
 * order in which a confirmation is checked.
 */
class PolarFakeChangeTests {

	private static final String FIXED = "\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":2000}]";

	private final PolarFake fake = PolarFake.start();

	private final HttpClient http = HttpClient.newHttpClient();

	@AfterEach
	void stop() {
		this.fake.close();
	}

	private JsonNode send(int status, String method, String path, String body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
			.method(method, BodyPublishers.ofString(body.replace('\'', '"')))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.header("Content-Type", "application/json")
			.build();
		var response = this.http.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return JsonMapper.shared().readTree(response.body().isEmpty() ? "{}" : response.body());
	}

	private String create(String kind, String body) throws Exception {
		return send(201, "POST", "/v1/" + kind + "/", body).at("/id").asString();
	}

	private String product(String fields) throws Exception {
		return create("products", "{'name':'Course'," + fields + "}");
	}

	private String monthly(String fields) throws Exception {
		return product("'recurring_interval':'month'," + fields);
	}

	private JsonNode open(String fields) throws Exception {
		return send(201, "POST", "/v1/checkouts/", "{" + fields + "}");
	}

	private JsonNode change(int status, JsonNode session, String fields) throws Exception {
		return send(status, "PATCH", "/v1/checkouts/" + session.at("/id").asString(), "{" + fields + "}");
	}

	private JsonNode confirm(int status, JsonNode session, String fields) throws Exception {
		return send(status, "POST", "/v1/checkouts/client/" + session.at("/client_secret").asString() + "/confirm",
				"{" + fields + "}");
	}

	private static List<String> problems(JsonNode error) {
		return error.path("detail")
			.valueStream()
			.map((item) -> item.at("/loc").valueStream().skip(1).map(JsonNode::asString).toList() + " "
					+ item.at("/msg").asString())
			.toList();
	}

	@Test
	void discountIsChangedAndDeleted() throws Exception {
		String course = product(FIXED);
		String id = create("discounts",
				"{'name':'Summer','type':'fixed','amounts':{'eur':400,'usd':500},'duration':'once','code':'SUMMER'}");
		String path = "/v1/discounts/" + id;
		JsonNode changed = send(200, "PATCH", path, "{'amount':600,'currency':'usd','code':null,'max_redemptions':3}");
		assertThat(changed.at("/amounts").toString()).isEqualTo("{\"usd\":600}");
		assertThat(changed.at("/currency").asString()).isEqualTo("usd");
		assertThat(changed.at("/code").isNull()).isTrue();
		assertThat(changed.at("/modified_at").isNull()).isFalse();
		assertThat(send(200, "PATCH", path, "{'products':['" + course + "']}").at("/products/0/id").asString())
			.isEqualTo(course);
		send(204, "DELETE", path, "");
		send(404, "GET", path, "");
		send(404, "DELETE", path, "");
		send(404, "PATCH", path, "{}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'duration':'forever'}     | [duration] Duration cannot be changed.
			{'type':'fixed'}           | [type] Type cannot be changed.
			{'code':'taken'}           | [code] Discount with this code already exists.
			{'code':'A-B'}             | [code] Value error, Code must contain only alphanumeric characters.
			{'basis_points':0}         | [basis_points] Input should be greater than or equal to 1
			{'amount':1,'amounts':{}}  | [amounts] Dictionary should have at least 1 item after validation, not 0
			""")
	void changeOfADiscountIsExplained(String body, String problem) throws Exception {
		create("discounts", "{'name':'A','type':'percentage','basis_points':1,'duration':'once','code':'TAKEN'}");
		String id = create("discounts", "{'name':'B','type':'percentage','basis_points':1,'duration':'once'}");
		assertThat(problems(send(422, "PATCH", "/v1/discounts/" + id, body))).containsExactly(problem);
	}

	@Test
	void redeemedDiscountKeepsItsValue() throws Exception {
		String discount = create("discounts",
				"{'name':'All','type':'percentage','basis_points':10000,'duration':'once','max_redemptions_per_customer':1}");
		String fields = "'products':['" + product(FIXED) + "'],'discount_id':'" + discount + "'";
		confirm(200, open(fields),
				"'customer_email':'ada+shop@example.com','customer_billing_address':{'country':'FR'}");
		assertThat(problems(send(422, "PATCH", "/v1/discounts/" + discount, "{'basis_points':5}"))).containsExactly(
				"[basis_points] This field cannot be changed because the discount has already been redeemed.");
		send(200, "PATCH", "/v1/discounts/" + discount, "{'basis_points':10000,'name':'Everything'}");
		JsonNode second = open(fields);
		change(200, second, "'customer_email':'Ada@example.com'");
		assertThat(
				send(403, "PATCH", "/v1/checkouts/client/" + second.at("/client_secret").asString(), "{}").at("/error")
					.asString())
			.isEqualTo("DiscountRedemptionLimitReached");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			sorting=code                | Alpha,Beta,gamma
			sorting=-name               | gamma,Beta,Alpha
			query=b5                    | Beta
			query=ALPH&limit=1          | Alpha
			page=2&limit=2              | Alpha
			""")
	void discountsAreFiltered(String query, String names) throws Exception {
		for (String[] discount : new String[][] { { "Alpha", "A95" }, { "Beta", "B50" }, { "gamma", "C10" } }) {
			create("discounts", "{'name':'%s','code':'%s','type':'percentage','basis_points':1,'duration':'once'}"
				.formatted((Object[]) discount));
		}
		assertThat(String.join(",",
				send(200, "GET", "/v1/discounts/?" + query, "").at("/items")
					.valueStream()
					.map((item) -> item.at("/name").asString())
					.toList()))
			.isEqualTo(names);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			'aggregation':{'func':'median'} | [aggregation] Input tag 'median' found using 'func' does not match
			'aggregation':{'func':'sum'}    | [aggregation, sum, property] Field required
			'filter':{'conjunction':'xor','clauses':[]} | [filter, conjunction] Input should be 'and' or 'or'
			'unit':'custom'                 | [] Value error, custom_label is required when unit is 'custom'.
			'custom_multiplier':0           | [custom_multiplier] Input should be greater than 0
			""")
	void meterIsExplained(String fields, String problem) throws Exception {
		String body = "{'name':'Calls','filter':{'conjunction':'and','clauses':[]},'aggregation':{'func':'count'},"
				+ fields + "}";
		assertThat(problems(send(422, "POST", "/v1/meters/", body))).singleElement().asString().startsWith(problem);
	}

	@Test
	void usedMeterCannotBeArchived() throws Exception {
		String meter = create("meters", "{'name':'Calls','filter':{'conjunction':'or','clauses':[{'property':"
				+ "'metadata.kind','operator':'eq','value':'a'}]},'aggregation':{'func':'sum','property':'metadata.n'}}");
		JsonNode known = send(200, "GET", "/v1/meters/" + meter, "");
		assertThat(known.at("/filter/clauses/0/property").asString()).isEqualTo("kind");
		assertThat(known.at("/aggregation/property").asString()).isEqualTo("n");
		String plan = monthly(
				"'prices':[{'amount_type':'metered_unit','meter_id':'" + meter + "','unit_amount':'0.5'}]");
		assertThat(problems(send(422, "PATCH", "/v1/meters/" + meter, "{'is_archived':true}")))
			.containsExactly("[is_archived] Cannot archive meter that is still attached to active products");
		send(200, "PATCH", "/v1/products/" + plan, "{'is_archived':true}");
		send(200, "PATCH", "/v1/meters/" + meter, "{'is_archived':true}");
		assertThat(send(200, "GET", "/v1/meters/?is_archived=true", "").at("/pagination/total_count").asInt()).isOne();
		assertThat(send(200, "GET", "/v1/meters/?is_archived=false", "").at("/pagination/total_count").asInt())
			.isZero();
		send(405, "DELETE", "/v1/meters/" + meter, "");
	}

	@Test
	void benefitIsChangedAndDeleted() throws Exception {
		String benefit = create("benefits", "{'type':'custom','description':'Thanks','properties':{'note':'Hi'}}");
		String course = product(FIXED);
		send(200, "POST", "/v1/products/" + course + "/benefits", "{'benefits':['" + benefit + "']}");
		String path = "/v1/benefits/" + benefit;
		assertThat(send(200, "PATCH", path, "{'type':'custom','description':'Thank you'}").at("/properties/note")
			.asString()).isEqualTo("Hi");
		assertThat(problems(send(422, "PATCH", path, "{'type':'feature_flag'}")))
			.containsExactly("[type] Benefit type cannot be changed.");
		assertThat(problems(send(422, "PATCH", path, "{}"))).hasSize(8)
			.contains("[BenefitCustomUpdate, type] Field required");
		assertThat(send(200, "GET", "/v1/benefits/?type=custom", "").at("/items/0/id").asString()).isEqualTo(benefit);
		send(422, "GET", "/v1/benefits/?type=gold", "");
		send(204, "DELETE", path, "");
		send(404, "GET", path, "");
		assertThat(send(200, "GET", "/v1/products/" + course, "").at("/benefits")).isEmpty();
	}

	@Test
	void benefitNeedsAKnownMeter() throws Exception {
		JsonNode error = send(422, "POST", "/v1/benefits/", "{'type':'meter_credit','description':'Credits',"
				+ "'properties':{'units':1,'rollover':false,'meter_id':'" + UUID.randomUUID() + "'}}");
		assertThat(error.at("/error").asString()).isEqualTo("BenefitPropertiesValidationError");
		assertThat(problems(error)).containsExactly("[properties, meter_id] This meter does not exist.");
	}

	@Test
	void customFieldIsChangedAndDeleted() throws Exception {
		String note = create("custom-fields", "{'type':'text','slug':'note','name':'Note','properties':{}}");
		create("custom-fields", "{'type':'text','slug':'size','name':'Size','properties':{}}");
		String course = product(
				FIXED + ",'attached_custom_fields':[{'custom_field_id':'" + note + "','required':false}]");
		String path = "/v1/custom-fields/" + note;
		assertThat(problems(send(422, "PATCH", path, "{'type':'number'}")))
			.containsExactly("[type] The type of a custom field can't be changed.");
		assertThat(problems(send(422, "PATCH", path, "{'type':'text','slug':'size'}")))
			.containsExactly("[slug] Custom field with this slug already exists.");
		assertThat(problems(
				send(422, "POST", "/v1/custom-fields/", "{'type':'date','slug':'note','name':'Note','properties':{}}")))
			.containsExactly("[slug] Custom field with this slug already exists.");
		send(200, "PATCH", path, "{'type':'text','properties':{'max_length':3}}");
		JsonNode error = send(422, "POST", "/v1/checkouts/",
				"{'products':['" + course + "'],'custom_field_data':{'note':'long'}}");
		assertThat(problems(error))
			.containsExactly("[custom_field_data, note] String should have at most 3 characters");
		assertThat(send(200, "GET", "/v1/custom-fields/", "").at("/items/0/slug").asString()).isEqualTo("note");
		send(204, "DELETE", path, "");
		assertThat(send(200, "GET", "/v1/products/" + course, "").at("/attached_custom_fields")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "products", "discounts", "benefits", "meters", "custom-fields" })
	void organizationOfTheTokenIsNotSent(String kind) throws Exception {
		String body = switch (kind) {
			case "products" -> "'name':'Course'," + FIXED;
			case "discounts" -> "'name':'A','type':'percentage','basis_points':1,'duration':'once'";
			case "benefits" -> "'type':'custom','description':'Thanks','properties':{}";
			case "meters" ->
				"'name':'Calls','filter':{'conjunction':'and','clauses':[]},'aggregation':{'func':'count'}";
			default -> "'type':'text','slug':'a','name':'A','properties':{}";
		};
		assertThat(
				send(422, "POST", "/v1/" + kind + "/", "{" + body + ",'organization_id':'" + UUID.randomUUID() + "'}")
					.at("/detail/0/type")
					.asString())
			.isEqualTo("organization_token");
	}

	@Test
	void oldShapeSellsExactlyOnePrice() throws Exception {
		JsonNode product = send(201, "POST", "/v1/products/", "{'name':'Course','prices':["
				+ "{'amount_type':'fixed','price_amount':2000},{'amount_type':'fixed','price_amount':1800,'price_currency':'eur'}]}");
		String euros = product.at("/prices/1/id").asString();
		JsonNode session = open("'product_price_id':'" + euros + "'");
		assertThat(session.at("/amount").asInt()).isEqualTo(1800);
		assertThat(session.at("/currency").asString()).isEqualTo("eur");
		String path = "/v1/products/" + product.at("/id").asString();
		send(200, "PATCH", path, "{'prices':[{'amount_type':'fixed','price_amount':3000}]}");
		String body = "{'product_price_id':'" + euros + "'}";
		assertThat(problems(send(422, "POST", "/v1/checkouts/", body)))
			.containsExactly("[product_price_id] Price is archived.");
		String current = send(200, "GET", path, "").at("/prices/0/id").asString();
		send(200, "PATCH", path, "{'is_archived':true}");
		assertThat(problems(send(422, "POST", "/v1/checkouts/", "{'product_price_id':'" + current + "'}")))
			.containsExactly("[product_price_id] Product is archived.");
		assertThat(problems(send(422, "POST", "/v1/checkouts/", "{'product_price_id':'" + UUID.randomUUID() + "'}")))
			.containsExactly("[product_price_id] Price does not exist.");
	}

	@Test
	void sameProductIsChargedAgainFromTheCatalog() throws Exception {
		String course = product(FIXED);
		JsonNode session = open("'products':['" + course + "'],'prices':{'" + course
				+ "':[{'amount_type':'fixed','price_amount':900}]}");
		assertThat(session.at("/amount").asInt()).isEqualTo(900);
		assertThat(change(200, session, "'product_id':'" + course + "'").at("/amount").asInt()).isEqualTo(2000);
		String adHoc = session.at("/product_price_id").asString();
		assertThat(
				change(200, session, "'product_id':'" + course + "','product_price_id':'" + adHoc + "'").at("/amount")
					.asInt())
			.isEqualTo(900);
		assertThat(problems(
				change(422, session, "'product_id':'" + course + "','product_price_id':'" + UUID.randomUUID() + "'")))
			.containsExactly("[product_price_id] Price is not available in this checkout.");
	}

	@Test
	void discountOfAnotherProductOrCurrencyIsDropped() throws Exception {
		String prices = "'prices':[{'amount_type':'fixed','price_amount':2000},"
				+ "{'amount_type':'fixed','price_amount':1800,'price_currency':'eur'}]";
		String course = product(prices);
		String other = product(prices);
		String fixed = create("discounts", "{'name':'A','type':'fixed','amounts':{'usd':100},'duration':'once'}");
		JsonNode session = open("'products':['" + course + "'],'discount_id':'" + fixed + "'");
		assertThat(change(200, session, "'currency':'eur'").at("/discount_id").isNull()).isTrue();
		String own = create("discounts",
				"{'name':'B','type':'percentage','basis_points':100,'duration':'once','products':['" + course + "']}");
		session = open("'products':['" + course + "','" + other + "'],'discount_id':'" + own + "'");
		assertThat(change(200, session, "'product_id':'" + other + "'").at("/discount_id").isNull()).isTrue();
	}

	@Test
	void privateBuyerHasNoTaxId() throws Exception {
		JsonNode session = open("'products':['" + product(FIXED) + "'],'is_business_customer':true,"
				+ "'customer_billing_name':'Ada Ltd','customer_billing_address':{'country':'FR'},"
				+ "'customer_tax_id':'FR61954506077'");
		JsonNode changed = change(200, session, "'is_business_customer':false");
		assertThat(changed.at("/customer_tax_id").isNull()).isTrue();
		assertThat(changed.at("/customer_billing_name").isNull()).isTrue();
	}

	@Test
	void freeSeatsNeedNoCard() throws Exception {
		String team = monthly("'prices':[{'amount_type':'seat_based','seat_tiers':{'tiers':["
				+ "{'min_seats':1,'price_per_seat':0}]}}]");
		JsonNode session = open("'products':['" + team + "'],'seats':3");
		assertThat(session.at("/is_free_product_price").asBoolean()).isTrue();
		assertThat(session.at("/is_payment_form_required").asBoolean()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			'type':'percentage','basis_points':10000 | false
			'type':'fixed','amounts':{'usd':2000}    | true
			""")
	void onlyAPercentageMakesASubscriptionFreeForever(String value, boolean form) throws Exception {
		String discount = create("discounts", "{'name':'All','duration':'forever'," + value + "}");
		JsonNode session = open("'products':['" + monthly(FIXED) + "'],'discount_id':'" + discount + "'");
		assertThat(session.at("/is_payment_form_required").asBoolean()).isEqualTo(form);
	}

	@Test
	void confirmationReportsAllThatIsMissing() throws Exception {
		String course = product(FIXED);
		JsonNode session = open("'products':['" + course + "'],'is_business_customer':true");
		send(200, "PATCH", "/v1/products/" + course, "{'prices':[{'amount_type':'fixed','price_amount':3000}]}");
		assertThat(problems(confirm(422, session, ""))).containsExactlyInAnyOrder(
				"[product_price_id] Price is archived.", "[customer_email] Field is required.",
				"[customer_billing_name] Field is required.", "[customer_billing_address] Field is required.",
				"[customer_billing_address] Full billing address is required.",
				"[customer_billing_address, country] Field is required.",
				"[customer_billing_address, line1] Field is required.",
				"[customer_billing_address, city] Field is required.",
				"[customer_billing_address, postal_code] Field is required.",
				"[confirmation_token_id] Confirmation token is required.");
	}

	@Test
	void deletedCustomerIsReportedAfterMissingFields() throws Exception {
		String customer = create("customers", "{'email':'ada@example.com'}");
		JsonNode session = open("'products':['" + product(FIXED) + "'],'customer_id':'" + customer
				+ "','customer_billing_address':{'country':'FR'}");
		send(204, "DELETE", "/v1/customers/" + customer, "");
		assertThat(problems(confirm(422, session, "")))
			.containsExactly("[confirmation_token_id] Confirmation token is required.");
		assertThat(confirm(409, session, "'confirmation_token_id':'ctoken_1'").at("/error").asString())
			.isEqualTo("CheckoutCustomerDeleted");
	}

}
