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
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitled;
import io.github.polarspring.entitlement.PolarEntitlementDeniedException;
import io.github.polarspring.entitlement.PolarExpressions;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.security.PolarAuthorization;
import io.github.polarspring.web.PolarCheckout;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aop.Advisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagers;
import org.springframework.security.authorization.method.AuthorizationManagerBeforeMethodInterceptor;
import org.springframework.security.concurrent.DelegatingSecurityContextExecutor;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.view.AbstractView;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarEntitled} and request matchers in a real container with a login.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "server.servlet.context-path=/shop", "spring.mvc.servlet.path=/app",
				"polar.access-token=polar_oat_x", "polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710" })
class PolarEntitledTests {

	private static final String HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

	private static final String PRICING = "/shop/app/pricing";

	@LocalServerPort
	private int port;

	@Autowired
	private StubEntitlements entitlements;

	private final HttpClient client = HttpClient.newHttpClient();

	@BeforeEach
	void noOneHasPaid() {
		this.entitlements.reset();
	}

	private HttpResponse<String> navigate(String user, String path) throws IOException, InterruptedException {
		return get(user, path, "Accept", HTML, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document");
	}

	private HttpResponse<String> get(@Nullable String user, String path, String... headers)
			throws IOException, InterruptedException {
		return send("GET", user, path, headers);
	}

	private HttpResponse<String> send(String method, @Nullable String user, String path, String... headers)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
			.method(method, HttpRequest.BodyPublishers.noBody());
		List<String> all = new ArrayList<>(List.of(headers));
		if (user != null) {
			all.addAll(List.of("Authorization", "Basic " + Base64.getEncoder()
				.encodeToString("%1$s:%1$s".formatted(user).getBytes(StandardCharsets.UTF_8))));
		}
		for (int i = 0; i < all.size(); i += 2) {
			request.header(all.get(i), all.get(i + 1));
		}
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://localhost:%d/shop/app%s".formatted(this.port, path));
	}

	private static @Nullable String header(HttpResponse<?> response, String name) {
		return response.headers().firstValue(name).orElse(null);
	}

	private static @Nullable String cookie(HttpResponse<?> response, String name) {
		return response.headers()
			.allValues("Set-Cookie")
			.stream()
			.filter((value) -> value.startsWith(name + "="))
			.findFirst()
			.orElse(null);
	}

	private static @Nullable String continueAt(HttpResponse<?> response) {
		String cookie = cookie(response, ContinueCookie.NAME);
		return (cookie != null) ? new String(Base64.getUrlDecoder().decode(HttpCookie.parse(cookie).get(0).getValue()),
				StandardCharsets.US_ASCII) : null;
	}

	private static void assertUpgrade(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(header(response, "Location")).isEqualTo(PRICING);
		assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
	}

