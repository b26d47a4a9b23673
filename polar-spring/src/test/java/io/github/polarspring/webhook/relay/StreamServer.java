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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Server on a real socket whose responses are scripts. After the last one, it accepts
 * connections and never responds.
 */
final class StreamServer implements AutoCloseable {

	private final ServerSocket socket;

	private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();

	private final List<Socket> connections = new CopyOnWriteArrayList<>();

	final List<List<String>> requests = new CopyOnWriteArrayList<>();

	StreamServer(Script... scripts) throws IOException {
		this.scripts.addAll(List.of(scripts));
		this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		Thread thread = new Thread(this::accept, "stream-server");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		while (!this.socket.isClosed()) {
			try {
				Socket connection = this.socket.accept();
				this.connections.add(connection);
				Thread thread = new Thread(() -> respond(connection), "stream");
				thread.setDaemon(true);
				thread.start();
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void respond(Socket connection) {
		try {
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
			List<String> request = new ArrayList<>();
			for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
				request.add(line);
			}
			Script script = this.scripts.poll();
			this.requests.add(request);
			if (script != null) {
				script.write(connection.getOutputStream());
				connection.close();
			}
		}
		catch (IOException ex) {
			// the client has closed the connection
		}
	}

	URI url() {
		return URI.create("http://localhost:" + this.socket.getLocalPort());
	}

	@Override
	public void close() {
		try {
			this.socket.close();
			for (Socket connection : this.connections) {
				connection.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Script status(int status) {
		return (out) -> write(out,
				"HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}".formatted(status));
	}

	/**
	 * Stream the messages, and then do something else before the stream ends in order.
	 */
	static Script stream(Script end, String... messages) {
		return (out) -> {
			write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
					+ "Transfer-Encoding: chunked\r\n\r\n");
			for (String message : messages) {
				chunk(out, message);
			}
			end.write(out);
			write(out, "0\r\n\r\n");
		};
	}

	static void chunk(OutputStream out, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		write(out, Integer.toHexString(bytes.length) + "\r\n");
		out.write(bytes);
		write(out, "\r\n");
	}

	private static void write(OutputStream out, String text) throws IOException {
		out.write(text.getBytes(StandardCharsets.UTF_8));
		out.flush();
	}

	/**
	 * Response.
	 */
	@FunctionalInterface
	interface Script {

		void write(OutputStream out) throws IOException;

	}

}
