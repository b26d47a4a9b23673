package io.github.polarspring.conformance;

import io.github.polarspring.client.PolarRestClientCustomizer;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Checks what the applications of tests send.
 */
@AutoConfiguration
public final class ConformanceAutoConfiguration {

	@Bean
	PolarRestClientCustomizer conformingRequests() {
		return ConformingRequests::check;
	}

}
