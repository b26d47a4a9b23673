package io.github.polarspring.test.context;

import java.util.Map;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Turns the fake on, over what a developer or a build server has set. Equal to all others
 * of its kind, so that contexts are shared.
 */
record PolarFakeContextCustomizer() implements ContextCustomizer {

	private static final Map<String, Object> PROPERTIES = Map.of("polar.access-token", "", "polar.base-url", "",
			"polar.fake.enabled", "true", "polar.fake.in-test", "true");

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("polar-fake", PROPERTIES));
	}

}
