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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.EntitlementReport;
import io.github.polarspring.entitlement.Entitlements;
import io.github.polarspring.entitlement.PaymentProblem;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

/**
 * {@link PolarEntitlements} without Polar.
 */
final class StubEntitlements implements PolarEntitlements {

	final Map<String, Set<String>> granted = new ConcurrentHashMap<>();

	final List<String> refreshed = new ArrayList<>();

	volatile boolean unavailable;

	volatile @Nullable Instant paidAt;

	@Nullable RuntimeException refreshFailure;

	private final PolarFeatures features;

	private final CurrentPayer payer;

	StubEntitlements(PolarFeatures features, CurrentPayer payer) {
		this.features = features;
		this.payer = payer;
	}

	void reset() {
		this.granted.clear();
		this.refreshed.clear();
		this.refreshFailure = null;
		this.unavailable = false;
	}

	@Override
	public Entitlements current() {
		PolarIdentity identity = this.payer.identity();
		this.paidAt = this.payer.paidAt();
		return (identity != null) ? of(identity) : new Of("guest");
	}

	@Override
	public Entitlements of(String externalId) {
		return new Of(externalId);
	}

	@Override
	public Entitlements of(PolarIdentity identity) {
		return of(identity.externalId());
	}

	@Override
	public void refresh(Collection<String> externalIds, @Nullable UUID customerId) {
		this.refreshed.addAll(externalIds);
		if (this.refreshFailure != null) {
			throw this.refreshFailure;
		}
	}

	@Override
	public void assignSubscription(UUID subscriptionId, String externalId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void assignOrder(UUID orderId, String externalId) {
		throw new UnsupportedOperationException();
	}

	private final class Of implements Entitlements {

		private final String externalId;

		private Of(String externalId) {
			this.externalId = externalId;
		}

		@Override
		public boolean has(String feature) {
			StubEntitlements.this.features.require(feature);
			if (StubEntitlements.this.unavailable && !this.externalId.equals("guest")) {
				throw new PolarEntitlementsUnavailableException(Duration.ofMillis(4200), null);
			}
			return StubEntitlements.this.granted.getOrDefault(this.externalId, Set.of()).contains(feature);
		}

		@Override
		public long limit(String name) {
			return 3;
		}

		@Override
		public Optional<PaymentProblem> paymentProblem() {
			return Optional.empty();
		}

		@Override
		public EntitlementReport report() {
			throw new UnsupportedOperationException();
		}

	}

}
