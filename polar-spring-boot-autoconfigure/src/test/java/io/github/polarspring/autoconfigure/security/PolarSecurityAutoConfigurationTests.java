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

package io.github.polarspring.autoconfigure.security;

import java.util.ArrayList;
import java.util.List;

import io.github.polarspring.web.servlet.LoginRequirement;
import io.github.polarspring.web.servlet.PolarWebSecurity;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarSecurityAutoConfiguration}.
 */
class PolarSecurityAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarSecurityAutoConfiguration.class));

	@Test
	void loginIsThatOfTheLastChainWithALogin() throws Exception {
		SecurityFilterChain web = chain(new LoginUrlAuthenticationEntryPoint("/login"), true);
		SecurityFilterChain api = chain(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), false);
		assertLogin(302, chain(new LoginUrlAuthenticationEntryPoint("/admin"), true), web, api);
		assertLogin(302, api, web);
		assertLogin(401, chain(new LoginUrlAuthenticationEntryPoint("/x"), false), api);
	}

	private static SecurityFilterChain chain(AuthenticationEntryPoint entryPoint, boolean login) {
		List<Filter> filters = new ArrayList<>(List.of(new ExceptionTranslationFilter(entryPoint)));
		if (login) {
			filters.add(new UsernamePasswordAuthenticationFilter());
		}
		return new DefaultSecurityFilterChain(AnyRequestMatcher.INSTANCE, filters);
	}

	private void assertLogin(int status, SecurityFilterChain... chains) {
		WebApplicationContextRunner runner = this.contextRunner;
		for (int i = 0; i < chains.length; i++) {
			SecurityFilterChain chain = chains[i];
			runner = runner.withBean("chain" + i, SecurityFilterChain.class, () -> chain);
		}
		runner.run((context) -> {
			MockHttpServletResponse response = new MockHttpServletResponse();
			assertThat(context.getBean(LoginRequirement.class).commence(new MockHttpServletRequest(), response))
				.isTrue();
			assertThat(response.getStatus()).isEqualTo(status);
			if (status == 302) {
				assertThat(response.getRedirectedUrl()).endsWith("/login");
			}
		});
	}

	@Test
	void loginIsTheApplicationsOwnAndCanBeReplaced() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(LoginRequirement.class)
			.hasBean("polarLoginRequirement"));
		this.contextRunner.withBean(LoginRequirement.class, () -> new LoginRequirement() {
		})
			.run((context) -> assertThat(context).hasSingleBean(LoginRequirement.class)
				.doesNotHaveBean("polarLoginRequirement"));
	}

	@Test
	void withoutSpringSecurityOrServletsThereIsNothing() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Authentication.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarWebSecurity.class));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarSecurityAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarWebSecurity.class));
	}

}
