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

package io.github.polarspring.autoconfigure.actuate;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarException;
import io.github.polarspring.webhook.catchup.CatchUpReport;
import io.github.polarspring.webhook.catchup.CatchUpRequest;
import io.github.polarspring.webhook.catchup.PolarCatchUp;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Actuator endpoint that compares the webhook endpoint at Polar with what the application
 * needs, repairs it, and catches up on missed events.
 */
@Endpoint(id = "polarwebhooks", defaultAccess = Access.READ_ONLY)
final class PolarWebhooksEndpoint {

	private static final int WAIT_SECONDS = 3;

	private final Supplier<PolarWebhookEndpoints> endpoints;

	private final Supplier<PolarCatchUp> catchUp;

	PolarWebhooksEndpoint(Supplier<PolarWebhookEndpoints> endpoints, Supplier<PolarCatchUp> catchUp) {
		this.endpoints = endpoints;
		this.catchUp = catchUp;
	}

	@ReadOperation
	Map<String, Object> check() {
		return endpoint(() -> this.endpoints.get().check());
	}

	private static Map<String, Object> endpoint(Supplier<Object> report) {
		Map<String, Object> result = new LinkedHashMap<>();
		try {
			result.put("endpoint", report.get());
		}
		catch (PolarException ex) {
			result.put("problem", String.valueOf(ex.getMessage()));
		}
		return result;
	}

	@ReadOperation
	@Nullable CatchUpStatus catchUp(@Selector String operation) {
		if (!operation.equals("catch-up")) {
			return null;
		}
		try {
			PolarCatchUp catchUp = this.catchUp.get();
			return CatchUpStatus.of(catchUp.isRunning() ? State.RUNNING : State.IDLE, catchUp.latest().orElse(null));
		}
		catch (BeansException ex) {
			return CatchUpStatus.problem(ex);
		}
	}

	@WriteOperation
	Object run(@Selector String operation, @Nullable Instant since, @Nullable Instant until, @Nullable Boolean dryRun,
			@Nullable Boolean deliveredToo) {
		return switch (operation) {
			case "repair" -> endpoint(() -> this.endpoints.get().repair());
			// a mistyped name of a field must not start a real run
			case "catch-up" -> start(
					new CatchUpRequest(since, until, !Boolean.FALSE.equals(dryRun), Boolean.TRUE.equals(deliveredToo)));
			default -> throw new InvalidEndpointRequestException("Unknown operation '%s'".formatted(operation),
					"The operations are 'repair' and 'catch-up'");
		};
	}

	/**
	 * Run in the background, and wait for the end of a short run.
	 */
	private CatchUpStatus start(CatchUpRequest request) {
		PolarCatchUp catchUp;
		try {
			catchUp = this.catchUp.get();
		}
		catch (BeansException ex) {
			return CatchUpStatus.problem(ex);
		}
		CompletableFuture<Optional<CatchUpReport>> run = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				run.complete(catchUp.run(request));
			}
			catch (RuntimeException | Error ex) {
				run.completeExceptionally(ex);
			}
		}, "polar-catch-up");
		thread.setDaemon(true);
		thread.start();
		try {
			return run.get(WAIT_SECONDS, TimeUnit.SECONDS)
				.map((report) -> CatchUpStatus.of(State.ENDED, report))
				.orElseGet(() -> CatchUpStatus.of(State.BUSY, null));
		}
		catch (TimeoutException ex) {
			return CatchUpStatus.of(State.RUNNING, catchUp.latest().orElse(null));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof PolarException) {
				// the report says why
				return CatchUpStatus.of(State.ENDED, catchUp.latest().orElse(null));
			}
			if (ex.getCause() instanceof IllegalArgumentException invalid) {
				throw new InvalidEndpointRequestException("Invalid request", invalid.getMessage());
			}
			throw new IllegalStateException("The catch-up failed", ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return CatchUpStatus.of(State.RUNNING, null);
		}
	}

	/**
	 * State of the catch-up.
	 *
	 * @param state the state
	 * @param report what was done so far, or by the last run of this instance
	 * @param problem why there can be no run
	 */
	record CatchUpStatus(State state, @Nullable CatchUpReport report, @Nullable String problem) {

		static CatchUpStatus of(State state, @Nullable CatchUpReport report) {
			return new CatchUpStatus(state, report, null);
		}

		/**
		 * Describe why the bean cannot be created, such as the table that is missing.
		 */
		static CatchUpStatus problem(BeansException ex) {
			for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
				if (cause instanceof PolarConfigurationException wrong) {
					return new CatchUpStatus(State.IDLE, null, wrong.getMessage() + " " + wrong.getAction());
				}
			}
			throw ex;
		}

	}

	/**
	 * States of the catch-up.
	 */
	enum State {

		/**
		 * No run of this instance is active.
		 */
		IDLE,

		/**
		 * A run of this instance is active.
		 */
		RUNNING,

		/**
		 * The run has ended.
		 */
		ENDED,

		/**
		 * Another run is active, so that this one was not started.
		 */
		BUSY

	}

}
