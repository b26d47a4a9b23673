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

package io.github.polarspring.smoke;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * As much of Polar as a sale needs: creates one session, which is paid when it is read.
 */
final class PolarStub implements AutoCloseable {

	static final String SESSION = "8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018";

	static final String CHECKOUT_PAGE = "https://polar.sh/checkout/polar_c_x";

	private final List<String> created = new CopyOnWriteArrayList<>();

	private final HttpServer server;

	PolarStub() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/v1/checkouts/", this::answer);
		this.server.start();
	}

	private void answer(HttpExchange exchange) throws IOException {
		boolean creates = exchange.getRequestMethod().equals("POST");
		String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		if (creates) {
			this.created.add(request);
		}
		byte[] body = """
				{"id":"%s","status":"%s","url":"%s","metadata":%s}"""
			.formatted(SESSION, creates ? "open" : "succeeded", CHECKOUT_PAGE, metadata())
			.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().add("Content-Type", "application/json");
		exchange.sendResponseHeaders(creates ? 201 : 200, body.length);
		try (OutputStream out = exchange.getResponseBody()) {
			out.write(body);
		}
	}

	/**
	 * Return what the first request had: that of the buyer who comes back.
	 */
	private String metadata() {
		Matcher metadata = Pattern.compile("\"metadata\":(\\{[^}]*})").matcher(String.join("", this.created));
		return metadata.find() ? metadata.group(1) : "{}";
	}

	String url() {
		return "http://localhost:" + this.server.getAddress().getPort();
	}

	/**
	 * Return the bodies of the requests to create a session.
	 */
	List<String> created() {
		return this.created;
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
