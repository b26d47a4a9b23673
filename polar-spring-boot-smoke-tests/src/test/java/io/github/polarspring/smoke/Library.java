package io.github.polarspring.smoke;

import java.util.List;

/**
 * What an application can choose, as the jars that a starter of Spring Boot's brings.
 */
enum Library {

	WEB_MVC("spring-webmvc", "spring-boot-webmvc", "spring-boot-servlet", "spring-boot-web-server"),

	TOMCAT("spring-boot-tomcat", "tomcat-embed-*"),

	JETTY("spring-boot-jetty", "jetty-*", "jakarta.*"),

	WEB_FLUX("spring-webflux", "spring-boot-webflux", "spring-boot-web-server", "spring-boot-http-codec",
			"spring-boot-netty", "spring-boot-reactor*", "reactor-*", "reactive-streams", "netty-*"),

	SECURITY("spring-boot-security", "spring-security-*"),

	ACTUATOR("spring-boot-actuator*", "spring-boot-health"),

	METRICS("spring-boot-micrometer-*", "micrometer-core", "micrometer-jakarta9", "HdrHistogram"),

	DEVTOOLS("spring-boot-devtools"),

	FAKE("polar-spring-boot-test", "wiremock-standalone"),

	TESTS("junit-*", "opentest4j", "apiguardian-api", "assertj-core", "byte-buddy");

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
