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

/**
 * A server that reads a request off the wire as it is, and answers byte by byte.
 */
public final class FaultyServer implements AutoCloseable {

	private final ServerSocket serverSocket;

	private final CountDownLatch closed = new CountDownLatch(1);

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	public FaultyServer(Answer answer) {
		try {
			this.serverSocket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread thread = new Thread(() -> accept(answer), "faulty-server");
		thread.setDaemon(true);
		thread.start();
	}

	public static FaultyServer answering(String status, String... headersAndBody) {
		return new FaultyServer(answer(status, headersAndBody));
	}

	public static Answer answer(String status, String... headersAndBody) {
		return (socket, out, closed) -> {
			StringBuilder answer = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
			String body = (headersAndBody.length > 0) ? headersAndBody[headersAndBody.length - 1] : "";
			for (int i = 0; i < headersAndBody.length - 1; i++) {
				answer.append(headersAndBody[i]).append("\r\n");
			}
			byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
			answer.append("Content-Length: ").append(bytes.length).append("\r\nConnection: close\r\n\r\n");
			out.write(answer.toString().getBytes(StandardCharsets.US_ASCII));
			out.write(bytes);
			out.flush();
		};
	}

	/**
	 * Answer each request in another way, and all further ones as the last of them.
	 */
	public static FaultyServer sequence(Answer... answers) {
		AtomicInteger next = new AtomicInteger();
		return new FaultyServer((socket, out, closed) -> answers[Math.min(next.getAndIncrement(), answers.length - 1)]
			.write(socket, out, closed));
	}

	private void accept(Answer answer) {
		while (!this.serverSocket.isClosed()) {
			try {
				Socket socket = this.serverSocket.accept();
				Thread thread = new Thread(() -> serve(socket, answer), "faulty-server-connection");
				thread.setDaemon(true);
				thread.start();
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket socket, Answer answer) {
		this.open.add(socket);
		try (socket) {
			this.requests.add(readRequest(socket.getInputStream()));
			answer.write(socket, socket.getOutputStream(), this.closed);
		}
		catch (Exception ex) {
			// the client went away, which is what some tests are about
		}
		finally {
			this.open.remove(socket);
		}
	}

	/**
	 * Hang until the client goes away or the test ends.
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
				// the client is still there
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
	 * Return how many connections have not ended.
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
	 * How the server answers.
	 */
	@FunctionalInterface
	public interface Answer {

		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception;

	}

}
