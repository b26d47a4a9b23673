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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventStreamParser}.
 */
class EventStreamParserTests {

	private final List<String> messages = new ArrayList<>();

	private final AtomicInteger oversized = new AtomicInteger();

	private final EventStreamParser parser = new EventStreamParser(40, this.messages::add,
			this.oversized::incrementAndGet);

	@Test
	void messageIsReadHoweverItsBytesAreDivided() {
		String stream = "data: {\"a\": \"größe ☕\"}\r\n\r\n: ping\r\n\r\ndata:two\n\ndata: 3\r\r";
		byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
		for (int size = 1; size <= bytes.length; size++) {
			this.messages.clear();
			for (int from = 0; from < bytes.length; from += size) {
				this.parser.parse(ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)));
			}
			assertThat(this.messages).as("pieces of %d bytes", size)
				.containsExactly("{\"a\": \"größe ☕\"}", "two", "3");
		}
	}

	@Test
	void linesOfDataAreJoinedAndOtherFieldsAreIgnored() {
		parse("event: x\nid: 1\ndata: one\ndata:  two\nretry: 5\n\n");
		assertThat(this.messages).containsExactly("one\n two");
	}

	@Test
	void messageThatIsTooLargeIsSkippedAndTheNextIsRead() {
		parse("data: " + "x".repeat(1000) + "\r\n\r\ndata: next\r\n\r\n");
		assertThat(this.messages).containsExactly("next");
		assertThat(this.oversized).hasValue(1);
	}

	@Test
	void messageWithTooManyLinesIsSkipped() {
		parse("data: 0123456789\n".repeat(10) + "\ndata: next\n\n");
		assertThat(this.messages).containsExactly("next");
		assertThat(this.oversized).hasValue(1);
	}

	@Test
	void messageWithoutItsEndIsNotRead() {
		parse("data: {\"half\":");
		assertThat(this.messages).isEmpty();
	}

	private void parse(String text) {
		this.parser.parse(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

}
