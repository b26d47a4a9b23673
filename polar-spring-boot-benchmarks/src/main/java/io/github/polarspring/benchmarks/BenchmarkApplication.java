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

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;

/**
 * Application with Spring MVC, Spring Security and the starter, without the
 * auto-configurations that other benchmarks add to the classpath.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class,
		excludeName = { BenchmarkApplication.MODULITH + "events.config.EventExternalizationAutoConfiguration",
				BenchmarkApplication.MODULITH + "events.config.EventPublicationAutoConfiguration",
				BenchmarkApplication.MODULITH + "events.jdbc.JdbcEventPublicationAutoConfiguration",
				BenchmarkApplication.MODULITH + "moments.autoconfigure.MomentsAutoConfiguration" })
class BenchmarkApplication {

	static final String MODULITH = "org.springframework.modulith.";

}
