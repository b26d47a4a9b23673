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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * Parameters of a {@link PolarEventListener} method.
 */
final class ListenerParameters {

	private static final Set<Class<?>> ALL = Set.of(Object.class, JsonNode.class);

	private static final Set<Class<?>> WITHOUT_RESOURCE = Set.of(PolarEvent.class, PolarEventMetadata.class,
			Buyer.class, Object.class);

	/**
	 * What belongs to an order or a subscription, which tells who bought.
	 */
	private static final Set<String> PARTS = Set.of("refund", "customer_seat", "benefit_grant");

	private final List<Parameter> parameters = new ArrayList<>();

	private final Set<Class<?>> payloads = new HashSet<>();

	private boolean current;

	private boolean buyer;

	private ListenerParameters() {
	}

	static ListenerParameters of(Method method, Class<?> type, Supplier<PolarBuyerResolver> buyers,
			Supplier<CurrentResources> resources) {
		ListenerParameters parameters = new ListenerParameters();
		for (MethodParameter parameter : new AnnotatedMethod(method).getMethodParameters()) {
			parameters.add(method, parameter,
					ResolvableType.forMethodParameter(method, parameter.getParameterIndex(), type), buyers, resources);
		}
		if (parameters.payloads.size() > 1) {
			throw PolarEventListeners.unusable(method, "has parameters for two payloads",
					"Declare a separate method for each.");
		}
		return parameters;
	}

	private void add(Method method, MethodParameter parameter, ResolvableType type, Supplier<PolarBuyerResolver> buyers,
			Supplier<CurrentResources> resources) {
		Class<?> raw = type.toClass();
		boolean current = MergedAnnotations.from(parameter.getParameterAnnotations()).isPresent(PolarCurrent.class);
		if (current && WITHOUT_RESOURCE.contains(raw)) {
			throw PolarEventListeners.unusable(method, "has a @PolarCurrent parameter of type " + raw.getSimpleName(),
					"Use the class of the payload, such as Order.");
		}
		if (raw == PolarEventMetadata.class) {
			this.parameters.add(new Parameter(PolarEventMetadata::of));
		}
		else if (raw == Buyer.class) {
			this.buyer = true;
			this.parameters
				.add(new Parameter((event) -> event.isTriggered() ? event.buyer() : buyers.get().resolve(event),
						ListenerParameters::isUnproven));
		}
		else {
			boolean whole = raw == PolarEvent.class;
			Class<?> payload = whole ? type.getGeneric().resolve(Object.class) : raw;
			requirePayload(method, payload);
			if (!ALL.contains(payload)) {
				this.payloads.add(payload);
			}
			this.current |= current;
			this.parameters
				.add(current
						? new Parameter((event) -> read(event, payload, method, parameter, resources.get()),
								(event) -> !event.isTriggered())
						: new Parameter((event) -> sent(event, payload, whole)));
		}
	}

	private static void requirePayload(Method method, Class<?> payload) {
		if (!ALL.contains(payload) && !PolarEventTypes.payloads().containsValue(payload)) {
			throw PolarEventListeners.unusable(method,
					"has a parameter of type " + payload.getName() + ", which is not a payload",
					"Use PolarEvent, PolarEventMetadata, Buyer, JsonNode, or one of " + PolarEventTypes.payloads()
						.values()
						.stream()
						.distinct()
						.map(Class::getSimpleName)
						.collect(Collectors.joining(", ")) + ".");
		}
	}

	private static Object sent(PolarEvent<?> event, Class<?> payload, boolean whole) {
		PolarEvent<?> read = (payload != Object.class) ? event.as(payload) : event;
		return whole ? read : read.data();
	}

	private static @Nullable Object read(PolarEvent<?> event, Class<?> payload, Method method,
			MethodParameter parameter, CurrentResources resources) {
		if (event.isTriggered()) {
			return sent(event, payload, false);
		}
		Object resource = resources.read(event, payload);
		if (resource == null && !parameter.isOptional()) {
			throw new PolarDataException(("The resource of the event %s no longer exists at Polar. If %s handles this,"
					+ " declare its parameter @Nullable")
				.formatted(event, PolarEventListeners.describe(method)));
		}
		return resource;
	}

	private static boolean isUnproven(PolarEvent<?> event) {
		try {
			return event.buyer() instanceof Buyer.Unproven && !event.isTriggered();
		}
		catch (PolarDataException ex) {
			return false;
		}
	}

	/**
	 * Check that the resources of all events that a method listens to can be read, if it
	 * has a parameter for them.
	 */
	void requireReadable(Method method, Set<String> types) {
		Set<String> unreadable = types.stream()
			.filter((type) -> !CurrentResources.canBeRead(type))
			.collect(Collectors.toCollection(TreeSet::new));
		if (this.current && (types.isEmpty() || !unreadable.isEmpty())) {
			throw PolarEventListeners.unusable(method,
					"has a @PolarCurrent parameter, but listens to "
							+ (types.isEmpty() ? "all types of events" : String.join(", ", unreadable)),
					"Remove @PolarCurrent, or name types in the annotation whose resource Polar returns by its id.");
		}
	}

	/**
	 * Return the scopes that the access token needs to determine the arguments for events
	 * of the given types.
	 */
	Stream<String> scopes(Set<String> types) {
		Stream<String> scopes = this.current ? types.stream().map(CurrentResources::scope) : Stream.empty();
		boolean parts = this.buyer
				&& (types.isEmpty() || types.stream().map(PolarEvent::kind).anyMatch(PARTS::contains));
		return parts ? Stream.concat(scopes, Stream.of("orders:read", "subscriptions:read")) : scopes;
	}

	/**
	 * Return the classes of the payload, empty if all are accepted.
	 */
	Set<Class<?>> payloads() {
		return this.payloads;
	}

	/**
	 * Return whether the arguments for an event are read from Polar.
	 */
	boolean read(PolarEvent<?> event) {
		return this.parameters.stream().anyMatch((parameter) -> parameter.reads().test(event));
	}

	@Nullable Object[] arguments(PolarEvent<?> event) {
		return this.parameters.stream().map((parameter) -> parameter.value().apply(event)).toArray();
	}

	/**
	 * Parameter of a listener.
	 *
	 * @param value determines the argument
	 * @param reads whether this makes a call to Polar
	 */
	private record Parameter(Function<PolarEvent<?>, @Nullable Object> value, Predicate<PolarEvent<?>> reads) {

		Parameter(Function<PolarEvent<?>, @Nullable Object> value) {
			this(value, (event) -> false);
		}

	}

}
