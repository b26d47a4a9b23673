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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutReturn;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarCheckout} beside all else that an application can have in its web
 * tier, with a context path and a servlet path.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(classes = CoexistenceTests.Application.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710", "server.servlet.context-path=/app",
				"spring.mvc.servlet.path=/mvc", "polar.checkout.success-url=/mvc/done",
				"polar.checkout.application-url=https://shop.example/app" })
class CoexistenceTests {

	@LocalServerPort
	private int port;

	private final HttpClient browser = HttpClient.newHttpClient();

	private HttpResponse<String> send(String method, String path) throws Exception {
		return this.browser
			.send(HttpRequest.newBuilder(URI.create("http://localhost:%d/app%s".formatted(this.port, path)))
				.method(method, BodyPublishers.noBody())
				.build(), BodyHandlers.ofString());
	}

	@ParameterizedTest
	@CsvSource({ "POST,/mvc/buy,303,''", "GET,/mvc/thanks,200,unconfirmed", "GET,/mvc/json,200,'\"unconfirmed\"'",
			"GET,/mvc/function,200,function", "GET,/mvc/own,200,own:box", "GET,/mvc/map,200,'{\"a\":1}'",
			"GET,/admin/text,200,text", "POST,/admin/void,200,''" })
	void everyHandlerRespondsAsItWould(String method, String path, int status, String body) throws Exception {
		HttpResponse<String> response = send(method, path);
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.body()).isEqualTo(body);
	}

	@Test
	void methodOfAServletThatDoesNotKnowPolarIsAnErrorAndNoSilence(CapturedOutput output) throws Exception {
		assertThat(send("POST", "/admin/buy").statusCode()).isEqualTo(500);
		assertThat(output).contains("did not create a session", "belongs to a DispatcherServlet");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/mvc/thanks", "/mvc/done", "/mvc/map", "/admin/text" })
	void tokenIsRemovedFromEveryUrl(String path) throws Exception {
		HttpResponse<String> response = send("GET", path + "?customer_session_token=polar_cst_x&a=1");
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).contains("?a=1");
	}

	record Box(String name) {

	}

	@RestController
	static class Shop {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		void buy() {
		}

		@GetMapping("/thanks")
		String thanks(@PolarCheckoutReturn CheckoutOutcome outcome) {
			return outcome.name();
		}

		@GetMapping(path = "/json", produces = "application/json")
		CheckoutOutcome json(@PolarCheckoutReturn CheckoutOutcome outcome) {
			return outcome;
		}

		@GetMapping("/map")
		Map<String, Integer> map() {
			return Map.of("a", 1);
		}

	}

	@Controller
	static class OwnController {

		@GetMapping("/own")
		Box own() {
			return new Box("box");
		}

	}

	@RestController
	static class AdminController {

		@GetMapping("/text")
		String text() {
			return "text";
		}

		@PostMapping("/void")
		void nothing() {
		}

		@PostMapping("/buy")
		@PolarCheckout("pro")
		void buy() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	@Import(AdminController.class)
	static class Admin {

	}

	static class BoxHandler implements HandlerMethodReturnValueHandler {

		@Override
		public boolean supportsReturnType(MethodParameter returnType) {
			return returnType.getParameterType() == Box.class;
		}

		@Override
		public void handleReturnValue(@Nullable Object value, MethodParameter returnType, ModelAndViewContainer mav,
				NativeWebRequest request) throws Exception {
			mav.setRequestHandled(true);
			request.getNativeResponse(HttpServletResponse.class).getWriter().write("own:" + ((Box) value).name());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { SecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class,
			ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class })
	@Import({ Shop.class, OwnController.class })
	static class Application implements WebMvcConfigurer {

		@Override
		public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
			handlers.add(new BoxHandler());
		}

		@Bean
		RouterFunction<ServerResponse> function() {
			return RouterFunctions.route().GET("/function", (request) -> ServerResponse.ok().body("function")).build();
		}

		@Bean
		ServletRegistrationBean<DispatcherServlet> admin() {
			AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
			context.register(Admin.class);
			ServletRegistrationBean<DispatcherServlet> admin = new ServletRegistrationBean<>(
					new DispatcherServlet(context), "/admin/*");
			admin.setName("admin");
			admin.setLoadOnStartup(1);
			return admin;
		}

		@Bean
		PolarCheckoutOperations operations() {
			PolarCheckoutOperations operations = mock();
			given(operations.create(any())).willReturn(PolarJson.MAPPER.readValue("""
					{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open",
					"url":"https://polar.sh/checkout/x"}""", CheckoutSession.class));
			return operations;
		}

	}

}
