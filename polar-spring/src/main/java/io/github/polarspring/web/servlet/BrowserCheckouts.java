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

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CheckoutSession;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.WebUtils;

/**
 * The last checkout sessions that were started in a browser, kept in its HTTP session: by
 * them a guest is told from a stranger.
 */
final class BrowserCheckouts {

	private static final Log logger = LogFactory.getLog(BrowserCheckouts.class);

	private static final String ATTRIBUTE = BrowserCheckouts.class.getName();

	private static final int MAX = 20;

	private static final String GUEST = "";

	private final CurrentIdentity identity;

	private final Supplier<CurrentUser> currentUser;

	BrowserCheckouts(CurrentIdentity identity, Supplier<CurrentUser> currentUser) {
		this.identity = identity;
		this.currentUser = currentUser;
	}

	/**
	 * Remember that the browser behind a request started a checkout. The checkout is more
	 * important than the memory of it.
	 * @param mayCreateSession whether a HTTP session may be created for it
	 */
	void remember(HttpServletRequest request, CheckoutSession session, boolean mayCreateSession) {
		try {
			keep(request, session, mayCreateSession);
		}
		catch (RuntimeException ex) {
			logger.warn("Could not store checkout session %s in the HTTP session: %s".formatted(session.id(), ex));
		}
	}

	private void keep(HttpServletRequest request, CheckoutSession session, boolean mayCreateSession) {
		if (!this.currentUser.get().usesSession(request)) {
			return;
		}
		PolarIdentity buyer = this.identity.of(request);
		// a customer is known by the metadata, too
		HttpSession httpSession = request.getSession(mayCreateSession && buyer == null);
		if (httpSession == null) {
			return;
		}
		synchronized (WebUtils.getSessionMutex(httpSession)) {
			LinkedHashMap<String, String> started = new LinkedHashMap<>(started(httpSession));
			started.put(session.id().toString(), (buyer != null) ? buyer.externalId() : GUEST);
			while (started.size() > MAX) {
				started.remove(started.keySet().iterator().next());
			}
			httpSession.setAttribute(ATTRIBUTE, (Serializable) started);
		}
	}

	/**
	 * Return whether the browser behind a request started a checkout: as a guest, or as
	 * the same user.
	 */
	boolean isStartedBy(HttpServletRequest request, UUID id, @Nullable PolarIdentity buyer) {
		HttpSession httpSession = request.getSession(false);
		String starter = (httpSession != null) ? started(httpSession).get(id.toString()) : null;
		return starter != null && (starter.equals(GUEST) || (buyer != null && starter.equals(buyer.externalId())));
	}

	private static Map<String, String> started(HttpSession session) {
		Map<String, String> started = new LinkedHashMap<>();
		if (session.getAttribute(ATTRIBUTE) instanceof Map<?, ?> known) {
			known.forEach((id, starter) -> started.put(String.valueOf(id), String.valueOf(starter)));
		}
		return started;
	}

}
