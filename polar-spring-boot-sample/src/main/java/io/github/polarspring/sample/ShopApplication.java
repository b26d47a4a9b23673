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

package io.github.polarspring.sample;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/**
 * Main class of the shop.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ShopApplication {

	private static final Log logger = LogFactory.getLog(ShopApplication.class);

	@EventListener
	void printUrl(WebServerInitializedEvent event) {
		logger.info("The shop is open: http://localhost:%d/ (log in as alice/alice or bob/bob)"
			.formatted(event.getWebServer().getPort()));
	}

	public static void main(String[] args) {
		SpringApplication.run(ShopApplication.class, args);
	}

}
