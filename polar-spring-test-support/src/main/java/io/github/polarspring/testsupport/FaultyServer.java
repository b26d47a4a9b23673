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

package io.github.polarspring.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Server that reads a request as it is sent, and responds byte by byte.
 */
public final class FaultyServer implements AutoCloseable {

	private final ServerSocket serverSocket;

	private final CountDownLatch closed = new CountDownLatch(1);

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	public FaultyServer(Response response) {
		this((request) -> response);
	}

	/**
	 * Create a server that chooses the response by the request, as it was sent.
	 */
	public FaultyServer(Function<String, Response> responses) {
		try {
			this.serverSocket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread thread = new Thread(() -> accept(responses), "faulty-server");
		thread.setDaemon(true);
		thread.start();
	}

	public static FaultyServer responding(String status, String... headersAndBody) {
		return new FaultyServer(response(status, headersAndBody));
	}

	public static Response response(String status, String... headersAndBody) {
		return (socket, out, closed) -> {
			StringBuilder response = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
			String body = (headersAndBody.length > 0) ? headersAndBody[headersAndBody.length - 1] : "";
			for (int i = 0; i < headersAndBody.length - 1; i++) {
				response.append(headersAndBody[i]).append("\r\n");
			}
			byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
			response.append("Content-Length: ").append(bytes.length).append("\r\nConnection: close\r\n\r\n");
			out.write(response.toString().getBytes(StandardCharsets.US_ASCII));
			out.write(bytes);
			out.flush();
		};
	}

	/**
	 * Create a server that responds to each request with the next response, and to all
	 * further ones with the last.
	 */
	public static FaultyServer sequence(Response... responses) {
		AtomicInteger next = new AtomicInteger();
		return new FaultyServer(
				(socket, out, closed) -> responses[Math.min(next.getAndIncrement(), responses.length - 1)].write(socket,
						out, closed));
	}

	private void accept(Function<String, Response> responses) {
		while (!this.serverSocket.isClosed()) {
			try {
				Socket socket = this.serverSocket.accept();
				Thread thread = new Thread(() -> serve(socket, responses), "faulty-server-connection");
				thread.setDaemon(true);
				thread.start();
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket socket, Function<String, Response> responses) {
		this.open.add(socket);
		try (socket) {
			String request = readRequest(socket.getInputStream());
			this.requests.add(request);
			responses.apply(request).write(socket, socket.getOutputStream(), this.closed);
		}
		catch (Exception ex) {
			// the client disconnected, which some tests do intentionally
		}
		finally {
			this.open.remove(socket);
		}
	}

	/**
	 * Wait until the client disconnects or the test ends.
	 */
	public static void hang(Socket socket, CountDownLatch closed) throws Exception {
		socket.setSoTimeout(20);
		while (closed.getCount() > 0) {
			try {
				if (socket.getInputStream().read() == -1) {
					return;
				}
			}
			catch (SocketTimeoutException ex) {
				// the client is still connected
			}
		}
	}

	private static String readRequest(InputStream in) throws IOException {
		ByteArrayOutputStream request = new ByteArrayOutputStream();
		int length = -1;
		int headerEnd = -1;
		while (headerEnd == -1 || request.size() < headerEnd + length) {
			int b = in.read();
			if (b == -1) {
				break;
			}
			request.write(b);
			if (headerEnd == -1 && b == '\n') {
				String text = request.toString(StandardCharsets.ISO_8859_1);
				if (text.endsWith("\r\n\r\n")) {
					headerEnd = request.size();
					length = contentLength(text);
				}
			}
		}
		return request.toString(StandardCharsets.UTF_8);
	}

	private static int contentLength(String headers) {
		for (String line : headers.split("\r\n")) {
			if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
				return Integer.parseInt(line.substring(15).trim());
			}
		}
		return 0;
	}

	public URI url() {
		return URI.create("http://127.0.0.1:" + this.serverSocket.getLocalPort());
	}

	/**
	 * Return the number of open connections.
	 */
	public int openConnections() {
		return this.open.size();
	}

	public List<String> requests() {
		return this.requests;
	}

	@Override
	public void close() throws IOException {
		this.closed.countDown();
		this.serverSocket.close();
	}

	/**
	 * Response of the server.
	 */
	@FunctionalInterface
	public interface Response {

		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception;

	}

}
