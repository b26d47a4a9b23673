package io.github.polarspring.client;

import io.github.polarspring.PolarException;
import org.jspecify.annotations.Nullable;

/**
 * Body of a POST that may be sent again although the first one may have been processed.
 *
 * @since 0.1.0
 * @see PolarClient#post(Class, String, RepeatableBody, Object...)
 */
@FunctionalInterface
public interface RepeatableBody {

	/**
	 * Return what to send.
	 * @return an object to write as JSON
	 */
	Object content();

	/**
	 * Return what to send instead after a failure. Called in the thread of the call, and
	 * at most one alternative is sent in a call: at once, also when the failure would not
	 * lead to a repetition. If Polar gave no answer it counts as one of the attempts.
	 * @param failure why the last attempt failed
	 * @return an alternative, or {@code null} to leave it at that
	 */
	default @Nullable RepeatableBody after(PolarException failure) {
		return null;
	}

}
