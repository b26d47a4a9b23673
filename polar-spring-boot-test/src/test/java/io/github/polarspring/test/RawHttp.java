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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Sends requests that HTTP clients do not allow, such as those with a wrong length.
 */
final class RawHttp {

	private RawHttp() {
	}

	/**
	 * Send a request. Headers and body are sent as they are, without any other header
	 * than the host.
	 */
	static Response send(URI server, String method, String target, Map<String, String> headers, byte @Nullable [] body)
			throws IOException {
		return send(server, server.getAuthority(), method, target, headers, body);
	}

	/**
	 * Send a request for another host than that of the server, as after DNS rebinding.
	 */
	static Response send(URI server, String host, String method, String target, Map<String, String> headers,
			byte @Nullable [] body) throws IOException {
		try (Socket socket = new Socket(server.getHost(), server.getPort())) {
			socket.setSoTimeout(2_000);
			StringBuilder head = new StringBuilder(method).append(' ')
				.append(target)
				.append(" HTTP/1.1\r\nHost: ")
				.append(host)
				.append("\r\nConnection: close\r\n");
			headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
			socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
			if (body != null) {
				socket.getOutputStream().write(body);
			}
			socket.getOutputStream().flush();
			return read(socket.getInputStream(), method);
		}
	}

	private static Response read(InputStream stream, String method) throws IOException {
		String status = line(stream);
		Map<String, String> headers = new LinkedHashMap<>();
		for (String line = line(stream); !line.isEmpty(); line = line(stream)) {
			int colon = line.indexOf(':');
			headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
		}
		byte[] body = new byte[0];
		if (!method.equals("HEAD")) {
			body = stream.readAllBytes();
			if ("chunked".equals(headers.get("transfer-encoding"))) {
				body = unchunk(new ByteArrayInputStream(body));
			}
		}
		return new Response(Integer.parseInt(status.split(" ")[1]), headers, new String(body, StandardCharsets.UTF_8));
	}

	private static byte[] unchunk(InputStream stream) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (int length = length(stream); length > 0; length = length(stream)) {
			body.write(stream.readNBytes(length));
			line(stream);
		}
		return body.toByteArray();
	}

	private static int length(InputStream stream) throws IOException {
		String line = line(stream);
		return line.isEmpty() ? 0 : Integer.parseInt(line, 16);
	}

	private static String line(InputStream stream) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int b = stream.read(); b != -1 && b != '\n'; b = stream.read()) {
			line.write(b);
		}
		return line.toString(StandardCharsets.UTF_8).stripTrailing();
	}

	/**
	 * A response.
	 *
	 * @param status the status
	 * @param headers the headers by lower-case name
	 * @param body the body
	 */
	record Response(int status, Map<String, String> headers, String body) {

	}

}
