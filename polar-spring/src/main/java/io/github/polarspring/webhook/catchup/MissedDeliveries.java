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

package io.github.polarspring.webhook.catchup;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.WebhookDelivery;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Reader of the attempts to deliver events to endpoints, oldest first. Polar lists them
 * newest first, so they are read in slices of limited size. Within a slice, each page
 * begins where the one before it ended, so that the list can change meanwhile.
 */
final class MissedDeliveries {

	/**
	 * Each item contains the payload of its event.
	 */
	private static final int LIMIT = 50;

	private static final int MAX_SLICE = 1000;

	private static final Duration SHORTEST_SLICE = Duration.ofSeconds(1);

	private final List<UUID> endpointIds;

	private final Function<MultiValueMap<String, String>, PolarPage<WebhookDelivery>> pages;

	private final Consumer<WebhookDelivery.Event> events;

	private final Set<UUID> seen = new HashSet<>();

	MissedDeliveries(List<UUID> endpointIds, Function<MultiValueMap<String, String>, PolarPage<WebhookDelivery>> pages,
			Consumer<WebhookDelivery.Event> events) {
		this.endpointIds = List.copyOf(endpointIds);
		this.pages = pages;
		this.events = events;
	}

	/**
	 * Read the events, each once, that Polar tried to deliver between two times.
	 */
	void read(Instant from, Instant to) {
		PolarPage<WebhookDelivery> newest = page(from, to);
		if (newest.totalCount() > MAX_SLICE && Duration.between(from, to).compareTo(SHORTEST_SLICE) > 0) {
			Instant middle = from.plus(Duration.between(from, to).dividedBy(2)).truncatedTo(ChronoUnit.MICROS);
			read(from, middle);
			// both bounds are exclusive
			read(middle.minus(1, ChronoUnit.MICROS), to);
			return;
		}
		slice(newest, from).stream()
			.sorted(Comparator.comparing(WebhookDelivery::createdAt))
			.map(WebhookDelivery::event)
			.filter((event) -> this.seen.add(event.id()))
			.forEach(this.events);
	}

	private List<WebhookDelivery> slice(PolarPage<WebhookDelivery> newest, Instant from) {
		List<WebhookDelivery> slice = new ArrayList<>(newest.items());
		List<WebhookDelivery> page = newest.items();
		Instant end = null;
		while (page.size() >= LIMIT) {
			Instant oldest = page.get(page.size() - 1).createdAt();
			Instant next = oldest.plus(1, ChronoUnit.MICROS);
			// a page of attempts at the same microsecond would come again
			end = next.equals(end) ? oldest : next;
			page = page(from, end).items();
			slice.addAll(page);
		}
		return slice;
	}

	private PolarPage<WebhookDelivery> page(Instant from, Instant to) {
		MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
		this.endpointIds.forEach((id) -> query.add("endpoint_id", id.toString()));
		query.add("start_timestamp", from.toString());
		query.add("end_timestamp", to.toString());
		query.add("limit", String.valueOf(LIMIT));
		return this.pages.apply(query);
	}

}
