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

package io.github.polarspring.web.reactive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import io.github.polarspring.webhook.PolarWebhookReceipt;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.PolarWebhookReceiver.Admission;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.InputStreamSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Filter that passes requests to a {@link PolarWebhookReceiver}, ahead of Spring
 * Security. The body is read without blocking a thread. Everything that blocks runs on
 * the executor, and is not interrupted if the request is canceled.
 */
final class PolarWebhookFilter implements WebFilter {

	/**
	 * Polar waits ten seconds for the response.
	 */
	static final Duration BODY_TIMEOUT = Duration.ofSeconds(10);

	private static final Log logger = LogFactory.getLog(PolarWebhookReceiver.class);

	private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.US_ASCII);

	private final Supplier<PolarWebhookReceiver> supplier;

	private final String path;

	private final EndpointPath endpoint;

	private final Executor executor;

	private final Duration bodyTimeout;

	private volatile @Nullable PolarWebhookReceiver receiver;

	PolarWebhookFilter(Supplier<PolarWebhookReceiver> supplier, String path, Executor executor, Duration bodyTimeout) {
		this.supplier = supplier;
		this.path = path;
		this.endpoint = new EndpointPath(path);
		this.executor = executor;
		this.bodyTimeout = bodyTimeout;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		ServerHttpResponse response = exchange.getResponse();
		if (!this.endpoint.matches(request)) {
			return chain.filter(exchange);
		}
		ServerRequestObservationContext.findCurrent(exchange.getAttributes())
			.ifPresent((context) -> context.setPathPattern(this.path));
		if (!HttpMethod.POST.equals(request.getMethod())) {
			response.getHeaders().setAllow(Set.of(HttpMethod.POST));
			return respond(response, 405, "Webhooks are sent by POST");
		}
		return receiver().flatMap((created) -> receive(created, request))
			.onErrorResume(PolarWebhookFilter::failed)
			.flatMap((receipt) -> respond(response, receipt.status(), receipt.text()));
	}

	/**
	 * Return the receiver. It is created by the first webhook, which can take a while.
	 */
	private Mono<PolarWebhookReceiver> receiver() {
		PolarWebhookReceiver receiver = this.receiver;
		return (receiver != null) ? Mono.just(receiver) : offEventLoop(() -> {
			PolarWebhookReceiver created = this.supplier.get();
			this.receiver = created;
			return created;
		});
	}

	private Mono<PolarWebhookReceipt> receive(PolarWebhookReceiver receiver, ServerHttpRequest request) {
		return Mono.using(() -> receiver.admit(request.getHeaders()),
				(admission) -> receive(admission, request.getBody()));
	}

	private Mono<PolarWebhookReceipt> receive(Admission admission, Flux<DataBuffer> body) {
		return admission.rejection()
			.map(Mono::just)
			.orElseGet(() -> read(body, admission.readLimit())
				.flatMap((content) -> offEventLoop(() -> admission.receive(content))));
	}

	private Mono<InputStreamSource> read(Flux<DataBuffer> body, int limit) {
		return DataBufferUtils.join(DataBufferUtils.takeUntilByteCount(body, limit))
			.map(PolarWebhookFilter::bytes)
			.defaultIfEmpty(new byte[0])
			.timeout(this.bodyTimeout)
			.<InputStreamSource>map((content) -> () -> new ByteArrayInputStream(content))
			.onErrorResume((ex) -> Mono.just(unreadable(ex)));
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

	private static InputStreamSource unreadable(Throwable failure) {
		return () -> {
			// the error of servers if the body has another subscriber
			if (failure instanceof IllegalStateException consumed) {
				throw consumed;
			}
			throw new IOException(failure);
		};
	}

	private <T> Mono<T> offEventLoop(Supplier<T> work) {
		return Mono.deferContextual((context) -> {
			Observation request = context.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY)
				.orElse(Observation.NOOP);
			Supplier<T> observed = () -> request.scoped(work);
			return Mono.fromFuture(CompletableFuture.supplyAsync(observed, this.executor), true);
		});
	}

	private static Mono<PolarWebhookReceipt> failed(Throwable failure) {
		if (failure instanceof RejectedExecutionException) {
			logger.warn("A webhook could not be received, because no thread is available. Polar redelivers it",
					failure);
			return Mono.just(PolarWebhookReceipt.LATER);
		}
		logger.error("The webhook endpoint failed", failure);
		return Mono.just(PolarWebhookReceipt.FAILED);
	}

	private static Mono<Void> respond(ServerHttpResponse response, int status, String text) {
		byte[] body = (text + "\n").getBytes(StandardCharsets.US_ASCII);
		response.setStatusCode(HttpStatusCode.valueOf(status));
		HttpHeaders headers = response.getHeaders();
		headers.setContentType(TEXT);
		headers.setCacheControl(CacheControl.noStore());
		headers.setContentLength(body.length);
		return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
	}

}
