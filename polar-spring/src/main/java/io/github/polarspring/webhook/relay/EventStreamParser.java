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

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Incremental parser for the messages of an event stream. Only their data is read.
 *
 * @see <a href=
 * "https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
final class EventStreamParser {

	private static final String DATA = "data:";

	private final int maxSize;

	private final Consumer<String> messages;

	private final Runnable oversized;

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	private final StringBuilder data = new StringBuilder();

	private boolean present;

	private boolean skipping;

	private boolean afterCarriageReturn;

	/**
	 * Create a parser.
	 * @param maxSize maximum size of a message, in bytes
	 * @param messages receives the data of each message
	 * @param oversized called for each message that is larger, and therefore skipped
	 */
	EventStreamParser(int maxSize, Consumer<String> messages, Runnable oversized) {
		this.maxSize = maxSize;
		this.messages = messages;
		this.oversized = oversized;
	}

	void parse(ByteBuffer bytes) {
		while (bytes.hasRemaining()) {
			byte next = bytes.get();
			boolean secondOfPair = next == '\n' && this.afterCarriageReturn;
			this.afterCarriageReturn = next == '\r';
			if (next == '\r' || next == '\n') {
				if (!secondOfPair) {
					endOfLine();
				}
			}
			else if (this.line.size() + this.data.length() < this.maxSize) {
				this.line.write(next);
			}
			else {
				this.skipping = true;
			}
		}
	}

	private void endOfLine() {
		boolean empty = this.line.size() == 0;
		String text = this.line.toString(StandardCharsets.UTF_8);
		this.line.reset();
		if (empty) {
			endOfMessage();
		}
		else if (text.startsWith(DATA) && !this.skipping) {
			if (this.present) {
				this.data.append('\n');
			}
			this.present = true;
			this.data.append(text, DATA.length() + (text.startsWith(" ", DATA.length()) ? 1 : 0), text.length());
		}
	}

	private void endOfMessage() {
		String message = this.data.toString();
		boolean complete = this.present && !this.skipping;
		boolean skipped = this.skipping;
		this.data.setLength(0);
		this.present = false;
		this.skipping = false;
		if (skipped) {
			this.oversized.run();
		}
		else if (complete) {
			this.messages.accept(message);
		}
	}

}
