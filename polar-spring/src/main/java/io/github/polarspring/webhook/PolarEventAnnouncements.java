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

package io.github.polarspring.webhook;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publisher of application events about events at Polar: best-effort copies for
 * observers, which cannot delay or fail the handling. Internal: not meant for
 * applications.
 *
 * @since 0.1.0
 */
public final class PolarEventAnnouncements {

	private static final Log logger = LogFactory.getLog(PolarEventAnnouncements.class);

	private static final int MAX_REMEMBERED = 10_000;

	private final ApplicationEventPublisher publisher;

	private final Supplier<List<PolarEventRecorder>> recorders;

	private final Set<String> withoutListener = ConcurrentHashMap.newKeySet();

	/**
	 * Create a publisher.
	 * @param publisher publishes the application events
	 * @param recorders record events that need no listener
	 */
	public PolarEventAnnouncements(ApplicationEventPublisher publisher, Supplier<List<PolarEventRecorder>> recorders) {
		this.publisher = publisher;
		this.recorders = recorders;
	}

	/**
	 * Publish that the buyer of an event is not the customer that Polar attributes the
	 * purchase to.
	 * @param event the event. Nothing is published if there is no mismatch, or if the
	 * buyer cannot be determined
	 */
	public void mismatch(PolarEvent<?> event) {
		Buyer buyer;
		try {
			buyer = event.buyer();
		}
		catch (PolarDataException ex) {
			logger.warn(ex.getMessage());
			return;
		}
		if (buyer instanceof Buyer.Mismatch mismatch) {
			logger.warn("The buyer of the event %s is not the customer to whom Polar attributes the purchase"
				.formatted(event));
			publish(event, new PolarIdentityMismatch(event, mismatch));
		}
	}

	/**
	 * Log that there is no listener for an event, once for each type, unless a recorder
	 * needs events of this type.
	 * @param event the event
	 */
	public void withoutListener(PolarEvent<?> event) {
		if (this.withoutListener.size() < MAX_REMEMBERED && this.withoutListener.add(event.type())
				&& this.recorders.get().stream().noneMatch((recorder) -> recorder.types().contains(event.type()))) {
			logger.info(("There is no @PolarEventListener for events of the type '%s'. If one is missing, note that a"
					+ " lazy @Bean")
				.formatted(event.type())
					+ " method must return the class that declares the listener, not an interface");
		}
	}

	/**
	 * Publish an event that has been handled.
	 * @param event the event
	 */
	public void done(PolarEvent<?> event) {
		publish(event, event);
	}

	private void publish(PolarEvent<?> event, Object published) {
		try {
			this.publisher.publishEvent(published);
		}
		catch (Throwable ex) {
			// including checked exceptions, from languages without them
			logger.error("A listener to the application event %s for %s failed, or the event could not be published"
				.formatted(published.getClass().getSimpleName(), event), ex);
		}
	}

}
