package io.github.polarspring.web;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.checkout.CheckoutSession;
import io.github.polarspring.checkout.CheckoutStatus;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.customer.PolarCustomer;
import io.github.polarspring.customer.PolarCustomerResolver;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a checkout ended, for whoever opens the success page. What he asks for is
 * his choice, so Polar is asked only where that can lead to an answer, and not too often:
 * its rate limit is that of the whole organization. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class CheckoutOutcomes {

	private static final Log logger = LogFactory.getLog(CheckoutOutcomes.class);

	private static final String EXTERNAL_CUSTOMER_ID = "external_customer_id";

	private static final int MAX_NOT_HIS = 10_000;

	/**
	 * Pauses between looks at a payment that is being processed.
	 */
	private static final long[] PAUSES = { 400, 800 };

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final Supplier<PolarCheckoutOperations> operations;

	private final Supplier<PolarCustomerResolver> customerResolver;

	private final Supplier<BrowserCheckouts> browserCheckouts;

	private final Clock clock;

	private final ReadLimit perId = new ReadLimit(3, Duration.ofSeconds(10));

	private final ReadLimit perCustomer = new ReadLimit(20, Duration.ofMinutes(1));

	private final ReadLimit inAll = new ReadLimit(100, Duration.ofMinutes(1));

	private final Set<NotHis> notHis = Collections
		.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(Map.Entry<NotHis, Boolean> eldest) {
				return size() > MAX_NOT_HIS;
			}

		}));

	/**
	 * Create the outcomes.
	 * @param operations reads sessions
	 * @param customerResolver says who asks
	 * @param browserCheckouts the sessions that were started in a browser
	 * @param clock tells the time
	 */
	public CheckoutOutcomes(Supplier<PolarCheckoutOperations> operations,
			Supplier<PolarCustomerResolver> customerResolver, Supplier<BrowserCheckouts> browserCheckouts,
			Clock clock) {
		this.operations = operations;
		this.customerResolver = customerResolver;
		this.browserCheckouts = browserCheckouts;
		this.clock = clock;
	}

	CheckoutOutcome find(HttpServletRequest request, @Nullable String checkoutId) {
		UUID id = parse(checkoutId);
		if (id == null) {
			return new CheckoutOutcome.Unconfirmed();
		}
		PolarCustomer buyer = CurrentBuyer.of(request, this.customerResolver.get());
		boolean started = this.browserCheckouts.get().isStartedBy(request, id, buyer);
		if (!started && (buyer == null || this.notHis.contains(new NotHis(id, buyer.externalId())))) {
			return new CheckoutOutcome.Unconfirmed();
		}
		try {
			return outcome(id, buyer, started);
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

	private CheckoutOutcome outcome(UUID id, @Nullable PolarCustomer buyer, boolean started) {
		long start = this.clock.millis();
		for (int look = 0;; look++) {
			if (!mayRead(id, buyer, started)) {
				return new CheckoutOutcome.Pending();
			}
			CheckoutSession session = read(id);
			if (session == null || !(started || isOf(session, buyer))) {
				if (buyer != null && !started) {
					this.notHis.add(new NotHis(id, buyer.externalId()));
				}
				return new CheckoutOutcome.Unconfirmed();
			}
			CheckoutOutcome outcome = outcome(session);
			boolean patient = look < PAUSES.length && this.clock.millis() - start < PATIENCE.toMillis();
			if (!(outcome instanceof CheckoutOutcome.Pending) || !patient || !pause(PAUSES[look])) {
				return outcome;
			}
		}
	}

	private synchronized boolean mayRead(UUID id, @Nullable PolarCustomer buyer, boolean started) {
		// an account that asks for one id after another shall not stop all others
		Object stranger = (buyer != null && !started) ? buyer.externalId() : null;
		if (!this.perId.allows(id, this.clock) || !this.inAll.allows("all", this.clock)
				|| (stranger != null && !this.perCustomer.allows(stranger, this.clock))) {
			return false;
		}
		this.perId.count(id, this.clock);
		this.inAll.count("all", this.clock);
		if (stranger != null) {
			this.perCustomer.count(stranger, this.clock);
		}
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

	private static boolean isOf(CheckoutSession session, @Nullable PolarCustomer buyer) {
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

	private static boolean pause(long millis) {
		try {
			Thread.sleep(millis);
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

}
