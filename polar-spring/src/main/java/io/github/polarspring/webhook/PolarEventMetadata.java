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

package io.github.polarspring.webhook;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known of an event apart from its payload. A parameter of this type can stand
 * beside the payload in a {@link PolarEventListener} method.
 *
 * @param id the id, the same when the event comes again
 * @param type the type
 * @param timestamp when it happened, {@code null} if Polar did not say
 * @param apiVersion version of the API that the payload is of, {@code null} if Polar did
 * not say
 * @param buyer who bought
 * @param outOfOrder whether it is known that a later event of the same customer was
 * handled before, see {@link PolarEvent#isOutOfOrder()}
 * @since 0.1.0
 */
public record PolarEventMetadata(String id, String type, @Nullable Instant timestamp, @Nullable String apiVersion,
		PolarEvent.Buyer buyer, boolean outOfOrder) {

	static PolarEventMetadata of(PolarEvent<?> event) {
		return new PolarEventMetadata(event.id(), event.type(), event.timestamp(), event.apiVersion(), event.buyer(),
				event.isOutOfOrder());
	}

}
