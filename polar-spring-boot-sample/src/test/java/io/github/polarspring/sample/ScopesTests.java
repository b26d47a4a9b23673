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

package io.github.polarspring.sample;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.checkout.CheckoutQuery;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutUpdate;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.CustomerQuery;
import io.github.polarspring.customer.CustomerRequest;
import io.github.polarspring.customer.CustomerUpdate;
import io.github.polarspring.customer.PolarAccounts;
import io.github.polarspring.customer.PolarCustomerTemplate;
import io.github.polarspring.customer.PortalAccess;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.license.LicenseKeyQuery;
import io.github.polarspring.license.LicenseKeyUpdate;
import io.github.polarspring.license.LicenseKeyValidation;
import io.github.polarspring.license.PolarLicenseKeyTemplate;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.LicenseKey;
import io.github.polarspring.model.Member;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Product;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.model.Refund;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.order.BillingDetails;
import io.github.polarspring.order.PolarOrderTemplate;
import io.github.polarspring.order.RefundRequest;
import io.github.polarspring.product.PolarCatalog;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.seat.PolarSeatTemplate;
import io.github.polarspring.seat.PurchasedSeats;
import io.github.polarspring.seat.SeatAssignment;
import io.github.polarspring.subscription.PolarSubscriptionTemplate;
import io.github.polarspring.subscription.SubscriptionQuery;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.usage.PolarMeters;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.UsageEvent;
import io.github.polarspring.usage.UsageMeter;
import io.github.polarspring.webhook.PolarBuyerResolver;
import io.github.polarspring.webhook.PolarCurrent;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.catchup.CatchUpReport;
import io.github.polarspring.webhook.catchup.CatchUpRequest;
import io.github.polarspring.webhook.catchup.PolarCatchUp;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints.Needs;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Finding;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.util.CollectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the scopes that the documentation names.
 */
@ExtendWith(OutputCaptureExtension.class)
class ScopesTests {

	private static final Pattern ROW = Pattern.compile("^\\| (.+) \\| ((?:`\\w+:\\w+`(?:, )?)+) \\|$",
			Pattern.MULTILINE);

	private static final Map<String, Feature> FEATURES = new LinkedHashMap<>();

	/**
	 * Features that use a part of Polar's API that the fake does not have.
	 */
	private static final Set<String> NOT_IN_THE_FAKE = Set.of("@PolarCurrent JsonNode for organization.updated");

	/**
	 * Scopes that no other one includes.
	 */
	private static final Set<String> WITHOUT_WRITE = Set.of("orders:read", "payments:read", "customer_seats:read",
			"customer_meters:read");

