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

package io.github.polarspring.autoconfigure.entitlement;

import java.util.UUID;

import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;

import org.springframework.beans.factory.ObjectProvider;

/**
 * {@link CustomerDataEraser} for what is stored about entitlements.
 *
 * @param features the features, without which nothing is stored
 * @param entitlements the entitlements
 */
record EntitlementEraser(PolarFeatures features,
		ObjectProvider<PolarEntitlements> entitlements) implements CustomerDataEraser {

	@Override
	public void erase(UUID customerId) {
		if (!this.features.isEmpty() && this.entitlements.getIfAvailable() instanceof CustomerDataEraser eraser) {
			eraser.erase(customerId);
		}
	}

	@Override
	public void eraseUser(String externalId) {
		if (!this.features.isEmpty() && this.entitlements.getIfAvailable() instanceof CustomerDataEraser eraser) {
			eraser.eraseUser(externalId);
		}
	}

}
