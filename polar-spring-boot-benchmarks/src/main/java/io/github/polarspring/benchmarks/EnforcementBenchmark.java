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

package io.github.polarspring.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.polarspring.entitlement.PolarEntitled;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.web.servlet.AbstractFilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletContextInitializerBeans;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Call of a method that requires a feature, by a signed-in user: a request to a
 * controller through the filters of the application and Spring MVC, without a server, and
 * a direct call of another bean.
 */
@Fork(2)
@Warmup(iterations = 15, time = 2)
@Measurement(iterations = 5, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EnforcementBenchmark {

	private static final String USER = "user-4711";

	/**
	 * Method of the application without the starter that does not require anything.
	 */
	@Benchmark
	public int open(ByHand application) throws Exception {
		return application.get("/open");
	}

	/**
	 * Spring Security with a hand-written bean.
	 */
	@Benchmark
	public int preAuthorize(ByHand application) throws Exception {
		return application.get("/export");
	}

	/**
	 * The starter.
	 */
	@Benchmark
	public int polarEntitled(Starter application) throws Exception {
		return application.get("/export");
	}

	/**
	 * Spring Security with a hand-written bean, for a method of a service.
	 */
	@Benchmark
	public String preAuthorizeBean(ByHand application) {
		return application.service().export();
	}

	/**
	 * The starter, for a method of a service.
	 */
	@Benchmark
	public String polarEntitledBean(Starter application) {
		return application.service().export();
	}

	/**
	 * Method of the application with the starter that does not require anything.
	 */
	@Benchmark
	public int polarOpen(Starter application) throws Exception {
		return application.get("/open");
	}

	/**
	 * Application that is called without a server.
	 */
	abstract static class Application {

		private @Nullable ConfigurableApplicationContext context;

		private SecurityContext securityContext = new SecurityContextImpl();

		private final MockServletContext servletContext = new MockServletContext();

		private final MockHttpSession session = new MockHttpSession(this.servletContext);

		private @Nullable DispatcherServlet servlet;

		private @Nullable Service service;

		private Filter[] filters = {};

		void start(Class<?> application, String... properties) {
			List<String> all = new ArrayList<>(List.of(properties));
			all.addAll(List.of("--server.port=0", "--spring.main.banner-mode=off", "--logging.threshold.console=error",
					"--spring.mvc.servlet.load-on-startup=1"));
			this.context = SpringApplication.run(application, all.toArray(String[]::new));
			this.servlet = this.context.getBean(DispatcherServlet.class);
			this.service = this.context.getBean(Service.class);
			this.filters = new ServletContextInitializerBeans(this.context).stream()
				.filter(AbstractFilterRegistrationBean.class::isInstance)
				.map((registration) -> (AbstractFilterRegistrationBean<?>) registration)
				.filter((registration) -> registration.getUrlPatterns().isEmpty()
						|| registration.getUrlPatterns().contains("/*"))
				.map((registration) -> (Filter) registration.getFilter())
				.toArray(Filter[]::new);
			UserDetails user = User.withUsername(USER).password("").build();
			this.securityContext = new SecurityContextImpl(
					UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities()));
			this.session.setAttribute(HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY,
					this.securityContext);
		}

		/**
		 * Sign in the thread. Each request signs it out.
		 */
		@Setup(Level.Iteration)
		public void signIn() {
			SecurityContextHolder.setContext(this.securityContext);
		}

		Service service() {
			Service service = this.service;
			Assert.state(service != null, "Not started");
			return service;
		}

		int get(String path) throws ServletException, IOException {
			DispatcherServlet servlet = this.servlet;
			Assert.state(servlet != null, "Not started");
			MockHttpServletRequest request = new MockHttpServletRequest(this.servletContext, "GET", path);
			request.setSession(this.session);
			MockHttpServletResponse response = new MockHttpServletResponse();
			new MockFilterChain(servlet, this.filters).doFilter(request, response);
			Assert.state(response.getStatus() == 200, "Not allowed");
			return response.getContentAsByteArray().length;
		}

		/**
		 * Stop the application.
		 */
		@TearDown
		public void stop() {
			if (this.context != null) {
				this.context.close();
			}
		}

	}

	/**
	 * Application with the starter.
	 */
	@State(Scope.Benchmark)
	public static class Starter extends Application {

		/**
		 * Start the application.
		 */
		@Setup
		public void start() throws Exception {
			try (LoopbackServer polar = new LoopbackServer("200 OK", EntitlementBenchmark.purchases(USER),
					"Polar-Version: 2026-10")) {
				start(StarterApplication.class, "--polar.access-token=polar_oat_benchmark0123456789",
						"--polar.base-url=" + polar.url(),
						"--polar.features.export.products=" + EntitlementBenchmark.PRODUCT,
						"--polar.entitlements.fresh-for=1h", "--polar.entitlements.read-timeout=30s");
				get("/export");
			}
		}

	}

	/**
	 * Application without the starter.
	 */
	@State(Scope.Benchmark)
	public static class ByHand extends Application {

		/**
		 * Start the application.
		 */
		@Setup
		public void start() {
			String starter = String.join(",",
					ImportCandidates.load(AutoConfiguration.class, null)
						.getCandidates()
						.stream()
						.filter((name) -> name.startsWith("io.github.polarspring."))
						.toList());
			start(ByHandApplication.class, "--spring.autoconfigure.exclude=" + starter);
		}

	}

	static class Users extends BenchmarkApplication {

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(User.withUsername(USER).password("").build());
		}

	}

	@Import({ StarterController.class, StarterService.class, OpenController.class })
	static class StarterApplication extends Users {

	}

	@EnableMethodSecurity
	@Import({ ByHandController.class, ByHandService.class, OpenController.class })
	static class ByHandApplication extends Users {

		@Bean
		Features features() {
			return new Features();
		}

	}

	@RestController
	static class StarterController {

		@GetMapping("/export")
		@PolarEntitled("export")
		String export() {
			return "exported";
		}

	}

	@RestController
	static class ByHandController {

		@GetMapping("/export")
		@PreAuthorize("@features.has('export')")
		String export() {
			return "exported";
		}

	}

	@RestController
	static class OpenController {

		@GetMapping("/open")
		String open() {
			return "exported";
		}

	}

	interface Service {

		String export();

	}

	static class StarterService implements Service {

		@Override
		@PolarEntitled("export")
		public String export() {
			return "exported";
		}

	}

	static class ByHandService implements Service {

		@Override
		@PreAuthorize("@features.has('export')")
		public String export() {
			return "exported";
		}

	}

	/**
	 * What a merchant writes without the starter.
	 */
	static class Features {

		private final Cache<String, Set<String>> users = Caffeine.newBuilder()
			.maximumSize(10_000)
			.expireAfterWrite(Duration.ofHours(1))
			.build();

		public boolean has(String feature) {
			Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
			return authentication != null
					&& this.users.get(authentication.getName(), (name) -> Set.of("export")).contains(feature);
		}

	}

}
