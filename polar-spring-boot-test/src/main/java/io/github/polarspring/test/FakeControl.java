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

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Control of the fake over HTTP: one route for each method of {@link PolarFake},
 * {@link PolarFakeWebhooks}, and {@link PolarFakeStream} that tests call.
 */
final class FakeControl {

	private static final Log logger = LogFactory.getLog(FakeControl.class);

	static final String PATH = "/fake";

	private static final String USAGE = "usage/";

	private static final String WEBHOOKS = "webhooks/";

	private static final String STREAM = "stream/";

	/**
	 * The faults by the names of the methods that create them.
	 */
	static final Map<String, Function<FakeArguments, PolarFault>> FAULTS = new LinkedHashMap<>();

	static {
		FAULTS.put("rate-limit", (body) -> PolarFault.rateLimit(body.duration("duration")));
		FAULTS.put("server-error", (body) -> PolarFault.serverError());
		FAULTS.put("bad-gateway", (body) -> PolarFault.badGateway());
		FAULTS.put("slow", (body) -> PolarFault.slow(body.duration("duration")));
		FAULTS.put("slow-processing", (body) -> PolarFault.slowProcessing(body.duration("duration")));
		FAULTS.put("hanging", (body) -> PolarFault.hanging());
		FAULTS.put("checkout-locked", (body) -> PolarFault.checkoutLocked());
		FAULTS.put("subscription-locked", (body) -> PolarFault.subscriptionLocked());
		FAULTS.put("connection-reset", (body) -> PolarFault.connectionReset());
		FAULTS.put("malformed-response", (body) -> PolarFault.malformedResponse());
		FAULTS.put("truncated", (body) -> PolarFault.truncated());
		FAULTS.put("oversized", (body) -> PolarFault.oversized());
		FAULTS.put("unknown-enum-value", (body) -> PolarFault.unknownEnumValue());
		FAULTS.put("unknown-price-type", (body) -> PolarFault.unknownPriceType());
		FAULTS.put("unknown-field", (body) -> PolarFault.unknownField());
	}

