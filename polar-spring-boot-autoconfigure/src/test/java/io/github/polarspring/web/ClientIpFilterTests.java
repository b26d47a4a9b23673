package io.github.polarspring.web;

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
	void forgedEntryIsNeverTheAnswer(String strategy, String trustedProxies, String expected) throws Exception {
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

	@RestController
	static class IpController {

		@GetMapping("/ip")
		String ip(HttpServletRequest request) {
			String clientIp = ClientIpFilter.getClientIp(request);
			return (clientIp != null) ? clientIp : "none";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = ServletWebSecurityAutoConfiguration.class)
	@Import(IpController.class)
	static class App {

	}

}
