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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * Handles requests for the event stream.
 */
final class FakeCliRequests {

	private static final Pattern PATH = Pattern.compile("/v1/cli/listen/([^/]+)(/?)");

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeCliRequests(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher matcher = PATH.matcher(path);
		if (!matcher.matches()) {
			return null;
		}
		if (!matcher.group(2).isEmpty()) {
			return this.transformer.temporaryRedirect(request, path.substring(0, path.length() - 1));
		}
		if (!method.equals("GET")) {
			return FakeTransformer.methodNotAllowed("GET");
		}
		return this.transformer.authorized(request, FakeWebhookRequests.READ,
				() -> FakeTransformer.withId(matcher.group(1),
						(id) -> id.equals(this.state.organizationId()) ? stream() : FakeCustomers.notFound()));
	}

	private static ResponseDefinitionBuilder stream() {
		return new ResponseDefinitionBuilder().withStatus(200)
			.withHeader("Content-Type", "text/event-stream; charset=utf-8")
			.withHeader("X-Accel-Buffering", "no")
			.withHeader(FakeHttpServer.MARKER, "true");
	}

}
