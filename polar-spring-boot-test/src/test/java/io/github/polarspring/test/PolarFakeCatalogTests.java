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
import java.net.http.HttpResponse.BodyHandlers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the catalogs of {@link PolarFake}.
 */
class PolarFakeCatalogTests {

	private static final String ID = "7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90";

	private static final String OTHER = "0b6c1a52-8f3e-4d17-9b57-2f1d0c5e7a11";

	private static final String PRICES = "'prices':[{'amount_type':'fixed','price_amount':1900,'price_currency':'usd'}]";

	private final PolarFake fake = PolarFake.start();

	@AfterEach
	void stop() {
		this.fake.close();
	}

	private JsonNode get(String path) throws Exception {
		return JsonMapper.shared()
			.readTree(HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
					.header("Authorization", "Bearer " + this.fake.accessToken())
					.build(), BodyHandlers.ofString())
				.body());
	}

	@Test
	void addsEverythingWithItsId() throws Exception {
		String meter = "5f0f8b0e-8f7d-4d0e-9a3c-0c7f3f6a2b01";
		String field = "5f0f8b0e-8f7d-4d0e-9a3c-0c7f3f6a2b02";
		String benefit = "5f0f8b0e-8f7d-4d0e-9a3c-0c7f3f6a2b03";
		this.fake.addCatalog(
				"""
						{
						  'discounts': [
						    {'id':'%1$s','name':'Spring','code':'SPRING','type':'percentage','basis_points':2500,'duration':'once',
						     'products':['%2$s']}
						  ],
						  'products': [
						    {'id':'%2$s','name':'Pro','recurring_interval':'month','benefits':['%5$s','Chat'],
						     'attached_custom_fields':[{'custom_field_id':'%4$s','required':true}],
						     'prices':[{'amount_type':'metered_unit','price_currency':'usd','unit_amount':'2','meter_id':'%3$s'}]}
						  ],
						  'benefits': [
						    {'id':'%5$s','type':'custom','description':'Support'},
						    {'type':'custom','description':'Chat'}
						  ],
						  'meters': [
						    {'id':'%3$s','name':'Calls','filter':{'conjunction':'and','clauses':[]},'aggregation':{'func':'count'}}
						  ],
						  'custom_fields': [{'id':'%4$s','type':'text','slug':'team','name':'Team'}]
						}"""
					.formatted(OTHER, ID, meter, field, benefit)
					.replace('\'', '"'));
		JsonNode product = get("/v1/products/" + ID);
		assertThat(product.path("name").asString()).isEqualTo("Pro");
		assertThat(product.path("benefits").findValuesAsString("description")).contains("Support", "Chat");
		assertThat(product.at("/attached_custom_fields/0/custom_field/slug").asString()).isEqualTo("team");
		assertThat(product.at("/prices/0/meter/name").asString()).isEqualTo("Calls");
		assertThat(get("/v1/discounts/" + OTHER).at("/products/0/id").asString()).isEqualTo(ID);
		assertThat(get("/v1/benefits/" + benefit).path("description").asString()).isEqualTo("Support");
	}

	@Test
	void brokenCatalogSaysWhereInOneLine() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.fake.addCatalog("{\"products\":[\n  {\"a\":1]}"))
			.withMessageMatching(
					"The catalog is not valid JSON at line 2, column \\d+: Unexpected close marker ']': expected '}'");
	}

	@Test
	void emptyCatalogAddsNothing() throws Exception {
		this.fake.addCatalog("{}").addCatalog("{\"products\":[]}");
		assertThat(get("/v1/products/").path("items")).isEmpty();
	}

	@Test
	void laterCatalogCanReferToAnEarlierOne() throws Exception {
		this.fake.addCatalog("{\"benefits\":[{\"type\":\"custom\",\"description\":\"Support\"}]}");
		this.fake.addCatalog("{'products':[{'id':'%s','name':'Pro',%s,'benefits':['Support']}]}".formatted(ID, PRICES)
			.replace('\'', '"'));
		assertThat(get("/v1/products/" + ID).at("/benefits/0/description").asString()).isEqualTo("Support");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					[]                                                   | The catalog must be a JSON object with the arrays [custom_fields, meters, benefits, products, discounts]
					``                                                   | The catalog must be a JSON object with the arrays [custom_fields, meters, benefits, products, discounts]
					{'product':[]}                                       | 'product' is not part of a catalog. Possible are [custom_fields, meters, benefits, products, discounts]
					{'products':{}}                                      | products must be an array
					{'products':null}                                    | products must be an array
					{'products':['Pro']}                                 | products[0] must be an object
					{'products':[{'id':5,'name':'Pro'}]}                 | products[0].id must be a version 4 UUID, because Polar rejects others
					{'products':[{'id':'7d1c2b7e-3a58-1a0b-8a6f-3c6d5c1f2b90'}]} | products[0].id must be a version 4 UUID, because Polar rejects others
					{'products':[{'name':'Pro'}]}                        | products[0].prices: Field required
					{'products':[{'name':'x',PRICES}]}                   | products[0].name: Value should have at least 3 items after validation, not 1
					{'products':[{'name':'Pro',PRICES},{'name':'Max'}]}  | products[1].prices: Field required
					{'products':[{'name':'Pro',PRICES,'benefits':'a'}]}  | products[0].benefits must be an array with IDs or descriptions of benefits
					{'products':[{'name':'Pro',PRICES,'benefits':['a']}]} | products[0].benefits[0]: there is no benefit 'a'. The benefits are []
					{'benefits':[{'type':'gold','description':'Gold'}]}  | benefits[0]: Input tag 'gold' found using 'type' does not match
					{'meters':[{'name':'Calls'}]}                        | meters[0].filter: Field required; meters[0].aggregation: Field required
					{'discounts':[{'name':'a','type':'fixed'}]}          | discounts[0].duration: Field required
					{'custom_fields':[{'type':'text'}]}                  | custom_fields[0].slug: Field required
					{'products':[ITEM,ITEM]}                             | products[1].id: 7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90 is used twice
					{'products':[],'products':[]}                        | The catalog is not valid JSON at line 1, column
					{'products':[                                        | The catalog is not valid JSON at line 1, column
					""")
	void invalidCatalogSaysWhereAndWhy(String catalog, String message) {
		String json = catalog.replace("ITEM", "{'id':'%s','name':'Pro',PRICES}".formatted(ID))
			.replace("PRICES", PRICES)
			.replace('\'', '"');
		assertThatIllegalArgumentException().isThrownBy(() -> this.fake.addCatalog(json))
			.withMessageStartingWith(message);
	}

}
