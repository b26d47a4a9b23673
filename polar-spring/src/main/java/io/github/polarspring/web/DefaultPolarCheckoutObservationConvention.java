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

package io.github.polarspring.web;

import io.github.polarspring.web.PolarCheckoutObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValues;

/**
 * Default {@link PolarCheckoutObservationConvention}. To add a tag, extend it.
 *
 * @since 0.1.0
 * @see PolarCheckoutObservationDocumentation
 */
public class DefaultPolarCheckoutObservationConvention implements PolarCheckoutObservationConvention {

	@Override
	public String getName() {
		return "polar.checkout";
	}

	@Override
	public String getContextualName(PolarCheckoutObservationContext context) {
		return "polar checkout " + context.getHandler();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(PolarCheckoutObservationContext context) {
		return KeyValues.of(LowCardinalityKeyNames.HANDLER.withValue(context.getHandler()),
				LowCardinalityKeyNames.RESPONSE.withValue(context.getResponse()),
				LowCardinalityKeyNames.BUYER.withValue(context.getBuyer()),
				LowCardinalityKeyNames.OUTCOME.withValue(context.getOutcome()));
	}

}
