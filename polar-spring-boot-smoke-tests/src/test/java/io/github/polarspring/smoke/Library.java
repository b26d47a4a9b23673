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

import java.util.List;

/**
 * What an application can choose, as the jars that a starter of Spring Boot's brings.
 */
public enum Library {

	WEB_MVC("spring-webmvc", "spring-boot-webmvc", "spring-boot-servlet", "spring-boot-web-server"),

	TOMCAT("spring-boot-tomcat", "tomcat-embed-*"),

	JETTY("spring-boot-jetty", "jetty-*", "jakarta.*"),

	WEB_FLUX("spring-webflux", "spring-boot-webflux", "spring-boot-web-server", "spring-boot-http-codec",
			"spring-boot-netty", "spring-boot-reactor*", "reactor-*", "reactive-streams", "netty-*"),

	SECURITY("spring-boot-security", "spring-security-*"),

	ACTUATOR("spring-boot-actuator*", "spring-boot-health"),

	METRICS("spring-boot-micrometer-metrics", "spring-boot-micrometer-observation", "micrometer-core",
			"micrometer-jakarta9", "HdrHistogram"),

	BRAVE("spring-boot-micrometer-tracing", "spring-boot-micrometer-tracing-brave", "micrometer-tracing",
			"micrometer-tracing-bridge-brave", "brave", "brave-*", "context-propagation"),

	OPEN_TELEMETRY("spring-boot-micrometer-tracing", "spring-boot-micrometer-tracing-opentelemetry",
			"spring-boot-opentelemetry", "micrometer-tracing", "micrometer-tracing-bridge-otel", "opentelemetry-*",
			"context-propagation"),

	JDBC("spring-boot-jdbc", "spring-boot-sql", "spring-boot-transaction", "spring-boot-persistence", "spring-jdbc",
			"spring-tx", "HikariCP", "h2"),

	MODULITH("spring-modulith-*"),

	OPENAPI("springdoc-*", "swagger-*", "jackson-*", "spring-boot-validation", "jakarta.validation-api",
			"commons-lang3", "jakarta.xml.bind-api", "jakarta.activation-api", "hibernate-validator", "jboss-logging",
			"classmate"),

	DEVTOOLS("spring-boot-devtools"),

	CACHE("spring-boot-cache", "spring-context-support"),

	ASPECTJ("aspectjweaver"),

	FAKE("polar-spring-boot-test", "wiremock-standalone"),

	BROWSER("polar-spring-test-support", "selenium-*", "guava", "failureaccess", "auto-service-annotations",
			"opentelemetry-*", "failsafe"),

	TESTS("junit-*", "opentest4j", "apiguardian-api", "assertj-core", "byte-buddy", "awaitility", "hamcrest");

	private final List<String> artifacts;

	Library(String... artifacts) {
		this.artifacts = List.of(artifacts);
	}

	/**
	 * Return the artifacts, with wildcards.
	 */
	List<String> artifacts() {
		return this.artifacts;
	}

}
