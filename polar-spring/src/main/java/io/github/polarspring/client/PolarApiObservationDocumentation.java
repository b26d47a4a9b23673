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

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * Observations of calls to Polar.
 *
 * @since 0.1.0
 */
public enum PolarApiObservationDocumentation implements ObservationDocumentation {

	/**
	 * A call with all its attempts. Each attempt is a nested {@code http.client.requests}
	 * observation.
	 */
	API_CALL {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultPolarApiObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeyNames.values();
		}

		@Override
		public Observation.Event[] getEvents() {
			return Events.values();
		}

	};

	/**
	 * Low-cardinality keys, which become tags of metrics.
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/**
		 * Method and path with template variables.
		 */
		OPERATION {

			@Override
			public String asString() {
				return "operation";
			}

		},

		/**
		 * {@code production}, {@code sandbox} or {@code custom}.
		 */
		ENVIRONMENT {

			@Override
			public String asString() {
				return "environment";
			}

		},

		/**
		 * {@code success} or the kind of failure; for an event, that of the preceding
		 * attempt.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		}

	}

	/**
	 * High-cardinality keys, which are added to traces but not to metrics.
	 */
	public enum HighCardinalityKeyNames implements KeyName {

		/**
		 * Number of attempts.
		 */
		ATTEMPTS {

			@Override
			public String asString() {
				return "attempts";
			}

		}

	}

	/**
	 * Events within a call. Each is also counted as a metric.
	 */
	public enum Events implements Observation.Event {

		/**
		 * The same request is sent again after a failure that can be temporary.
		 */
		RETRY {

			@Override
			public String getName() {
				return "retry";
			}

		},

		/**
		 * Another request is sent, without the values that the starter added and that
		 * Polar rejected or took too long to check.
		 */
		FALLBACK {

			@Override
			public String getName() {
				return "fallback";
			}

		}

	}

}
