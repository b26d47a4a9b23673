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

import io.github.polarspring.web.servlet.LoginRequirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarSecurityAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarSecurityAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarSecurityAutoConfiguration.class));

	@Test
	void loginIsThatOfTheChainThatHandlesTheRequest() {
		this.contextRunner.run((context) -> {
			LoginRequirement login = context.getBean(LoginRequirement.class);
			MockHttpServletRequest request = new MockHttpServletRequest();
			new SecurityContextHolderFilter(new NullSecurityContextRepository()).doFilter(request,
					new MockHttpServletResponse(), (current, response) -> assertThat(login.exception(request))
						.isInstanceOf(InsufficientAuthenticationException.class));
		});
	}

	@Test
	void withoutChainThereIsNoLogin(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(LoginRequirement.class).exception(new MockHttpServletRequest()))
				.isInstanceOfSatisfying(LoginRequirement.LoginRequiredException.class,
						(ex) -> assertThat(ex.getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED));
			assertThat(output).contains("no SecurityFilterChain handles");
		});
	}

	@Test
	void loginIsTheApplicationsOwnAndCanBeReplaced() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(LoginRequirement.class)
			.hasBean("polarLoginRequirement"));
		this.contextRunner
			.withBean(LoginRequirement.class, () -> (request) -> new LoginRequirement.LoginRequiredException())
			.run((context) -> assertThat(context).hasSingleBean(LoginRequirement.class)
				.doesNotHaveBean("polarLoginRequirement"));
	}

	@Test
	void withoutSpringSecurityOrServletsThereIsNothing() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Authentication.class))
			.run((context) -> assertThat(context).doesNotHaveBean(LoginRequirement.class));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarSecurityAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(LoginRequirement.class));
	}

}
