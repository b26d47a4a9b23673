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

import java.util.UUID;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A shop under development, which is restarted on demand.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({ Shop.class, RestartingShop.Restarts.class })
class RestartingShop {

	static final String READY = "The shop is ready on port ";

	public static void main(String[] args) {
		SpringApplication.run(RestartingShop.class, args);
	}

	@Bean
	ApplicationListener<WebServerInitializedEvent> announcement() {
		return (event) -> System.out.println(READY + event.getWebServer().getPort());
	}

	@RestController
	static class Restarts {

		/**
		 * Another one each time that the class is loaded.
		 */
		private static final String GENERATION = UUID.randomUUID().toString();

		private final Shop.Licenses licenses;

		Restarts(Shop.Licenses licenses) {
			this.licenses = licenses;
		}

		@PostMapping("/restart")
		void restart() {
			new Thread(Restarter.getInstance()::restart).start();
		}

		@GetMapping("/generation")
		String generation() {
			return GENERATION;
		}

		@GetMapping("/orders")
		int orders() {
			return this.licenses.orders().size();
		}

	}

}
