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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.entitlement.EntitlementReport;
import io.github.polarspring.entitlement.EntitlementReport.Basis;
import io.github.polarspring.entitlement.EntitlementReport.Proof;
import io.github.polarspring.entitlement.EntitlementReport.Reason;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} to show support why a user has which features. It changes
 * nothing. The operation is a write operation only so that the id, which is personal
 * data, is in the body and not in the URL, which access logs and traces contain.
 */
@Endpoint(id = "polarentitlements")
final class PolarEntitlementsEndpoint {

	private final PolarEntitlements entitlements;

	private final Clock clock;

	PolarEntitlementsEndpoint(PolarEntitlements entitlements, Clock clock) {
		this.entitlements = entitlements;
		this.clock = clock;
	}

	@WriteOperation
	Report report(String externalId, @Nullable String memberId) {
		EntitlementReport report = this.entitlements.of(identity(externalId, memberId)).report();
		return Report.of(report, this.clock.instant());
	}

	private static PolarIdentity identity(String externalId, @Nullable String memberId) {
		try {
			PolarIdentity identity = PolarIdentity.of(externalId);
			return (memberId != null) ? identity.withMemberId(memberId) : identity;
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidEndpointRequestException("Invalid id", "No user can have this id: " + ex.getMessage());
		}
	}

	record Report(Source source, @Nullable Instant readAt, @Nullable String age, Map<String, Explanation> features,
			Map<String, Long> limits, List<UUID> unproven) {

		static Report of(EntitlementReport report, Instant now) {
			Instant readAt = report.readAt();
			String age = (readAt != null) ? Duration.between(readAt, now).truncatedTo(ChronoUnit.SECONDS).toString()
					: null;
			Map<String, Explanation> features = new LinkedHashMap<>();
			report.features().forEach((name, reason) -> features.put(name, Explanation.of(reason)));
			return new Report(report.source(), readAt, age, features, report.limits(), report.unproven());
		}

	}

	record Explanation(boolean granted, Basis basis, @Nullable UUID purchaseId, @Nullable UUID benefitId,
			@Nullable Proof proof) {

		static Explanation of(Reason reason) {
			return new Explanation(reason.granted(), reason.basis(), reason.purchaseId(), reason.benefitId(),
					reason.proof());
		}

	}

}
