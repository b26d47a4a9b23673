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

import java.util.UUID;

import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.usage.PolarMeters;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.PolarUsageTemplate;

import org.springframework.beans.factory.ObjectProvider;

/**
 * {@link CustomerDataEraser} for balances.
 *
 * @param meters the meters, without which there are no balances
 * @param usage the usage
 */
record BalanceEraser(PolarMeters meters, ObjectProvider<PolarUsage> usage) implements CustomerDataEraser {

	@Override
	public void erase(UUID customerId) {
	}

	@Override
	public void eraseUser(String externalId) {
		if (!this.meters.all().isEmpty() && this.usage.getIfAvailable() instanceof PolarUsageTemplate template) {
			template.erase(externalId);
		}
	}

}
