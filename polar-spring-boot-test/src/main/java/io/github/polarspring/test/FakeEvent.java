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

package io.github.polarspring.test;

import java.util.List;

import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event for an endpoint, as the dashboard shows it.
 *
 * @param id the ID
 * @param type the type
 * @param cause what caused the event
 * @param body the event as JSON
 * @param held whether the event is held back
 * @param duplicate whether the event was sent again, other than as a retry
 * @param attempts the attempts to deliver the event
 */
record FakeEvent(String id, String type, String cause, String body, boolean held, boolean duplicate,
		List<Delivery> attempts) {

	JsonNode json() {
		return JsonMapper.shared().readTree(this.body);
	}

	/**
	 * Return whether the event contains an older state than the event before.
	 */
	boolean isOutdated() {
		return this.cause.equals(PolarFakeWebhooks.OUTDATED);
	}

}
