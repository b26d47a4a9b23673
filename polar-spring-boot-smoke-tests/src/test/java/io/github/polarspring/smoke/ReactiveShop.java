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

import java.net.URI;
import java.util.Locale;

import io.github.polarspring.checkout.CheckoutContext;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.identity.PolarIdentity;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * A shop with WebFlux, which creates checkout sessions itself.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ ReactiveShop.Endpoints.class, Shop.Licenses.class })
class ReactiveShop {

	@RestController
	static class Endpoints {

		private final PolarCheckoutOperations checkouts;

		Endpoints(PolarCheckoutOperations checkouts) {
			this.checkouts = checkouts;
		}

		@PostMapping("/buy")
		Mono<ResponseEntity<Void>> buy(@RequestHeader("X-User") String user, Locale locale, ServerHttpRequest request) {
			CheckoutContext context = CheckoutContext.empty()
				.withIdentity(PolarIdentity.of(user))
				.withLocale(locale)
				.withClientIp(request.getRemoteAddress().getAddress().getHostAddress());
			return Mono.fromCallable(() -> this.checkouts.create(CheckoutRequest.forProducts("pro").build(), context))
				.subscribeOn(Schedulers.boundedElastic())
				.map((session) -> ResponseEntity.status(HttpStatus.SEE_OTHER)
					.location(URI.create(session.url()))
					.build());
		}

	}

}
