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

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.clientip.IpAddress;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.CheckoutStatus;
import io.github.polarspring.web.CheckoutOutcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lookup of the outcome of a checkout for the caller of a success page. The caller
 * chooses the id, so Polar is called only if the checkout can belong to the caller, and
 * the number of calls is limited: the whole organization shares Polar's rate limit.
 */
final class CheckoutOutcomes {

	private static final Log logger = LogFactory.getLog(CheckoutOutcomes.class);

	private static final String EXTERNAL_CUSTOMER_ID = "external_customer_id";

	private static final String BROWSER_HASH = "browser_hash";

	/**
	 * Budget of a caller per minute: more than twice the amount that two buyers per
	 * second require if they share an address.
	 */
	private static final int BUDGET = 300;

	/**
	 * Cost of a lookup of a checkout that does not belong to the caller: a caller who
	 * guesses ids must not exhaust the rate limit of the organization.
	 */
	private static final int COST_OF_MISS = 15;

	private static final int MAX_CALLERS = 10_000;

	private static final int MAX_ENDED = 1_000;

	private final Supplier<PolarCheckoutOperations> operations;

	private final CurrentIdentity identity;

	private final Supplier<@Nullable PolarEntitlements> entitlements;

	/**
	 * Checkouts whose outcome is final; empty for a checkout that does not exist.
	 */
	private final Cache<UUID, Optional<CheckoutSession>> ended;

	private final Cache<String, AtomicInteger> spent;

	/**
	 * Purchases after which the entitlements of the buyer were refreshed, with the buyer.
	 */
	private final Cache<List<Object>, Boolean> refreshed;

	CheckoutOutcomes(Supplier<PolarCheckoutOperations> operations, CurrentIdentity identity,
			Supplier<@Nullable PolarEntitlements> entitlements) {
		this.operations = operations;
		this.identity = identity;
		this.entitlements = entitlements;
		this.ended = cache(MAX_ENDED).build();
		this.spent = cache(MAX_CALLERS).build();
		this.refreshed = cache(MAX_CALLERS).build();
	}

	private static Caffeine<Object, Object> cache(int size) {
		return Caffeine.newBuilder().maximumSize(size).expireAfterWrite(Duration.ofMinutes(1));
	}

