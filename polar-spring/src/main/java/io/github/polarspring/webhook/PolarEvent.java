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

package io.github.polarspring.webhook;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.webhook.PolarWebhookException.Reason;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;
import org.springframework.util.Assert;

/**
 * Event at Polar. Immutable. Jackson can write it as JSON and read it again, for example
 * to store it in an event publication registry. This JSON contains the body, and
 * therefore personal data.
 *
 * @param <T> type of the payload: a class of {@code io.github.polarspring.model},
 * {@link io.github.polarspring.model.CheckoutSession}, or {@link JsonNode} for types
 * without a class
 * @since 0.1.0
 */
@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.NONE,
		isGetterVisibility = Visibility.NONE)
@JsonPropertyOrder({ "id", "body", "outOfOrder" })
@JsonInclude(Include.ALWAYS)
public final class PolarEvent<T> implements ResolvableTypeProvider {

	/**
	 * Objects within a payload that belong to the organization of the event.
	 */
	private static final List<String> WITH_ORGANIZATION = List.of("customer", "product", "subscription", "order",
			"checkout", "benefit", "discount", "member");

	/**
	 * Maximum difference between the time that a resource contains and that of its event.
	 */
	private static final Duration TIME_BETWEEN_CHANGE_AND_EVENT = Duration.ofMinutes(1);

	/**
	 * Beginning of the ids of triggered events. It is part of the id so that every inbox
	 * retains it.
	 */
	static final String TRIGGERED = "triggered-";

	/**
	 * Beginning of the ids of rebuilt events.
	 */
	static final String REBUILT = "rebuilt-";

	private final String id;

	private final String type;

	private final JsonNode envelope;

	private final Class<?> payloadType;

	private final byte[] body;

	private final boolean outOfOrder;

	private volatile @Nullable T data;

	private PolarEvent(String id, String type, JsonNode envelope, byte[] body, Class<?> payloadType,
			boolean outOfOrder) {
		this.id = id;
		this.type = type;
		this.envelope = envelope;
		this.body = body;
		this.outOfOrder = outOfOrder;
		this.payloadType = payloadType;
	}

	/**
	 * Read an event whose signature was verified by {@link PolarWebhookVerifier}. Unknown
	 * types are supported.
	 * @param id value of the {@code webhook-id} header
	 * @param body the body
	 * @return the event
	 * @throws PolarWebhookException if the body is not an event
	 */
	public static PolarEvent<?> read(String id, byte[] body) {
		Assert.hasText(id, "id must not be blank");
		JsonNode envelope;
		try {
			envelope = PolarJson.MAPPER.readTree(body);
		}
		catch (JacksonException ex) {
			throw new PolarWebhookException(Reason.BODY, "The body of the webhook is not JSON");
		}
		if (envelope == null || !envelope.path("type").isString() || !envelope.path("data").isObject()) {
			throw new PolarWebhookException(Reason.BODY,
					isChatMessage(envelope) ? "The body of the webhook is a message for Discord or Slack"
							: "The body of the webhook is not an event: it must contain a type and an object as data");
		}
		String type = envelope.path("type").asString();
		return new PolarEvent<>(id, type, envelope, body.clone(),
				PolarEventTypes.payloads().getOrDefault(type, JsonNode.class), false);
	}

	/**
	 * Create an event that is {@linkplain #isRebuilt() rebuilt}. Intended for the
	 * catch-up of missed events.
	 * @param key identifies the change that the event is about
	 * @param body the body, as Polar would have sent it
	 * @return the event
	 * @throws PolarWebhookException if the body is not an event
	 */
	public static PolarEvent<?> rebuilt(String key, byte[] body) {
		return read(REBUILT + key, body);
	}

	@JsonCreator
	private static PolarEvent<?> read(@JsonProperty("id") String id, @JsonProperty("body") String body,
			@JsonProperty("outOfOrder") boolean outOfOrder) {
		PolarEvent<?> event = read(id, body.getBytes(StandardCharsets.UTF_8));
		return outOfOrder ? event.outOfOrder() : event;
	}

	@JsonProperty("body")
	private String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	private static boolean isChatMessage(@Nullable JsonNode envelope) {
		return envelope != null && (envelope.path("embeds").isArray() || envelope.path("blocks").isArray());
	}

	/**
	 * Return the same event, with the payload read as the given class.
	 */
	PolarEvent<?> as(Class<?> payloadType) {
		return (payloadType == this.payloadType) ? this
				: new PolarEvent<>(this.id, this.type, this.envelope, this.body, payloadType, this.outOfOrder);
	}

	/**
	 * Return this event, marked as handled after a later one of the same customer.
	 * Intended for implementations of inboxes.
	 * @return the event, {@link #isOutOfOrder() out of order}
	 */
	public PolarEvent<T> outOfOrder() {
		return new PolarEvent<>(this.id, this.type, this.envelope, this.body, this.payloadType, true);
	}

