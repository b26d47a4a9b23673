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
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.test.FakeControl.Route;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
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
 * Tests for the control of {@link PolarFake} over HTTP.
 */
class PolarFakeControlTests {

	private static final UUID PRO = UUID.fromString("0b6c1a52-8f3e-4d17-9b57-2f1d0c5e7a11");

	private static final Path PAGE = Path.of("../docs/how-to/run-the-fake.md");

	/**
	 * Public methods without a call, with the reason.
	 */
	private static final Map<String, String> WITHOUT_CALL = Map.ofEntries(
			Map.entry("addProduct", "add-catalog does the same"),
			Map.entry("addSubscription", "add-catalog does the same"),
			Map.entry("addDiscount", "add-catalog does the same"),
			Map.entry("nameProduct", "the names are only for assertions in Java"),
			Map.entry("start", "the process is started instead"), Map.entry("close", "the process is stopped instead"),
			Map.entry("wireMock", "the server is for stubs in Java"),
			Map.entry("accessToken", "other programs would lose access to the API"),
			Map.entry("baseUrl", "callers know it"), Map.entry("dashboardUrl", "callers know it"),
			Map.entry("controlUrl", "callers know it"), Map.entry("webhooks", "these methods have their own calls"),
			Map.entry("usage", "these methods have their own calls"),
			Map.entry("stream", "these methods have their own calls"), Map.entry("toString", "changes nothing"));

	private final PolarFake fake = PolarFake.start().addSubscription(PRO, "Pro", 2900, "usd", RecurringInterval.MONTH);

	private final WireMockServer shop = new WireMockServer(WireMockConfiguration.options().dynamicPort());

	private final HttpClient http = HttpClient.newHttpClient();

