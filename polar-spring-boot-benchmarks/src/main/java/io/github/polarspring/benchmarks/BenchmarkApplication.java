package io.github.polarspring.benchmarks;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;

/**
 * An application with Spring MVC, Spring Security and the starter, without what other
 * benchmarks put on the class path.
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
