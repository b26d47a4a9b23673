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

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * {@link PolarWebhookInbox} that calls the listeners while Polar waits, and relies on
 * Polar to redeliver failed events.
 */
final class DirectWebhookInbox implements PolarWebhookInbox {

	private static final Log logger = LogFactory.getLog(DirectWebhookInbox.class);

	private static final int MAX_REMEMBERED = 10_000;

	private final PolarEventListeners listeners;

	private final PolarEventAnnouncements announcements;

	private final Supplier<List<PolarEventRecorder>> recorders;

	private final Set<String> running = ConcurrentHashMap.newKeySet();

	/**
	 * Progress of recent events, by id.
	 */
	private final Map<String, Progress> progress = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Progress> eldest) {
			return size() > MAX_REMEMBERED;
		}

	});

	DirectWebhookInbox(PolarEventListeners listeners, PolarEventAnnouncements announcements,
			Supplier<List<PolarEventRecorder>> recorders) {
		this.listeners = listeners;
		this.announcements = announcements;
		this.recorders = recorders;
	}

	@Override
	public Receipt accept(PolarEvent<?> event) {
		if (!this.running.add(event.id())) {
			return Receipt.LATER;
		}
		try {
			Progress progress = this.progress.computeIfAbsent(event.id(), (id) -> new Progress());
			if (!progress.complete) {
				if (!progress.begun) {
					// before the listeners, which can throw an exception because of a
					// mismatch
					record(event);
					progress.begun = true;
					this.announcements.mismatch(event);
				}
				if (this.listeners.to(event).isEmpty()) {
					this.announcements.withoutListener(event);
				}
				this.listeners.handle(event, progress.done);
				progress.complete = true;
				progress.done.clear();
				this.announcements.done(event);
			}
			return Receipt.ACCEPTED;
		}
		finally {
			this.running.remove(event.id());
		}
	}

	@Override
	public boolean isKnown(PolarEvent<?> event) {
		Progress progress = this.progress.get(event.id());
		return progress != null && progress.complete;
	}

	private void record(PolarEvent<?> event) {
		for (PolarEventRecorder recorder : this.recorders.get()) {
			try {
				recorder.record(event);
			}
			catch (RuntimeException ex) {
				logger.error("%s failed for the event %s".formatted(recorder.getClass().getName(), event), ex);
			}
		}
	}

	private static final class Progress {

		private final Set<String> done = new HashSet<>();

		private boolean complete;

		private boolean begun;

	}

}
