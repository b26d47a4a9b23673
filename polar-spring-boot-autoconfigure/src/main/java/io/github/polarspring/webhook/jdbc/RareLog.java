package io.github.polarspring.webhook.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Says once a minute what is the same each time.
 */
final class RareLog {

	private static final Duration BETWEEN = Duration.ofMinutes(1);

	private final Log logger;

	private final Clock clock;

	private @Nullable Instant last;

	RareLog(Class<?> source, Clock clock) {
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