	CheckoutOutcome find(HttpServletRequest request, HttpServletResponse response, @Nullable String checkoutId) {
		UUID id = parse(checkoutId);
		if (id == null) {
			return new CheckoutOutcome.Unconfirmed();
		}
		Caller caller = caller(request);
		if (caller.externalId() == null && caller.browserHashes().isEmpty()) {
			return new CheckoutOutcome.Unconfirmed();
		}
		try {
			CheckoutOutcome outcome = find(id, caller);
			if (outcome instanceof CheckoutOutcome.Succeeded succeeded) {
				if (caller.externalId() != null) {
					refresh(id, caller.externalId(), request, response);
				}
				return new CheckoutOutcome.Succeeded(succeeded.session(), ContinueCookie.take(request, response));
			}
			return outcome;
		}
		catch (PolarException ex) {
			// the user has just paid, so there is no error page for any failure
			String message = "The outcome of the checkout session %s is unknown".formatted(id);
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

	private CheckoutOutcome find(UUID id, Caller caller) {
		Optional<CheckoutSession> session = this.ended.getIfPresent(id);
		if (session == null) {
			AtomicInteger spent = this.spent.get(caller.key(), (key) -> new AtomicInteger());
			if (spent.get() >= BUDGET) {
				return new CheckoutOutcome.Pending();
			}
			session = read(id);
			int cost = session.filter(caller::owns).isPresent() ? 1 : COST_OF_MISS;
			int before = spent.getAndAdd(cost);
			if (before < BUDGET && before + cost >= BUDGET) {
				logger.warn("A caller requested the outcome of too many checkouts. Further requests get the"
						+ " outcome 'pending' for up to a minute");
			}
		}
		return session.filter(caller::owns).map(CheckoutOutcomes::outcome).orElseGet(CheckoutOutcome.Unconfirmed::new);
	}

	/**
	 * Let the buyer in at the next click, even if another instance handles it.
	 */
	private void refresh(UUID id, String externalId, HttpServletRequest request, HttpServletResponse response) {
		try {
			PolarEntitlements entitlements = this.entitlements.get();
			if (entitlements == null || this.refreshed.asMap().putIfAbsent(List.of(id, externalId), true) != null) {
				return;
			}
			PaidCookie.set(request, response);
			entitlements.refresh(Set.of(externalId), null);
		}
		catch (RuntimeException ex) {
			logger.warn("The entitlements of a buyer who has paid could not be refreshed, so features may be missing"
					+ " for some minutes: " + ex.getClass().getName());
		}
	}

	private Caller caller(HttpServletRequest request) {
		Set<String> browserHashes = CheckoutCookie.hashes(request);
		String clientIp = ClientIpFilter.getClientIp(request);
		String guest = "guest " + network((clientIp != null) ? clientIp : request.getRemoteAddr());
		try {
			PolarIdentity buyer = this.identity.of(request);
			return (buyer != null) ? new Caller("user " + buyer.externalId(), buyer.externalId(), browserHashes, false)
					: new Caller(guest, null, browserHashes, false);
		}
		catch (RuntimeException ex) {
			logger.warn("The user who requested the outcome of a checkout cannot be determined: "
					+ ((ex instanceof PolarIdentityException) ? ex.getMessage() : ex.getClass().getName()));
			return new Caller(guest, null, browserHashes, true);
		}
	}

	/**
	 * Return the address range that identifies a caller: an IPv4 address, or an IPv6
	 * network with a 64-bit prefix.
	 */
	private static String network(String address) {
		IpAddress ip = IpAddress.parse(address);
		return (ip != null) ? ip.network() : address;
	}

	private Optional<CheckoutSession> read(UUID id) {
		Optional<CheckoutSession> read;
		try {
			read = Optional.of(this.operations.get().get(id));
		}
		catch (PolarNotFoundException ex) {
			read = Optional.empty();
		}
		if (read.map(CheckoutOutcomes::hasEnded).orElse(true)) {
			this.ended.put(id, read);
		}
		return read;
	}

	private static boolean hasEnded(CheckoutSession session) {
		return session.status() == CheckoutStatus.SUCCEEDED || session.status() == CheckoutStatus.FAILED
				|| session.status() == CheckoutStatus.EXPIRED;
	}

	/**
	 * Return the outcome of a session. An open session is pending: a buyer who arrives at
	 * this page has paid, and a late decline of an earlier card reopens a paid session.
	 */
	private static CheckoutOutcome outcome(CheckoutSession session) {
		CheckoutStatus status = session.status();
		if (status == CheckoutStatus.SUCCEEDED) {
			return new CheckoutOutcome.Succeeded(session);
		}
		if (status == CheckoutStatus.FAILED) {
			return new CheckoutOutcome.Failed(session);
		}
		return (status == CheckoutStatus.EXPIRED) ? new CheckoutOutcome.Expired(session)
				: new CheckoutOutcome.Pending();
	}

	/**
	 * Parse an id. Polar's ids are version 4 UUIDs, so Polar is not called for any other.
	 */
	private static @Nullable UUID parse(@Nullable String id) {
		boolean random = id != null
				&& id.matches("\\p{XDigit}{8}-\\p{XDigit}{4}-4\\p{XDigit}{3}-[89abAB]\\p{XDigit}{3}-\\p{XDigit}{12}");
		return random ? UUID.fromString(id) : null;
	}

	/**
	 * Caller of the success page.
	 *
	 * @param key key of the budget
	 * @param externalId the id of the signed-in user, {@code null} for a guest
	 * @param browserHashes the hashes of the browser's keys
	 * @param unidentified whether a user is signed in whose id cannot be determined
	 */
	private record Caller(String key, @Nullable String externalId, Set<String> browserHashes, boolean unidentified) {

		/**
		 * Return whether a checkout belongs to the caller. On a shared computer, the
		 * cookie does not count for checkouts of another user.
		 */
		boolean owns(CheckoutSession session) {
			Object buyer = session.metadata().get(EXTERNAL_CUSTOMER_ID);
			if (this.externalId != null && this.externalId.equals(buyer)) {
				return true;
			}
			boolean anotherUsers = buyer != null && (this.externalId != null || this.unidentified);
			return !anotherUsers && session.metadata().get(BROWSER_HASH) instanceof String hash
					&& this.browserHashes.contains(hash);
		}

	}

}