	static {
		FEATURES.put("Sell: @PolarCheckout, create and update sessions", (shop) -> {
			shop.checkouts.create(shop.request());
			shop.checkouts.update(shop.open, CheckoutUpdate.builder().customerName("Ada").build());
		});
		FEATURES.put("Return page, find and list sessions", (shop) -> {
			shop.checkouts.get(shop.open);
			shop.checkouts.list(CheckoutQuery.builder().build());
		});
		FEATURES.put("onActiveSubscription of @PolarCheckout", (shop) -> {
			assertThat(shop.customers.findBillableSubscription("ada")).isPresent();
			assertThat(shop.client.get(Product.class, "/v1/products/{id}", Shop.CLOUD).isRecurring()).isTrue();
		});
		FEATURES.put("Open the customer portal: @PolarPortal, openPortal",
				(shop) -> assertThat(shop.customers.openPortal(PolarIdentity.of("ada"), null))
					.isInstanceOf(PortalAccess.Granted.class));
		FEATURES.put("Add the members of a team: ensureMember",
				(shop) -> assertThat(shop.customers.ensureMember(
						PolarIdentity.of("grace").withMemberId("joan").withEmail("joan@example.com"),
						Member.Role.MEMBER))
					.isPresent());
		FEATURES.put("… for an owner of a team who is found by their verified address",
				(shop) -> assertThat(shop.customers
					.openPortal(PolarIdentity.of("grace").withVerifiedEmail("grace@example.com"), null))
					.isInstanceOf(PortalAccess.Granted.class));
		FEATURES.put("Create a portal session without the check of the purchases: createSession",
				(shop) -> assertThat(shop.customers.createSession(shop.ada, null)).isPresent());
		FEATURES.put("Find customers, read their state", (shop) -> {
			assertThat(shop.customers.findByExternalId("ada")).isPresent();
			assertThat(shop.customers.stateByExternalId("ada")).isPresent();
			assertThat(shop.customers.list(CustomerQuery.builder().build()).items()).isNotEmpty();
		});
		FEATURES.put("Create, change, delete, and anonymize customers, ensure", (shop) -> {
			UUID linus = shop.customers.ensure(PolarIdentity.of("linus").withEmail("linus@example.com")).id();
			shop.customers.update(linus, CustomerUpdate.builder().name("Linus").build());
			shop.customers.delete(linus);
			shop.customers.anonymize(shop.ada);
		});
		FEATURES.put("Find and list subscriptions, ofCurrentUser().list()", (shop) -> {
			assertThat(shop.subscriptions.find(shop.subscription)).isPresent();
			assertThat(shop.subscriptions.list(SubscriptionQuery.all()).items()).isNotEmpty();
			assertThat(shop.subscriptions.of("ada").list()).isNotEmpty();
		});
		FEATURES.put("Change, create, and end subscriptions", (shop) -> {
			assertThat(shop.subscriptions.of("ada").cancelAtPeriodEnd(shop.subscription).cancelAtPeriodEnd()).isTrue();
			assertThat(shop.subscriptions.revoke(shop.subscription).endedAt()).isNotNull();
		});
		FEATURES.put("Close an account",
				(shop) -> new PolarAccounts(shop.client, shop.customers, List.of()).close("ada"));
		FEATURES.put("Read entitlements: @PolarEntitled, PolarEntitlements",
				(shop) -> assertThat(shop.hasHandbook("ada")).isTrue());
		FEATURES.put("Assign a subscription to a user: assignSubscription",
				(shop) -> shop.entitlements.assignSubscription(shop.subscription, "grace"));
		FEATURES.put("Assign and revoke seats", (shop) -> {
			PurchasedSeats bought = shop.seats.ofSubscription(shop.team);
			bought.revoke(bought.assign(SeatAssignment.toEmail("joan@example.com")).member().id());
		});
		FEATURES.put("… of the current user: ofCurrentUser",
				(shop) -> assertThat(shop.seats.of("grace").ofSubscription(shop.team).read().total()).isEqualTo(2));
		FEATURES.put("Products with names and prices, and their check: PolarCatalog", (shop) -> {
			PolarCatalog catalog = new PolarCatalog(shop.client, new PolarProducts(Map.of("handbook", Shop.HANDBOOK)),
					Clock.systemUTC());
			assertThat(catalog.find("handbook")).isPresent();
			assertThat(catalog.check()).isEmpty();
		});
		FEATURES.put("Find and list license keys", (shop) -> {
			assertThat(shop.keys.list(LicenseKeyQuery.all()).items()).isNotEmpty();
			assertThat(shop.keys.find(shop.key.id())).isPresent();
		});
		FEATURES.put("Validate, activate, change, and replace license keys, with polar.organization-id", (shop) -> {
			assertThat(shop.keys.validate(LicenseKeyValidation.of(shop.key.key())).isValid()).isTrue();
			shop.keys.deactivate(shop.key.key(), shop.keys.activate(shop.key.key(), "Laptop").id());
			shop.keys.update(shop.key.id(), LicenseKeyUpdate.builder().usage(0).build());
			shop.keys.rotate(shop.key.id());
		});
		FEATURES.put("License keys of a user: ofCurrentUser",
				(shop) -> assertThat(shop.keys.of("ada").list()).extracting(LicenseKey::id).contains(shop.key.id()));
		FEATURES.put("Check the webhook endpoint at Polar, listen to the sandbox",
				(shop) -> assertThat(shop.endpoints().check().endpointId()).isNotNull());
		FEATURES.put("Repair the webhook endpoint at Polar",
				(shop) -> assertThat(shop.endpoints().repair().findings()).extracting(Finding::kind)
					.doesNotContain(Kind.MISSING_TYPES, Kind.DISABLED));
		FEATURES.put("Catch up on missed events", (shop) -> {
			CatchUpReport report = PolarCatchUp
				.builder(shop.client, shop.endpoints(), PolarWebhookReceiver.builderForApi(shop.inbox).build(),
						shop.inbox)
				.pause(Duration.ZERO)
				.clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(20)))
				.build()
				.run(CatchUpRequest.sinceLastRun())
				.orElseThrow();
			assertThat(report.complete()).as(report.toString()).isTrue();
		});
		FEATURES.put("@PolarCurrent CheckoutSession in a listener", (shop) -> shop.hear("checkout.updated", shop.open));
		FEATURES.put("Read orders and their refunds, get invoices and receipts", (shop) -> {
			assertThat(shop.orders.of("ada").find(shop.order)).isPresent();
			assertThat(shop.orders.refunds(shop.order)).hasSize(1);
			assertThat(shop.orders.invoice(shop.order)).asString().contains("Invoice-");
			assertThat(shop.orders.receipt(shop.order)).asString().contains("Receipt-");
		});
		FEATURES.put("Change name and address on an invoice: changeBillingDetails",
				(shop) -> assertThat(shop.orders.changeBillingDetails(shop.order, Shop.BILLING_DETAILS))
					.extracting(Order::billingName)
					.isEqualTo("Ada"));
		FEATURES.put("Record usage: PolarUsage", (shop) -> {
			PolarUsageTemplate usage = PolarUsageTemplate.builder(shop.client)
				.shutdownTimeout(Duration.ofMillis(500))
				.build();
			usage.record(UsageEvent.builder("export").externalCustomerId("ada").build());
			usage.start(usage::check);
			usage.stop();
			if (usage.sent() == 0) {
				// the failure is only logged
				shop.client.post(JsonNode.class, "/v1/events/ingest", Map.of("events", List.of()));
			}
		});
		FEATURES.put("Read balances for quotas", (shop) -> assertThat(shop.hasCalls("ada")).isFalse());
		FEATURES.put("Say why a payment failed: payments",
				(shop) -> assertThat(shop.orders.payments(shop.order)).isNotEmpty());
		FEATURES.put("Refund an order",
				(shop) -> assertThat(shop.orders.refund(shop.order, RefundRequest.ofRemainder("all")).amount())
					.isPositive());
		FEATURES.put("@PolarCurrent Order", (shop) -> shop.hear("order.paid", shop.order));
		FEATURES.put("@PolarCurrent Subscription", (shop) -> shop.hear("subscription.updated", shop.subscription));
		FEATURES.put("@PolarCurrent Refund", (shop) -> shop.hear("refund.created", shop.refund));
		FEATURES.put("@PolarCurrent Customer, @PolarCurrent CustomerState", (shop) -> {
			shop.hear("customer.updated", shop.ada);
			shop.hear("customer.state_changed", shop.ada);
		});
		FEATURES.put("@PolarCurrent Product", (shop) -> shop.hear("product.updated", Shop.HANDBOOK));
		FEATURES.put("@PolarCurrent JsonNode for discount.*", (shop) -> shop.hear("discount.updated", shop.discount));
		FEATURES.put("@PolarCurrent JsonNode for benefit.*", (shop) -> shop.hear("benefit.updated", shop.benefit));
		FEATURES.put("@PolarCurrent JsonNode for member.*",
				(shop) -> shop.hear("member.updated", Map.of("id", shop.member, "customer_id", shop.grace)));
		FEATURES.put("Buyer in a listener to refunds, seats, or benefit grants", (shop) -> {
			assertThat(shop.buyer("refund.created", Map.of("order_id", shop.order))).isEqualTo(new Buyer.Known("ada"));
			assertThat(shop.buyer("benefit_grant.created", Map.of("subscription_id", shop.subscription)))
				.isEqualTo(new Buyer.Known("ada"));
			assertThat(shop.buyer("refund.created", Map.of("order_id", shop.orderOfLink)))
				.isInstanceOf(Buyer.Unproven.class);
		});
		FEATURES.put("Buyer in a listener to orders or subscriptions, for checkout links",
				(shop) -> assertThat(shop.buyer("order.paid", shop.eventOfLink)).isInstanceOf(Buyer.Unproven.class));
		FEATURES.put("Buyer in a listener to checkouts, for sessions that your code creates with customerId",
				(shop) -> assertThat(shop.buyer("checkout.updated", shop.eventOfCustomer))
					.isEqualTo(new Buyer.Known("ada")));
	}

	static List<Row> rows() {
		return ROW.matcher(Page.of("docs/reference/scopes.md").text())
			.results()
			.map((row) -> new Row(row.group(1).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").replace("`", ""),
					new TreeSet<>(List.of(row.group(2).replace("`", "").split(", ")))))
			.toList();
	}

	static Stream<Row> rowsOfTheFake() {
		return rows().stream().filter((row) -> !NOT_IN_THE_FAKE.contains(row.feature()));
	}

	@Test
	void everyRowIsTested() {
		assertThat(rows()).extracting(Row::feature)
			.containsExactlyInAnyOrderElementsOf(
					Stream.concat(FEATURES.keySet().stream(), NOT_IN_THE_FAKE.stream()).toList());
	}

	@ParameterizedTest
	@MethodSource("rowsOfTheFake")
	void featureNeedsExactlyItsScopes(Row row) {
		use(row.feature(), row.scopes());
		for (String scope : row.scopes()) {
			Set<String> others = new TreeSet<>(row.scopes());
			others.remove(scope);
			assertThatExceptionOfType(PolarPermissionException.class).isThrownBy(() -> use(row.feature(), others))
				.withMessageContaining("The access token lacks a scope. Add '")
				.withMessageContaining("'" + scope + "'")
				.satisfies((ex) -> assertThat(ex.getRequiredScopes()).contains(scope));
		}
	}

	@ParameterizedTest
	@MethodSource("rowsOfTheFake")
	void writeScopeIncludesReadingExceptForOrders(Row row) {
		use(row.feature(),
				row.scopes()
					.stream()
					.map((scope) -> WITHOUT_WRITE.contains(scope) ? scope : scope.replace(":read", ":write"))
					.collect(Collectors.toSet()));
		if (row.scopes().contains("orders:read")) {
			Set<String> writeOrders = new TreeSet<>(row.scopes());
			writeOrders.remove("orders:read");
			writeOrders.add("orders:write");
			assertThatExceptionOfType(PolarPermissionException.class).isThrownBy(() -> use(row.feature(), writeOrders));
		}
	}

	@Test
	void scopesOfListenersAreThoseInTheLog(CapturedOutput output) {
		try (PolarFake fake = PolarFake.start(); var listeners = new Shop(fake).listeners()) {
			assertThat(listeners.isRunning()).isTrue();
			assertThat(output).contains("The access token needs the scopes " + rows().stream()
				.filter((row) -> row.feature().startsWith("@PolarCurrent"))
				.flatMap((row) -> row.scopes().stream())
				.sorted()
				.distinct()
				.collect(Collectors.joining(", ")) + System.lineSeparator());
		}
	}

	private static void use(String feature, Set<String> scopes) {
		try (PolarFake fake = PolarFake.start()) {
			Shop shop = new Shop(fake);
			fake.restrictScopes(scopes.toArray(String[]::new));
			Objects.requireNonNull(FEATURES.get(feature)).use(shop);
		}
	}

	@FunctionalInterface
	interface Feature {

		void use(Shop shop);

	}

	record Row(String feature, Set<String> scopes) {
	}

	/**
	 * A shop that has sold.
	 */
	static final class Shop {

		static final UUID HANDBOOK = UUID.fromString("0f3f0a94-6f62-4d0e-9a4e-5b7a5f0f8c11");

		static final BillingDetails BILLING_DETAILS = new BillingDetails("Ada", "US", "1 Main Street", null, "10001",
				"New York", "US-NY");

		static final UUID CLOUD = UUID.fromString("3e1f6a58-2c94-4d7b-8f05-b6a9c8d7e412");

		static final String SECRET = "whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK";

		final PolarWebhookInbox inbox = (event) -> PolarWebhookInbox.Receipt.ACCEPTED;

		final PolarFake fake;

		final PolarEntitlements entitlements;

		final PolarClient client;

		final PolarCheckoutTemplate checkouts;

		final PolarCustomerTemplate customers;

		final PolarOrderTemplate orders;

		final PolarSeatTemplate seats;

		final UUID team;

		final PolarLicenseKeyTemplate keys;

		final LicenseKey key;

		final PolarSubscriptionTemplate subscriptions;

		final UUID order;

		final UUID subscription;

		final UUID refund;

		final UUID ada;

		final UUID grace;

		final UUID member;

		final UUID open;

		final UUID orderOfLink;

		final Map<String, Object> eventOfLink;

		final JsonNode eventOfCustomer;

		final UUID discount = UUID.randomUUID();

		final UUID benefit;

		Shop(PolarFake fake) {
			this.fake = fake;
			fake.webhooks().addEndpoint(URI.create("http://127.0.0.1:9/"), SECRET, Set.of("checkout.created"));
			fake.addProduct(HANDBOOK, "Handbook", 1900, "usd")
				.addSubscription(CLOUD, "Cloud", 900, "usd", RecurringInterval.MONTH)
				.addDiscount(this.discount, "LAUNCH", 10);
			this.client = PolarClient.builder().accessToken(fake.accessToken()).baseUrl(fake.baseUrl()).build();
			this.checkouts = PolarCheckoutTemplate.builder(this.client).build();
			this.customers = new PolarCustomerTemplate(this.client);
			this.orders = PolarOrderTemplate.builder(this.client).build();
			this.seats = new PolarSeatTemplate(this.client, CurrentPayer::unknown);
			this.subscriptions = PolarSubscriptionTemplate.builder(this.client).build();
			this.entitlements = PolarEntitlements
				.builder(this.client,
						new PolarFeatures(List.of(new io.github.polarspring.entitlement.Feature("handbook", Set.of(),
								Set.of(HANDBOOK), null, WhenUnknown.REJECT)), Map.of()))
				.build();
			fake.pay(this.checkouts.create(request()).id(), "ada@example.com");
			this.order = fake.orderIds().get(0);
			fake.pay(this.checkouts.create(CheckoutRequest.forProducts(CLOUD).externalCustomerId("ada").build()).id(),
					"ada@example.com");
			this.subscription = fake.subscriptionIds().get(0);
			this.orders.changeBillingDetails(this.order, BILLING_DETAILS);
			fake.refund(this.order, 100);
			this.refund = fake.refundIds().get(0);
			this.ada = this.customers.findByExternalId("ada").orElseThrow().id();
			JsonNode link = this.client.post(JsonNode.class, "/v1/checkouts/", Map.of("products", List.of(HANDBOOK)));
			UUID checkoutOfLink = UUID.fromString(link.get("id").asString());
			List<UUID> before = fake.orderIds();
			fake.pay(checkoutOfLink, "guest@example.com");
			this.orderOfLink = fake.orderIds().stream().filter((id) -> !before.contains(id)).findFirst().orElseThrow();
			this.eventOfLink = Map.of("checkout_id", checkoutOfLink, "metadata", Map.of());
			this.open = this.checkouts.create(CheckoutRequest.forProducts(HANDBOOK).customerId(this.ada).build()).id();
			this.eventOfCustomer = this.client.get(JsonNode.class, "/v1/checkouts/{id}", this.open);
			this.benefit = UUID.fromString(this.client
				.post(JsonNode.class, "/v1/benefits/",
						Map.of("type", "custom", "description", "Support", "properties", Map.of()))
				.get("id")
				.asString());
			this.grace = this.customers.create(CustomerRequest.individual("grace@example.com").build()).id();
			this.customers.update(this.grace, CustomerUpdate.builder().externalId("grace").team().build());
			this.member = this.client
				.list(Member.class, "/v1/members/",
						CollectionUtils.toMultiValueMap(Map.of("customer_id", List.of(this.grace.toString()))))
				.items()
				.get(0)
				.id();
			this.team = buySeats(fake);
			this.keys = new PolarLicenseKeyTemplate(this.client,
					this.client.get(Product.class, "/v1/products/{id}", HANDBOOK).organizationId(),
					CurrentPayer::unknown);
			this.key = buyKey(fake);
		}

		PolarWebhookEndpoints endpoints() {
			Set<String> types = Set.of("order.paid", "order.refunded", "subscription.updated",
					"customer.state_changed");
			return new PolarWebhookEndpoints(this.client,
					() -> new Needs(Set.of(SECRET), null, "/webhooks/polar", types, Set.of(), false, "2026-10"),
					Clock.systemUTC());
		}

		private LicenseKey buyKey(PolarFake fake) {
			JsonNode keys = this.client.post(JsonNode.class, "/v1/benefits/", Map.of("type", "license_keys",
					"description", "App", "properties",
					Map.of("prefix", "app", "activations", Map.of("limit", 2, "enable_customer_admin", false))));
			JsonNode product = this.client.post(JsonNode.class, "/v1/products/", Map.of("name", "App", "prices",
					List.of(Map.of("amount_type", "fixed", "price_amount", 1000, "price_currency", "usd"))));
			this.client.post(JsonNode.class, "/v1/products/{id}/benefits",
					Map.of("benefits", List.of(keys.get("id").asString())), product.get("id").asString());
			fake.pay(this.checkouts
				.create(CheckoutRequest.forProducts(UUID.fromString(product.get("id").asString()))
					.externalCustomerId("ada")
					.build())
				.id(), "ada@example.com");
			return this.keys.list(LicenseKeyQuery.all()).items().get(0);
		}

		private UUID buySeats(PolarFake fake) {
			JsonNode product = this.client.post(JsonNode.class, "/v1/products/",
					Map.of("name", "Team", "recurring_interval", "month", "prices",
							List.of(Map.of("amount_type", "seat_based", "price_currency", "usd", "seat_tiers",
									Map.of("tiers", List.of(Map.of("min_seats", 1, "price_per_seat", 1000)))))));
			List<UUID> before = fake.subscriptionIds();
			fake.pay(this.checkouts
				.create(CheckoutRequest.forProducts(UUID.fromString(product.get("id").asString()))
					.externalCustomerId("grace")
					.seats(2)
					.successUrl("https://shop.example/thanks")
					.build())
				.id(), "grace@example.com");
			return fake.subscriptionIds().stream().filter((id) -> !before.contains(id)).findFirst().orElseThrow();
		}

		boolean hasHandbook(String user) {
			try {
				return this.entitlements.of(user).has("handbook");
			}
			catch (PolarEntitlementsUnavailableException ex) {
				throw (ex.getCause() instanceof PolarPermissionException cause) ? cause : ex;
			}
		}

		boolean hasCalls(String user) {
			PolarUsageTemplate usage = PolarUsageTemplate.builder(this.client)
				.meters(new PolarMeters(
						List.of(new UsageMeter("calls", UUID.randomUUID(), null, null, null, WhenUnknown.REJECT))))
				.build();
			try {
				return !usage.balance("calls", user).isUsedUp();
			}
			catch (PolarEntitlementsUnavailableException ex) {
				throw (ex.getCause() instanceof PolarPermissionException cause) ? cause : ex;
			}
		}

		CheckoutRequest request() {
			return CheckoutRequest.forProducts(HANDBOOK).externalCustomerId("ada").build();
		}

		void hear(String type, UUID id) {
			hear(type, Map.of("id", id));
		}

		void hear(String type, Object data) {
			try (AnnotationConfigApplicationContext listeners = listeners()) {
				listeners.getBean(PolarEventListeners.class).handle(event(type, data));
			}
		}

		AnnotationConfigApplicationContext listeners() {
			AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
			context.registerBean(PolarClient.class, () -> this.client);
			context.registerBean(Listeners.class);
			context.registerBean(PolarEventListeners.class, () -> new PolarEventListeners(context.getBeanFactory()));
			context.refresh();
			return context;
		}

		Buyer buyer(String type, Object data) {
			return PolarBuyerResolver.using(this.client).resolve(event(type, data));
		}

		private static PolarEvent<?> event(String type, Object data) {
			return PolarEvent.read("msg_1",
					JsonMapper.shared()
						.writeValueAsString(Map.of("type", type, "data", data))
						.getBytes(StandardCharsets.UTF_8));
		}

	}

	static class Listeners {

		@PolarEventListener("checkout.updated")
		void checkout(@PolarCurrent CheckoutSession checkout) {
		}

		@PolarEventListener("order.paid")
		void order(@PolarCurrent Order order) {
		}

		@PolarEventListener("subscription.updated")
		void subscription(@PolarCurrent Subscription subscription) {
		}

		@PolarEventListener("refund.created")
		void refund(@PolarCurrent Refund refund) {
		}

		@PolarEventListener("customer.updated")
		void customer(@PolarCurrent Customer customer) {
		}

		@PolarEventListener("customer.state_changed")
		void state(@PolarCurrent CustomerState state) {
		}

		@PolarEventListener("product.updated")
		void product(@PolarCurrent Product product) {
		}

		@PolarEventListener({ "discount.updated", "benefit.updated", "member.updated", "organization.updated" })
		void other(@PolarCurrent JsonNode resource) {
		}

	}

}
