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
import java.util.EnumSet;
import java.util.List;

import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.jetty11.Jetty11HttpServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import wiremock.jakarta.servlet.DispatcherType;
import wiremock.jakarta.servlet.Filter;
import wiremock.jakarta.servlet.ServletOutputStream;
import wiremock.jakarta.servlet.ServletRequest;
import wiremock.jakarta.servlet.http.HttpServletResponse;
import wiremock.jakarta.servlet.http.HttpServletResponseWrapper;
import wiremock.org.eclipse.jetty.io.EndPoint;
import wiremock.org.eclipse.jetty.server.Request;
import wiremock.org.eclipse.jetty.servlet.FilterHolder;
import wiremock.org.eclipse.jetty.servlet.ServletContextHandler;

/**
 * Server of WireMock that also streams. WireMock itself sends a body only when it is
 * complete, so a filter replaces the body of a response with {@link #MARKER}. All other
 * things, such as stubs, faults, and errors, are as for any other path.
 */
final class FakeHttpServer extends Jetty11HttpServer {

	/**
	 * Header of a response whose body is the event stream. It is not sent.
	 */
	static final String MARKER = "Polar-Fake-Stream";

	private static final Log logger = LogFactory.getLog(FakeHttpServer.class);

	private final PolarFakeStream stream;

	FakeHttpServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs, PolarFakeStream stream) {
		super(options, admin, stubs);
		this.stream = stream;
	}

	@Override
	protected void decorateMockServiceContextBeforeConfig(ServletContextHandler context) {
		// called by the constructor of the superclass, so the stream is not known yet
		Filter filter = (request, response, chain) -> chain.doFilter(request,
				new StreamingResponse(request, (HttpServletResponse) response));
		for (String path : List.of("/v1/cli/listen/*", "/api/v1/cli/listen/*")) {
			FilterHolder holder = new FilterHolder(filter);
			holder.setAsyncSupported(true);
			context.addFilter(holder, path, EnumSet.of(DispatcherType.REQUEST));
		}
	}

	/**
	 * Response that is replaced with the event stream if it has the marker.
	 */
	private final class StreamingResponse extends HttpServletResponseWrapper {

		private final EndPoint connection;

		private boolean streaming;

		StreamingResponse(ServletRequest request, HttpServletResponse response) {
			super(response);
			this.connection = Request.getBaseRequest(request).getHttpChannel().getEndPoint();
		}

		@Override
		public void addHeader(String name, String value) {
			if (name.equals(MARKER)) {
				this.streaming = true;
			}
			else {
				super.addHeader(name, value);
			}
		}

		@Override
		public ServletOutputStream getOutputStream() throws IOException {
			ServletOutputStream out = super.getOutputStream();
			if (this.streaming) {
				this.streaming = false;
				super.setHeader("Cache-Control", "no-store");
				try {
					new FakeListener(FakeHttpServer.this.stream, this.connection).serve(out);
				}
				catch (IOException ex) {
					logger.debug("A listener has closed the connection", ex);
				}
			}
			return out;
		}

	}

}
