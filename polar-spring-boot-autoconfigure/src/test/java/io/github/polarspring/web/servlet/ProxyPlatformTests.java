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

import java.util.Arrays;
import java.util.stream.Stream;

import io.github.polarspring.autoconfigure.web.PolarClientIpAutoConfiguration;
import io.github.polarspring.clientip.ClientIpResolver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the documentation says to configure behind each platform, and what the platform
 * sends. A caller forged whatever he could.
 */
class ProxyPlatformTests {

	private static final String SHOPPER = "198.51.100.7";

	private static final String PRIVATE = "";

	private static final String CLOUDFLARE = "polar.client-ip.trusted-proxies=private,cloudflare";

	private static final String FLY = "polar.client-ip.headers=Fly-Client-IP";

	private static final String GOOGLE = "polar.client-ip.trusted-proxies=private,35.191.0.0/16,130.211.0.0/22,203.0.113.50";

	@ParameterizedTest(name = "{0}: {2}")
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					nginx              | PRIVATE    | 127.0.0.1    | X-Forwarded-For: 6.6.6.6, 198.51.100.7
					AWS ALB            | PRIVATE    | 10.0.1.5     | X-Forwarded-For: 6.6.6.6, 198.51.100.7
					AWS ALB with port  | PRIVATE    | 10.0.1.5     | X-Forwarded-For: 198.51.100.7:41234
					Azure gateway      | PRIVATE    | 10.0.1.5     | X-Forwarded-For: 6.6.6.6, 198.51.100.7:41234
					Kubernetes ingress | PRIVATE    | 10.244.0.9   | X-Forwarded-For: 198.51.100.7; X-Real-IP: 198.51.100.7
					Heroku             | PRIVATE    | 10.1.2.3     | X-Forwarded-For: 6.6.6.6,198.51.100.7
					Heroku native      | PRIVATE    | 198.51.100.7 | X-Forwarded-For: 6.6.6.6
					Cloudflare tunnel  | PRIVATE    | 127.0.0.1    | X-Forwarded-For: 198.51.100.7; CF-Connecting-IP: 198.51.100.7
					Cloudflare         | CLOUDFLARE | 172.64.0.1   | X-Forwarded-For: 6.6.6.6,198.51.100.7; CF-Connecting-IP: 198.51.100.7
					Cloudflare and ALB | CLOUDFLARE | 10.0.1.5     | X-Forwarded-For: 6.6.6.6,198.51.100.7, 172.64.0.1; CF-Connecting-IP: 198.51.100.7
					round Cloudflare   | CLOUDFLARE | 10.0.1.5     | X-Forwarded-For: 6.6.6.6, 172.64.0.1, 198.51.100.7; CF-Connecting-IP: 6.6.6.6
					Render             | CLOUDFLARE | 10.1.2.3     | X-Forwarded-For: 6.6.6.6, 198.51.100.7, 172.64.0.1
					Fly.io             | FLY        | 172.16.5.6   | Fly-Client-IP: 198.51.100.7; X-Forwarded-For: 6.6.6.6, 198.51.100.7, 203.0.113.50
					Google Cloud       | GOOGLE     | 35.191.3.4   | X-Forwarded-For: 6.6.6.6, 198.51.100.7, 203.0.113.50
					no proxy           | PRIVATE    | 198.51.100.7 | X-Forwarded-For: 6.6.6.6; CF-Connecting-IP: 6.6.6.6; Forwarded: for=6.6.6.6
					""")
	void shopperIsFound(String platform, String setting, String peer, String headers) {
		assertThat(resolve(setting, peer, headers)).isEqualTo(SHOPPER);
	}

	@ParameterizedTest(name = "{0}: {2}")
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					edge forgotten     | PRIVATE    | 172.64.0.1   | X-Forwarded-For: 198.51.100.7; CF-Connecting-IP: 198.51.100.7
					edge forgotten     | PRIVATE    | 10.0.1.5     | X-Forwarded-For: 198.51.100.7, 172.64.0.1; CF-Connecting-IP: 198.51.100.7
					Kubernetes hides it| PRIVATE    | 10.244.0.9   | X-Forwarded-For: 10.244.0.1
					Cloudflare Worker  | CLOUDFLARE | 172.64.0.1   | CF-Connecting-IP: 2a06:98c0:3600::103
					""")
	void whenInDoubtThereIsNone(String platform, String setting, String peer, String headers) {
		assertThat(resolve(setting, peer, headers)).isNull();
	}

	private static @Nullable String resolve(String setting, String peer, String headers) {
		String property = switch (setting) {
			case "CLOUDFLARE" -> CLOUDFLARE;
			case "FLY" -> FLY;
			case "GOOGLE" -> GOOGLE;
			default -> PRIVATE;
		};
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr(peer);
		Arrays.stream(headers.split("; "))
			.map((header) -> header.split(": ", 2))
			.forEach((header) -> request.addHeader(header[0], header[1]));
		String[] answer = new String[1];
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarClientIpAutoConfiguration.class))
			.withPropertyValues(Stream.of(property).filter((value) -> !value.isEmpty()).toArray(String[]::new))
			.run((context) -> answer[0] = context.getBean(ClientIpResolver.class)
				.resolve(request.getRemoteAddr(), request::getHeaders));
		return answer[0];
	}

}
