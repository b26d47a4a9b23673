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

package io.github.polarspring.entitlement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.github.polarspring.testsupport.MutableClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Entitlements with a Polar, a clock, and everything that they tell.
 */
final class EntitlementsFixture implements AutoCloseable {

	static final UUID EXPORT = PurchasesAtPolar.id("benefit export");

	static final UUID PRO = PurchasesAtPolar.id("product pro");

	final PurchasesAtPolar polar = new PurchasesAtPolar();

	final MutableClock clock = new MutableClock();

	final EntitlementStatistics statistics = new EntitlementStatistics();

	final List<Object> events = Collections.synchronizedList(new ArrayList<>());

	/**
	 * The features {@code export}, by benefit, {@code pro}, by product, and {@code open},
	 * which is allowed if nothing is known; and the limit {@code forms}.
	 */
	final PolarFeatures features = new PolarFeatures(
			List.of(new Feature("export", Set.of(EXPORT), Set.of(), null, Feature.WhenUnknown.REJECT),
					new Feature("pro", Set.of(), Set.of(PRO), null, Feature.WhenUnknown.REJECT),
					new Feature("open", Set.of(EXPORT), Set.of(), null, Feature.WhenUnknown.ALLOW)),
			Map.of("forms", 3L));

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.polarspring.entitlement");

	private final List<DefaultPolarEntitlements> instances = new ArrayList<>();

	EntitlementsFixture() {
		this.log.start();
		this.logger.setLevel(Level.DEBUG);
		this.logger.addAppender(this.log);
	}

	DefaultPolarEntitlements start() {
		return start((builder) -> builder);
	}

	DefaultPolarEntitlements start(UnaryOperator<PolarEntitlements.Builder> customizer) {
		return start(null, customizer);
	}

	DefaultPolarEntitlements start(@Nullable HoldingsStore store) {
		return start(store, (builder) -> builder);
	}

	DefaultPolarEntitlements start(@Nullable HoldingsStore store, UnaryOperator<PolarEntitlements.Builder> customizer) {
		PolarEntitlements.Builder builder = PolarEntitlements.builder(this.polar.client(), this.features)
			.statistics(this.statistics)
			.events(this.events::add)
			.durations(Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofSeconds(20))
			.clock(this.clock);
		DefaultPolarEntitlements entitlements = customizer.apply(builder).build(store, false);
		this.instances.add(entitlements);
		return entitlements;
	}

	/**
	 * Wait until exactly these events were published, which happens on another thread.
	 */
	void awaitEvents(Object... expected) {
		await().untilAsserted(() -> assertThat(this.events).containsExactlyInAnyOrder(expected));
	}

	/**
	 * Return the messages of a level, with stack traces.
	 */
	List<String> log(Level level) {
		synchronized (this.log) {
			return List.copyOf(this.log.list)
				.stream()
				.filter((event) -> event.getLevel() == level)
				.map(EntitlementsFixture::text)
				.toList();
		}
	}

	private static String text(ILoggingEvent event) {
		return event.getFormattedMessage() + ((event.getThrowableProxy() != null)
				? "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()) : "");
	}

	List<String> warnings() {
		return log(Level.WARN);
	}

	List<String> everythingLogged() {
		return Arrays.stream(new Level[] { Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG })
			.flatMap((level) -> log(level).stream())
			.toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
		this.polar.recover();
		this.instances.forEach(DefaultPolarEntitlements::close);
	}

}
