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

package io.github.polarspring.webhook.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Log that limits messages to one per minute.
 */
final class ThrottledLog {

	private static final Duration BETWEEN = Duration.ofMinutes(1);

	private final Log logger;

	private final Clock clock;

	private @Nullable Instant last;

	ThrottledLog(Class<?> source, Clock clock) {
		this.logger = LogFactory.getLog(source);
		this.clock = clock;
	}

	void error(String message, Throwable ex) {
		Instant now = this.clock.instant();
		synchronized (this) {
			if (this.last != null && now.isBefore(this.last.plus(BETWEEN))) {
				this.logger.debug(message, ex);
				return;
			}
			this.last = now;
		}
		this.logger.error(message, ex);
	}

}
