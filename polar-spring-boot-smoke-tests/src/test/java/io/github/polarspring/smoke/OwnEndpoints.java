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

package io.github.polarspring.smoke;

import java.util.concurrent.CompletableFuture;

import io.github.polarspring.webhook.PolarWebhookReceiver;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Endpoints of applications, as the documentation shows them.
 */
final class OwnEndpoints {

	static final String PATH = "/hooks/polar";

	private OwnEndpoints() {
	}

	@RestController
	static class ServletWebhooks {

		private final PolarWebhookReceiver receiver;

		ServletWebhooks(PolarWebhookReceiver receiver) {
			this.receiver = receiver;
		}

		@PostMapping(PATH)
		ResponseEntity<String> receive(@RequestHeader HttpHeaders headers, HttpServletRequest request) {
			return this.receiver.receive(headers, request::getInputStream).toResponseEntity();
		}

	}

	@RestController
	static class ReactiveWebhooks {

		private final PolarWebhookReceiver receiver;

		private final AsyncTaskExecutor executor;

		ReactiveWebhooks(PolarWebhookReceiver receiver, AsyncTaskExecutor applicationTaskExecutor) {
			this.receiver = receiver;
			this.executor = applicationTaskExecutor;
		}

		@PostMapping(PATH)
		CompletableFuture<ResponseEntity<String>> receive(@RequestHeader HttpHeaders headers,
				@RequestBody byte[] body) {
			return this.executor.submitCompletable(() -> this.receiver.receive(headers, body).toResponseEntity());
		}

	}

}
