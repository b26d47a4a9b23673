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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.checkout.CheckoutContext;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.model.CheckoutSession;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * Creates one session for equal requests that come from one HTTP session at the same
 * time: an impatient buyer presses the button twice, and the first answer would be lost.
 */
final class SharedCheckouts {

	private static final int MAX_WAITING = 32;

	private static final int MAX_WAITING_FOR_ONE = 2;

	private final Semaphore waiting = new Semaphore(MAX_WAITING);

	private final ConcurrentMap<Key, Shared> running = new ConcurrentHashMap<>();

	CheckoutSession create(PolarCheckoutOperations operations, CheckoutRequest request, HttpServletRequest current) {
		CheckoutContext context = operations.currentContext();
		if (context == null) {
			// a mock, which knows nothing about callers
			return operations.create(request);
		}
		HttpSession session = current.getSession(false);
		if (session == null) {
			return operations.create(request, context);
		}
		Key key = new Key(session.getId(), request, context, Form.of(current));
		Shared own = new Shared();
		Shared other = this.running.putIfAbsent(key, own);
		if (other != null) {
			return waitFor(other);
		}
		try {
			own.result.complete(operations.create(request, context));
		}
		catch (Throwable ex) {
			// also a checked one, which proxies and other languages can throw
			own.result.completeExceptionally(ex);
			throw ex;
		}
		finally {
			this.running.remove(key, own);
		}
		return join(own.result);
	}

	private CheckoutSession waitFor(Shared other) {
		if (!this.waiting.tryAcquire()) {
			throw new PolarSaturationException(
					"No checkout session was created: too many requests wait for one that is being created already");
		}
		try {
			return join(other.newWaiter());
		}
		finally {
			this.waiting.release();
		}
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
	 * A session that is being created. Who waits for it holds a thread, and Polar may
	 * hang: so the last ones wait, since a browser drops what it asked for before.
	 */
	private static final class Shared {

		private final CompletableFuture<CheckoutSession> result = new CompletableFuture<>();

		private final Deque<CompletableFuture<CheckoutSession>> waiters = new ArrayDeque<>();

		synchronized CompletableFuture<CheckoutSession> newWaiter() {
			CompletableFuture<CheckoutSession> waiter = this.result.copy();
			this.waiters.addLast(waiter);
			if (this.waiters.size() > MAX_WAITING_FOR_ONE) {
				this.waiters.removeFirst()
					.completeExceptionally(new PolarSaturationException(
							"No checkout session was created: later requests wait for the same one"));
			}
			return waiter;
		}

	}

	private record Key(String sessionId, CheckoutRequest request, CheckoutContext context, Form form) {

	}

	/**
	 * What was sent: a customizer can derive from it what it adds to the request.
	 */
	private record Form(String url, @Nullable String query, Map<String, List<String>> parameters) {

		static Form of(HttpServletRequest request) {
			Map<String, List<String>> parameters = new HashMap<>();
			request.getParameterMap().forEach((name, values) -> parameters.put(name, List.of(values)));
			return new Form(request.getMethod() + " " + request.getRequestURL(), request.getQueryString(), parameters);
		}

	}

}
