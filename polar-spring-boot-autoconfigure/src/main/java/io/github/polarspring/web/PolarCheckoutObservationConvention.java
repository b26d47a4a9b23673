package io.github.polarspring.web;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and tags of the observation of {@link PolarCheckout} methods. A bean of this type
 * replaces the {@link DefaultPolarCheckoutObservationConvention}.
 *
 * @since 0.1.0
 */
public interface PolarCheckoutObservationConvention extends ObservationConvention<PolarCheckoutObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof PolarCheckoutObservationContext;
	}

}