	private static @Nullable Instant instant(String text) {
		try {
			return text.isEmpty() ? null : Instant.parse(text);
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * Return the id of the event for this endpoint. It stays the same when Polar sends
	 * the event again, and differs between two endpoints.
	 * @return the value of the {@code webhook-id} header, unless the receiver
	 * {@linkplain PolarWebhookReceiver.Builder#identifyByBody identifies events by their
	 * body}
	 */
	@JsonProperty("id")
	public String id() {
		return this.id;
	}

	/**
	 * Return the type of the event.
	 * @return the type, such as {@code order.paid}
	 * @see PolarEventTypes
	 */
	public String type() {
		return this.type;
	}

	/**
	 * Return when the event happened. Events are not delivered in the order in which they
	 * happened, and neither this time nor {@code modifiedAt} of the payload orders them
	 * reliably. If in doubt, get the current resource from Polar.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public @Nullable Instant timestamp() {
		return instant(this.envelope.path("timestamp").asString(""));
	}

	/**
	 * Return whether a later event of the same customer is known to have been handled
	 * before this one, because this one was requeued from the dead letters. Its payload
	 * may be outdated. If this method returns {@code false}, the order can still differ,
	 * because of Polar's redeliveries.
	 * @return {@code true} if so
	 */
	@JsonProperty("outOfOrder")
	public boolean isOutOfOrder() {
		return this.outOfOrder;
	}

	/**
	 * Return whether a developer triggered this event for a test, with Polar's command
	 * line. What it is about does not exist, so it never proves a purchase:
	 * {@link #buyer()} is {@link Buyer.Unproven}, and a {@link PolarCurrent} parameter
	 * gets the payload.
	 * @return {@code true} if so
	 */
	public boolean isTriggered() {
		return this.id.startsWith(TRIGGERED);
	}

	/**
	 * Return whether Polar never sent this event, because the endpoint was disabled or
	 * not subscribed. The catch-up rebuilt it from the resource as it is now: the payload
	 * can be newer than the time of the event.
	 * @return {@code true} if so
	 */
	public boolean isRebuilt() {
		return this.id.startsWith(REBUILT);
	}

	/**
	 * Return whether an event of the same type about the same object is the same
	 * occurrence as this one, which is {@linkplain #isRebuilt() rebuilt}.
	 * @param timestamp the time of the other event, or {@code null} if not known
	 * @return {@code true} if listeners need not handle both
	 */
	public boolean isSameOccurrence(@Nullable Instant timestamp) {
		Instant occurred = timestamp();
		return timestamp == null || occurred == null || isSameOccurrence(timestamp, occurred);
	}

	/**
	 * Return whether an event can be about a change.
	 * @param timestamp the time of the event
	 * @param occurred the time of the change, as the resource contains it
	 * @return {@code true} if the event is not older, except for the time that Polar
	 * needs
	 */
	public static boolean isSameOccurrence(Instant timestamp, Instant occurred) {
		return !timestamp.plus(TIME_BETWEEN_CHANGE_AND_EVENT).isBefore(occurred);
	}

	/**
	 * Return the body as Polar sent it, to store the event or to pass it on.
	 * {@link #read(String, byte[])} converts it back to an event.
	 * @return a copy of the bytes
	 */
	public byte[] body() {
		return this.body.clone();
	}

	/**
	 * Return the version of the API that the payload conforms to.
	 * @return the version, such as {@code 2026-10}, or {@code null} if absent or
	 * unreadable
	 */
	public @Nullable String apiVersion() {
		JsonNode version = this.envelope.path("api_version");
		return version.isString() ? version.asString() : null;
	}

	/**
	 * Return the payload. Values with an unexpected form do not make this fail, see
	 * {@link io.github.polarspring.model.PolarResource}.
	 * @return the payload
	 */
	@SuppressWarnings("unchecked")
	public T data() {
		if (this.payloadType == JsonNode.class) {
			return (T) payload();
		}
		T data = this.data;
		if (data == null) {
			data = (T) PolarJson.MAPPER.treeToValue(payloadJson(), this.payloadType);
			this.data = data;
		}
		return data;
	}

	/**
	 * Return the payload as Polar sent it.
	 * @return a copy of the JSON object
	 */
	public JsonNode payload() {
		return payloadJson().deepCopy();
	}

	private JsonNode payloadJson() {
		return this.envelope.path("data");
	}

	/**
	 * Return the whole event as Polar sent it: type, time, version and payload, including
	 * properties that this version of the library does not know. Can contain personal
	 * data.
	 * @return a copy of the JSON object
	 */
	public JsonNode json() {
		return this.envelope.deepCopy();
	}

	/**
	 * Return who bought, to determine whom to grant access. The customer of the payload
	 * is not sufficient: Polar attributes a purchase to the customer with the e-mail
	 * address that was entered at the checkout.
	 * @return who bought, as far as the event tells. A {@link Buyer} parameter of a
	 * listener, or a {@link PolarBuyerResolver}, looks up what it does not tell.
	 * @throws PolarDataException if a value that identifies the buyer is missing or
	 * cannot be read
	 */
	public Buyer buyer() {
		return isTriggered() ? new Buyer.Unproven(null) : Buyers.of("event " + this, kind(), payloadJson());
	}

	/**
	 * Return the first part of the type.
	 */
	String kind() {
		return kind(this.type);
	}

	static String kind(String type) {
		return type.substring(0, Math.max(type.indexOf('.'), 0));
	}

	/**
	 * Return the kind of buyer as a metric tag. Never fails.
	 */
	String observedBuyer() {
		try {
			return buyer().getClass().getSimpleName().toLowerCase(Locale.ROOT);
		}
		catch (PolarDataException ex) {
			return "unreadable";
		}
	}

	/**
	 * Return a key for listeners that must not handle an occurrence twice. Unlike the id
	 * of the event, it is the same for all endpoints. For types that can occur more than
	 * once for an object, such as {@code order.updated}, the key is the same each time.
	 * @return type and id of the object
	 */
	public String businessKey() {
		JsonNode objectId = payloadJson().path("id");
		return this.type + ":" + (objectId.isString() ? objectId.asString() : this.id);
	}

	/**
	 * Return the organization that the event belongs to, as named by the payload or by an
	 * object in it, such as the customer or the product. The events {@code member.*} and
	 * {@code customer_seat.*} do not contain it.
	 * @return the id, or {@code null} if the event does not contain it
	 */
	public @Nullable UUID organizationId() {
		JsonNode data = payloadJson();
		return this.type.startsWith("organization.") ? uuid(data.path("id")) : organizationId(data);
	}

	private static @Nullable UUID organizationId(JsonNode object) {
		UUID id = uuid(object.path("organization_id"));
		id = (id != null) ? id : uuid(object.path("organization").path("id"));
		for (int i = 0; id == null && i < WITH_ORGANIZATION.size(); i++) {
			JsonNode owned = object.path(WITH_ORGANIZATION.get(i));
			id = owned.isObject() ? organizationId(owned) : null;
		}
		return id;
	}

	private static @Nullable UUID uuid(JsonNode id) {
		try {
			return id.isString() ? UUID.fromString(id.asString()) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Return the class of the payload.
	 * @return {@link JsonNode} for types without a dedicated class
	 */
	public Class<?> payloadType() {
		return this.payloadType;
	}

	@Override
	public ResolvableType getResolvableType() {
		return ResolvableType.forClassWithGenerics(PolarEvent.class, this.payloadType);
	}

	/**
	 * Return the type as a metric tag with low cardinality.
	 */
	String observedType() {
		return PolarEventTypes.payloads().containsKey(this.type) ? this.type : "unknown";
	}

	/**
	 * Return the type and the id only: everything else can be personal data.
	 */
	@Override
	public String toString() {
		return "PolarEvent[type=" + this.type + ", id=" + this.id + "]";
	}

	/**
	 * Buyer of an event.
	 */
	public sealed interface Buyer {

		/**
		 * User of the application. The id is the one that was sent with the checkout,
		 * from metadata that the buyer cannot change.
		 *
		 * @param externalId the application's own id of the user
		 */
		record Known(String externalId) implements Buyer {

			/**
			 * Return a text without the id, which can be an e-mail address.
			 */
			@Override
			public String toString() {
				return "Known";
			}

		}

		/**
		 * Buyer who is not a user of the application: the application created the
		 * checkout for someone who was not logged in.
		 */
		record Guest() implements Buyer {

		}

		/**
		 * User of the application whose purchase Polar attributes to another customer,
		 * because of the e-mail address that was entered at the checkout. Do not grant
		 * access to either of them automatically.
		 *
		 * @param externalId the id that was sent with the checkout, which identifies the
		 * buyer
		 * @param customerExternalId the external id of the customer at Polar
		 */
		record Mismatch(String externalId, String customerExternalId) implements Buyer {

			@Override
			public String toString() {
				return "Mismatch";
			}

		}

		/**
		 * The event does not tell who bought. This is so for refunds, seats, members,
		 * benefits and customers, for purchases whose checkout the application did not
		 * create, such as those of a checkout link, and for subscriptions whose metadata
		 * was replaced. The customer can be another user than the buyer, so do not grant
		 * access. A {@link PolarBuyerResolver} looks up the purchase.
		 *
		 * @param customerExternalId the external id of the customer at Polar, or
		 * {@code null} if it has none or the event does not contain it
		 */
		record Unproven(@Nullable String customerExternalId) implements Buyer {

			@Override
			public String toString() {
				return "Unproven";
			}

		}

	}

}
