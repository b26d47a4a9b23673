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

package io.github.polarspring.autoconfigure.usage;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.usage.PolarUsageTemplate;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Starts to send usage before the inbox calls listeners and the web server accepts
 * requests, and stops after both, because they record usage.
 */
final class UsageLifecycle implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(UsageLifecycle.class);

	/**
	 * Lower than the phase of the inbox, which therefore stops earlier.
	 */
	private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

	private @Nullable PolarUsageTemplate usage;

	private Runnable preparation = () -> {
	};

	private boolean running;

	/**
	 * Start and stop a template, with this object. It can be created at any time.
	 * @param usage the template
	 * @param preparation creates the tables, if any are needed
	 */
	synchronized void manage(PolarUsageTemplate usage, Runnable preparation) {
		this.preparation = preparation;
		if (this.running) {
			start(usage);
		}
		this.usage = usage;
	}

	@Override
	public synchronized void start() {
		this.running = true;
		if (this.usage != null) {
			start(this.usage);
		}
	}

	/**
	 * Prepare in this thread, so that the application does not start if a table is
	 * missing. If the database is not available, it is prepared later.
	 */
	private void start(PolarUsageTemplate usage) {
		try {
			this.preparation.run();
		}
		catch (PolarConfigurationException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			logger.error(
					"The tables of usage events cannot be prepared. It is retried, and no usage is sent until then",
					ex);
		}
		usage.start(this.preparation);
	}

	@Override
	public synchronized void stop() {
		this.running = false;
		if (this.usage != null) {
			this.usage.stop();
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
