package io.github.polarspring.client;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and tags of the observation of calls to Polar. A bean of this type replaces the
 * {@link DefaultPolarApiObservationConvention}.
 *
 * @since 0.1.0
 */
public interface PolarApiObservationConvention extends ObservationConvention<PolarApiObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof PolarApiObservationContext;
	}

}
