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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Handles requests for seats. Those of invited members need no token.
 */
final class FakeSeatRequests {

	private static final String PATH = "/v1/customer-seats";

	private static final Pattern CLAIM = Pattern.compile(PATH + "/claim(?:/([^/]+))?");

	private static final Pattern SEAT = Pattern.compile(PATH + "/([^/]+)(/resend)?");

	private static final Set<String> READ = Set.of("customer_seats:read");

	private static final Set<String> WRITE = Set.of("customer_seats:write");

	private static final FakeType ID = FakeSchema.nullable(FakeSchema.uuid());

	private static final FakeType TEXT = FakeSchema.nullable(FakeSchema.text());

	private static final List<String> CUSTOMER_IDS = List.of("external_customer_id", "customer_id");

	private static final List<String> MEMBER_IDS = List.of("external_member_id", "member_id");

	private static final FakeFields ASSIGN = new FakeFields()
		.optional(List.of("subscription_id", "order_id", "customer_id", "member_id"), ID)
		.optional("email", FakeSchema.nullable(FakeSchema.email()))
		.optional(List.of("external_customer_id", "external_member_id"), TEXT)
		.optional("metadata", FakeSchema.nullable(FakeSeatRequests::metadata))
		.withDefault("immediate_claim", false, FakeSchema.bool())
		.check((Map<String, @Nullable Object> values, FakeErrors errors) -> {
			String problem = problemOf(values);
			if (problem != null) {
				errors.addValueError(problem);
			}
		});

