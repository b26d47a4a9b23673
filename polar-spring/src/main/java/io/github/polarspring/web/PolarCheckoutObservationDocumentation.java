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

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * Observations of {@link PolarCheckout} methods.
 *
 * @since 0.1.0
 */
public enum PolarCheckoutObservationDocumentation implements ObservationDocumentation {

	/**
	 * Time from the return of a {@link PolarCheckout} method to the response, in which
	 * the session is created.
	 */
	CHECKOUT {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultPolarCheckoutObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKeyNames.values();
		}

	};

	/**
	 * Low-cardinality keys, which become tags of metrics.
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/**
		 * Class and method.
		 */
		HANDLER {

			@Override
			public String asString() {
				return "handler";
			}

		},

		/**
		 * {@code redirect}, {@code json}, {@code page}, {@code htmx}, {@code turbo},
		 * {@code inertia}, {@code datastar} or {@code intercooler}.
		 */
		RESPONSE {

			@Override
			public String asString() {
				return "response";
			}

		},

		/**
		 * {@code known}, {@code guest}, or {@code none} if there is no session.
		 */
		BUYER {

			@Override
			public String asString() {
				return "buyer";
			}

		},

		/**
		 * {@code created}, {@code rejected}, {@code unavailable} or {@code failed}.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		}

	}

}
