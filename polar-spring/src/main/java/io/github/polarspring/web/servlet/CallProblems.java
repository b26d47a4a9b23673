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

package io.github.polarspring.web.servlet;

import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.PolarPaymentFailedException;
import io.github.polarspring.order.PolarDocumentNotReadyException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * What the user is told if a call to Polar failed in a method of the application, such as
 * the change of a subscription.
 */
final class CallProblems {

	private static final String MISSING_PAYMENT_METHOD = "missing_payment_method";

	private CallProblems() {
	}

	/**
	 * Return a description of the failure, {@code null} if it is not one of a call. It
	 * contains no text from Polar, which is intended for developers.
	 */
	static @Nullable ProblemDetail describe(Exception ex) {
		if (ex instanceof PolarPaymentFailedException failure) {
			return paymentFailed(failure.getReason());
		}
		if (ex instanceof PolarOutcomeUnknownException) {
			// not 503, because of which a proxy could send the request again
			return ProblemDetail.forStatusAndDetail(HttpStatus.GATEWAY_TIMEOUT,
					"It is not known yet whether the change was made. Do not repeat it. Open the page again in a"
							+ " moment to see the current state.");
		}
		if (ex instanceof PolarDocumentNotReadyException) {
			return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
					"The document is being created. Please try again in a moment.");
		}
		if (ex instanceof PolarConflictException) {
			return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT,
					"This is not possible in the current state. Open the page again to see it.");
		}
		if (ex instanceof PolarNotFoundException) {
			return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "It does not exist, or it is not yours.");
		}
		return PolarExceptionResolver.isTemporary(ex) ? ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"This is not available right now. Open the page again in a moment, and check its state before you try"
						+ " again.")
				: null;
	}

	private static ProblemDetail paymentFailed(@Nullable String reason) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.PAYMENT_REQUIRED,
				MISSING_PAYMENT_METHOD.equals(reason)
						? "There is no payment method on file, so nothing was changed. Add one, and try again."
						: "The payment failed, so nothing was changed. Check your payment method, and try again.");
		if (reason != null) {
			problem.setProperty("reason", reason);
		}
		return problem;
	}

}
