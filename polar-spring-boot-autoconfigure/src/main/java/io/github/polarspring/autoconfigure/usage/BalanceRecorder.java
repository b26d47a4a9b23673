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

package io.github.polarspring.autoconfigure.usage;

import java.time.Instant;
import java.util.Set;

import io.github.polarspring.model.CustomerState;
import io.github.polarspring.usage.PolarMeters;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.PolarEventTypes;

import org.springframework.beans.factory.ObjectProvider;

/**
 * {@link PolarEventRecorder} that takes over the balances that Polar sends.
 *
 * @param meters the meters, without which there are no balances
 * @param usage the usage
 */
record BalanceRecorder(PolarMeters meters, ObjectProvider<PolarUsage> usage) implements PolarEventRecorder {

	@Override
	public void record(PolarEvent<?> event) {
		Instant at = event.timestamp();
		if (at != null && uses(event.type()) && event.data() instanceof CustomerState state
				&& this.usage.getIfAvailable() instanceof PolarUsageTemplate template) {
			template.update(state, at);
		}
	}

	@Override
	public Set<String> types() {
		return this.meters.all().isEmpty() ? Set.of() : Set.of(PolarEventTypes.CUSTOMER_STATE_CHANGED);
	}

	@Override
	public boolean uses(String type) {
		return types().contains(type);
	}

}
