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

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Server that responds to every call with a checkout session, or hangs. While it hangs,
 * it accepts requests and never responds to them, even if it responds to later requests.
 */
final class HangingPolar implements AutoCloseable {

	private static final Pattern CONTENT_LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

	private static final byte[] RESPONSE = response(
			"""
					{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"https://polar.sh/checkout/polar_c_x"}""");

	private final ServerSocket server;

	private final AtomicInteger hangingCalls = new AtomicInteger();

	private final AtomicInteger mostHangingCalls = new AtomicInteger();

	private volatile boolean hanging;

	HangingPolar() throws IOException {
		this.server = new ServerSocket(0, 1000, InetAddress.getByName("127.0.0.1"));
		SaturationBenchmark.daemon(this::accept).start();
	}

	private static byte[] response(String json) {
		return "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
			.formatted(json.length(), json)
			.getBytes(StandardCharsets.US_ASCII);
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getLocalPort();
	}

	void hang(boolean hanging) {
		this.hanging = hanging;
	}

	/**
	 * Return the maximum number of concurrent hanging calls.
	 */
	int mostHangingCalls() {
		return this.mostHangingCalls.get();
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
		try (socket) {
			socket.setTcpNoDelay(true);
			InputStream in = new BufferedInputStream(socket.getInputStream());
			while (read(in)) {
				if (this.hanging) {
					awaitEnd(in);
					return;
				}
				socket.getOutputStream().write(RESPONSE);
			}
		}
		catch (IOException ex) {
			// the client closed the connection
		}
	}

	private void awaitEnd(InputStream in) throws IOException {
		this.mostHangingCalls.accumulateAndGet(this.hangingCalls.incrementAndGet(), Math::max);
		try {
			in.read();
		}
		finally {
			this.hangingCalls.decrementAndGet();
		}
	}

	private static boolean read(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n", head.length() - 4) == -1) {
			int next = in.read();
			if (next == -1) {
				return false;
			}
			head.append((char) next);
		}
		Matcher length = CONTENT_LENGTH.matcher(head);
		in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
		return true;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
