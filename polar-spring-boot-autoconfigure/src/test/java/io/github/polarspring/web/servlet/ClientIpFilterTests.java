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

package io.github.polarspring.web.servlet;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientIpFilter} in a real container that may interpret forwarding
 * headers itself.
 */
class ClientIpFilterTests {

	@ParameterizedTest
	@CsvSource({ "none,private,203.0.113.7", "native,private,203.0.113.7", "framework,private,203.0.113.7",
			"none,'',none", "framework,'',none" })
	void forgedEntryIsNeverTheResponse(String strategy, String trustedProxies, String expected) throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(App.class)
			.web(WebApplicationType.SERVLET)
			.properties("server.port=0", "server.forward-headers-strategy=" + strategy,
					"polar.client-ip.trusted-proxies=" + trustedProxies)
			.run()) {
			int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ip"))
				.header("X-Forwarded-For", "6.6.6.6, 203.0.113.7")
				.header("X-Forwarded-Proto", "https")
				.build();
			assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body()).isEqualTo(expected);
		}
	}

	/**
	 * Several lines are one list, whatever the container makes of them. Only loopback is
	 * known as a proxy here, so that the edge in front of it is a stranger to Tomcat.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			none      | X-Forwarded-For: 6.6.6.6; X-Forwarded-For: 203.0.113.7             | 203.0.113.7
			native    | X-Forwarded-For: 6.6.6.6; X-Forwarded-For: 203.0.113.7             | 203.0.113.7
			framework | X-Forwarded-For: 6.6.6.6; X-Forwarded-For: 203.0.113.7             | 203.0.113.7
			none      | X-Forwarded-For: 6.6.6.6, 2001:DB8::7, 10.0.0.2                    | 2001:db8::7
			native    | X-Forwarded-For: 6.6.6.6, 2001:DB8::7, 10.0.0.2                    | 2001:db8::7
			framework | X-Forwarded-For: 6.6.6.6, 2001:DB8::7, 10.0.0.2                    | 2001:db8::7
			none      | X-Forwarded-For: 203.0.113.7, 172.64.0.1; CF-Connecting-IP: 203.0.113.7 | 203.0.113.7
			native    | X-Forwarded-For: 203.0.113.7, 172.64.0.1; CF-Connecting-IP: 203.0.113.7 | 203.0.113.7
			framework | X-Forwarded-For: 203.0.113.7, 172.64.0.1; CF-Connecting-IP: 203.0.113.7 | 203.0.113.7
			none      | Forwarded: for=6.6.6.6; X-Forwarded-For: 203.0.113.7               | 203.0.113.7
			native    | Forwarded: for=6.6.6.6; X-Forwarded-For: 203.0.113.7               | 203.0.113.7
			none      | X-Forwarded-For: evil.example                                      | none
			framework | X-Forwarded-For: evil.example                                      | none
			framework | X-Forwarded-For: [2001:db8::7]:443                                 | 2001:db8::7
			""")
	void headersAreReadAsTheyCame(String strategy, String headers, String expected) throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(App.class)
			.web(WebApplicationType.SERVLET)
			.properties("server.port=0", "server.forward-headers-strategy=" + strategy,
					"polar.client-ip.trusted-proxies=private,cloudflare")
			.run()) {
			int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
			HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ip"));
			for (String header : headers.split("; ")) {
				request.header(header.split(": ", 2)[0], header.split(": ", 2)[1]);
			}
			assertThat(HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).body())
				.isEqualTo(expected);
		}
	}

	@RestController
	static class IpController {

		@GetMapping("/ip")
		String ip(HttpServletRequest request) {
			String clientIp = ClientIpFilter.getClientIp(request);
			return (clientIp != null) ? clientIp : "none";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class })
	@Import(IpController.class)
	static class App {

	}

}
