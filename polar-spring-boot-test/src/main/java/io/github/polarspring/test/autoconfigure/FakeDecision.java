package io.github.polarspring.test.autoconfigure;

import java.net.URL;
import java.security.CodeSource;
import java.util.Locale;

import io.github.polarspring.autoconfigure.PolarProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.NativeDetector;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Whether the fake takes Polar's place. A fake in production gives goods away, so without
 * being asked to it does so only where an application is developed. Decided when the
 * application runs: a condition would be decided by ahead-of-time processing, when
 * production's token is not there.
 *
 * @param on whether the fake is used
 * @param reason why it is not used although there is no token, {@code null} if there is
 * nothing to explain
 */
record FakeDecision(boolean on, @Nullable String reason) {

	private static final FakeDecision ON = new FakeDecision(true, null);

	static FakeDecision take(PolarProperties properties, @Nullable Boolean enabled, Environment environment,
			ListableBeanFactory beanFactory) {
		if (StringUtils.hasText(properties.getAccessToken())) {
			return new FakeDecision(false, null);
		}
		if (properties.getBaseUrl() != null && !properties.getBaseUrl().toString().isEmpty()) {
			return off("'polar.base-url' is set");
		}
		if (Boolean.TRUE.equals(enabled)) {
			return ON;
		}
		if (Boolean.FALSE.equals(enabled)) {
			return off("'polar.fake.enabled' is false");
		}
		String production = signOfProduction(environment, beanFactory);
		return (production != null) ? off(production + ". To use it all the same, set 'polar.fake.enabled' to true")
				: ON;
	}

	private static FakeDecision off(String reason) {
		return new FakeDecision(false,
				"The fake of polar-spring-boot-test is there but stays off, because " + reason + ".");
	}

	private static @Nullable String signOfProduction(Environment environment, ListableBeanFactory beanFactory) {
		if (NativeDetector.inNativeImage()) {
			return "the application is a native image";
		}
		if (isPackaged(beanFactory)) {
			return "the application runs from a packaged archive";
		}
		CloudPlatform platform = CloudPlatform.getActive(environment);
		if (platform != null) {
			return "the application runs on " + platform;
		}
		for (String profile : environment.getActiveProfiles()) {
			if (profile.toLowerCase(Locale.ROOT).startsWith("prod")) {
				return "the profile '" + profile + "' is active";
			}
		}
		return Binder.get(environment).bind("polar.environment", String.class).isBound()
				? "'polar.environment' is set, which asks for the real Polar" : null;
	}

	private static boolean isPackaged(ListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanNamesForAnnotation(SpringBootConfiguration.class)) {
			Class<?> type = beanFactory.getType(name);
			CodeSource source = (type != null) ? ClassUtils.getUserClass(type).getProtectionDomain().getCodeSource()
					: null;
			URL location = (source != null) ? source.getLocation() : null;
			if (location != null && !(location.getProtocol().equals("file") && location.getPath().endsWith("/"))) {
				return true;
			}
		}
		return false;
	}

}
