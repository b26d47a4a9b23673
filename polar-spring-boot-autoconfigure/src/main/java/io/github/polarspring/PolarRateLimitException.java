package io.github.polarspring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Too many calls (429). Polar counts per organization, over all of its tokens, and did
 * not process this one.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/introduction#rate-limits">Polar's
 * rate limits</a>
 */
public class PolarRateLimitException extends PolarApiException {

	private final @Nullable Duration retryAfter;

	public PolarRateLimitException(String message, int status, @Nullable String error, @Nullable String detail,
			@Nullable Duration retryAfter) {
		super(message, status, error, detail);
		this.retryAfter = retryAfter;
	}

	/**
	 * Return how long to wait before the next call.
	 * @return the time to wait, or {@code null} if Polar did not say
	 */
	public @Nullable Duration getRetryAfter() {
		return this.retryAfter;
	}

}
