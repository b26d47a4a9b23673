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

package io.github.polarspring.test;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import wiremock.org.eclipse.jetty.io.EndPoint;

/**
 * A connection to the event stream. It is served by the thread of its request.
 */
final class FakeListener {

	/**
	 * As with Polar, a closed connection is noticed within a second.
	 */
	private static final Duration CHECK = Duration.ofMillis(500);

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx")
		.withZone(ZoneOffset.UTC);

	private static final String RECONNECT = data(Map.of("type", "reconnect"));

	private final PolarFakeStream stream;

	private final EndPoint connection;

	private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();

	private volatile boolean silent;

	FakeListener(PolarFakeStream stream, EndPoint connection) {
		this.stream = stream;
		this.connection = connection;
		this.silent = stream.isSilent();
	}

	/**
	 * Return a message with a value in the format of Python.
	 */
	static String data(Map<String, ?> value) {
		return "data: " + json(value) + "\r\n\r\n";
	}

	private static String json(@Nullable Object value) {
		return (value instanceof Map<?, ?> map) ? map.entrySet()
			.stream()
			.map((member) -> json(member.getKey()) + ": " + json(member.getValue()))
			.collect(Collectors.joining(", ", "{", "}")) : quote(String.valueOf(value));
	}

	private static String quote(String text) {
		StringBuilder quoted = new StringBuilder("\"");
		text.chars().forEach((c) -> {
			switch (c) {
				case '"', '\\' -> quoted.append('\\').append((char) c);
				case '\n' -> quoted.append("\\n");
				case '\r' -> quoted.append("\\r");
				case '\t' -> quoted.append("\\t");
				case '\b' -> quoted.append("\\b");
				case '\f' -> quoted.append("\\f");
				default -> quoted.append((c >= ' ' && c <= '~') ? String.valueOf((char) c) : "\\u%04x".formatted(c));
			}
		});
		return quoted.append('"').toString();
	}

	void send(String message) {
		this.queue.add(new Item(message, After.CONTINUE));
	}

	/**
	 * Send the start of a message, and close the connection.
	 */
	void breakOff(String start) {
		this.queue.add(new Item(start, After.CLOSE));
	}

	void reconnect() {
		this.queue.add(new Item(RECONNECT, After.END));
	}

	void end() {
		this.queue.add(new Item("", After.END));
	}

	/**
	 * Send nothing more.
	 */
	void silence() {
		this.silent = true;
	}

	/**
	 * Consider changed durations.
	 */
	void wake() {
		this.queue.add(new Item("", After.CONTINUE));
	}

	/**
	 * Return whether the client has closed the connection. A client sends nothing while
	 * it listens, so that nothing is lost by reading.
	 */
	boolean isClosed() {
		SocketChannel channel = (SocketChannel) this.connection.getTransport();
		try {
			return channel.read(ByteBuffer.allocate(1)) == -1;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/**
	 * Send messages until the connection ends.
	 */
	void serve(OutputStream out) throws IOException {
		// before the first message, so that no event is lost after it
		this.stream.add(this);
		try {
			out.flush();
			Map<String, String> connected = new LinkedHashMap<>();
			connected.put("key", "connected");
			connected.put("ts", TIME.format(Instant.now()));
			connected.put("secret", this.stream.secret());
			write(out, data(connected));
			listen(out);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.stream.remove(this);
		}
	}

	private void listen(OutputStream out) throws IOException, InterruptedException {
		long start = System.nanoTime();
		long lastPing = start;
		while (true) {
			long now = System.nanoTime();
			long life = start + this.stream.lifetime().toNanos() - now;
			long ping = lastPing + this.stream.pingInterval().toNanos() - now;
			if (life <= 0) {
				write(out, RECONNECT);
				return;
			}
			if (ping <= 0) {
				write(out, ": ping - " + TIME.format(Instant.now()) + "\r\n\r\n");
				lastPing = now;
				continue;
			}
			Item item = this.queue.poll(Math.min(Math.min(life, ping), CHECK.toNanos()), TimeUnit.NANOSECONDS);
			if (item == null) {
				if (isClosed()) {
					return;
				}
				continue;
			}
			write(out, item.text());
			if (item.after() == After.CLOSE) {
				this.connection.close();
			}
			if (item.after() != After.CONTINUE) {
				return;
			}
		}
	}

	private void write(OutputStream out, String text) throws IOException {
		if (!this.silent && !text.isEmpty()) {
			out.write(text.getBytes(StandardCharsets.UTF_8));
			out.flush();
		}
	}

	private enum After {

		CONTINUE, END, CLOSE

	}

	/**
	 * Something to send.
	 *
	 * @param text the text
	 * @param after what happens after it
	 */
	private record Item(String text, After after) {

	}

}