	static final List<Route> ROUTES = List.of(get("", "Lists these calls", (fake) -> Map.of("calls", documentation())),
			get("checkout-ids", "IDs of the checkout sessions, newest first", PolarFake::checkoutIds),
			get("order-ids", "IDs of the orders, newest first", PolarFake::orderIds),
			get("refund-ids", "IDs of the refunds, newest first", PolarFake::refundIds),
			get("subscription-ids", "IDs of the subscriptions, newest first", PolarFake::subscriptionIds),
			post("reset", "Removes all sales, faults, and events, and restores the defaults. The catalog remains",
					(fake, body) -> fake.reset()),
			post("add-catalog", "Adds a catalog", (fake, body) -> fake.addCatalog(body.json().toString()),
					FakeCatalogFile.KINDS.stream().map((kind) -> kind + "?").toArray(String[]::new)),
			post("pay", "Pays an open session, as a buyer with this email address", FakeControl::pay, "id", "email?"),
			post("decline", "Declines the payment of a session", (fake, body) -> fake.decline(body.id()), "id"),
			post("challenge", "Pays a session with a card whose bank asks for a confirmation",
					(fake, body) -> fake.challenge(body.id()), "id"),
			post("complete-challenge", "Completes the confirmation, after which the session is paid or open again",
					(fake, body) -> fake.completeChallenge(body.id(), body.flag("passed")), "id", "passed"),
			post("decline-late",
					"Confirms a session with a second card, and opens it again because the first one was declined",
					(fake, body) -> fake.declineLate(body.id()), "id"),
			post("expire", "Expires an open session", (fake, body) -> fake.expire(body.id()), "id"),
			post("refund", "Refunds an order by an amount without tax, in minor units",
					(fake, body) -> fake.refund(body.id(), body.integer("amount")), "id", "amount"),
			post("delay-refunds", "Sets whether refunds are pending until they are completed",
					(fake, body) -> fake.delayRefunds(body.flag("delay")), "delay"),
			post("grant-benefit", "Grants a benefit to the customer with this external ID, as of the latest purchase",
					(fake, body) -> fake.grantBenefit(body.id(), body.text("customer")), "id", "customer"),
			post("revoke-benefit", "Revokes a benefit of the customer with this external ID",
					(fake, body) -> fake.revokeBenefit(body.id(), body.text("customer")), "id", "customer"),
			post("delay-grants", "Sets how long after a purchase its benefits are granted",
					(fake, body) -> fake.delayGrants(body.duration("duration")), "duration"),
			post("complete-refund", "Completes a pending refund, or lets the bank return one that has succeeded",
					(fake, body) -> fake.completeRefund(body.id(), body.flag("succeeded")), "id", "succeeded"),
			post("dispute", "Opens a dispute about a paid order", (fake, body) -> fake.dispute(body.id()), "id"),
			post("close-dispute", "Closes the dispute about an order",
					(fake, body) -> fake.closeDispute(body.id(), body.flag("won")), "id", "won"),
			post("renew-subscription", "Advances the clock to the end of the period of a subscription",
					(fake, body) -> fake.renewSubscription(body.id()), "id"),
			post("cancel-subscription", "Cancels a subscription at the end of its period",
					(fake, body) -> fake.cancelSubscription(body.id()), "id"),
			post("revoke-subscription", "Ends a subscription immediately",
					(fake, body) -> fake.revokeSubscription(body.id()), "id"),
			post("decline-renewals", "Sets whether cards on file are declined, and for which reason",
					FakeControl::declineRenewals, "decline", "reason?"),
			post("decline-next-charge", "Declines the next charge of a card on file, for this reason",
					(fake, body) -> fake.declineNextCharge(body.text("reason")), "reason"),
			post("advance", "Advances the clock, such as by \"P30D\" or \"25h\"",
					(fake, body) -> fake.advance(body.duration("duration")), "duration"),
			post("emit", "Makes happen what an event tells of, and sends all events that follow",
					(fake, body) -> fake.emit(body.text("type"), body.id()), "type", "id"),
			post("hold-next-decline", "Holds the next decline of a card back until a second card was accepted",
					(fake, body) -> fake.holdNextDecline()),
			post("tax-rate", "Sets the tax rate of a country, in percent",
					(fake, body) -> fake.taxRate(body.text("country"), body.number("percent")), "country", "percent"),
			post("api-access", "Sets whether the organization can use the API",
					(fake, body) -> fake.apiAccess(body.flag("access")), "access"),
			post("checkout-payments", "Sets whether the organization can take payments",
					(fake, body) -> fake.checkoutPayments(body.flag("payments")), "payments"),
			post("prevent-trial-abuse", "Sets whether a customer can use a trial only once",
					(fake, body) -> fake.preventTrialAbuse(body.flag("prevent")), "prevent"),
			post("allow-multiple-subscriptions", "Sets whether a customer can have several subscriptions",
					(fake, body) -> fake.allowMultipleSubscriptions(body.flag("allow")), "allow"),
			post("grace-period", "Sets how long customers keep the benefits of a past due subscription",
					(fake, body) -> fake.gracePeriod(body.duration("duration")), "duration"),
			post("proration-behavior", "Sets how changes of subscriptions are billed by default",
					(fake, body) -> fake.prorationBehavior(body.text("behavior")), "behavior"),
			post("allow-proration-reset", "Sets whether changes of subscriptions can start a new period",
					(fake, body) -> fake.allowProrationReset(body.flag("allow")), "allow"),
			post("portal-permissions", "Sets what customers can change in the portal", FakeControl::portalPermissions,
					"plan", "seats", "pause"),
			post("organization-id", "Sets the ID of the organization", (fake, body) -> fake.organizationId(body.id()),
					"id"),
			post("restrict-scopes", "Restricts the scopes of the access token",
					(fake, body) -> fake.restrictScopes(body.texts("scopes")), "scopes"),
			post("inject-fault",
					"Makes the next call of the API fail, or a number of calls, or calls whose path starts with this one",
					FakeControl::injectFault, "fault", "duration?", "calls?", "path?"),
			post("clear-faults", "Removes the faults that have not happened yet", (fake, body) -> fake.clearFaults()),
			get(USAGE + "events", "Usage events that were ingested", (fake) -> fake.usage().events()),
			post(USAGE + "add-meter", "Adds a meter that counts events with a name, or aggregates a property of them",
					FakeControl::addMeter, "id", "name", "event", "aggregation?", "property?"),
			post(USAGE + "credit", "Credits units of a meter to the customer with this external ID",
					(fake, body) -> fake.usage().credit(body.id(), body.text("customer"), body.integer("units")), "id",
					"customer", "units"),
			post(USAGE + "delay", "Sets how long after the last event of a customer the usage is counted",
					(fake, body) -> fake.usage().delay(body.duration("duration")), "duration"),
			get(WEBHOOKS + "deliveries", "Attempts to deliver events", (fake) -> fake.webhooks().deliveries()),
			post(WEBHOOKS + "add-endpoint", "Adds an endpoint for webhooks, for all types of events or for these",
					FakeControl::addEndpoint, "url", "secret", "types?"),
			post(WEBHOOKS + "deliver-to", "Delivers the events of an endpoint to another URL than its own",
					(fake, body) -> fake.webhooks().deliverTo(body.id(), body.url("url")), "id", "url"),
			post(WEBHOOKS + "send", "Sends an event of any type",
					(fake, body) -> fake.webhooks().send(body.text("type"), body.object("data")), "type", "data"),
			post(WEBHOOKS + "redeliver", "Sends an event again",
					(fake, body) -> fake.webhooks().redeliver(body.text("id")), "id"),
			post(WEBHOOKS + "archive", "Removes the payload of an event, as Polar does after 90 days",
					(fake, body) -> fake.webhooks().archive(body.text("id")), "id"),
			post(WEBHOOKS + "duplicate-next", "Sends the next event twice",
					(fake, body) -> fake.webhooks().duplicateNext()),
			post(WEBHOOKS + "corrupt-next", "Changes the body of the next event after it was signed",
					(fake, body) -> fake.webhooks().corruptNext()),
			post(WEBHOOKS + "backdate-next", "Signs the next event with an old timestamp",
					(fake, body) -> fake.webhooks().backdateNext(body.duration("age")), "age"),
			post(WEBHOOKS + "sign-with", "Signs all events with this secret, or with those of the endpoints again",
					(fake, body) -> fake.webhooks().signWith(body.textOrNull("secret")), "secret?"),
			post(WEBHOOKS + "hold", "Holds all events back", (fake, body) -> fake.webhooks().hold()),
			post(WEBHOOKS + "release", "Sends the events that were held back",
					(fake, body) -> fake.webhooks().release()),
			post(WEBHOOKS + "release-reversed", "Sends the events that were held back, newest first",
					(fake, body) -> fake.webhooks().releaseReversed()),
			post(WEBHOOKS + "disorder", "Delivers all future events in any order, some twice, some outdated",
					(fake, body) -> fake.webhooks().disorder(body.integer("seed")), "seed"),
			post(WEBHOOKS + "order", "Delivers all future events in order again",
					(fake, body) -> fake.webhooks().order()),
			get(STREAM + "listeners", "Number of programs that listen to the event stream",
					(fake) -> fake.stream().listeners()),
			post(STREAM + "trigger", "Sends a test event to all listeners, as Polar's command line does",
					(fake, body) -> fake.stream().trigger(body.text("type"), body.object("data")), "type", "data"),
			post(STREAM + "lifetime", "Sets how long a connection lasts",
					(fake, body) -> fake.stream().lifetime(body.duration("duration")), "duration"),
			post(STREAM + "ping-interval", "Sets the interval of the comments that keep a connection open",
					(fake, body) -> fake.stream().pingInterval(body.duration("duration")), "duration"),
			post(STREAM + "reconnect", "Tells all listeners to connect again",
					(fake, body) -> fake.stream().reconnect()),
			post(STREAM + "silence", "Sends nothing at all until the fake is reset",
					(fake, body) -> fake.stream().silence()),
			post(STREAM + "send-garbage", "Sends a message that is not valid JSON",
					(fake, body) -> fake.stream().sendGarbage()),
			post(STREAM + "send-oversized", "Sends an event of 10 MB", (fake, body) -> fake.stream().sendOversized()),
			post(STREAM + "truncate-next", "Closes all connections in the middle of the next event",
					(fake, body) -> fake.stream().truncateNext()),
			post(STREAM + "disorder", "Sends the events of each action in any order",
					(fake, body) -> fake.stream().disorder(body.integer("seed")), "seed"));

