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
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * Failure of an attempt, with a message that can be logged. The message of the HTTP
 * client can contain the whole request URL, including a client secret or an e-mail
 * address.
 */
@SuppressWarnings("serial")
final class AttemptFailure extends IOException {

	private final CallOutcome outcome;

	private AttemptFailure(CallOutcome outcome, Throwable failure, @Nullable AttemptFailure cause) {
		super(describe(outcome, failure), cause);
		this.outcome = outcome;
		setStackTrace(failure.getStackTrace());
	}

	static AttemptFailure of(IOException failure) {
		return copy(CallOutcome.of(failure), failure, 0);
	}

	private static AttemptFailure copy(CallOutcome outcome, Throwable failure, int depth) {
		Throwable cause = failure.getCause();
		return new AttemptFailure(outcome, failure,
				(cause != null && depth < 5) ? copy(outcome, cause, depth + 1) : null);
	}

	CallOutcome outcome() {
		return this.outcome;
	}

	private static String describe(CallOutcome outcome, Throwable failure) {
		String name = failure.getClass().getSimpleName();
		if (failure instanceof HttpTimeoutException) {
			return name + ": timed out";
		}
		if (failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException)) {
			return name + ": the thread was interrupted";
		}
		boolean harmless = failure instanceof UnusableResponseException || failure instanceof LateResponseException
				|| failure instanceof ConnectException || failure instanceof UnknownHostException
				|| failure instanceof SSLException;
		if (harmless && failure.getMessage() != null) {
			return name + ": " + failure.getMessage();
		}
		return (outcome == CallOutcome.BROKEN)
				? name + ": the connection ended before the response was complete, or the response is not HTTP" : name;
	}

}
