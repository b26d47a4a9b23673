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

package io.github.polarspring.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.polarspring.usage.PolarUsageDeadLetters;
import io.github.polarspring.usage.PolarUsageTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} to show usage events that are not sent, and to requeue or
 * discard dead letters. It does not expose personal data.
 */
@Endpoint(id = "polarusage", defaultAccess = Access.READ_ONLY)
final class PolarUsageEndpoint {

	private static final int MAX_LISTED = 100;

	private final UsedUsage usage;

	PolarUsageEndpoint(UsedUsage usage) {
		this.usage = usage;
	}

	@ReadOperation
	Map<String, Object> usage() {
		PolarUsageTemplate used = this.usage.get();
		if (used == null) {
			return Map.of("deadLetters", List.of());
		}
		PolarUsageTemplate.Backlog backlog = used.backlog();
		Map<String, Object> result = new LinkedHashMap<>();
		result.put("pending", backlog.pending());
		result.put("oldestAge", backlog.oldest().toString());
		result.put("deadLetterCount", backlog.deadLetters());
		result.put("deadLetters", used.deadLetters().list(MAX_LISTED));
		return result;
	}

	@WriteOperation
	Requeued requeueAll() {
		PolarUsageDeadLetters deadLetters = deadLetters();
		return new Requeued((deadLetters != null) ? deadLetters.requeueAll() : 0);
	}

	@WriteOperation
	Requeued requeue(@Selector String id) {
		PolarUsageDeadLetters deadLetters = deadLetters();
		return new Requeued((deadLetters != null && deadLetters.requeue(id)) ? 1 : 0);
	}

	@DeleteOperation
	Discarded discard(@Selector String id) {
		PolarUsageDeadLetters deadLetters = deadLetters();
		return new Discarded((deadLetters != null && deadLetters.discard(id)) ? 1 : 0);
	}

	private @Nullable PolarUsageDeadLetters deadLetters() {
		PolarUsageTemplate used = this.usage.get();
		return (used != null) ? used.deadLetters() : null;
	}

	record Requeued(int requeued) {

	}

	record Discarded(int discarded) {

	}

}
