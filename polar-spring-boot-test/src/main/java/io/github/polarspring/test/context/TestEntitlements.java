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

package io.github.polarspring.test.context;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.entitlement.EntitlementReport;
import io.github.polarspring.entitlement.EntitlementReport.Basis;
import io.github.polarspring.entitlement.EntitlementReport.Reason;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.Entitlements;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.PaymentProblem;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.util.Assert;

/**
 * Entitlements that a test determines. Without such a test, those of the application.
 */
final class TestEntitlements implements PolarEntitlements, BeanFactoryAware {

	private final String delegateName;

	private @Nullable BeanFactory beanFactory;

	/**
	 * Visible to the threads of a server that the test has started.
	 */
	private volatile @Nullable Entitlements fixed;

	/**
	 * Create the entitlements.
	 * @param delegateName the name of the application's bean, empty if there is none
	 */
	TestEntitlements(String delegateName) {
		this.delegateName = delegateName;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	void set(WithPolarEntitlements annotation) {
		this.fixed = new Fixed(Set.copyOf(List.of(annotation.value())), limits(annotation.limits()), features());
	}

	void withdraw() {
		this.fixed = null;
	}

	private static Map<String, Long> limits(String[] limits) {
		Map<String, Long> values = new LinkedHashMap<>();
		for (String limit : limits) {
			Assert.isTrue(limit.matches("[^=]+=(\\d{1,18}|unlimited)"), () -> "The limit '" + limit
					+ "' of @WithPolarEntitlements must be a name with a number, such as forms=50 or forms=unlimited");
			String[] parts = limit.split("=");
			values.put(parts[0], parts[1].equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(parts[1]));
		}
		return values;
	}

	private @Nullable PolarFeatures features() {
		return beanFactory().getBeanProvider(PolarFeatures.class).getIfAvailable();
	}

	private BeanFactory beanFactory() {
		Assert.state(this.beanFactory != null, "beanFactory must be set");
		return this.beanFactory;
	}

	private PolarEntitlements delegate() {
		Assert.state(!this.delegateName.isEmpty(), "The application has no PolarEntitlements bean");
		return beanFactory().getBean(this.delegateName, PolarEntitlements.class);
	}

	@Override
	public Entitlements current() {
		Entitlements fixed = this.fixed;
		return (fixed != null) ? fixed : delegate().current();
	}

	@Override
	public Entitlements of(String externalId) {
		Entitlements fixed = this.fixed;
		return (fixed != null) ? fixed : delegate().of(externalId);
	}

	@Override
	public Entitlements of(PolarIdentity identity) {
		Entitlements fixed = this.fixed;
		return (fixed != null) ? fixed : delegate().of(identity);
	}

	@Override
	public void refresh(Collection<String> externalIds, @Nullable UUID customerId) {
		if (this.fixed == null) {
			delegate().refresh(externalIds, customerId);
		}
	}

	@Override
	public void assignSubscription(UUID subscriptionId, String externalId) {
		delegate().assignSubscription(subscriptionId, externalId);
	}

	@Override
	public void assignOrder(UUID orderId, String externalId) {
		delegate().assignOrder(orderId, externalId);
	}

	@Override
	public Set<UUID> assignedOrders(String externalId) {
		return delegate().assignedOrders(externalId);
	}

	/**
	 * The same entitlements for all users.
	 *
	 * @param granted the names of the features
	 * @param ownLimits the limits that the test names
	 * @param features the configured features and limits, {@code null} if there are none
	 */
	private record Fixed(Set<String> granted, Map<String, Long> ownLimits,
			@Nullable PolarFeatures features) implements Entitlements {

		Fixed {
			if (features != null) {
				granted.forEach(features::require);
				ownLimits.keySet().forEach(features::requireLimit);
			}
		}

		@Override
		public boolean has(String feature) {
			if (this.features != null) {
				this.features.require(feature);
			}
			return this.granted.contains(feature);
		}

		@Override
		public long limit(String name) {
			Long limit = this.ownLimits.get(name);
			if (limit != null) {
				return limit;
			}
			Assert.state(this.features != null, () -> "@WithPolarEntitlements has no limit '" + name + "'");
			return this.features.requireLimit(name);
		}

		@Override
		public Optional<PaymentProblem> paymentProblem() {
			return Optional.empty();
		}

		@Override
		public EntitlementReport report() {
			Map<String, Reason> reasons = new LinkedHashMap<>();
			Map<String, Long> limits = new LinkedHashMap<>();
			if (this.features != null) {
				this.features.all().stream().map(Feature::name).forEach((name) -> reasons.put(name, reason(false)));
				limits.putAll(this.features.limits());
			}
			this.granted.forEach((name) -> reasons.put(name, reason(true)));
			limits.putAll(this.ownLimits);
			return new EntitlementReport(Source.GUEST, null, reasons, limits, List.of());
		}

		private static Reason reason(boolean granted) {
			return new Reason(granted ? Basis.COMPLIMENTARY : Basis.NONE, null, null, null);
		}

	}

}
