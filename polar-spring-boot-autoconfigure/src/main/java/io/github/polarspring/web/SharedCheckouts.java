package io.github.polarspring.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutSession;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;

/**
 * Creates one session for equal requests that come from one HTTP session at the same
 * time: an impatient buyer presses the button twice, and the first answer would be lost.
 */
final class SharedCheckouts {

	private static final int MAX_WAITING = 2;

	private final ConcurrentMap<Key, Shared> running = new ConcurrentHashMap<>();

	CheckoutSession create(PolarCheckoutOperations operations, CheckoutRequest request, HttpServletRequest current) {
		HttpSession session = current.getSession(false);
		if (session == null) {
			return operations.create(request);
		}
		// equal means: after all customizers, which add who buys
		CheckoutRequest prepared = operations.prepare(request);
		if (prepared == null) {
			// a mock, which cannot tell who buys
			return operations.create(request);
		}
		Key key = new Key(session.getId(), prepared);
		Shared own = new Shared();
		Shared other = this.running.putIfAbsent(key, own);
		if (other != null) {
			if (!other.waiting.tryAcquire()) {
				throw new PolarSaturationException(
						"No checkout session was created: the same one is being created already, and waited for");
			}
			return join(other);
		}
		try {
			own.complete(operations.create(prepared));
		}
		catch (Throwable ex) {
			// also a checked one, which proxies and other languages can throw
			own.completeExceptionally(ex);
			throw ex;
		}
		finally {
			this.running.remove(key, own);
		}
		return join(own);
	}

	private static CheckoutSession join(CompletableFuture<CheckoutSession> call) {
		try {
			return call.join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			if (ex.getCause() instanceof Error cause) {
				throw cause;
			}
			throw ex;
		}
	}

	/**
	 * Who waits holds a thread, and Polar may hang.
	 */
	private static final class Shared extends CompletableFuture<CheckoutSession> {

		private final Semaphore waiting = new Semaphore(MAX_WAITING);

	}

	private record Key(String sessionId, CheckoutRequest request) {

	}

}
