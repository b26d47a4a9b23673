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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.CheckoutStatus;
import io.github.polarspring.web.CheckoutOutcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a checkout ended, for whoever opens the success page. What he asks for is
 * his choice, so Polar is asked only where that can lead to an answer, and not too often:
 * its rate limit is that of the whole organization.
 */
final class CheckoutOutcomes {

	private static final Log logger = LogFactory.getLog(CheckoutOutcomes.class);

	private static final String EXTERNAL_CUSTOMER_ID = "external_customer_id";

	private static final int MAX_REMEMBERED = 1_000;

	/**
	 * How long what cannot change any more is not asked for again.
	 */
	private static final Duration REMEMBERED = Duration.ofMinutes(10);

	private static final Duration NOT_FOUND_REMEMBERED = Duration.ofMinutes(1);

	/**
	 * Pause before the second look at a payment that is being processed.
	 */
	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final Supplier<PolarCheckoutOperations> operations;

	private final CurrentIdentity identity;

	private final BrowserCheckouts browserCheckouts;

	private final Clock clock;

	private final ReadLimit perId = new ReadLimit(3, Duration.ofSeconds(10));

	private final ReadLimit perCaller = new ReadLimit(20, Duration.ofMinutes(1));

	private final ReadLimit inAll = new ReadLimit(100, Duration.ofMinutes(1));

