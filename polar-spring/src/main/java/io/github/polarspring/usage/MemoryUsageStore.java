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

package io.github.polarspring.usage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.util.Assert;

/**
 * {@link UsageStore} in memory, for a single instance.
 */
final class MemoryUsageStore implements UsageStore {

	private static final int MAX_DEAD_LETTERS = 1000;

	private final int capacity;

	private final Clock clock;

	private final Map<String, Waiting> events = new LinkedHashMap<>();

	private final Map<String, Dead> dead = new LinkedHashMap<>();

	private long turnEnd;

	MemoryUsageStore(int capacity, Clock clock) {
		Assert.isTrue(capacity >= 1, "capacity must be at least 1");
		this.capacity = capacity;
		this.clock = clock;
	}

	@Override
	public synchronized void add(PendingEvent event, Instant now) {
		if (this.dead.containsKey(event.id()) || this.events.containsKey(event.id())) {
			return;
		}
		if (this.events.size() >= this.capacity) {
			throw new PolarUsageQueueFullException(
					"Usage was not recorded, because %d events wait in memory to be sent to Polar, which is the limit set by 'polar.usage.queue-capacity'"
						.formatted(this.capacity));
		}
		this.events.put(event.id(), new Waiting(event, now));
	}

	@Override
	public synchronized boolean isEmpty() {
		return this.events.isEmpty();
	}

	@Override
	public synchronized List<PendingEvent> next(int limit) {
		return this.events.values().stream().limit(limit).map(Waiting::event).toList();
	}

	@Override
	public synchronized void sent(Collection<PendingEvent> events) {
		events.forEach((event) -> this.events.remove(event.id()));
	}

	@Override
	public synchronized void reject(PendingEvent event, String failure, Instant now) {
		if (this.events.remove(event.id()) == null) {
			return;
		}
		if (this.dead.size() >= MAX_DEAD_LETTERS) {
			Iterator<Dead> oldest = this.dead.values().iterator();
			oldest.next();
			oldest.remove();
		}
		this.dead.put(event.id(),
				new Dead(event, new DeadLetter(event.id(), event.name(), event.timestamp(), now, failure)));
	}

	@Override
	public synchronized boolean take(long now, long end) {
		boolean free = this.turnEnd <= now;
		this.turnEnd = free ? end : this.turnEnd;
		return free;
	}

	@Override
	public synchronized boolean move(long end, long newEnd) {
		boolean kept = this.turnEnd == end;
		this.turnEnd = kept ? newEnd : this.turnEnd;
		return kept;
	}

	@Override
	public synchronized PolarUsageTemplate.Backlog backlog(Instant now) {
		Iterator<Waiting> oldest = this.events.values().iterator();
		Duration age = oldest.hasNext() ? Duration.between(oldest.next().since(), now) : Duration.ZERO;
		return new PolarUsageTemplate.Backlog(this.events.size(), age.isNegative() ? Duration.ZERO : age,
				this.dead.size());
	}

	@Override
	public synchronized List<DeadLetter> list(int limit) {
		return this.dead.values().stream().limit(limit).map(Dead::letter).toList();
	}

	@Override
	public synchronized boolean requeue(String id) {
		Dead letter = this.dead.remove(id);
		if (letter != null) {
			this.events.put(id, new Waiting(letter.event(), this.clock.instant()));
		}
		return letter != null;
	}

	@Override
	public synchronized int requeueAll() {
		List<String> ids = List.copyOf(this.dead.keySet());
		ids.forEach(this::requeue);
		return ids.size();
	}

	@Override
	public synchronized boolean discard(String id) {
		return this.dead.remove(id) != null;
	}

	@Override
	public void check() {
	}

	@Override
	public boolean isVolatile() {
		return true;
	}

	private record Waiting(PendingEvent event, Instant since) {

	}

	private record Dead(PendingEvent event, DeadLetter letter) {

	}

}
