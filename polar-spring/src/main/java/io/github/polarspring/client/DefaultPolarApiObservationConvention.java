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

package io.github.polarspring.client;

import io.github.polarspring.client.PolarApiObservationDocumentation.HighCardinalityKeyNames;
import io.github.polarspring.client.PolarApiObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValues;

/**
 * Default {@link PolarApiObservationConvention}. To add a tag, extend it.
 *
 * @since 0.1.0
 * @see PolarApiObservationDocumentation
 */
public class DefaultPolarApiObservationConvention implements PolarApiObservationConvention {

	@Override
	public String getName() {
		return "polar.api";
	}

	@Override
	public String getContextualName(PolarApiObservationContext context) {
		return "polar " + context.getOperation();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(PolarApiObservationContext context) {
		return KeyValues.of(LowCardinalityKeyNames.OPERATION.withValue(context.getOperation()),
				LowCardinalityKeyNames.ENVIRONMENT.withValue(context.getEnvironment()),
				LowCardinalityKeyNames.OUTCOME.withValue(context.getOutcome()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(PolarApiObservationContext context) {
		return KeyValues.of(HighCardinalityKeyNames.ATTEMPTS.withValue(String.valueOf(context.getAttempts())));
	}

}
