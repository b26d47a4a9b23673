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

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Exception thrown when Polar would reject a change. Nothing was changed.
 */
@SuppressWarnings("serial")
final class FakeRejection extends IllegalStateException {

	private final String error;

	private final transient ResponseDefinitionBuilder response;

	/**
	 * Create a rejection.
	 * @param status the status of the response
	 * @param error the name of the error
	 * @param detail the message
	 */
	FakeRejection(int status, String error, String detail) {
		super(detail);
		this.error = error;
		this.response = FakeTransformer.error(status, error, detail);
	}

	private FakeRejection(String message, FakeErrors errors) {
		super(message);
		this.error = "PolarRequestValidationError";
		this.response = FakeTransformer.validation(this.error, errors.items());
	}

	/**
	 * Create a rejection of a value of the body.
	 */
	static FakeRejection of(String field, String message, @Nullable Object input) {
		FakeErrors errors = new FakeErrors("body", field);
		errors.add("value_error", message, input);
		return new FakeRejection(message, errors);
	}

	static FakeRejection alreadyCanceled() {
		return new FakeRejection(403, "AlreadyCanceledSubscription",
				"This subscription is already canceled or will be at the end of the period.");
	}

	static FakeRejection paymentFailed(String reason) {
		return new FakeRejection(402, "PaymentFailed", "Payment failed with reason: " + reason + ".");
	}

	String error() {
		return this.error;
	}

	ResponseDefinitionBuilder response() {
		return this.response;
	}

}
