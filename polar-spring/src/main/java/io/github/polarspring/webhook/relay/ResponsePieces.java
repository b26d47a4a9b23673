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

package io.github.polarspring.webhook.relay;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Body of a response, read piece by piece with a timeout. The next piece is requested
 * when the current one has been taken.
 */
final class ResponsePieces implements Flow.Subscriber<List<ByteBuffer>> {

	private static final List<ByteBuffer> END = List.of();

	private final BlockingQueue<List<ByteBuffer>> pieces = new LinkedBlockingQueue<>();

	private volatile Flow.@Nullable Subscription subscription;

	private volatile boolean closed;

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription = subscription;
		if (this.closed) {
			subscription.cancel();
		}
		else {
			subscription.request(1);
		}
	}

	@Override
	public void onNext(List<ByteBuffer> buffers) {
		this.pieces.add(buffers);
	}

	@Override
	public void onError(Throwable failure) {
		this.pieces.add(END);
	}

	@Override
	public void onComplete() {
		this.pieces.add(END);
	}

	/**
	 * Wait for the next piece.
	 * @return the piece, or {@code null} if nothing arrived in time, or at the end
	 */
	@Nullable List<ByteBuffer> next(Duration timeout) throws InterruptedException {
		List<ByteBuffer> piece = this.pieces.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
		Flow.Subscription subscription = this.subscription;
		if (piece == null || piece == END || subscription == null) {
			return null;
		}
		subscription.request(1);
		return piece;
	}

	/**
	 * End the response, also while another thread waits for a piece.
	 */
	void close() {
		this.closed = true;
		Flow.Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.cancel();
		}
		this.pieces.add(END);
	}

}
