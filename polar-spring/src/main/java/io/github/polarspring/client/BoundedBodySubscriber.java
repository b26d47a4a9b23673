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

package io.github.polarspring.client;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;

/**
 * Subscriber that collects a body, and cancels the exchange if the body is too large or
 * cannot be read. Each chunk is copied immediately, because retaining chunks of one byte
 * would take a hundred times the size of the body.
 */
final class BoundedBodySubscriber implements BodySubscriber<byte[]> {

	private static final int FIRST_SIZE = 8192;

	private static final int MAX_FIRST_SIZE = 64 * 1024;

	private final long maxSize;

	private final long announcedSize;

	private final boolean compressed;

	private final boolean error;

	private final CompletableFuture<byte[]> body = new CompletableFuture<>();

	private byte[] content;

	private int size;

	private Flow.@Nullable Subscription subscription;

	BoundedBodySubscriber(ResponseInfo response, long maxSize) {
		this.maxSize = maxSize;
		this.announcedSize = response.headers().firstValueAsLong("Content-Length").orElse(-1);
		this.compressed = response.headers()
			.firstValue("Content-Encoding")
			.map(String::strip)
			.filter((encoding) -> !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity"))
			.isPresent();
		this.error = response.statusCode() >= 400;
		this.content = new byte[(int) ((this.announcedSize >= 0) ? Math.min(this.announcedSize, MAX_FIRST_SIZE)
				: FIRST_SIZE)];
	}

	@Override
	public CompletionStage<byte[]> getBody() {
		return this.body;
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription = subscription;
		if (this.announcedSize > this.maxSize) {
			fail(BoundedBody.tooLarge(this.maxSize));
		}
		else {
			subscription.request(Long.MAX_VALUE);
		}
	}

	@Override
	public void onNext(List<ByteBuffer> items) {
		for (ByteBuffer item : items) {
			int length = item.remaining();
			if (length == 0 || this.body.isDone()) {
				continue;
			}
			if (this.compressed && !this.error) {
				fail(new UnusableResponseException(
						"The response is compressed, although compression was not requested"));
			}
			else if ((long) this.size + length > this.maxSize) {
				fail(BoundedBody.tooLarge(this.maxSize));
			}
			else {
				add(item, length);
			}
		}
	}

	private void add(ByteBuffer item, int length) {
		if (this.size + length > this.content.length) {
			this.content = Arrays.copyOf(this.content, Math.max(this.size + length, 2 * this.content.length));
		}
		item.get(this.content, this.size, length);
		this.size += length;
	}

	private void fail(IOException failure) {
		if (this.subscription != null) {
			this.subscription.cancel();
		}
		this.body.completeExceptionally(failure);
	}

	@Override
	public void onError(Throwable failure) {
		this.body.completeExceptionally(failure);
	}

	@Override
	public void onComplete() {
		if (this.compressed) {
			// the status and the headers are sufficient for an error
			this.body.complete(new byte[0]);
		}
		else {
			this.body
				.complete((this.size == this.content.length) ? this.content : Arrays.copyOf(this.content, this.size));
		}
	}

}
