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
 * What can go wrong with a call to Polar, for {@link PolarFake#trouble(Trouble)}.
 * Immutable.
 *
 * @since 0.1.0
 */
public final class Trouble {

	/**
	 * Longer than anybody waits.
	 */
	private static final Duration FOREVER = Duration.ofMinutes(1);

	private final String name;

	private final @Nullable UnaryOperator<ResponseDefinitionBuilder> instead;

	private final @Nullable UnaryOperator<String> body;

	private final Duration delay;

	private Trouble(String name, @Nullable UnaryOperator<ResponseDefinitionBuilder> instead,
			@Nullable UnaryOperator<String> body, Duration delay) {
		this.name = name;
		this.instead = instead;
		this.body = body;
		this.delay = delay;
	}

	private static Trouble instead(String name, UnaryOperator<ResponseDefinitionBuilder> answer) {
		return new Trouble(name, answer, null, Duration.ZERO);
	}

	private static Trouble changed(String name, UnaryOperator<String> body) {
		return new Trouble(name, null, body, Duration.ZERO);
	}

	/**
	 * Too many calls: 429 with an empty body. The call is not processed.
	 * @param retryAfter value of {@code Retry-After}, in whole seconds
	 * @return the trouble
	 */
	public static Trouble rateLimit(Duration retryAfter) {
		return instead("rate limit",
				(answer) -> answer.withStatus(429).withHeader("Retry-After", String.valueOf(retryAfter.toSeconds())));
	}

	/**
	 * A crash of Polar: 500 with plain text. The call is not processed.
	 * @return the trouble
	 */
	public static Trouble serverError() {
		return instead("server error",
				(answer) -> answer.withStatus(500)
					.withHeader("Content-Type", "text/plain")
					.withBody("Internal Server Error"));
	}

	/**
	 * Something before Polar that does not reach it: 502 with an HTML page.
	 * @return the trouble
	 */
	public static Trouble badGateway() {
		return instead("bad gateway",
				(answer) -> answer.withStatus(502)
					.withHeader("Content-Type", "text/html")
					.withBody("<html><body><h1>502 Bad Gateway</h1></body></html>"));
	}

	/**
	 * The right answer, late. The call is processed.
	 * @param delay how late
	 * @return the trouble
	 */
	public static Trouble slow(Duration delay) {
		return new Trouble("slow", null, null, delay);
	}

	/**
	 * No answer within a minute. The call is processed.
	 * @return the trouble
	 */
	public static Trouble hanging() {
		return new Trouble("hanging", null, null, FOREVER);
	}

	/**
	 * Another change of the same checkout session is going on: 409. The call is not
	 * processed, and can be repeated.
	 * @return the trouble
	 */
	public static Trouble checkoutLocked() {
		return instead("checkout locked",
				(answer) -> answer.withStatus(409)
					.withHeader("Content-Type", "application/json")
					.withBody("{\"error\":\"CheckoutLocked\",\"detail\":\"Checkout is currently locked.\"}"));
	}

	/**
	 * The connection is reset. The call is not processed.
	 * @return the trouble
	 */
	public static Trouble connectionReset() {
		return instead("connection reset", (answer) -> answer.withFault(Fault.CONNECTION_RESET_BY_PEER));
	}

	/**
	 * An answer that is no HTTP. The call is not processed.
	 * @return the trouble
	 */
	public static Trouble garbage() {
		return instead("garbage", (answer) -> answer.withFault(Fault.RANDOM_DATA_THEN_CLOSE));
	}

	/**
	 * Half of the right answer. The call is processed.
	 * @return the trouble
	 */
	public static Trouble truncated() {
		return changed("truncated", (body) -> body.substring(0, body.length() / 2));
	}

	/**
	 * The right answer with nine megabytes of blanks. The call is processed.
	 * @return the trouble
	 */
	public static Trouble oversized() {
		return changed("oversized", (body) -> body + " ".repeat(9 * 1024 * 1024));
	}

	/**
	 * The right answer, with a status that no version of this library knows. The call is
	 * processed.
	 * @return the trouble
	 */
	public static Trouble unknownEnumValue() {
		return changed("unknown enum value",
				(body) -> body.replaceAll("\"status\":\"\\w+\"", "\"status\":\"teleported\""));
	}

	/**
	 * The right answer, with prices of a type that no version of this library knows. The
	 * call is processed.
	 * @return the trouble
	 */
	public static Trouble unknownPriceType() {
		return changed("unknown price type",
				(body) -> body.replaceAll("\"amount_type\":\"\\w+\"", "\"amount_type\":\"barter\""));
	}

	/**
	 * The right answer, with a field that no version of this library knows. The call is
	 * processed.
	 * @return the trouble
	 */
	public static Trouble extraField() {
		return changed("extra field", (body) -> body.replaceFirst("\\{", "{\"added_in_the_future\":{\"a\":[1]},"));
	}

	/**
	 * Return whether the call is answered without being processed.
	 */
	boolean isInstead() {
		return this.instead != null;
	}

	ResponseDefinitionBuilder answer() {
		Assert.state(this.instead != null, "The call is processed");
		return this.instead.apply(new ResponseDefinitionBuilder());
	}

	String change(String body) {
		return (this.body != null) ? this.body.apply(body) : body;
	}

	Duration delay() {
		return this.delay;
	}

	@Override
	public String toString() {
		return this.name;
	}

}
