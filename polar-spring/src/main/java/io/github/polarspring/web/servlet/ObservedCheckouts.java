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

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.function.Supplier;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.web.DefaultPolarCheckoutObservationConvention;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutObservationContext;
import io.github.polarspring.web.PolarCheckoutObservationConvention;
import io.github.polarspring.web.PolarCheckoutObservationDocumentation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Execution of {@link PolarCheckout} methods, from the creation of the session to the
 * response, with an observation.
 */
final class ObservedCheckouts {

	private static final PolarCheckoutObservationConvention DEFAULT_CONVENTION = new DefaultPolarCheckoutObservationConvention();

	private final Supplier<ObservationRegistry> registry;

	private final Supplier<@Nullable PolarCheckoutObservationConvention> convention;

	/**
	 * Create an instance.
	 * @param registry supplies the registry for observations
	 * @param convention names and tags, {@code null} for the default ones
	 */
	ObservedCheckouts(Supplier<ObservationRegistry> registry,
			Supplier<@Nullable PolarCheckoutObservationConvention> convention) {
		this.registry = registry;
		this.convention = convention;
	}

	void observe(Method method, CheckoutResponse response, Checkout checkout) throws IOException {
		PolarCheckoutObservationContext context = new PolarCheckoutObservationContext(
				ClassUtils.getShortName(ClassUtils.getUserClass(method.getDeclaringClass())) + "." + method.getName(),
				response.name().toLowerCase(Locale.ROOT));
		Observation observation = PolarCheckoutObservationDocumentation.CHECKOUT
			.observation(this.convention.get(), DEFAULT_CONVENTION, () -> context, this.registry.get())
			.start();
		try (Observation.Scope scope = observation.openScope()) {
			CheckoutSession session = create(checkout, context, observation);
			respond(checkout, session, context, observation);
		}
		finally {
			observation.stop();
		}
	}

	private static CheckoutSession create(Checkout checkout, PolarCheckoutObservationContext context,
			Observation observation) {
		try {
			CheckoutSession session = checkout.create();
			context.setBuyer(buyer(session));
			context.setOutcome("created");
			return session;
		}
		catch (RuntimeException | Error ex) {
			boolean rejected = PolarExceptionResolver.isRejection(ex);
			context.setOutcome(
					rejected ? "rejected" : (PolarExceptionResolver.isTemporary(ex) ? "unavailable" : "failed"));
			if (!rejected) {
				observation.error(ex);
			}
			throw ex;
		}
	}

	private static String buyer(CheckoutSession session) {
		try {
			return (session.externalCustomerId() != null) ? "known" : "guest";
		}
		catch (PolarDataException ex) {
			return "unreadable";
		}
	}

	/**
	 * Send the response. A disconnected caller is not a failure, because the session
	 * exists.
	 */
	private static void respond(Checkout checkout, CheckoutSession session, PolarCheckoutObservationContext context,
			Observation observation) throws IOException {
		try {
			checkout.respond(session);
		}
		catch (RuntimeException | Error ex) {
			context.setOutcome(PolarExceptionResolver.isTemporary(ex) ? "unavailable" : "failed");
			observation.error(ex);
			throw ex;
		}
	}

	/**
	 * Callback that creates a session and writes the response.
	 */
	interface Checkout {

		CheckoutSession create();

		void respond(CheckoutSession session) throws IOException;

	}

}