	private final PolarFake fake;

	FakeControl(PolarFake fake) {
		this.fake = fake;
	}

	private static Route get(String path, String text, Function<PolarFake, Object> action) {
		return new Route("GET", path, List.of(), text, (fake, body) -> action.apply(fake));
	}

	private static Route post(String path, String text, BiConsumer<PolarFake, FakeArguments> action,
			String... members) {
		return new Route("POST", path, List.of(members), text, (fake, body) -> {
			action.accept(fake, body);
			return null;
		});
	}

	private static void pay(PolarFake fake, FakeArguments body) {
		String email = body.textOrNull("email");
		if (email != null) {
			fake.pay(body.id(), email);
		}
		else {
			fake.pay(body.id());
		}
	}

	private static void declineRenewals(PolarFake fake, FakeArguments body) {
		boolean decline = body.flag("decline");
		String reason = body.textOrNull("reason");
		if (decline && reason != null) {
			fake.declineRenewals(reason);
		}
		else {
			fake.declineRenewals(decline);
		}
	}

	private static void portalPermissions(PolarFake fake, FakeArguments body) {
		fake.portalPermissions(body.flag("plan"), body.flag("seats"), body.flag("pause"));
	}

	private static void addMeter(PolarFake fake, FakeArguments body) {
		if (body.has("aggregation")) {
			fake.usage()
				.addMeter(body.id(), body.text("name"), body.text("event"), body.text("aggregation"),
						body.text("property"));
		}
		else {
			fake.usage().addMeter(body.id(), body.text("name"), body.text("event"));
		}
	}

