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

package io.github.polarspring.autoconfigure.webhook;

import java.util.List;
import java.util.Optional;

import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarEvent;

/**
 * {@link PolarDeadLetters} for an inbox that has none, because Polar retries failed
 * deliveries.
 */
final class NoDeadLetters implements PolarDeadLetters {

	@Override
	public List<DeadLetter> list(int limit) {
		return List.of();
	}

	@Override
	public Optional<DeadLetter> find(String id) {
		return Optional.empty();
	}

	@Override
	public Optional<PolarEvent<?>> read(String id) {
		return Optional.empty();
	}

	@Override
	public boolean requeue(String id) {
		return false;
	}

	@Override
	public int requeueAll() {
		return 0;
	}

}
