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

package io.github.polarspring.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.polarspring.PolarDataException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Base class of everything that Polar returns: an immutable, typed view of a JSON object.
 * Values are read when their accessors are called, by the same rules everywhere:
 * <ul>
 * <li>If a value is absent or {@code null}, or has an unexpected form, its accessor
 * returns {@code null}, an empty collection, or {@code false}. Elements of a list that
 * cannot be read are left out. Unexpected forms are logged, once for each type and
 * path.</li>
 * <li>Accessors of values that determine money or identity throw a
 * {@link PolarDataException} instead. They never return zero or an empty value by
 * default.</li>
 * <li>Unknown values of enums are {@code UNKNOWN}.</li>
 * </ul>
 * {@link #json()} and {@link #property(String)} return what Polar sent, including
 * properties that this version of the library does not know. Written as JSON, a resource
 * is what Polar sent.
 *
 * @since 0.1.0
 */
public abstract sealed class PolarResource permits Address, AttachedCustomField, BillingAddressFields, CheckoutDiscount,
		CustomerSeats, CustomField.Properties, CustomField.Option, IdentifiedResource, ProductMedia, ProductPrice,
		ProductPrice.SeatTiers, ProductPrice.SeatTiers.Tier, ProductPrice.UnitTiers, ProductPrice.UnitTiers.Tier,
		ProductPrice.Meter {

	private static final Log logger = LogFactory.getLog(PolarResource.class);

	/**
	 * Types and paths that were logged. Paths consist of the names that the accessors ask
	 * for, so their number is limited.
	 */
	private static final Set<String> logged = ConcurrentHashMap.newKeySet();

	private final ObjectNode json;

	private final PolarResource root;

	private final Value value;

	PolarResource(Value value) {
		this.json = value.object();
		this.root = (value.root() != null) ? value.root() : this;
		this.value = value;
	}

	/**
	 * Return what Polar sent. Can contain personal data and secrets.
	 * @return a copy of the JSON object
	 */
	@JsonValue
	public final JsonNode json() {
		return this.json.deepCopy();
	}

	/**
	 * Return a property as Polar sent it, for example the text of an unknown enum value
	 * or a property that this version of the library does not know.
	 * @param name Polar's name of the property, such as {@code total_amount}
	 * @return a {@code String}, {@code Long}, {@code Double}, {@code Boolean},
	 * {@code List} or {@code Map} ({@code BigInteger} and {@code BigDecimal} for numbers
	 * that do not fit), or {@code null} if the property is absent or {@code null}
	 */
	public final @Nullable Object property(String name) {
		return JsonValues.of(this.json.path(name));
	}

	/**
	 * Read a value that can be absent or unreadable.
	 */
	final <T> @Nullable T read(String name, Form<T> form) {
		return value(name).read(form);
	}

	/**
	 * Read a value that can be absent, but must be readable.
	 */
	final <T> @Nullable T checked(String name, Form<T> form) {
		Value value = value(name);
		if (value.isAbsent()) {
			return null;
		}
		T read = form.read(value);
		if (read == null) {
			throw failure(value, "has an unexpected form");
		}
		return read;
	}

	/**
	 * Read a value that must be present and readable.
	 */
	final <T> T required(String name, Form<T> form) {
		T read = checked(name, form);
		if (read == null) {
			throw failure(value(name), "is missing");
		}
		return read;
	}

	final boolean flag(String name) {
		return Boolean.TRUE.equals(read(name, Form.FLAG));
	}

	final <T extends PolarResource> @Nullable T resource(String name, Function<Value, T> creator) {
		return read(name, Form.object(creator));
	}

	final <T extends PolarResource> List<T> resources(String name, Function<Value, T> creator) {
		return list(name, Form.object(creator));
	}

	final <T> List<T> list(String name, Form<T> form) {
		List<T> list = read(name, Form.listOf(form));
		return (list != null) ? list : List.of();
	}

	final Map<String, @Nullable Object> map(String name) {
		Map<String, @Nullable Object> map = read(name, Form.MAP);
		return (map != null) ? map : Map.of();
	}

	final <K, V> Map<K, V> map(String name, Function<String, @Nullable K> keys, Form<V> form) {
		Map<K, V> map = read(name, Form.mapOf(keys, form));
		return (map != null) ? map : Map.of();
	}

	final Map<String, @Nullable Object> checkedMap(String name) {
		Map<String, @Nullable Object> map = checked(name, Form.MAP);
		return (map != null) ? map : Map.of();
	}

	private Value value(String name) {
		return this.value.property(name, this.root);
	}

	private PolarDataException failure(Value value, String problem) {
		UUID id = this.root.idOrNull();
		return new PolarDataException("'%s' of %s %s. The JSON that Polar sent is available from json()"
			.formatted(value.path(), this.root.getClass().getSimpleName() + ((id != null) ? " " + id : ""), problem));
	}

	/**
	 * Log that a value of this resource or of one below it cannot be read. The value can
	 * be personal data, so it is not logged.
	 */
	final void unreadable(String path) {
		String message = getClass().getSimpleName() + ": '" + path + "' has an unexpected form and is ignored."
				+ " The value that Polar sent is available from json().";
		if (logged.add(getClass().getSimpleName() + ":" + path)) {
			logger.warn(message + " (Further occurrences are logged at DEBUG.)");
		}
		else {
			logger.debug(message);
		}
	}

	final @Nullable UUID idOrNull() {
		return Form.ID.read(value("id"));
	}

	/**
	 * Describe this resource with its status, without ever failing.
	 */
	final <E extends Enum<E>> String describe(Class<E> status) {
		return getClass().getSimpleName() + "[id=" + idOrNull() + ", status=" + Form.oneOf(status).read(value("status"))
				+ "]";
	}

	@Override
	public final boolean equals(@Nullable Object obj) {
		return obj != null && obj.getClass() == getClass() && this.json.equals(((PolarResource) obj).json);
	}

	@Override
	public final int hashCode() {
		return this.json.hashCode();
	}

	/**
	 * Return the type and the id only: everything else can be personal data.
	 */
	@Override
	public String toString() {
		UUID id = idOrNull();
		return getClass().getSimpleName() + ((id != null) ? "[id=" + id + "]" : "[]");
	}

}