	@BeforeEach
	void startShop() {
		this.shop.start();
		this.shop.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.noContent()));
	}

	@AfterEach
	void stop() {
		this.shop.stop();
		this.fake.close();
	}

	private HttpResponse<String> call(String path, String body) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.fake.controlUrl().resolve(path));
		if (!body.isEmpty()) {
			request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
		}
		return this.http.send(request.build(), BodyHandlers.ofString());
	}

	private void post(String path, String body) throws IOException, InterruptedException {
		HttpResponse<String> response = call(path, body.replace('\'', '"'));
		assertThat(response.body()).isEmpty();
		assertThat(response.statusCode()).isEqualTo(204);
	}

	private JsonNode get(String path) throws IOException, InterruptedException {
		HttpResponse<String> response = call(path, "");
		assertThat(response.statusCode()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

	private String api(String method, String path, String body) throws IOException, InterruptedException {
		return this.http
			.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
				.header("Authorization", "Bearer " + this.fake.accessToken())
				.header("Content-Type", "application/json")
				.method(method, BodyPublishers.ofString(body))
				.build(), BodyHandlers.ofString())
			.body();
	}

	private String buy() throws IOException, InterruptedException {
		String session = api("POST", "/v1/checkouts/",
				"{\"products\":[\"%s\"],\"external_customer_id\":\"alice\"}".formatted(PRO));
		return JsonMapper.shared().readTree(session).path("id").asString();
	}

	@Test
	void everyMethodHasACall() {
		Set<String> calls = FakeControl.ROUTES.stream().map(Route::path).collect(Collectors.toSet());
		Set<String> missing = new LinkedHashSet<>();
		for (Class<?> type : List.of(PolarFake.class, PolarFakeUsage.class, PolarFakeWebhooks.class,
				PolarFakeStream.class)) {
			for (Method method : type.getDeclaredMethods()) {
				String name = method.getName();
				String prefix = (type == PolarFakeWebhooks.class) ? "webhooks/"
						: (type == PolarFakeStream.class) ? "stream/" : (type == PolarFakeUsage.class) ? "usage/" : "";
				String path = prefix + kebab(name);
				if (Modifier.isPublic(method.getModifiers()) && !calls.contains(path)
						&& !WITHOUT_CALL.containsKey(name)) {
					missing.add(type.getSimpleName() + "." + name);
				}
			}
		}
		assertThat(missing).isEmpty();
	}

	@Test
	void everyFaultHasAName() {
		assertThat(FakeControl.FAULTS.keySet()).containsExactlyInAnyOrderElementsOf(Arrays
			.stream(PolarFault.class.getDeclaredMethods())
			.filter((method) -> Modifier.isPublic(method.getModifiers()) && Modifier.isStatic(method.getModifiers()))
			.map((method) -> kebab(method.getName()))
			.toList());
	}

	private static String kebab(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	@Test
	void everyCallIsDocumented() throws Exception {
		List<String> rows = FakeControl.ROUTES.stream()
			.map((route) -> "| `%s /fake/%s` | %s| %s |".formatted(route.method(), route.path(),
					route.members()
						.stream()
						.map((member) -> member.endsWith("?") ? "(`%s`)".formatted(member.replace("?", ""))
								: "`%s`".formatted(member))
						.collect(Collectors.joining(", "))
						.replaceFirst("$", route.members().isEmpty() ? "" : " "),
					route.text()))
			.toList();
		assertThat(Files.readAllLines(PAGE))
			.filteredOn((line) -> line.startsWith("| `GET ") || line.startsWith("| `POST "))
			.containsExactlyElementsOf(rows);
		assertThat(Files.readString(PAGE)).contains(FakeControl.FAULTS.keySet());
	}

	@Test
	void listsItsCalls() throws Exception {
		JsonNode calls = get("").path("calls");
		assertThat(calls).hasSameSizeAs(FakeControl.ROUTES);
		assertThat(calls.toString())
			.contains("{\"method\":\"POST\",\"path\":\"/fake/pay\",\"body\":[\"id\",\"email?\"],");
		assertThat(this.http
			.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve("/fake")).build(), BodyHandlers.ofString())
			.body()).isEqualTo(call("", "").body());
	}

	@Test
	void sellsRenewsAndEnds() throws Exception {
		post("webhooks/add-endpoint", "{'url':'%s','secret':'secret'}".formatted(this.shop.baseUrl()));
		String session = buy();
		assertThat(get("checkout-ids").get(0).asString()).isEqualTo(session);
		post("decline", "{'id':'%s'}".formatted(session));
		post("pay", "{'id':'%s','email':'alice@example.com'}".formatted(session));
		String order = get("order-ids").get(0).asString();
		String subscription = get("subscription-ids").get(0).asString();
		post("refund", "{'id':'%s','amount':100}".formatted(order));
		assertThat(api("GET", "/v1/orders/" + order, "")).contains("\"refunded_amount\":100");
		post("renew-subscription", "{'id':'%s'}".formatted(subscription));
		assertThat(get("order-ids")).hasSize(2);
		post("decline-renewals", "{'decline':true}");
		post("advance", "{'duration':'32d'}");
		assertThat(api("GET", "/v1/subscriptions/" + subscription, "")).contains("\"status\":\"past_due\"");
		post("revoke-subscription", "{'id':'%s'}".formatted(subscription));
		assertThat(get("webhooks/deliveries").findValuesAsString("type")).contains("order.paid", "order.refunded",
				"subscription.past_due", "subscription.revoked");
		post("reset", "{}");
		assertThat(get("checkout-ids")).isEmpty();
		assertThat(get("webhooks/deliveries")).isEmpty();
	}

	@Test
	void emitsAnEventAndChangesTheState() throws Exception {
		post("pay", "{'id':'%s'}".formatted(buy()));
		String subscription = get("subscription-ids").get(0).asString();
		post("emit", "{'type':'subscription.past_due','id':'%s'}".formatted(subscription));
		assertThat(api("GET", "/v1/subscriptions/" + subscription, "")).contains("\"status\":\"past_due\"");
	}

	@Test
	void grantsAndRevokesBenefits() throws Exception {
		UUID benefit = UUID.randomUUID();
		post("add-catalog",
				"{'benefits':[{'id':'%s','type':'feature_flag','description':'Export'}]}".formatted(benefit));
		post("delay-grants", "{'duration':'10s'}");
		post("pay", "{'id':'%s'}".formatted(buy()));
		String grants = "/v1/benefit-grants/?is_granted=true";
		post("grant-benefit", "{'id':'%s','customer':'alice'}".formatted(benefit));
		assertThat(api("GET", grants, "")).contains("\"description\":\"Export\"");
		post("revoke-benefit", "{'id':'%s','customer':'alice'}".formatted(benefit));
		assertThat(api("GET", grants, "")).contains("\"total_count\":0");
	}

	@Test
	void addsMetersAndCredits() throws Exception {
		UUID meter = UUID.randomUUID();
		post("usage/add-meter",
				"{'id':'%s','name':'Tokens','event':'chat','aggregation':'sum','property':'tokens'}".formatted(meter));
		post("usage/add-meter", "{'id':'%s','name':'Calls','event':'call'}".formatted(UUID.randomUUID()));
		post("usage/delay", "{'duration':'0s'}");
		post("pay", "{'id':'%s'}".formatted(buy()));
		post("usage/credit", "{'id':'%s','customer':'alice','units':100}".formatted(meter));
		api("POST", "/v1/events/ingest",
				"{\"events\":[{\"name\":\"chat\",\"external_customer_id\":\"alice\",\"metadata\":{\"tokens\":30}}]}");
		assertThat(api("GET", "/v1/customer-meters/", "")).contains("\"balance\":70.0", "\"total_count\":2");
		assertThat(get("usage/events").get(0).path("externalCustomerId").asString()).isEqualTo("alice");
	}

	@Test
	void challengesAndExpiresSessions() throws Exception {
		String challenged = buy();
		post("challenge", "{'id':'%s'}".formatted(challenged));
		assertThat(api("GET", "/v1/checkouts/" + challenged, "")).contains("\"status\":\"confirmed\"");
		post("complete-challenge", "{'id':'%s','passed':false}".formatted(challenged));
		post("decline-late", "{'id':'%s'}".formatted(challenged));
		assertThat(api("GET", "/v1/checkouts/" + challenged, "")).contains("\"status\":\"open\"");
		post("expire", "{'id':'%s'}".formatted(challenged));
		assertThat(api("GET", "/v1/checkouts/" + challenged, "")).contains("\"status\":\"expired\"");
		post("hold-next-decline", "{}");
	}

	@Test
	void cancelsAtTheEndOfThePeriod() throws Exception {
		post("pay", "{'id':'%s'}".formatted(buy()));
		String subscription = get("subscription-ids").get(0).asString();
		post("cancel-subscription", "{'id':'%s'}".formatted(subscription));
		assertThat(api("GET", "/v1/subscriptions/" + subscription, "")).contains("\"cancel_at_period_end\":true");
	}

	@Test
	void changesTheOrganizationAndTheToken() throws Exception {
		post("tax-rate", "{'country':'GB','percent':20.5}");
		post("allow-multiple-subscriptions", "{'allow':true}");
		post("prevent-trial-abuse", "{'prevent':true}");
		post("checkout-payments", "{'payments':false}");
		post("grace-period", "{'duration':'P3D'}");
		post("proration-behavior", "{'behavior':'invoice'}");
		post("allow-proration-reset", "{'allow':true}");
		post("portal-permissions", "{'plan':false,'seats':true,'pause':true}");
		UUID organization = UUID.randomUUID();
		post("organization-id", "{'id':'%s'}".formatted(organization));
		assertThat(api("GET", "/v1/checkouts/" + buy(), "")).contains(organization.toString());
		FakeSettings settings = this.fake.state().settings();
		assertThat(settings.multipleSubscriptions()).isTrue();
		assertThat(settings.preventTrialAbuse()).isTrue();
		assertThat(settings.checkoutPayments()).isFalse();
		assertThat(settings.gracePeriod()).hasDays(3);
		assertThat(settings.prorationBehavior()).isEqualTo("invoice");
		assertThat(settings.prorationReset()).isTrue();
		assertThat(settings.portal()).isEqualTo(new FakeSettings.Portal(false, true, true));
		post("restrict-scopes", "{'scopes':['orders:read']}");
		assertThat(api("GET", "/v1/checkouts/", "")).contains("insufficient_scope");
		post("api-access", "{'access':false}");
		assertThat(api("GET", "/v1/orders/", "")).contains("invalid_token");
	}

	@Test
	void injectsFaults() throws Exception {
		post("inject-fault", "{'fault':'server-error'}");
		post("inject-fault", "{'fault':'bad-gateway','calls':2,'path':'/v1/orders/'}");
		assertThat(api("GET", "/v1/checkouts/", "")).isEqualTo("Internal Server Error");
		assertThat(api("GET", "/v1/checkouts/", "")).contains("items");
		assertThat(api("GET", "/v1/orders/", "")).contains("502");
		assertThat(api("GET", "/v1/orders/", "")).contains("502");
		assertThat(api("GET", "/v1/orders/", "")).contains("items");
		post("inject-fault", "{'fault':'rate-limit','duration':'PT30S'}");
		assertThat(this.http
			.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve("/v1/orders/")).build(), BodyHandlers.ofString())
			.headers()
			.firstValue("Retry-After")).contains("30");
	}

	@Test
	void changesTheDeliveryOfEvents() throws Exception {
		post("webhooks/add-endpoint", "{'url':'%s','secret':'secret'}".formatted(this.shop.baseUrl()));
		post("webhooks/duplicate-next", "{}");
		post("webhooks/send", "{'type':'a','data':{}}");
		post("webhooks/corrupt-next", "{}");
		post("webhooks/backdate-next", "{'age':'PT10M'}");
		post("webhooks/sign-with", "{'secret':'other'}");
		post("webhooks/sign-with", "{}");
		post("webhooks/hold", "{}");
		post("webhooks/send", "{'type':'b','data':{}}");
		post("webhooks/send", "{'type':'c','data':{}}");
		assertThat(types()).containsExactly("a", "a");
		post("webhooks/release-reversed", "{}");
		assertThat(types()).containsExactly("a", "a", "c", "b");
		post("webhooks/hold", "{}");
		post("webhooks/release", "{}");
		post("webhooks/disorder", "{'seed':5}");
		assertThat(this.fake.webhooks().seed()).isEqualTo(5);
		post("webhooks/order", "{}");
		assertThat(this.fake.webhooks().seed()).isNull();
		post("webhooks/redeliver", "{'id':'%s'}".formatted(get("webhooks/deliveries").get(0).path("id").asString()));
		assertThat(types()).containsExactly("a", "a", "c", "b", "a");
	}

	private List<String> types() {
		return this.fake.webhooks().deliveries().stream().map(Delivery::type).toList();
	}

	@Test
	void shopCanCallTheFakeWhileItReceivesAnEvent() throws Exception {
		WireMockServer slowShop = this.shop;
		slowShop.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.noContent().withFixedDelay(50)));
		post("webhooks/add-endpoint", "{'url':'%s','secret':'secret'}".formatted(slowShop.baseUrl()));
		post("pay", "{'id':'%s'}".formatted(buy()));
		assertThat(types()).contains("order.paid");
	}

	@Test
	void addsACatalog() throws Exception {
		UUID id = UUID.randomUUID();
		post("add-catalog", """
				{'products':[{'id':'%s','name':'Book','prices':[{'amount_type':'free'}]}]}""".formatted(id));
		assertThat(api("GET", "/v1/products/" + id, "")).contains("\"name\":\"Book\"");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					pay                   | {}                                  | 'id' is missing. It must be a UUID in a string.
					pay                   | {"id":5}                            | 'id' must be a UUID in a string.
					pay                   | {"id":"x"}                          | 'id' must be a UUID in a string.
					pay                   | {"session":"x"}                     | 'session' is unknown. Possible members are 'id', 'email'.
					pay                   | {"id":"0b6c1a52-8f3e-4d17-9b57-2f1d0c5e7a11"} | The fake has no checkout session 0b6c1a52-8f3e-4d17-9b57-2f1d0c5e7a11.
					refund                | {"id":"0b6c1a52-8f3e-4d17-9b57-2f1d0c5e7a11","amount":"5"} | 'amount' must be an integer.
					pay                   | [1]                                 | The body must be a JSON object.
					pay                   | "id"                                | The body must be a JSON object.
					pay                   | {"id"                               | The body is not valid JSON.
					reset                 | {"all":true}                        | 'all' is unknown. This call has no members.
					advance               | {"duration":"soon"}                 | 'duration' must be a duration of at most ten years, such as "P30D", "PT1H", or "30d".
					advance               | {"duration":30}                     | 'duration' must be a string.
					advance               | {"duration":"P99999999999D"}        | 'duration' must be a duration of at most ten years, such as "P30D", "PT1H", or "30d".
					advance               | {"duration":"-1d"}                  | duration must not be negative.
					decline-renewals      | {"decline":"yes"}                   | 'decline' must be true or false.
					tax-rate              | {"country":"gb","percent":20}       | country must consist of two uppercase letters, or be a state such as US-IL.
					tax-rate              | {"country":"GB","percent":"20"}     | 'percent' must be a number.
					restrict-scopes       | {"scopes":"orders:read"}            | 'scopes' must be an array of strings.
					restrict-scopes       | {"scopes":[1]}                      | 'scopes' must be an array of strings.
					inject-fault          | {"fault":"server-error","calls":0}  | calls must be positive.
					inject-fault          | {"fault":"slow"}                    | 'duration' is missing. It must be a string.
					webhooks/add-endpoint | {"url":"localhost:3000","secret":"s"} | The URL of a webhook endpoint must start with http:// or https:// and a host: localhost:3000.
					webhooks/add-endpoint | {"url":"a b","secret":"s"}          | 'url' must be a URL such as "http://localhost:3000/webhooks".
					webhooks/add-endpoint | {"url":"http://localhost:3000","secret":" "} | The secret of a webhook endpoint must not be blank.
					webhooks/send         | {"type":"a","data":[]}              | 'data' must be a JSON object.
					webhooks/redeliver    | {"id":"x"}                          | The fake has not sent an event with ID x.
					add-catalog           | {"products":{}}                     | products must be an array.
					""")
	void wrongCallSaysWhatIsPossible(String path, String body, String error) throws Exception {
		HttpResponse<String> response = call(path, body);
		assertThat(JsonMapper.shared().readTree(response.body()).path("error").asString()).isEqualTo(error);
		assertThat(response.statusCode()).isEqualTo(400);
	}

	@Test
	void unknownFaultAndTypeNameThePossibleOnes() throws Exception {
		assertThat(call("inject-fault", "{\"fault\":\"flood\"}").body()).contains("'fault' must be one of",
				"server-error");
		assertThat(call("emit", "{\"type\":\"flood\",\"id\":\"%s\"}".formatted(PRO)).body())
			.contains("subscription.past_due");
	}

	@Test
	void unknownCallAndWrongMethodAreRejected() throws Exception {
		assertThat(call("buy", "{}").statusCode()).isEqualTo(404);
		assertThat(call("buy", "{}").body()).contains("GET /fake/ lists all calls");
		assertThat(call("pay", "").statusCode()).isEqualTo(405);
		assertThat(call("pay", "").headers().firstValue("Allow")).contains("POST");
	}

	@ParameterizedTest
	@CsvSource({ "/fake/reset,shop.example", "/fake/reset,127.0.0.1.shop.example:80",
			"/fake/reset,localhost.shop.example", "/fake/reset,10.0.0.1:80", "/dashboard,shop.example",
			"/fake/,shop.example" })
	void otherHostIsRejected(String path, String host) throws Exception {
		String method = path.endsWith("reset") ? "POST" : "GET";
		RawHttp.Response response = RawHttp.send(this.fake.baseUrl(), host, method, path, Map.of("Content-Length", "0"),
				null);
		assertThat(response.status()).isEqualTo(403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "localhost:80", "LOCALHOST:8090", "127.0.0.1:8090", "[::1]:8090" })
	void loopbackHostIsAllowed(String host) throws Exception {
		assertThat(RawHttp.send(this.fake.baseUrl(), host, "GET", "/fake/", Map.of(), null).status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://shop.example", "http://localhost:3000", "null", "http://127.0.0.1" })
	void pageOfAnotherOriginIsRejected(String origin) throws Exception {
		buy();
		for (String path : List.of("/fake/reset", "/dashboard/advance")) {
			HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
				.header("Origin", origin)
				.POST(BodyPublishers.noBody())
				.build(), BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(403);
		}
		assertThat(this.fake.checkoutIds()).hasSize(1);
	}

	@Test
	void wireMockCanOnlyBeAdministeredFromThisMachine() throws Exception {
		URI server = this.fake.baseUrl();
		assertThat(RawHttp.send(server, "GET", "/__admin/requests", Map.of(), null).status()).isEqualTo(200);
		assertThat(RawHttp.send(server, "shop.example", "GET", "/__admin/requests", Map.of(), null).status())
			.isEqualTo(401);
		assertThat(RawHttp
			.send(server, "POST", "/__admin/mappings/reset",
					Map.of("Origin", "https://shop.example", "Content-Length", "0"), null)
			.status()).isEqualTo(401);
	}

	@Test
	void ownPagesAreAllowed() throws Exception {
		URI control = this.fake.controlUrl();
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(control.resolve("reset"))
			.header("Origin", this.fake.baseUrl().toString())
			.POST(BodyPublishers.noBody())
			.build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(204);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/x-www-form-urlencoded", "application/jsonp" })
	void bodyOfAnotherTypeIsRejected(String type) throws Exception {
		byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
		RawHttp.Response response = RawHttp.send(this.fake.baseUrl(), "POST", "/fake/reset",
				Map.of("Content-Type", type, "Content-Length", "2"), body);
		assertThat(response.status()).isEqualTo(415);
	}

}
