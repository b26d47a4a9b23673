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

package io.github.polarspring.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Server that sends the same response to every request, over persistent connections. It
 * does not allocate memory, so that only the allocations of the client are measured.
 */
final class LoopbackServer implements AutoCloseable {

	private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

	private final ServerSocket server;

	private final byte[] response;

	LoopbackServer(String status, byte[] json, String... headers) {
		StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status)
			.append("\r\nContent-Type: application/json\r\nContent-Length: ")
			.append(json.length)
			.append("\r\n");
		for (String header : headers) {
			head.append(header).append("\r\n");
		}
		byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
		this.response = new byte[start.length + json.length];
		System.arraycopy(start, 0, this.response, 0, start.length);
		System.arraycopy(json, 0, this.response, start.length, json.length);
		try {
			this.server = new ServerSocket(0, 1000, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		SaturationBenchmark.daemon(this::accept).start();
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getLocalPort();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				SaturationBenchmark.daemon(() -> serve(socket)).start();
			}
			catch (IOException ex) {
				// closed
			}
		}
	}

	private void serve(Socket socket) {
		byte[] buffer = new byte[64 * 1024];
		try (socket) {
			socket.setTcpNoDelay(true);
			InputStream in = socket.getInputStream();
			OutputStream out = socket.getOutputStream();
			while (read(in, buffer)) {
				out.write(this.response);
			}
		}
		catch (IOException ex) {
			// the client closed the connection
		}
	}

	private static boolean read(InputStream in, byte[] buffer) throws IOException {
		int size = 0;
		int end = -1;
		while (true) {
			int read = in.read(buffer, size, buffer.length - size);
			if (read == -1) {
				return false;
			}
			size += read;
			if (end == -1) {
				end = requestEnd(buffer, size);
			}
			if (end != -1 && size >= end) {
				return true;
			}
		}
	}

	/**
	 * Return the length of the request in bytes, or -1 if its headers are incomplete.
	 */
	private static int requestEnd(byte[] buffer, int size) {
		int length = 0;
		int lineStart = 0;
		for (int i = 1; i < size; i++) {
			if (buffer[i] != '\n') {
				continue;
			}
			if (i - lineStart == 1) {
				return i + 1 + length;
			}
			if (isLength(buffer, lineStart)) {
				length = number(buffer, lineStart + LENGTH.length);
			}
			lineStart = i + 1;
		}
		return -1;
	}

	private static boolean isLength(byte[] buffer, int start) {
		for (int i = 0; i < LENGTH.length; i++) {
			int c = buffer[start + i];
			if (c != LENGTH[i] && (c | 0x20) != LENGTH[i]) {
				return false;
			}
		}
		return true;
	}

	private static int number(byte[] buffer, int start) {
		int number = 0;
		for (int i = start; buffer[i] != '\r'; i++) {
			if (buffer[i] != ' ') {
				number = number * 10 + buffer[i] - '0';
			}
		}
		return number;
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
