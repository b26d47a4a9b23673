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

import java.time.Duration;
import java.util.function.UnaryOperator;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A fault of a call to Polar, to be injected with
 * {@link PolarFake#injectFault(PolarFault)}. Immutable.
 *
 * @since 0.1.0
 */
public final class PolarFault {

	/**
	 * Longer than any timeout.
	 */
	private static final Duration FOREVER = Duration.ofMinutes(1);

	private final String name;

	private final @Nullable UnaryOperator<ResponseDefinitionBuilder> replacement;

	private final @Nullable UnaryOperator<String> body;

	private final Duration delay;

	private final Duration processingDelay;

	private PolarFault(String name, @Nullable UnaryOperator<ResponseDefinitionBuilder> replacement,
			@Nullable UnaryOperator<String> body, Duration delay) {
		this(name, replacement, body, delay, Duration.ZERO);
	}

	private PolarFault(String name, @Nullable UnaryOperator<ResponseDefinitionBuilder> replacement,
			@Nullable UnaryOperator<String> body, Duration delay, Duration processingDelay) {
		this.processingDelay = processingDelay;
		this.name = name;
		this.replacement = replacement;
		this.body = body;
		this.delay = delay;
	}

	private static PolarFault replacing(String name, UnaryOperator<ResponseDefinitionBuilder> replacement) {
		return new PolarFault(name, replacement, null, Duration.ZERO);
	}

	private static PolarFault changed(String name, UnaryOperator<String> body) {
		return new PolarFault(name, null, body, Duration.ZERO);
	}

	/**
	 * Rate limit exceeded: status 429 with an empty body. The call is not processed.
	 * @param retryAfter the value of {@code Retry-After}, truncated to seconds
	 * @return the fault
	 */
	public static PolarFault rateLimit(Duration retryAfter) {
		return replacing("rate limit", (response) -> response.withStatus(429)
			.withHeader("Retry-After", String.valueOf(retryAfter.toSeconds())));
	}

	/**
	 * Internal error of Polar: status 500 with plain text. The call is not processed.
	 * @return the fault
	 */
	public static PolarFault serverError() {
		return replacing("server error",
				(response) -> response.withStatus(500)
					.withHeader("Content-Type", "text/plain")
					.withBody("Internal Server Error"));
	}

	/**
	 * A proxy that cannot reach Polar: status 502 with an HTML page. The call is not
	 * processed.
	 * @return the fault
	 */
	public static PolarFault badGateway() {
		return replacing("bad gateway",
				(response) -> response.withStatus(502)
					.withHeader("Content-Type", "text/html")
					.withBody("<html><body><h1>502 Bad Gateway</h1></body></html>"));
	}

	/**
	 * A slow response. The call is processed.
	 * @param delay the delay of the response
	 * @return the fault
	 */
	public static PolarFault slow(Duration delay) {
		return new PolarFault("slow", null, null, delay);
	}

	/**
	 * A call that takes long to process: the change is made, and the response is sent,
	 * only after a delay. A client that gives up earlier does not know the outcome: until
	 * the delay is over, it reads the state before the change.
	 * @param delay the delay of the change and of the response
	 * @return the fault
	 */
	public static PolarFault slowProcessing(Duration delay) {
		return new PolarFault("slow processing", null, null, Duration.ZERO, delay);
	}

	/**
	 * No response within a minute. The call is processed.
	 * @return the fault
	 */
	public static PolarFault hanging() {
		return new PolarFault("hanging", null, null, FOREVER);
	}

	/**
	 * Conflict with another change of the same checkout session that is in progress:
	 * status 409. The call is not processed and can be retried.
	 * @return the fault
	 */
	public static PolarFault checkoutLocked() {
		return replacing("checkout locked",
				(response) -> response.withStatus(409)
					.withHeader("Content-Type", "application/json")
					.withBody("{\"error\":\"CheckoutLocked\",\"detail\":\"Checkout is currently locked.\"}"));
	}

	/**
	 * Conflict with another change of the same subscription that is in progress: status
	 * 409. The call is not processed and can be retried.
	 * @return the fault
	 */
	public static PolarFault subscriptionLocked() {
		return replacing("subscription locked", (response) -> response.withStatus(409)
			.withHeader("Content-Type", "application/json")
			.withBody("{\"error\":\"SubscriptionLocked\",\"detail\":\"This subscription is pending an update.\"}"));
	}

	/**
	 * A connection that is reset. The call is not processed.
	 * @return the fault
	 */
	public static PolarFault connectionReset() {
		return replacing("connection reset", (response) -> response.withFault(Fault.CONNECTION_RESET_BY_PEER));
	}

	/**
	 * A response that is not valid HTTP. The call is not processed.
	 * @return the fault
	 */
	public static PolarFault malformedResponse() {
		return replacing("malformed response", (response) -> response.withFault(Fault.RANDOM_DATA_THEN_CLOSE));
	}

	/**
	 * A response whose body is truncated to its first half. The call is processed.
	 * @return the fault
	 */
	public static PolarFault truncated() {
		return changed("truncated", (body) -> body.substring(0, body.length() / 2));
	}

	/**
	 * A response with nine additional megabytes of whitespace. The call is processed.
	 * @return the fault
	 */
	public static PolarFault oversized() {
		return changed("oversized", (body) -> body + " ".repeat(9 * 1024 * 1024));
	}

	/**
	 * A response with a status that is unknown to every version of this library. The call
	 * is processed.
	 * @return the fault
	 */
	public static PolarFault unknownEnumValue() {
		return changed("unknown enum value",
				(body) -> body.replaceAll("\"status\":\"\\w+\"", "\"status\":\"teleported\""));
	}

	/**
	 * A response with prices of a type that is unknown to every version of this library.
	 * The call is processed.
	 * @return the fault
	 */
	public static PolarFault unknownPriceType() {
		return changed("unknown price type",
				(body) -> body.replaceAll("\"amount_type\":\"\\w+\"", "\"amount_type\":\"barter\""));
	}

	/**
	 * A response with a field that is unknown to every version of this library. The call
	 * is processed.
	 * @return the fault
	 */
	public static PolarFault unknownField() {
		return changed("unknown field", (body) -> body.replaceFirst("\\{", "{\"added_in_the_future\":{\"a\":[1]},"));
	}

	/**
	 * Return whether this fault replaces the response, so that the call is not processed.
	 */
	boolean replacesResponse() {
		return this.replacement != null;
	}

	ResponseDefinitionBuilder response() {
		Assert.state(this.replacement != null, "The call is processed");
		return this.replacement.apply(new ResponseDefinitionBuilder());
	}

	String change(String body) {
		return (this.body != null) ? this.body.apply(body) : body;
	}

	Duration delay() {
		return this.delay;
	}

	/**
	 * Wait until the call is processed.
	 */
	void awaitProcessing() {
		try {
			Thread.sleep(this.processingDelay.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