	private static void assertProblem(HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(header(response, "Content-Type")).startsWith("application/problem+json");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/export", "/rest", "/service", "/later", "/future", "/area/page", "/method",
			"/composed/any", "/composed/all", "/view" })
	void userWhoHasPaidGetsIn(String path) throws Exception {
		this.entitlements.granted.put("alice", Set.of("export"));
		HttpResponse<String> response = navigate("alice", path);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo("exported");
		assertThat(response.headers().allValues("Set-Cookie")).noneMatch((cookie) -> cookie.startsWith("polar-"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/export", "/rest", "/service", "/later", "/future", "/area/page", "/method",
			"/composed/any", "/composed/all", "/view" })
	void userWhoHasNotIsRedirectedToTheUpgradePage(String path) throws Exception {
		this.entitlements.granted.put("alice", Set.of("other"));
		HttpResponse<String> response = navigate("alice", path + "?year=2026&q=%2F%2Fevil");
		assertUpgrade(response);
		assertThat(response.body()).isEmpty();
		assertThat(continueAt(response)).isEqualTo("/shop/app" + path + "?year=2026&q=%2F%2Fevil");
		assertThat(cookie(response, ContinueCookie.NAME))
			.contains("Path=/shop;", "Max-Age=3600", "HttpOnly", "SameSite=Lax")
			.doesNotContain("Secure");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/export", "/rest", "/service", "/later", "/future", "/area/page", "/method",
			"/composed/any", "/view" })
	void scriptGetsProblemDetails(String path) throws Exception {
		HttpResponse<String> response = get("alice", path, "Accept", "application/json");
		assertProblem(response, 402);
		JsonNode problem = JsonMapper.shared().readTree(response.body());
		assertThat(problem.get("status").asInt()).isEqualTo(402);
		assertThat(problem.get("title").asString()).isEqualTo("Payment Required");
		assertThat(problem.get("detail").asString()).isEqualTo("This feature requires an upgrade.");
		assertThat(problem.get("feature").asString()).isEqualTo("export");
		assertThat(problem.get("upgradeUrl").asString()).isEqualTo(PRICING);
		assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
		assertThat(cookie(response, ContinueCookie.NAME)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/export", "/rest", "/service", "/later", "/future", "/area/page", "/method",
			"/composed/any", "/view" })
	void unknownIsNotSoldTo(String path) throws Exception {
		this.entitlements.unavailable = true;
		HttpResponse<String> page = navigate("alice", path);
		assertThat(page.statusCode()).isEqualTo(503);
		assertThat(header(page, "Retry-After")).isEqualTo("5");
		assertThat(header(page, "Cache-Control")).isEqualTo("no-store");
		assertThat(page.body()).contains("Your purchases cannot be checked right now. Please try again in a moment.")
			.doesNotContain("pricing", "upgrade");
		assertThat(cookie(page, ContinueCookie.NAME)).isNull();
		HttpResponse<String> script = get("alice", path, "Accept", "application/json");
		assertProblem(script, 503);
		assertThat(header(script, "Retry-After")).isEqualTo("5");
		assertThat(script.body()).doesNotContain("upgradeUrl");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/export", "/rest", "/service", "/area/page", "/method", "/view" })
	void guestLogsIn(String path) throws Exception {
		HttpResponse<String> page = get(null, path, "Accept", HTML, "Sec-Fetch-Mode", "navigate");
		assertThat(page.statusCode()).isEqualTo(302);
		assertThat(header(page, "Location")).endsWith("/login");
		assertThat(cookie(page, ContinueCookie.NAME)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/export", "/rest", "/service", "/later", "/view" })
	void scriptOfAGuestGetsNoRedirect(String path) throws Exception {
		HttpResponse<String> response = get(null, path, "Accept", "application/json", "X-Requested-With",
				"XMLHttpRequest");
		assertProblem(response, 401);
		assertThat(response.body()).contains("Log in to continue.").doesNotContain("upgradeUrl");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/export", "/area/page", "/export?a=b" })
	void guestWhoLogsInIsOfferedToBuyAndContinuesAtThePage(String path) throws Exception {
		HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
		HttpRequest.Builder page = HttpRequest.newBuilder(uri(path)).header("Accept", HTML);
		assertThat(header(browser.send(page.build(), BodyHandlers.ofString()), "Location")).endsWith("/login");
		HttpRequest login = HttpRequest.newBuilder(uri("/login"))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString("username=alice&password=alice"))
			.build();
		String target = header(browser.send(login, BodyHandlers.ofString()), "Location");
		assertThat(target).endsWith("continue");
		HttpResponse<String> denied = browser.send(page.copy().uri(uri("").resolve(target)).build(),
				BodyHandlers.ofString());
		assertUpgrade(denied);
		assertThat(continueAt(denied)).isEqualTo("/shop/app" + path);
	}

	@Test
	void guestWhoHasAFeatureGetsIn() throws Exception {
		this.entitlements.granted.put("guest", Set.of("export"));
		assertThat(get(null, "/export").body()).isEqualTo("exported");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			HX-Request        | true                                  | 200 | HX-Redirect        | false
			HX-Boosted        | true                                  | 200 | HX-Redirect        | true
			X-IC-Request      | true                                  | 200 | X-IC-Redirect      | false
			X-Inertia         | true                                  | 409 | X-Inertia-Location | true
			X-Inertia-Partial-Component | Export                      | 409 | X-Inertia-Location | false
			""")
	void libraryFollowsAHeader(String header, String value, int status, String redirect, boolean remembered)
			throws Exception {
		List<String> headers = new ArrayList<>(List.of("Accept", HTML, header, value));
		if (header.equals("HX-Boosted")) {
			headers.addAll(List.of("HX-Request", "true"));
		}
		if (header.startsWith("X-Inertia-")) {
			headers.addAll(List.of("X-Inertia", "true"));
		}
		for (String path : List.of("/export", "/area/page")) {
			HttpResponse<String> response = get("alice", path, headers.toArray(String[]::new));
			assertThat(response.statusCode()).isEqualTo(status);
			assertThat(header(response, redirect)).isEqualTo(PRICING);
			assertThat(continueAt(response)).isEqualTo(remembered ? "/shop/app" + path : null);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Turbo-Frame         | menu                                  | <turbo-frame id="menu"> | false
			X-Turbo-Request-Id  | 7                                     | <main                   | true
			Accept              | text/vnd.turbo-stream.html, text/html | <turbo-stream           | false
			Datastar-Request    | true                                  | event: datastar         | false
			X-Up-Version        | 3.8                                   | <main up-main>          | false
			X-Alpine-Request    | true                                  | <main                   | false
			X-PJAX              | true                                  | <main                   | false
			X-Livewire-Navigate | true                                  | <main                   | false
			""")
	void libraryDisplaysAnElementThatOpensTheUpgradePage(String header, String value, String content,
			boolean remembered) throws Exception {
		for (String path : List.of("/export", "/area/page")) {
			HttpResponse<String> response = get("alice", path, header.equals("Accept") ? new String[] { header, value }
					: new String[] { header, value, "Accept", HTML, "Sec-Fetch-Mode", "cors" });
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains(content, "0; url=" + PRICING);
			assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
			assertThat(continueAt(response)).isEqualTo(remembered ? "/shop/app" + path : null);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			*/*              | -                | -
			*/*              | Sec-Fetch-Mode   | cors
			application/json | -                | -
			*/*              | X-Requested-With | XMLHttpRequest
			image/png        | Sec-Fetch-Dest   | image
			-                | -                | -
			""")
	void callerThatDisplaysNoPageIsNotRedirected(@Nullable String accept, @Nullable String header,
			@Nullable String value) throws Exception {
		List<String> headers = new ArrayList<>();
		if (accept != null) {
			headers.addAll(List.of("Accept", accept));
		}
		if (header != null) {
			headers.addAll(List.of(header, value));
		}
		assertProblem(get("alice", "/export", headers.toArray(String[]::new)), 402);
	}

	@Test
	void swupOpensThePageItself() throws Exception {
		HttpResponse<String> response = get("alice", "/export", "X-Requested-With", "swup", "Accept", HTML);
		assertThat(response.statusCode()).isEqualTo(402);
		assertThat(response.body()).contains("This feature requires an upgrade.");
	}

	@ParameterizedTest
	@CsvSource({ "Sec-Purpose,prefetch", "Purpose,prefetch", "HX-Preloaded,true" })
	void prefetchIsRepeatedWhenTheUserClicks(String header, String value) throws Exception {
		for (String path : List.of("/export", "/area/page")) {
			HttpResponse<String> response = get("alice", path, header, value, "Accept", HTML);
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.body()).isEmpty();
			assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
		}
	}

	@Test
	void prefetchOfALibraryOpensThePageAsANavigation() throws Exception {
		HttpResponse<String> response = get("alice", "/export?a=b", "X-Sec-Purpose", "prefetch", "X-Turbo-Request-Id",
				"7", "Accept", HTML);
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.body()).contains("0; url=/shop/app/export?a=b");
		assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
	}

	@Test
	void onlyPagesAreRemembered() throws Exception {
		HttpResponse<String> head = send("HEAD", "alice", "/export", "Accept", HTML);
		assertThat(head.statusCode()).isEqualTo(303);
		assertThat(cookie(head, ContinueCookie.NAME)).isNull();
		HttpResponse<String> post = send("POST", "alice", "/form", "Accept", HTML, "Content-Type", "application/json");
		assertUpgrade(post);
		assertThat(cookie(post, ContinueCookie.NAME)).isNull();
		HttpResponse<String> tooLong = navigate("alice", "/export?q=" + "x".repeat(2000));
		assertUpgrade(tooLong);
		assertThat(cookie(tooLong, ContinueCookie.NAME)).isNull();
	}

	@Test
	void asynchronousMethodIsCheckedOnce() throws Exception {
		this.entitlements.granted.put("alice", Set.of("export"));
		assertThat(navigate("alice", "/once").body()).isEqualTo("exported");
		assertUpgrade(navigate("alice", "/once"));
	}

	@Test
	void argumentsAreReadAfterTheCheck() throws Exception {
		this.entitlements.granted.put("alice", Set.of("export"));
		assertThat(send("POST", "alice", "/form", "Accept", HTML, "Content-Type", "application/json").statusCode())
			.isEqualTo(400);
	}

	@Test
	void withoutAnUpgradePageThereIsAnErrorPage() throws Exception {
		for (String path : List.of("/other", "/area-other")) {
			HttpResponse<String> page = navigate("alice", path);
			assertThat(page.statusCode()).isEqualTo(402);
			assertThat(page.body()).contains("Whitelabel Error Page", "This feature requires an upgrade.");
			HttpResponse<String> script = get("alice", path, "Accept", "application/json");
			assertProblem(script, 402);
			assertThat(script.body()).contains("\"feature\":\"other\"").doesNotContain("upgradeUrl");
		}
	}

	@Test
	void upgradePageThatIsItselfProtectedIsNoLoop() throws Exception {
		assertThat(navigate("alice", "/circular").statusCode()).isEqualTo(402);
	}

	@Test
	void upgradePageCanBeElsewhere() throws Exception {
		HttpResponse<String> response = navigate("alice", "/elsewhere");
		assertThat(header(response, "Location")).isEqualTo("https://elsewhere.example/pricing?from=shop");
		assertThat(get("alice", "/elsewhere", "Accept", "application/json").body())
			.contains("\"upgradeUrl\":\"https://elsewhere.example/pricing?from=shop\"");
	}

	@Test
	void otherReasonsOfSpringSecurityAreNoOffers() throws Exception {
		assertThat(navigate("alice", "/staff").statusCode()).isEqualTo(403);
		assertThat(navigate("alice", "/pre-authorized").statusCode()).isEqualTo(403);
		assertThat(navigate("staff", "/composed/any").statusCode()).isEqualTo(200);
		assertThat(navigate("staff", "/composed/admin").statusCode()).isEqualTo(403);
		assertThat(navigate("alice", "/composed/all-staff").statusCode()).isEqualTo(403);
		assertUpgrade(navigate("staff", "/composed/all-staff"));
	}

	@Test
	void expressionLetsInUsersWhoHavePaid() throws Exception {
		this.entitlements.granted.put("alice", Set.of("export"));
		assertThat(navigate("alice", "/pre-authorized").body()).isEqualTo("exported");
		assertThat(navigate("alice", "/limit").body()).isEqualTo("3");
		this.entitlements.unavailable = true;
		assertThat(navigate("alice", "/pre-authorized").statusCode()).isEqualTo(503);
	}

	@Test
	void ownAccessDeniedHandlerTakesPrecedenceAndCanDelegate() throws Exception {
		assertThat(navigate("alice", "/own/page").statusCode()).isEqualTo(418);
		assertUpgrade(get("alice", "/own/page?delegate", "Accept", HTML));
		this.entitlements.unavailable = true;
		assertThat(get("alice", "/own/page?delegate", "Accept", HTML).statusCode()).isEqualTo(503);
	}

	@Test
	void ownExceptionHandlerTakesPrecedence() throws Exception {
		HttpResponse<String> response = navigate("alice", "/handled");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo("handled export");
		assertUpgrade(navigate("alice", "/export"));
	}

	@Test
	void userOfAnotherThreadIsTheOneWhoStartedIt() throws Exception {
		assertThat(navigate("alice", "/async").body()).isEqualTo("denied");
		this.entitlements.granted.put("alice", Set.of("export"));
		assertThat(navigate("alice", "/async").body()).isEqualTo("exported");
	}

	@Test
	void classAppliesUnlessTheMethodHasItsOwn() throws Exception {
		this.entitlements.granted.put("alice", Set.of("export"));
		assertThat(navigate("alice", "/class/whole").body()).isEqualTo("exported");
		assertThat(navigate("alice", "/class/own").statusCode()).isEqualTo(402);
		this.entitlements.granted.put("alice", Set.of("other"));
		assertUpgrade(navigate("alice", "/class/whole"));
		assertThat(navigate("alice", "/class/own").body()).isEqualTo("exported");
	}

	@Test
	void userWhoCannotBeIdentifiedIsRejected() throws Exception {
		assertThat(navigate("unknown", "/export").statusCode()).isEqualTo(403);
		assertThat(navigate("unknown", "/service").statusCode()).isEqualTo(403);
		HttpResponse<String> area = navigate("unknown", "/area/page");
		assertThat(area.statusCode()).isEqualTo(403);
		assertThat(header(area, "Location")).isNull();
	}

	@Test
	void userWithoutAPayerIsNotAskedToLogInAgain() throws Exception {
		assertUpgrade(navigate("nobody", "/export"));
		assertUpgrade(navigate("nobody", "/service"));
		assertUpgrade(navigate("nobody", "/area/page"));
	}

	@Test
	void entitledCheckoutIsCheckedFirst() throws Exception {
		assertUpgrade(send("POST", "alice", "/buy", "Accept", HTML));
	}

	@ParameterizedTest
	@CsvSource({ "-1000, true", "-119000, true", "-121000, false", "50000, true", "70000, false" })
	void timeOfThePaymentIsRecent(long offset, boolean recent) throws Exception {
		long time = System.currentTimeMillis() + offset;
		get("alice", "/export", "Cookie", PaidCookie.NAME + "=" + time);
		assertThat(this.entitlements.paidAt != null).isEqualTo(recent);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "-1", "1e12", "99999999999999999999" })
	void timeOfThePaymentIsANumber(String value) throws Exception {
		get("alice", "/export", "Cookie", PaidCookie.NAME + "=" + value);
		assertThat(this.entitlements.paidAt).isNull();
	}

	@Test
	void logoutForgetsAll() throws Exception {
		HttpResponse<String> response = send("POST", "alice", "/logout", "Cookie",
				"polar-continue=L3Nob3A; polar-paid=1; polar-checkout=AAAAAAAAAAAAAAAAAAAAAA");
		for (String name : List.of(ContinueCookie.NAME, PaidCookie.NAME, CheckoutCookie.NAME)) {
			assertThat(cookie(response, name)).contains("Max-Age=0", "Path=/shop");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableMethodSecurity
	@EnableAsync
	@Import({ Pages.class, Rest.class, Service.class, ClassLevel.class, Handled.class, HandledAdvice.class,
			Background.class })
	static class Shop {

		@Bean
		PolarFeatures features() {
			return new PolarFeatures(List.of(feature("export", "/pricing"), feature("other", null),
					feature("circular", "/circular?from=here"),
					feature("elsewhere", "https://elsewhere.example/pricing?from=shop")), Map.of("forms", 3L));
		}

		private static Feature feature(String name, @Nullable String upgradeUrl) {
			return new Feature(name, Set.of(), Set.of(), upgradeUrl, WhenUnknown.REJECT);
		}

		@Bean
		StubEntitlements entitlements(PolarFeatures features, CurrentPayer payer) {
			return new StubEntitlements(features, payer);
		}

		@Bean
		PolarIdentityResolver identities() {
			return (user) -> {
				if (user == null || user.getName().equals("nobody")) {
					return null;
				}
				if (user.getName().equals("unknown")) {
					throw new PolarIdentityException("The principal has no name");
				}
				return PolarIdentity.of(user.getName());
			};
		}

		@Bean
		UserDetailsService users() {
			return (name) -> User.withUsername(name)
				.password("{noop}" + name)
				.roles(name.equals("staff") ? "STAFF" : "USER")
				.build();
		}

		@Bean
		@Order(1)
		SecurityFilterChain own(HttpSecurity http, PolarAuthorization polar,
				@Qualifier("polarAccessDeniedHandler") AccessDeniedHandler handler) throws Exception {
			return http.securityMatcher("/own/**")
				.httpBasic(Customizer.withDefaults())
				.authorizeHttpRequests((requests) -> requests.anyRequest().access(polar.entitled("export")))
				.exceptionHandling((exceptions) -> exceptions.accessDeniedHandler((request, response, ex) -> {
					if (request.getParameter("delegate") != null) {
						handler.handle(request, response, ex);
					}
					else {
						response.setStatus(418);
					}
				}))
				.build();
		}

		@Bean
		SecurityFilterChain shop(HttpSecurity http, PolarAuthorization polar) throws Exception {
			AuthorizationManager<RequestAuthorizationContext> staff = AuthorityAuthorizationManager.hasRole("STAFF");
			return http
				.authorizeHttpRequests((requests) -> requests.requestMatchers("/area/**")
					.access(polar.entitled("export"))
					.requestMatchers("/area-other")
					.access(polar.entitled("other"))
					.requestMatchers("/staff")
					.hasRole("STAFF")
					.requestMatchers("/composed/any", "/composed/admin")
					.access(AuthorizationManagers.anyOf(polar.entitled("export"), staff))
					.requestMatchers("/composed/all")
					.access(AuthorizationManagers.allOf(polar.entitled("export")))
					.requestMatchers("/composed/all-staff")
					.access(AuthorizationManagers.allOf(staff, polar.entitled("export")))
					.anyRequest()
					.permitAll())
				.csrf(AbstractHttpConfigurer::disable)
				.formLogin((login) -> login.loginProcessingUrl("/app/login"))
				.logout((logout) -> logout.logoutUrl("/app/logout"))
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static Advisor exportMethods(ObjectProvider<PolarAuthorization> polar) {
			AuthorizationManager<MethodInvocation> export = (authentication, invocation) -> polar.getObject()
				.<MethodInvocation>entitled("export")
				.authorize(authentication, invocation);
			return new AuthorizationManagerBeforeMethodInterceptor(
					AnnotationMatchingPointcut.forMethodAnnotation(Export.class), export);
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@interface Export {

	}

	@Controller
	static class Pages {

		private final Service service;

		private final Background background;

		private final PolarExpressions polar;

		private final StubEntitlements entitlements;

		Pages(Service service, Background background, PolarExpressions polar, StubEntitlements entitlements) {
			this.entitlements = entitlements;
			this.service = service;
			this.background = background;
			this.polar = polar;
		}

		@GetMapping("/pricing")
		@ResponseBody
		String pricing() {
			return "pricing";
		}

		@GetMapping("/export")
		@PolarEntitled("export")
		@ResponseBody
		String export() {
			return "exported";
		}

		@PostMapping("/form")
		@PolarEntitled("export")
		@ResponseBody
		String form(@RequestBody Map<String, String> body) {
			return "exported";
		}

		@GetMapping("/other")
		@PolarEntitled("other")
		@ResponseBody
		String other() {
			return "exported";
		}

		@GetMapping("/circular")
		@PolarEntitled("circular")
		@ResponseBody
		String circular() {
			return "exported";
		}

		@GetMapping("/elsewhere")
		@PolarEntitled("elsewhere")
		@ResponseBody
		String elsewhere() {
			return "exported";
		}

		@GetMapping("/later")
		@PolarEntitled("export")
		@ResponseBody
		Callable<String> later() {
			return () -> "exported";
		}

		@GetMapping("/once")
		@PolarEntitled("export")
		@ResponseBody
		Callable<String> once() {
			return () -> {
				this.entitlements.reset();
				return "exported";
			};
		}

		@GetMapping("/future")
		@ResponseBody
		CompletableFuture<String> future() {
			return CompletableFuture.completedFuture(this.service).thenApply(Service::export);
		}

		@GetMapping("/service")
		@ResponseBody
		String service() {
			return this.service.export();
		}

		@GetMapping("/method")
		@ResponseBody
		String method() {
			return this.service.managed();
		}

		@GetMapping({ "/area/page", "/area-other", "/own/page", "/staff", "/composed/any", "/composed/all",
				"/composed/all-staff" })
		@ResponseBody
		String area() {
			return "exported";
		}

		@GetMapping("/composed/admin")
		@ResponseBody
		String admin() {
			return this.service.admin();
		}

		@GetMapping("/pre-authorized")
		@ResponseBody
		String preAuthorized() {
			return this.service.preAuthorized();
		}

		@GetMapping("/limit")
		@ResponseBody
		String limit() {
			return String.valueOf(this.polar.limit("forms"));
		}

		@GetMapping("/async")
		@ResponseBody
		String async() throws InterruptedException {
			try {
				return this.background.export().get();
			}
			catch (ExecutionException ex) {
				return (ex.getCause() instanceof PolarEntitlementDeniedException) ? "denied" : "failed";
			}
		}

		@GetMapping("/view")
		View view() {
			return new AbstractView() {

				@Override
				protected void renderMergedOutputModel(Map<String, Object> model, HttpServletRequest request,
						HttpServletResponse response) throws Exception {
					response.setContentType("text/html;charset=UTF-8");
					response.getWriter().write("");
					try {
						response.getWriter().write(Pages.this.service.export());
					}
					catch (RuntimeException ex) {
						throw new IllegalStateException("Failed to evaluate the template", ex);
					}
				}

			};
		}

		@PostMapping("/buy")
		@PolarEntitled("export")
		@PolarCheckout("pro")
		void buy() {
		}

	}

	@RestController
	static class Rest {

		@GetMapping(path = "/rest")
		@PolarEntitled("export")
		String rest() {
			return "exported";
		}

	}

	@RestController
	@PolarEntitled("export")
	static class ClassLevel {

		@GetMapping("/class/whole")
		String whole() {
			return "exported";
		}

		@GetMapping("/class/own")
		@PolarEntitled("other")
		String own() {
			return "exported";
		}

	}

	@RestController
	static class Handled {

		@GetMapping("/handled")
		@PolarEntitled("export")
		String handled() {
			return "exported";
		}

	}

	@ControllerAdvice(assignableTypes = Handled.class)
	static class HandledAdvice {

		@ExceptionHandler
		@ResponseBody
		String denied(PolarEntitlementDeniedException ex) {
			return "handled " + ex.getFeature().name();
		}

	}

	@Component
	static class Service {

		@PolarEntitled("export")
		String export() {
			return "exported";
		}

		@Export
		public String managed() {
			return "exported";
		}

		@PreAuthorize("@polar.entitled('export')")
		public String preAuthorized() {
			return "exported";
		}

		@PreAuthorize("hasRole('ADMIN')")
		public String admin() {
			return "exported";
		}

	}

	@Component
	static class Background {

		@Bean
		static DelegatingSecurityContextExecutor taskExecutor() {
			return new DelegatingSecurityContextExecutor((task) -> new Thread(task).start());
		}

		@Async
		@PolarEntitled("export")
		public CompletableFuture<String> export() {
			return CompletableFuture.completedFuture("exported");
		}

	}

}