	private static final FakeFields CLAIMED = new FakeFields().required("invitation_token", FakeSchema.text());

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeSeatRequests(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	private static @Nullable Object metadata(JsonNode value, FakeErrors errors) {
		if (!value.isObject()) {
			return errors.add("dict_type", "Input should be a valid dictionary", value);
		}
		if (value.size() > 10) {
			return errors.addValueError("Metadata cannot have more than 10 keys", value);
		}
		return (value.toString().length() > 1024) ? errors.addValueError("Metadata size cannot exceed 1KB", value)
				: JsonMapper.shared().treeToValue(value, Map.class);
	}

	private static @Nullable String problemOf(Map<String, @Nullable Object> values) {
		if ((values.get("subscription_id") != null) == (values.get("order_id") != null)) {
			return "Exactly one of subscription_id or order_id must be provided";
		}
		boolean email = values.get("email") != null;
		long customers = CUSTOMER_IDS.stream().filter((name) -> values.get(name) != null).count();
		boolean member = MEMBER_IDS.stream().anyMatch((name) -> values.get(name) != null);
		if (!email && customers == 0 && !member) {
			return "At least one of email, external_customer_id, customer_id, external_member_id, or member_id must be provided";
		}
		if (customers > 0 && member) {
			return "Cannot combine external_customer_id/customer_id with external_member_id/member_id";
		}
		if (email && values.get("member_id") != null) {
			return "Cannot combine member_id with email";
		}
		return (!member && customers + (email ? 1 : 0) > 1)
				? "Exactly one of email, external_customer_id, or customer_id must be provided" : null;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		if (path.equals(PATH + "/")) {
			return this.transformer.temporaryRedirect(request, PATH);
		}
		if (path.equals(PATH)) {
			return switch (method) {
				case "GET" -> this.transformer.authorized(request, READ, () -> list(request, null));
				case "POST" -> this.transformer.authorized(request, WRITE,
						() -> this.transformer.withJson(request, (json) -> assign(json, null)));
				default -> FakeTransformer.methodNotAllowed("POST");
			};
		}
		Matcher claim = CLAIM.matcher(path);
		if (claim.matches()) {
			String token = claim.group(1);
			if (!method.equals((token != null) ? "GET" : "POST")) {
				return FakeTransformer.methodNotAllowed((token != null) ? "GET" : "POST");
			}
			return (token != null) ? invitation(token) : this.transformer.withJson(request, this::claim);
		}
		Matcher seat = SEAT.matcher(path);
		if (!seat.matches()) {
			return null;
		}
		boolean resend = seat.group(2) != null;
		if (!method.equals(resend ? "POST" : "DELETE")) {
			return FakeTransformer.methodNotAllowed(resend ? "POST" : "DELETE");
		}
		return this.transformer.authorized(request, WRITE,
				() -> withSeat(seat.group(1), resend ? FakeSeatRequests::resend : this::revoke));
	}

	/**
	 * Handle a request of a customer, who manages the seats in the portal.
	 * @param id the ID of the seat, or {@code null} for all
	 */
	ResponseDefinitionBuilder inPortal(Request request, String method, @Nullable String id, boolean resend) {
		String action = method + ((id != null) ? (resend ? " resend" : " seat") : "");
		return switch (action) {
			case "GET" -> this.transformer.inPortal(request, (session) -> list(request, session.customer()));
			case "POST" -> this.transformer.inPortal(request,
					(session) -> this.transformer.withJson(request, (json) -> assign(json, session.customer())));
			case "POST resend" -> ofCustomer(request, String.valueOf(id), FakeSeatRequests::resend);
			case "DELETE seat" -> ofCustomer(request, String.valueOf(id), this::revoke);
			default -> FakeTransformer.methodNotAllowed((id != null) ? (resend ? "POST" : "DELETE") : "GET");
		};
	}

	private ResponseDefinitionBuilder ofCustomer(Request request, String id,
			Function<FakeSeat, ResponseDefinitionBuilder> action) {
		return this.transformer.inPortal(request,
				(session) -> withSeat(id,
						(seat) -> new Sale(seat.subscription, seat.order).customer().equals(session.customer())
								? action.apply(seat) : notFound("Seat not found")));
	}

	private ResponseDefinitionBuilder list(Request request, @Nullable FakeCustomer owner) {
		MultiValueMap<String, String> query = UriComponentsBuilder.fromUriString(request.getUrl())
			.build()
			.getQueryParams();
		FakeErrors errors = new FakeErrors("query");
		Map<String, @Nullable Object> ids = new LinkedHashMap<>();
		for (String name : List.of("subscription_id", "order_id")) {
			String id = query.getFirst(name);
			if (id != null) {
				ids.put(name,
						FakeSchema.uuid().read(JsonMapper.shared().getNodeFactory().stringNode(id), errors.at(name)));
			}
		}
		if (!errors.isEmpty()) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		if (ids.isEmpty()) {
			return FakeTransformer.error(400, "BadRequest", "Either subscription_id or order_id must be provided");
		}
		return withSale(ids, owner, (sale) -> {
			List<FakeSeat> seats = this.state.seats().of(sale.subscription(), sale.order());
			Map<String, Object> json = new LinkedHashMap<>();
			json.put("seats", seats.stream().map(FakeSeat::toJson).toList());
			json.put("available_seats", sale.available(seats));
			json.put("total_seats", sale.seats());
			return FakeTransformer.json(200, json);
		});
	}

	/**
	 * Find what was sold.
	 * @param owner the customer who can see it, or {@code null} for a merchant
	 */
	private ResponseDefinitionBuilder withSale(Map<String, @Nullable Object> values, @Nullable FakeCustomer owner,
			Function<Sale, ResponseDefinitionBuilder> action) {
		if (values.get("subscription_id") instanceof String id) {
			FakeSubscription subscription = this.state.subscription(UUID.fromString(id));
			return (subscription != null && (owner == null || owner.equals(subscription.customer)))
					? action.apply(new Sale(subscription, null)) : notFound("Subscription not found");
		}
		FakeOrder order = this.state.order(UUID.fromString(String.valueOf(values.get("order_id"))));
		return (order != null && (owner == null || owner.equals(order.customer))) ? action.apply(new Sale(null, order))
				: notFound("Order not found");
	}

	private ResponseDefinitionBuilder assign(JsonNode json, @Nullable FakeCustomer owner) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = ASSIGN.read(json, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		return withSale(values, owner, (sale) -> assign(sale, values));
	}

	/**
	 * Assign a seat. As at Polar, the error that no seat is left hides all others.
	 */
	private ResponseDefinitionBuilder assign(Sale sale, Map<String, @Nullable Object> values) {
		FakeOrder order = sale.order();
		if (order != null && !order.paid) {
			return FakeTransformer.error(400, "SeatNotAvailable", "Order must be paid before assigning seats");
		}
		List<FakeSeat> seats = this.state.seats().of(sale.subscription(), order);
		if (sale.available(seats) <= 0) {
			return FakeTransformer.error(400, "SeatNotAvailable", "No available seats for " + sale.id());
		}
		Assignee assignee = assignee(sale.customer(), values);
		if (assignee.error() != null) {
			return assignee.error();
		}
		FakeMember member = assignee.member();
		if (member != null && seats.stream().anyMatch((seat) -> seat.isOf(member))) {
			return FakeTransformer.error(400, "SeatAlreadyAssigned",
					"Seat already assigned to customer " + member.email);
		}
		boolean claimed = Boolean.TRUE.equals(values.get("immediate_claim"));
		FakeSeat seat = this.state.seats()
			.assign(sale.subscription(), order,
					(member != null) ? member : assignee.create(sale.customer(), this.state), metadata(values),
					claimed);
		Map<String, @Nullable Object> response = seat.toJson();
		if (claimed) {
			this.state.seats().grant(seat);
		}
		return FakeTransformer.json(200, response);
	}

	private static Map<String, @Nullable Object> metadata(Map<String, @Nullable Object> values) {
		Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
		if (values.get("metadata") instanceof Map<?, ?> sent) {
			sent.forEach((name, value) -> metadata.put(name.toString(), value));
		}
		return metadata;
	}

	private Assignee assignee(FakeCustomer customer, Map<String, @Nullable Object> values) {
		if (values.get("member_id") instanceof String id) {
			return Assignee.of(FakeMembers.withId(customer, UUID.fromString(id)), id);
		}
		String externalId = (String) values.get("external_member_id");
		String email = (String) values.get("email");
		FakeMember known = (externalId != null) ? FakeMembers.withExternalId(customer, externalId) : null;
		if (externalId != null && (known != null || email == null)) {
			return (known != null && email != null && !email.equalsIgnoreCase(known.email))
					? Assignee.error(400, "MemberEmailMismatch",
							"Member with external_member_id '%s' exists but has a different email than '%s'"
								.formatted(externalId, email))
					: Assignee.of(known, externalId);
		}
		if (email == null) {
			FakeCustomer named = (values.get("customer_id") instanceof String id)
					? this.state.customer(UUID.fromString(id))
					: this.state.customerWithExternalId(String.valueOf(values.get("external_customer_id")));
			email = (named != null) ? (String) named.get("email") : null;
			if (email == null) {
				return Assignee.error(400, "InvalidSeatAssignmentRequest",
						(named != null) ? "Customer has no email address" : "Customer not found");
			}
		}
		FakeMember member = FakeMembers.withEmail(customer, email);
		return new Assignee(member, email, externalId, null);
	}

	private ResponseDefinitionBuilder invitation(String token) {
		FakeSeat seat = this.state.seats().invited(token);
		if (seat == null) {
			return notFound("Invalid or expired invitation token");
		}
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("product_name", seat.product().name());
		json.put("product_id", seat.product().id());
		json.put("organization_name", "Fake organization");
		json.put("organization_slug", "fake-organization");
		json.put("customer_email", seat.member().email);
		json.put("can_claim", true);
		return FakeTransformer.json(200, json);
	}

	private ResponseDefinitionBuilder claim(JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = CLAIMED.read(json, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		FakeSeat seat = this.state.seats().invited(String.valueOf(values.get("invitation_token")));
		if (seat == null) {
			return FakeTransformer.error(400, "InvalidInvitationToken", "Invalid or expired invitation token");
		}
		this.state.seats().claim(seat);
		Map<String, @Nullable Object> response = new LinkedHashMap<>();
		response.put("seat", seat.toJson());
		response.put("customer_session_token", this.state.openPortal(seat.member(), null).get("token"));
		return FakeTransformer.json(200, response);
	}

	private ResponseDefinitionBuilder withSeat(String id, Function<FakeSeat, ResponseDefinitionBuilder> action) {
		FakeErrors errors = new FakeErrors("path", "seat_id");
		Object uuid = FakeSchema.uuid().read(JsonMapper.shared().getNodeFactory().stringNode(id), errors);
		if (uuid == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		FakeSeat seat = this.state.seats().seat(UUID.fromString(uuid.toString()));
		return (seat != null) ? action.apply(seat) : notFound("Seat not found");
	}

	/**
	 * Send the invitation again, which remains valid no longer than before.
	 */
	private static ResponseDefinitionBuilder resend(FakeSeat seat) {
		return seat.isPending() ? FakeTransformer.json(200, seat.toJson())
				: FakeTransformer.error(400, "SeatNotPending", "Seat is not in pending status");
	}

	private ResponseDefinitionBuilder revoke(FakeSeat seat) {
		return FakeTransformer.json(200, seat.isRevoked() ? seat.toJson() : this.state.seats().revoke(seat));
	}

	private static ResponseDefinitionBuilder notFound(String detail) {
		return FakeTransformer.error(404, "ResourceNotFound", detail);
	}

	/**
	 * The subscription or the order whose seats are assigned.
	 *
	 * @param subscription the subscription, or {@code null} for seats of an order
	 * @param order the order, or {@code null} for seats of a subscription
	 */
	private record Sale(@Nullable FakeSubscription subscription, @Nullable FakeOrder order) {

		UUID id() {
			return (this.subscription != null) ? this.subscription.id : Objects.requireNonNull(this.order).id;
		}

		FakeCustomer customer() {
			return (this.subscription != null) ? this.subscription.customer
					: Objects.requireNonNull(this.order).customer;
		}

		int seats() {
			Integer seats = (this.subscription != null) ? this.subscription.session.seats()
					: Objects.requireNonNull(this.order).session.seats();
			return (seats != null) ? seats : 0;
		}

		long available(List<FakeSeat> seats) {
			return seats() - seats.stream().filter((seat) -> !seat.isRevoked()).count();
		}

	}

	/**
	 * The person who gets a seat.
	 *
	 * @param member the member, or {@code null} for a new one
	 * @param email the email address
	 * @param externalId the external ID
	 * @param error why there is no such person
	 */
	private record Assignee(@Nullable FakeMember member, @Nullable String email, @Nullable String externalId,
			@Nullable ResponseDefinitionBuilder error) {

		static Assignee of(@Nullable FakeMember member, String id) {
			return (member != null) ? new Assignee(member, null, null, null)
					: error(404, "MemberNotFound", "Member not found: " + id);
		}

		static Assignee error(int status, String error, String detail) {
			return new Assignee(null, null, null, FakeTransformer.error(status, error, detail));
		}

		/**
		 * Add the new member, for whom Polar sends no event.
		 */
		FakeMember create(FakeCustomer customer, FakeState state) {
			FakeMember member = new FakeMember(customer, this.email, null, this.externalId, FakeMember.MEMBER,
					state.now());
			// Polar stores the external ID afterwards
			member.modifiedAt = (this.externalId != null) ? state.now() : null;
			customer.members().add(member);
			return member;
		}

	}

}