	private static void addEndpoint(PolarFake fake, FakeArguments body) {
		if (body.has("types")) {
			fake.webhooks().addEndpoint(body.url("url"), body.text("secret"), Set.of(body.texts("types")));
		}
		else {
			fake.webhooks().addEndpoint(body.url("url"), body.text("secret"));
		}
	}

	private static void injectFault(PolarFake fake, FakeArguments body) {
		Function<FakeArguments, PolarFault> fault = FAULTS.get(body.text("fault"));
		if (fault == null) {
			throw new IllegalArgumentException("'fault' must be one of " + FAULTS.keySet());
		}
		String path = body.textOrNull("path");
		fake.injectFault(fault.apply(body), body.count("calls"), (path != null) ? path : "/");
	}

	private static List<Map<String, Object>> documentation() {
		return ROUTES.stream().map(Route::describe).toList();
	}

	static boolean handles(String path) {
		return path.equals(PATH) || path.startsWith(PATH + "/");
	}

	/**
	 * Handle a request without the lock of the state, because listeners of the shop can
	 * call the fake meanwhile.
	 */
	ResponseDefinitionBuilder handle(Request request, String path) {
		String problem = FakeGuard.problemOf(request);
		if (problem != null) {
			return problem(403, problem);
		}
		String name = path.equals(PATH) ? "" : path.substring(PATH.length() + 1);
		Route route = ROUTES.stream().filter((each) -> each.path().equals(name)).findFirst().orElse(null);
		if (route == null) {
			return problem(404, "The fake has no call %s. GET %s/ lists all calls.".formatted(path, PATH));
		}
		if (!route.method().equals(request.getMethod().getName())) {
			return problem(405, "This call requires %s.".formatted(route.method())).withHeader("Allow", route.method());
		}
		byte[] body = (request.getBody() != null) ? request.getBody() : new byte[0];
		if (body.length > 0 && !isJson(request)) {
			return problem(415, "Send the body as JSON, with the header Content-Type: application/json.");
		}
		return perform(route, new String(body, StandardCharsets.UTF_8));
	}

	private ResponseDefinitionBuilder perform(Route route, String body) {
		try {
			JsonNode json = JsonMapper.shared().readTree(body.isBlank() ? "{}" : body);
			Object result = route.action().apply(this.fake, new FakeArguments(json, route.members()));
			return (result != null) ? FakeTransformer.json(200, result)
					: new ResponseDefinitionBuilder().withStatus(204);
		}
		catch (JacksonException ex) {
			return problem(400, "The body is not valid JSON.");
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			return problem(400, ex.getMessage() + (String.valueOf(ex.getMessage()).endsWith(".") ? "" : "."));
		}
		catch (RuntimeException ex) {
			logger.error("The call %s of the fake failed".formatted(route.path()), ex);
			return problem(500, "The fake failed, because it has a bug. Its log contains the details.");
		}
	}

	private static boolean isJson(Request request) {
		String type = request.containsHeader("Content-Type") ? request.getHeader("Content-Type") : "";
		return type.toLowerCase(Locale.ROOT).split(";")[0].strip().equals("application/json");
	}

	private static ResponseDefinitionBuilder problem(int status, String text) {
		return FakeTransformer.json(status, Map.of("error", text));
	}

	/**
	 * A call that controls the fake.
	 *
	 * @param method the HTTP method
	 * @param path the path below {@link #PATH}
	 * @param members the names of the members of the body; those of optional ones end
	 * with a question mark
	 * @param text what the call does
	 * @param action the action, which returns the body of the response, or {@code null}
	 * for an empty response
	 */
	record Route(String method, String path, List<String> members, String text,
			BiFunction<PolarFake, FakeArguments, @Nullable Object> action) {

		private Map<String, Object> describe() {
			Map<String, Object> json = new LinkedHashMap<>();
			json.put("method", this.method);
			json.put("path", PATH + "/" + this.path);
			json.put("body", this.members);
			json.put("description", this.text);
			return json;
		}

	}

}
