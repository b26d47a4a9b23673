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

import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * Fault of a server.
 */
public enum Fault {

	HANGS_BEFORE_THE_HEADERS(true) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			FaultyServer.hang(socket, closed);
		}
	},

	HANGS_WITHIN_THE_HEADERS(true) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nPolar-Ver");
			FaultyServer.hang(socket, closed);
		}
	},

	HANGS_AFTER_THE_HEADERS(true) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
			FaultyServer.hang(socket, closed);
		}
	},

	HANGS_WITHIN_THE_BODY(true) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id");
			FaultyServer.hang(socket, closed);
		}
	},

	DRIPS_HEADERS(true) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nX-Long: ");
			drip(out, closed);
		}
	},

	DRIPS_THE_BODY(true) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
			drip(out, closed);
		}
	},

	DRIPS_CHUNKS(true) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
			while (!closed.await(50, TimeUnit.MILLISECONDS)) {
				send(out, "1\r\n \r\n");
			}
		}
	},

	RESETS(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			socket.setSoLinger(true, 0);
		}
	},

	RESETS_WITHIN_THE_BODY(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id");
			socket.setSoLinger(true, 0);
		}
	},

	CLOSES_WITHOUT_A_RESPONSE(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) {
		}
	},

	IS_CUT_OFF(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id");
		}
	},

	IS_NOT_HTTP(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "220 mail.example ESMTP\r\n\r\n");
		}
	},

	IS_NOT_JSON(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>");
		}
	},

	SENDS_100_MB(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n");
			byte[] megabyte = " ".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);
			for (int i = 0; i < 100; i++) {
				out.write(megabyte);
			}
		}
	},

	NEVER_ENDS(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
			String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
			while (closed.getCount() > 0) {
				send(out, chunk);
			}
		}
	},

	SENDS_HEADERS_WITHOUT_END(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\n");
			for (int i = 0; closed.getCount() > 0; i++) {
				send(out, "X-Header-" + i % 100 + ": " + "x".repeat(1000) + "\r\n");
				closed.await(10, TimeUnit.MILLISECONDS);
			}
		}
	},

	HANGS_WITHIN_A_COMPRESSED_BODY(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n");
			out.write(0x1f);
			out.flush();
			FaultyServer.hang(socket, closed);
		}
	},

	SENDS_100_MB_COMPRESSED(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
			byte[] megabyte = new byte[1024 * 1024];
			try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
				for (int i = 0; i < 100 && closed.getCount() > 0; i++) {
					gzip.write(megabyte);
				}
			}
		}
	},

	REJECTS_AND_HANGS(false) {
		@Override
		public void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Length: 50\r\n\r\n");
			FaultyServer.hang(socket, closed);
		}
	};

	private final boolean timeout;

	Fault(boolean timeout) {
		this.timeout = timeout;
	}

	/**
	 * Return whether a call fails with a timeout.
	 */
	public boolean isTimeout() {
		return this.timeout;
	}

	/**
	 * Return how many attempts of a call reach the server.
	 */
	public int attempts(String httpClient, boolean write) {
		if (write) {
			return 1;
		}
		return switch (this) {
			// the JDK's client retries a GET itself if a connection ends without a
			// response
			case RESETS, CLOSES_WITHOUT_A_RESPONSE -> httpClient.equals("jdk") ? 6 : 3;
			case RESETS_WITHIN_THE_BODY, IS_CUT_OFF, IS_NOT_HTTP -> 3;
			// with the JDK's client, compression is neither requested nor supported
			case HANGS_WITHIN_A_COMPRESSED_BODY -> httpClient.equals("jdk") ? 1 : 2;
			case IS_NOT_JSON, SENDS_100_MB, NEVER_ENDS, SENDS_100_MB_COMPRESSED -> 1;
			default -> 2;
		};
	}

	/**
	 * Return how many attempts can be missing in two calls on a slow machine, where the
	 * second attempt may no longer fit into the total timeout.
	 */
	public int tolerance() {
		return (this.timeout || this == SENDS_HEADERS_WITHOUT_END || this == HANGS_WITHIN_A_COMPRESSED_BODY) ? 1 : 0;
	}

	/**
	 * Return how many additional attempts two calls can take on a slow machine, which
	 * reads less within the read timeout.
	 */
	public int slack() {
		return (this == NEVER_ENDS || this == SENDS_100_MB || this == SENDS_100_MB_COMPRESSED) ? 2 : 0;
	}

	public abstract void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception;

	private static void send(OutputStream out, String text) throws Exception {
		out.write(text.getBytes(StandardCharsets.US_ASCII));
		out.flush();
	}

	private static void drip(OutputStream out, CountDownLatch closed) throws Exception {
		while (!closed.await(50, TimeUnit.MILLISECONDS)) {
			send(out, " ");
		}
	}

}