	private final Map<Object, Remembered> remembered = Collections
		.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(Map.Entry<Object, Remembered> eldest) {
				return size() > MAX_REMEMBERED;
			}

		});

	CheckoutOutcomes(Supplier<PolarCheckoutOperations> operations, CurrentIdentity identity,
			BrowserCheckouts browserCheckouts, Clock clock) {
		this.operations = operations;
		this.identity = identity;
		this.browserCheckouts = browserCheckouts;
		this.clock = clock;
	}

	CheckoutOutcome find(HttpServletRequest request, @Nullable String checkoutId) {
		UUID id = parse(checkoutId);
		if (id == null) {
			return new CheckoutOutcome.Unconfirmed();
		}
		PolarIdentity buyer = buyer(request);
		boolean started = this.browserCheckouts.isStartedBy(request, id, buyer);
		if (!started && (buyer == null || recall(new NotHis(id, buyer.externalId())) != null)) {
			return new CheckoutOutcome.Unconfirmed();
		}
		try {
			return outcome(id, buyer, started, caller(request, buyer));
		}
		catch (PolarException ex) {
			// somebody has just paid: no error page, whatever it is
			String message = "The outcome of the checkout session %s is not known".formatted(id);
			if (ex instanceof PolarApiException api && api.getStatus() < 500
					&& !(ex instanceof PolarRateLimitException)) {
				logger.error(message, ex);
			}
			else {
				logger.warn(message + ": " + ex.getMessage());
			}
			return new CheckoutOutcome.Pending();
		}
	}

	private @Nullable PolarIdentity buyer(HttpServletRequest request) {
		try {
			return this.identity.of(request);
		}
		catch (RuntimeException ex) {
			logger.warn("Who asks for the outcome of a checkout is not known: " + ex);
			return null;
		}
	}

	private static Object caller(HttpServletRequest request, @Nullable PolarIdentity buyer) {
		if (buyer != null) {
			return buyer.externalId();
		}
		HttpSession session = request.getSession(false);
		return (session != null) ? session.getId() : "nobody";
	}

	private CheckoutOutcome outcome(UUID id, @Nullable PolarIdentity buyer, boolean started, Object caller) {
		CheckoutOutcome first = look(id, buyer, started, caller);
		// one look is left for when the page is loaded again
		boolean again = first instanceof CheckoutOutcome.Pending && this.perId.remaining(id, this.clock) > 1 && pause();
		CheckoutOutcome second = again ? look(id, buyer, started, caller) : null;
		CheckoutOutcome outcome = (second != null) ? second : first;
		return (outcome != null) ? outcome : new CheckoutOutcome.Pending();
	}

	/**
	 * Return the outcome, or {@code null} if Polar has been asked too often.
	 */
	private @Nullable CheckoutOutcome look(UUID id, @Nullable PolarIdentity buyer, boolean started, Object caller) {
		Remembered known = recall(id);
		CheckoutSession session = (known != null) ? known.session() : null;
		if (session == null || !isFinal(session)) {
			if (mayRead(id, caller)) {
				session = read(id);
				if (session == null) {
					return notHis(id, buyer, NOT_FOUND_REMEMBERED);
				}
				remember(id, session, REMEMBERED);
			}
			else if (session == null) {
				return null;
			}
		}
		return (started || isOf(session, buyer)) ? outcome(session) : notHis(id, buyer, REMEMBERED);
	}

	private CheckoutOutcome notHis(UUID id, @Nullable PolarIdentity buyer, Duration time) {
		if (buyer != null) {
			remember(new NotHis(id, buyer.externalId()), null, time);
		}
		return new CheckoutOutcome.Unconfirmed();
	}

	private @Nullable Remembered recall(Object key) {
		Remembered known = this.remembered.get(key);
		return (known != null && this.clock.instant().isBefore(known.until())) ? known : null;
	}

	private void remember(Object key, @Nullable CheckoutSession session, Duration time) {
		this.remembered.put(key, new Remembered(session, this.clock.instant().plus(time)));
	}

	private static boolean isFinal(CheckoutSession session) {
		return session.status() == CheckoutStatus.SUCCEEDED || session.status() == CheckoutStatus.FAILED
				|| session.status() == CheckoutStatus.EXPIRED;
	}

	private synchronized boolean mayRead(UUID id, Object caller) {
		// one who asks again and again shall not stop all others
		if (this.perId.remaining(id, this.clock) == 0 || this.perCaller.remaining(caller, this.clock) == 0
				|| this.inAll.remaining("all", this.clock) == 0) {
			return false;
		}
		this.perId.count(id, this.clock);
		this.perCaller.count(caller, this.clock);
		this.inAll.count("all", this.clock);
		return true;
	}

	private @Nullable CheckoutSession read(UUID id) {
		try {
			return this.operations.get().get(id);
		}
		catch (PolarNotFoundException ex) {
			return null;
		}
	}

	private static boolean isOf(CheckoutSession session, @Nullable PolarIdentity buyer) {
		return buyer != null && buyer.externalId().equals(session.metadata().get(EXTERNAL_CUSTOMER_ID));
	}

	private CheckoutOutcome outcome(CheckoutSession session) {
		CheckoutStatus status = session.status();
		if (status == CheckoutStatus.SUCCEEDED) {
			return new CheckoutOutcome.Succeeded(session);
		}
		if (status == CheckoutStatus.FAILED) {
			return new CheckoutOutcome.Failed(session);
		}
		if (status == CheckoutStatus.EXPIRED || (status == CheckoutStatus.OPEN && session.isExpired(this.clock))) {
			return new CheckoutOutcome.Expired(session);
		}
		return (status == CheckoutStatus.OPEN) ? new CheckoutOutcome.Open(session) : new CheckoutOutcome.Pending();
	}

	private static boolean pause() {
		try {
			Thread.sleep(PAUSE.toMillis());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Polar's ids are of version 4: nothing else is worth a call.
	 */
	private static @Nullable UUID parse(@Nullable String id) {
		boolean random = id != null
				&& id.matches("\\p{XDigit}{8}-\\p{XDigit}{4}-4\\p{XDigit}{3}-[89abAB]\\p{XDigit}{3}-\\p{XDigit}{12}");
		return random ? UUID.fromString(id) : null;
	}

	private record NotHis(UUID id, String externalCustomerId) {

	}

	/**
	 * What Polar said, {@code null} where it does not matter.
	 */
	private record Remembered(@Nullable CheckoutSession session, Instant until) {

	}

}
