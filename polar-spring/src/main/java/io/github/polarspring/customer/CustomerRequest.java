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
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Customer to create. A purchase creates its customer, so this is only necessary before
 * the first one, for example to start a free subscription. Immutable.
 *
 * @since 0.1.0
 * @see PolarCustomerOperations#create(CustomerRequest)
 * @see <a href="https://polar.sh/docs/api-reference/customers/create">Polar's API
 * reference</a>
 */
public final class CustomerRequest {

	private final Map<String, @Nullable Object> fields;

	private CustomerRequest(Map<String, @Nullable Object> fields) {
		this.fields = Collections.unmodifiableMap(fields);
	}

	/**
	 * Return a builder for a person.
	 * @param email the e-mail address, which no other customer has
	 * @return a builder
	 */
	public static Builder individual(String email) {
		Assert.hasText(email, "email must not be blank");
		return new Builder().set("email", email);
	}

	@JsonValue
	Map<String, @Nullable Object> fields() {
		return this.fields;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof CustomerRequest other && this.fields.equals(other.fields);
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
		return "CustomerRequest" + this.fields.keySet();
	}

	/**
	 * Builder for a {@link CustomerRequest}. Polar checks the values, and names the field
	 * of each that it rejects. Not safe for use by multiple threads.
	 */
	public static final class Builder extends AbstractCustomerBuilder<Builder> {

		private Builder() {
		}

		/**
		 * Set the application's own id of the customer. It can never be changed.
		 * @param externalId the id, see {@link PolarIdentity#externalId()}
		 * @return this builder
		 * @throws IllegalArgumentException if it cannot be an id
		 */
		public Builder externalId(String externalId) {
			return set("external_id", PolarIdentity.of(externalId).externalId());
		}

		/**
		 * Set the name.
		 * @param name the name
		 * @return this builder
		 */
		public Builder name(String name) {
			return set("name", name);
		}

		/**
		 * Set the tax id. It requires a billing address.
		 * @param taxId the id, valid in the country of the address
		 * @return this builder
		 */
		public Builder taxId(String taxId) {
			return set("tax_id", taxId);
		}

		/**
		 * Set the language.
		 * @param locale a locale with a language
		 * @return this builder
		 */
		public Builder locale(Locale locale) {
			return set("locale", tag(locale));
		}

		/**
		 * Build the request.
		 * @return an immutable request
		 */
		public CustomerRequest build() {
			return new CustomerRequest(snapshot());
		}

	}

}
