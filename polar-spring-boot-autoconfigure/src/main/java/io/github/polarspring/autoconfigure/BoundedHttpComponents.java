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

package io.github.polarspring.autoconfigure;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;

/**
 * Limits Apache HttpComponents for calls to Polar. By default, it has 5 connections per
 * route, waits up to 3 minutes for a free one, retries a call after any delay that the
 * response asks for, has no timeout for a whole response, and reads abandoned responses
 * to the end.
 */
final class BoundedHttpComponents {

	private BoundedHttpComponents() {
	}

	static HttpComponentsClientHttpRequestFactoryBuilder of(HttpComponentsClientHttpRequestFactoryBuilder builder,
			PolarProperties.Http properties) {
		int connections = properties.maxConcurrentCalls();
		Duration readTimeout = properties.effectiveReadTimeout();
		return builder.withHttpClientCustomizer((client) -> client.disableAutomaticRetries()
			// the application's customizers are applied after the settings
			.disableRedirectHandling()
			.addExecInterceptorAfter(ChainElement.CONNECT.name(), "polar",
					(request, scope, chain) -> execute(request, scope, chain, readTimeout)))
			.withConnectionManagerCustomizer(
					(manager) -> manager.setMaxConnTotal(connections).setMaxConnPerRoute(connections))
			.withDefaultRequestConfigCustomizer((request) -> request
				.setConnectionRequestTimeout(properties.connectTimeout().toMillis(), TimeUnit.MILLISECONDS));
	}

	private static ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain,
			Duration readTimeout) throws IOException, HttpException {
		ExecRuntime connection = scope.execRuntime;
		// runs in the JDK's timer thread, as the common pool can be exhausted by waiting
		// tasks
		CompletableFuture<@Nullable Void> end = new CompletableFuture<@Nullable Void>().completeOnTimeout(null,
				readTimeout.toMillis(), TimeUnit.MILLISECONDS);
		end.thenRun(connection::discardEndpoint);
		try {
			ClassicHttpResponse response = chain.proceed(request, scope);
			HttpEntity entity = response.getEntity();
			if (entity == null) {
				end.cancel(false);
			}
			else {
				response.setEntity(new BoundedEntity(entity, connection, end));
			}
			return response;
		}
		catch (IOException | HttpException | RuntimeException ex) {
			end.cancel(false);
			throw ex;
		}
	}

	private static final class BoundedEntity extends HttpEntityWrapper {

		private final ExecRuntime connection;

		private final CompletableFuture<@Nullable Void> end;

		BoundedEntity(HttpEntity entity, ExecRuntime connection, CompletableFuture<@Nullable Void> end) {
			super(entity);
			this.connection = connection;
			this.end = end;
		}

		@Override
		public InputStream getContent() throws IOException {
			return new FilterInputStream(super.getContent()) {

				private boolean read;

				@Override
				public int read() throws IOException {
					int b = super.read();
					this.read |= b == -1;
					return b;
				}

				@Override
				public int read(byte[] buffer, int offset, int length) throws IOException {
					int count = super.read(buffer, offset, length);
					this.read |= count == -1;
					return count;
				}

				@Override
				public void close() throws IOException {
					if (!this.read) {
						BoundedEntity.this.connection.discardEndpoint();
					}
					try {
						super.close();
					}
					finally {
						BoundedEntity.this.end.cancel(false);
					}
				}

			};
		}

	}

}
