package io.github.polarspring.web;

import io.github.polarspring.web.PolarCheckoutObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValues;

/**
 * {@link PolarCheckoutObservationConvention} that is used unless there is another one. To
 * add a tag, extend it.
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
				LowCardinalityKeyNames.ANSWER.withValue(context.getAnswer()),
				LowCardinalityKeyNames.BUYER.withValue(context.getBuyer()),
				LowCardinalityKeyNames.OUTCOME.withValue(context.getOutcome()));
	}

}
