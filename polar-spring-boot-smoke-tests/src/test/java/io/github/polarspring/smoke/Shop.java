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

package io.github.polarspring.smoke;

import java.io.IOException;
import java.security.Principal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.polarspring.model.Order;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutReturn;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventTypes;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A shop with servlets, Spring MVC and nothing else.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ Shop.Pages.class, Shop.Licenses.class })
class Shop {

	/**
	 * What logs users in without Spring Security, as a container would.
	 */
	@Bean
	OncePerRequestFilter login() {
		return new OncePerRequestFilter() {

			@Override
			protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
					throws ServletException, IOException {
				String user = request.getHeader("X-User");
				chain.doFilter(new HttpServletRequestWrapper(request) {

					@Override
					public Principal getUserPrincipal() {
						return (user != null) ? () -> user : super.getUserPrincipal();
					}

				}, response);
			}

		};
	}

	@RestController
	static class Pages {

		@PostMapping({ "/buy", "/api/buy" })
		@PolarCheckout("pro")
		void buy() {
		}

		@GetMapping("/thanks")
		String thanks(@PolarCheckoutReturn CheckoutOutcome outcome) {
			return outcome.name();
		}

		@GetMapping("/thread")
		String thread() {
			return Thread.currentThread().toString();
		}

	}

	@Component
	static class Licenses {

		private final List<String> orders = new CopyOnWriteArrayList<>();

		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		void give(PolarEvent<Order> event) {
			this.orders.add(event.data().id().toString());
		}

		List<String> orders() {
			return this.orders;
		}

	}

}
