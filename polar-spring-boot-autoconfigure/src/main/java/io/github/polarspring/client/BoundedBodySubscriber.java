package io.github.polarspring.client;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;

/**
 * Collects a body, and ends the exchange when it is too large.
 */
final class BoundedBodySubscriber implements BodySubscriber<byte[]> {

	private final long maxSize;

	private final CompletableFuture<byte[]> body = new CompletableFuture<>();

	private final List<ByteBuffer> parts = new ArrayList<>();

	private final @Nullable IOException refusal;

	private long size;

	private Flow.@Nullable Subscription subscription;

	BoundedBodySubscriber(ResponseInfo response, long maxSize) {
		this.maxSize = maxSize;
		this.refusal = refusal(response.headers(), maxSize);
	}

	private static @Nullable IOException refusal(HttpHeaders headers, long maxSize) {
		if (headers.firstValue("Content-Encoding").filter((encoding) -> !encoding.equals("identity")).isPresent()) {
			return new UnusableAnswerException("The answer is compressed, which was not asked for");
		}
		boolean tooLarge = headers.firstValueAsLong("Content-Length").orElse(0) > maxSize;
		return tooLarge ? BoundedBody.tooLarge(maxSize) : null;
	}

	@Override
	public CompletionStage<byte[]> getBody() {
		return this.body;
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription = subscription;
		if (this.refusal != null) {
			fail(subscription, this.refusal);
		}
		else {
			subscription.request(Long.MAX_VALUE);
		}
	}

	@Override
	public void onNext(List<ByteBuffer> items) {
		for (ByteBuffer item : items) {
			this.size += item.remaining();
		}
		if (this.size <= this.maxSize) {
			this.parts.addAll(items);
		}
		else if (this.subscription != null) {
			this.parts.clear();
			fail(this.subscription, BoundedBody.tooLarge(this.maxSize));
		}
	}

	private void fail(Flow.Subscription subscription, IOException failure) {
		subscription.cancel();
		this.body.completeExceptionally(failure);
	}

	@Override
	public void onError(Throwable failure) {
		this.parts.clear();
		this.body.completeExceptionally(failure);
	}

	@Override
	public void onComplete() {
		byte[] content = new byte[(int) this.size];
		int position = 0;
		for (ByteBuffer part : this.parts) {
			int length = part.remaining();
			part.get(content, position, length);
			position += length;
		}
		this.parts.clear();
		this.body.complete(content);
	}

}
