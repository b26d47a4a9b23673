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

package io.github.polarspring;

import java.io.Serializable;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Exception thrown when Polar rejects the content of the request (422).
 *
 * @since 0.1.0
 */
public class PolarValidationException extends PolarApiException {

	private final List<FieldError> fieldErrors;

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error Polar's name of the error
	 * @param detail Polar's description of the error
	 * @param fieldErrors the errors, by field
	 */
	public PolarValidationException(String message, int status, @Nullable String error, @Nullable String detail,
			List<FieldError> fieldErrors) {
		super(message, status, error, detail);
		this.fieldErrors = List.copyOf(fieldErrors);
	}

	/**
	 * Return the errors, by field.
	 * @return the errors, empty if Polar does not attribute them to fields
	 */
	public List<FieldError> getFieldErrors() {
		return this.fieldErrors;
	}

	/**
	 * Error in a field. The rejected value is not included.
	 *
	 * @param field name of the field in the request, as Polar writes it, such as {@code
	 * products[0]} or {@code customer_billing_address.country}; empty if the error
	 * concerns the whole request
	 * @param type kind of the error, such as {@code missing} or {@code value_error}
	 * @param message Polar's text
	 */
	public record FieldError(String field, String type, String message) implements Serializable {

		@Override
		public String toString() {
			return this.field.isEmpty() ? this.message : this.field + ": " + this.message;
		}

	}

}
