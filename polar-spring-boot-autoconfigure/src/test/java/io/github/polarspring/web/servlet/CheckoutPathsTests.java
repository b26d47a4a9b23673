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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarPortal;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.resource.EncodedResourceResolver;
import org.springframework.web.util.pattern.PathPatternParser;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for success and return paths, which must be URLs of pages of the application.
 */
@ExtendWith(OutputCaptureExtension.class)
class CheckoutPathsTests {

	private static final String WARNING = "the application has no handler for GET requests to ";

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	private final HttpClient browser = HttpClient.newHttpClient();

	@BeforeEach
	void respondWithASession() {
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(201).withBody("""
				{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"https://polar.sh/checkout/x"}""")));
	}

	private static ConfigurableApplicationContext start(Class<?> application, String... properties) {
		return new SpringApplicationBuilder(application).properties(Stream
			.concat(Stream.of("server.port=0", "polar.access-token=polar_oat_test",
					"polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710",
					"polar.base-url=http://localhost:" + polar.getPort()), Arrays.stream(properties))
			.toArray(String[]::new)).run();
	}

	private static String server(ConfigurableApplicationContext context) {
		return "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.browser.send(request.build(), BodyHandlers.ofString());
	}

	private void buy(String url, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.noBody());
		if (headers.length > 0) {
			request.headers(headers);
		}
		assertThat(send(request).statusCode()).isEqualTo(303);
	}

	private static void verifySent(String field, String url) {
		polar.verify(postRequestedFor(anyUrl()).withRequestBody(matchingJsonPath("$." + field, equalTo(url))));
	}

	@ParameterizedTest
	@CsvSource({ "'',''", "/shop,''", "'',/app", "/shop,/app", "/app,/app", "/shop,/a/b" })
	void pathIsThatOfAPage(String contextPath, String servletPath, CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = start(Application.class,
				"server.servlet.context-path=" + contextPath,
				"spring.mvc.servlet.path=" + (servletPath.isEmpty() ? "/" : servletPath),
				"polar.checkout.success-url=/thanks", "polar.checkout.return-url=/pricing?a=b#c")) {
			String root = server(context) + contextPath
					+ (servletPath.endsWith("/") ? servletPath.substring(0, servletPath.length() - 1) : servletPath);
			buy(root + "/buy/pro");
			verifySent("success_url", root + "/thanks?checkout_id={CHECKOUT_ID}");
			verifySent("return_url", root + "/pricing?a=b#c");
			assertThat(send(HttpRequest.newBuilder(URI.create(root + "/thanks"))).statusCode()).isEqualTo(200);
			polar.resetRequests();
			buy(root + "/buy/annotated");
			verifySent("success_url", root + "/thanks?checkout_id={CHECKOUT_ID}");
			verifySent("return_url", root + "/pricing");
			polar.resetRequests();
			buy(root + "/buy/built");
			verifySent("success_url", root + "/thanks?id={CHECKOUT_ID}");
			verifySent("return_url", root + "/pricing");
			assertThat(output).doesNotContain(WARNING);
		}
	}

	@ParameterizedTest
	@CsvSource({ "https://shop.example,https://shop.example/app", "https://shop.example/,https://shop.example/app",
			"https://shop.example/shop,https://shop.example/shop/app",
			"https://shop.example/app,https://shop.example/app/app",
			"https://shop.example/shop/app/,https://shop.example/shop/app/app",
			"https://shop.example/myapp,https://shop.example/myapp/app" })
	void pathOfTheServletIsAddedToTheApplicationUrl(String applicationUrl, String root) throws Exception {
		try (ConfigurableApplicationContext context = start(Application.class, "spring.mvc.servlet.path=/app",
				"polar.checkout.application-url=" + applicationUrl, "polar.checkout.success-url=/thanks",
				"polar.checkout.return-url=/app/pricing")) {
			buy(server(context) + "/app/buy/pro");
			verifySent("success_url", root + "/thanks?checkout_id={CHECKOUT_ID}");
			verifySent("return_url", root + "/pricing");
		}
	}

	@Test
	void contextPathCanEqualThePathOfTheServlet(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = start(Application.class, "server.servlet.context-path=/app",
				"spring.mvc.servlet.path=/app", "polar.checkout.application-url=https://shop.example/app",
				"polar.checkout.success-url=/thanks")) {
			buy(server(context) + "/app/app/buy/pro");
			verifySent("success_url", "https://shop.example/app/app/thanks?checkout_id={CHECKOUT_ID}");
			assertThat(send(HttpRequest.newBuilder(URI.create(server(context) + "/app/app/thanks"))).statusCode())
				.isEqualTo(200);
			assertThat(output).doesNotContain(WARNING);
		}
	}

	@Test
	void prefixOfAProxyIsPartOfThePath() throws Exception {
		try (ConfigurableApplicationContext context = start(Application.class, "spring.mvc.servlet.path=/app",
				"server.forward-headers-strategy=framework", "polar.checkout.success-url=/thanks")) {
			buy(server(context) + "/app/buy/pro", "X-Forwarded-Prefix", "/proxied", "X-Forwarded-Host", "shop.example",
					"X-Forwarded-Proto", "https");
			verifySent("success_url", "https://shop.example/proxied/app/thanks?checkout_id={CHECKOUT_ID}");
		}
	}

	@Test
	void pathOfARegisteredDispatcherServletCounts() throws Exception {
		try (ConfigurableApplicationContext context = start(OwnDispatcherServlet.class,
				"polar.checkout.success-url=/thanks")) {
			buy(server(context) + "/own/buy/pro");
			verifySent("success_url", server(context) + "/own/thanks?checkout_id={CHECKOUT_ID}");
		}
	}

	@ParameterizedTest
	@CsvSource({ "/missing,/shop/app/missing", "/missing?id={CHECKOUT_ID}#x,/shop/app/missing",
			"/orders,/shop/app/orders", "/thanks/,/shop/app/thanks/", "/buy/pro,/shop/app/buy/pro",
			"/static-missing.html,/shop/app/static-missing.html",
			"/webjars/x/missing.html,/shop/app/webjars/x/missing.html", "/app/missing,/shop/app/missing",
			"/orders/{CHECKOUT_ID}/x,/shop/app/orders/8e0f5b3c" })
	void pathThatNothingHandlesIsAWarning(String path, String expected, CapturedOutput output) {
		for (String property : new String[] { "success-url", "return-url" }) {
			start(Application.class, "server.servlet.context-path=/shop", "spring.mvc.servlet.path=/app",
					"polar.checkout." + property + "=" + path)
				.close();
			assertThat(output).contains("'polar.checkout." + property + "' redirects the buyer to '")
				.contains(WARNING + "'" + expected);
		}
	}

	@Test
	void pathOfAnAnnotationThatNothingHandlesIsAWarning(CapturedOutput output) {
		start(Misguided.class).close();
		assertThat(output).contains("The @PolarCheckout method " + Misguided.class.getName()
				+ "$Shop#buy redirects the buyer to '/nowhere', but " + WARNING + "'/nowhere'");
	}

	@Test
	void pathOfThePortalThatNothingHandlesIsAWarning(CapturedOutput output) {
		start(MisguidedPortal.class, "polar.portal.return-url=/missing").close();
		String method = "The @PolarPortal method " + MisguidedPortal.class.getName() + "$Billing#billing";
		assertThat(output).contains("'polar.portal.return-url' redirects the buyer to '/missing'")
			.contains(method + " redirects the buyer to '/nothing'")
			.contains(method + " redirects the buyer to '/nowhere'");
	}

	@Test
	void upgradePageThatNothingHandlesIsAWarning(CapturedOutput output) {
		start(MisguidedFeatures.class).close();
		assertThat(output).contains("'polar.features.export.upgrade-url' redirects the buyer to '/missing'")
			.doesNotContain("polar.features.import");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/thanks", "/thanks?checkout={CHECKOUT_ID}", "/orders/{CHECKOUT_ID}",
			"/orders/%7BCHECKOUT_ID%7D", "/typed/{CHECKOUT_ID}", "/view", "/routed", "/servlet/x", "/filtered/x",
			"https://shop.example/missing", "/any/missing", "/custom/missing" })
	void pathThatSomethingMayHandleIsNoWarning(String path, CapturedOutput output) {
		start(Diverse.class, "polar.checkout.success-url=" + path,
				"spring.web.resources.static-locations=classpath:/META-INF/")
			.close();
		assertThat(output).doesNotContain(WARNING);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/pages/thanks.html", "/pages/th%61nks.html", "/pages/thank%20you.html",
			"/pages/thank you.html", "/pages/danke-sch%C3%B6n.html" })
	void staticFileIsAPage(String path, CapturedOutput output, @TempDir Path directory) throws Exception {
		Files.createDirectory(directory.resolve("pages"));
		for (String name : new String[] { "thank you.html", "danke-sch\u00f6n.html" }) {
			Files.writeString(directory.resolve("pages").resolve(name), name);
		}
		try (ConfigurableApplicationContext context = start(Application.class, "polar.checkout.success-url=" + path,
				"spring.web.resources.static-locations=classpath:/static-pages/," + directory.toUri())) {
			URI page = URI.create(server(context) + path.replace(" ", "%20"));
			assertThat(send(HttpRequest.newBuilder(page)).statusCode()).isEqualTo(200);
		}
		assertThat(output).doesNotContain(WARNING);
	}

	@ParameterizedTest
	@CsvSource({ "/THANKS,200", "/Orders/{CHECKOUT_ID},200", "/VIEW,200", "/Missing,404" })
	void patternsAreThoseOfTheMapping(String path, int status, CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = start(CaseInsensitive.class,
				"polar.checkout.success-url=" + path)) {
			URI page = URI.create(server(context) + path.replace("{CHECKOUT_ID}", "1"));
			assertThat(send(HttpRequest.newBuilder(page)).statusCode()).isEqualTo(status);
		}
		assertThat(output.toString().contains(WARNING)).isEqualTo(status == 404);
	}

	@ParameterizedTest
	@CsvSource({ "/th%61nks,200", "/servlet/%78,200", "/s%65rvlet/x,200", "/orders/a%2Fb/c,404" })
	void pathIsDecoded(String path, int status, CapturedOutput output) {
		start(Encoded.class, "polar.checkout.success-url=" + path).close();
		assertThat(output.toString().contains(WARNING)).isEqualTo(status == 404);
	}

	@ParameterizedTest
	@CsvSource({ "/app,/app", "/app?a=b,/app", "/app/,/app/", "/,/app/" })
	void rootOfTheServletIsAPage(String path, String page, CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = start(Roots.class, "spring.mvc.servlet.path=/app",
				"polar.checkout.return-url=" + path)) {
			assertThat(send(HttpRequest.newBuilder(URI.create(server(context) + page))).body()).isEqualTo("root");
		}
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void patternsOfADeprecatedMatcherAreNotExamined(CapturedOutput output) {
		start(Application.class, "polar.checkout.success-url=/missing",
				"spring.mvc.pathmatch.matching-strategy=ant-path-matcher")
			.close();
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void pathThatCannotBeDecodedIsAWarning(CapturedOutput output) {
		start(Application.class, "polar.checkout.success-url=/100%").close();
		assertThat(output).contains(WARNING);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Shop.class)
	static class Application {

		@Bean
		SecurityFilterChain open(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.csrf(AbstractHttpConfigurer::disable)
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDispatcherServlet extends Application {

		@Bean
		DispatcherServletRegistrationBean dispatcherServletRegistration(DispatcherServlet dispatcherServlet) {
			return new DispatcherServletRegistrationBean(dispatcherServlet, "/own");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CaseInsensitive extends Application implements WebMvcConfigurer {

		@Override
		public void configurePathMatch(PathMatchConfigurer configurer) {
			PathPatternParser parser = new PathPatternParser();
			parser.setCaseSensitive(false);
			configurer.setPatternParser(parser);
		}

		@Override
		public void addViewControllers(ViewControllerRegistry registry) {
			registry.addRedirectViewController("/redirected", "/thanks");
			registry.addStatusController("/view", HttpStatus.OK);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Encoded extends Application {

		@Bean
		ServletRegistrationBean<HttpServlet> servlet() {
			return new ServletRegistrationBean<>(new HttpServlet() {
			}, "/servlet/*");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Roots.Root.class)
	static class Roots extends Application {

		@RestController
		static class Root {

			@GetMapping({ "", "/" })
			String root() {
				return "root";
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Misguided.Shop.class)
	static class Misguided extends Application {

		@RestController
		static class Shop {

			@PostMapping("/buy/nowhere")
			@PolarCheckout(value = "pro", successUrl = "/nowhere")
			void buy() {
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MisguidedPortal extends Application {

		@RestController
		static class Billing {

			@GetMapping("/billing")
			@PolarPortal(orElse = "/nothing", returnUrl = "/nowhere")
			void billing() {
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MisguidedFeatures extends Application {

		@Bean
		PolarFeatures features() {
			return new PolarFeatures(List.of(feature("export", "/missing"), feature("import", null)), Map.of());
		}

		private static Feature feature(String name, @Nullable String upgradeUrl) {
			return new Feature(name, Set.of(), Set.of(), upgradeUrl, WhenUnknown.REJECT);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Diverse extends Application implements WebMvcConfigurer {

		@Override
		public void addViewControllers(ViewControllerRegistry registry) {
			registry.addViewController("/view");
		}

		@Override
		public void addResourceHandlers(ResourceHandlerRegistry registry) {
			registry.addResourceHandler("/custom/**")
				.addResourceLocations("classpath:/static-pages/")
				.resourceChain(false)
				.addResolver(new EncodedResourceResolver());
		}

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route().GET("/routed", (request) -> ServerResponse.ok().build()).build();
		}

		@Bean
		ServletRegistrationBean<HttpServlet> servlet() {
			return new ServletRegistrationBean<>(new HttpServlet() {
			}, "/servlet/*");
		}

		@Bean
		FilterRegistrationBean<Filter> filter() {
			FilterRegistrationBean<Filter> filter = new FilterRegistrationBean<>(
					(request, response, chain) -> chain.doFilter(request, response));
			filter.addUrlPatterns("/filtered/*");
			return filter;
		}

	}

	@RestController
	static class Shop {

		@PostMapping("/buy/pro")
		@PolarCheckout("pro")
		void buy() {
		}

		@PostMapping("/buy/annotated")
		@PolarCheckout(value = "pro", successUrl = "/thanks", returnUrl = "/pricing")
		void buyAnnotated() {
		}

		@PostMapping("/buy/built")
		@PolarCheckout
		CheckoutRequest buyBuilt() {
			return CheckoutRequest.forProducts("pro")
				.successUrl("/thanks?id={CHECKOUT_ID}")
				.returnUrl("/pricing")
				.build();
		}

		@GetMapping({ "/thanks", "/pricing" })
		String page() {
			return "page";
		}

		@GetMapping("/orders/{id}")
		String order(@PathVariable String id) {
			return id;
		}

		@GetMapping("/typed/{id:[0-9a-f-]{36}}")
		String typed(@PathVariable String id) {
			return id;
		}

		@GetMapping("/any/**")
		String any() {
			return "any";
		}

		@PostMapping("/orders")
		void createOrder() {
		}

	}

}
