package io.github.polarspring.client;

import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarTimeoutException;

/**
 * What can go wrong with a server.
 */
enum Fault {

	HANGS_BEFORE_THE_HEADERS(PolarTimeoutException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			FaultyServer.hang(socket, closed);
		}
	},

	HANGS_WITHIN_THE_HEADERS(PolarTimeoutException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nPolar-Ver");
			FaultyServer.hang(socket, closed);
		}
	},

	HANGS_AFTER_THE_HEADERS(PolarTimeoutException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
			FaultyServer.hang(socket, closed);
		}
	},

	HANGS_WITHIN_THE_BODY(PolarTimeoutException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id");
			FaultyServer.hang(socket, closed);
		}
	},

	DRIPS_HEADERS(PolarTimeoutException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nX-Long: ");
			drip(out, closed);
		}
	},

	DRIPS_THE_BODY(PolarTimeoutException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
			drip(out, closed);
		}
	},

	DRIPS_CHUNKS(PolarTimeoutException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
			while (!closed.await(50, TimeUnit.MILLISECONDS)) {
				send(out, "1\r\n \r\n");
			}
		}
	},

	RESETS(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			socket.setSoLinger(true, 0);
		}
	},

	RESETS_WITHIN_THE_BODY(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id");
			socket.setSoLinger(true, 0);
		}
	},

	CLOSES_WITHOUT_AN_ANSWER(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) {
		}
	},

	IS_CUT_OFF(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id");
		}
	},

	IS_NOT_HTTP(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "220 mail.example ESMTP\r\n\r\n");
		}
	},

	IS_NOT_JSON(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>");
		}
	},

	SENDS_100_MB(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n");
			byte[] megabyte = " ".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);
			for (int i = 0; i < 100; i++) {
				out.write(megabyte);
			}
		}
	},

	NEVER_ENDS(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
			String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
			while (closed.getCount() > 0) {
				send(out, chunk);
			}
		}
	},

	SENDS_HEADERS_WITHOUT_END(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\n");
			for (int i = 0; closed.getCount() > 0; i++) {
				send(out, "X-Header-" + i % 100 + ": " + "x".repeat(1000) + "\r\n");
				closed.await(10, TimeUnit.MILLISECONDS);
			}
		}
	},

	HANGS_WITHIN_A_COMPRESSED_BODY(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n");
			out.write(0x1f);
			out.flush();
			FaultyServer.hang(socket, closed);
		}
	},

	SENDS_100_MB_COMPRESSED(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
			byte[] megabyte = new byte[1024 * 1024];
			try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
				for (int i = 0; i < 100 && closed.getCount() > 0; i++) {
					gzip.write(megabyte);
				}
			}
		}
	},

	REFUSES_AND_HANGS(PolarConnectionException.class) {
		@Override
		void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception {
			send(out, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Length: 50\r\n\r\n");
			FaultyServer.hang(socket, closed);
		}
	};

	private final Class<? extends PolarConnectionException> exception;

	Fault(Class<? extends PolarConnectionException> exception) {
		this.exception = exception;
	}

	Class<? extends PolarConnectionException> exception() {
		return this.exception;
	}

	/**
	 * Return how often a call with this fault reaches the server.
	 */
	int attempts(String httpClient, boolean write) {
		if (write) {
			return 1;
		}
		return switch (this) {
			// the JDK's client repeats a GET by itself when a connection ends without an
			// answer
			case RESETS, CLOSES_WITHOUT_AN_ANSWER -> httpClient.equals("jdk") ? 6 : 3;
			case RESETS_WITHIN_THE_BODY, IS_CUT_OFF, IS_NOT_HTTP -> 3;
			// with the JDK's client no compression is asked for, nor read
			case HANGS_WITHIN_A_COMPRESSED_BODY -> httpClient.equals("jdk") ? 1 : 2;
			case IS_NOT_JSON, SENDS_100_MB, NEVER_ENDS, SENDS_100_MB_COMPRESSED -> 1;
			default -> 2;
		};
	}

	/**
	 * Return how many attempts can be missing in two calls on a slow machine: the second
	 * one must fit into the time that is left.
	 */
	int tolerance() {
		return (this.exception == PolarTimeoutException.class || this == SENDS_HEADERS_WITHOUT_END
				|| this == HANGS_WITHIN_A_COMPRESSED_BODY) ? 1 : 0;
	}

	/**
	 * Return how many attempts more two calls can take on a slow machine, which does not
	 * read so much within the read timeout.
	 */
	int slack() {
		return (this == NEVER_ENDS || this == SENDS_100_MB || this == SENDS_100_MB_COMPRESSED) ? 2 : 0;
	}

	abstract void write(Socket socket, OutputStream out, CountDownLatch closed) throws Exception;

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
