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

package io.github.polarspring.customer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Changes to a customer. Fields that are not set are not sent and remain unchanged.
 * {@code null} is sent, and removes the value; the builder accepts it only for fields
 * that Polar can clear. Immutable.
 *
 * @since 0.1.0
 * @see PolarCustomerOperations#update(java.util.UUID, CustomerUpdate)
 * @see <a href="https://polar.sh/docs/api-reference/customers/update">Polar's API
 * reference</a>
 */
public final class CustomerUpdate {

	private final Map<String, @Nullable Object> fields;

	private CustomerUpdate(Map<String, @Nullable Object> fields) {
		this.fields = Collections.unmodifiableMap(fields);
	}

	/**
	 * Return a builder without any changes.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	@JsonValue
	Map<String, @Nullable Object> fields() {
		return this.fields;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof CustomerUpdate other && this.fields.equals(other.fields);
	}

	@Override
	public int hashCode() {
		return this.fields.hashCode();
	}

	/**
	 * Return the names of the fields only: their values can be personal data.
	 */
	@Override
	public String toString() {
		return "CustomerUpdate" + this.fields.keySet();
	}

	/**
	 * Builder for a {@link CustomerUpdate}. Polar checks the values, and names the field
	 * of each that it rejects. Not safe for use by multiple threads.
	 */
	public static final class Builder extends AbstractCustomerBuilder<Builder> {

		private Builder() {
		}

		/**
		 * Set the e-mail address. Polar considers it as not verified then. It cannot be
		 * removed.
		 * @param email the address, which no other customer has
		 * @return this builder
		 */
		public Builder email(String email) {
			Assert.hasText(email, "email must not be blank. Polar keeps the previous address");
			return set("email", email);
		}

		/**
		 * Set the name.
		 * @param name the name, {@code null} to remove it
		 * @return this builder
		 */
		public Builder name(@Nullable String name) {
			return set("name", name);
		}

		/**
		 * Set the tax id.
		 * @param taxId the id, valid in the country of the billing address, {@code null}
		 * to remove it
		 * @return this builder
		 */
		public Builder taxId(@Nullable String taxId) {
			return set("tax_id", taxId);
		}

		/**
		 * Set the language.
		 * @param locale a locale with a language, {@code null} to remove it
		 * @return this builder
		 */
		public Builder locale(@Nullable Locale locale) {
			return set("locale", tag(locale));
		}

		/**
		 * Set the application's own id of a customer who has none. It gives access to
		 * everything that the customer has bought: use it only if the application has
		 * verified that the user owns the e-mail address of the customer. Polar ignores
		 * it in an update by external id, and rejects a change.
		 * @param externalId the id, see {@link PolarIdentity#externalId()}
		 * @return this builder
		 * @throws IllegalArgumentException if it cannot be an id
		 */
		public Builder externalId(String externalId) {
			return set("external_id", PolarIdentity.of(externalId).externalId());
		}

		/**
		 * Make the customer a team, which cannot be reversed.
		 * @return this builder
		 */
		public Builder team() {
			return set("type", "team");
		}

		/**
		 * Remove all metadata. Metadata that is added replaces all that the customer has.
		 * @return this builder
		 */
		public Builder clearMetadata() {
			return set("metadata", new LinkedHashMap<>());
		}

		/**
		 * Build the update.
		 * @return an immutable update
		 */
		public CustomerUpdate build() {
			return new CustomerUpdate(snapshot());
		}

	}

}
