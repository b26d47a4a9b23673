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

package io.github.polarspring.usage;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.aop.GuardedMethods;
import io.github.polarspring.aop.GuardedMethods.GuardedMethod;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.usage.MeteredExpression.Attribute;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.scheduling.annotation.Async;

/**
 * Lookup of {@link PolarMetered} methods and the events that they record.
 */
final class MeteredMethods {

	private static final String TRANSACTIONAL = "org.springframework.transaction.annotation.Transactional";

	private static final List<String> WEAVERS = List.of(
			"org.springframework.transaction.config.internalTransactionAspect",
			"org.springframework.transaction.config.internalJtaTransactionAspect");

	private final Supplier<PolarMeters> meters;

	private final GuardedMethods<Metered> methods = new GuardedMethods<>(PolarMetered.class, "metered", this::lookup);

	/**
	 * Create a lookup.
	 * @param meters the configured meters
	 */
	MeteredMethods(Supplier<PolarMeters> meters) {
		this.meters = meters;
	}

	GuardedMethods<Metered> methods() {
		return this.methods;
	}

	private MetadataLookup<GuardedMethod<Metered>> lookup(Class<?> type) {
		boolean async = AnnotatedElementUtils.hasAnnotation(type, Async.class);
		return (method) -> {
			List<MergedAnnotation<PolarMetered>> annotations = GuardedMethods.nearest(method, PolarMetered.class);
			return annotations.isEmpty() ? null
					: new GuardedMethod<>(method, examine(method, type, async, annotations), true, true);
		};
	}

	private Metered examine(Method method, Class<?> type, boolean async,
			List<MergedAnnotation<PolarMetered>> annotations) {
		if (async || AnnotatedElementUtils.hasAnnotation(method, Async.class)) {
			throw returnsEarly(method, "it is called on another thread (@Async)");
		}
		if (UnfinishedResults.isPromisedBy(method)) {
			throw returnsEarly(method, "it returns before its work is done");
		}
		ConfigurableListableBeanFactory beanFactory = this.methods.beanFactory();
		if (isMissing(PolarUsage.class)) {
			throw this.methods.ineffective(method, "there is no bean that records usage",
					"Set 'polar.access-token', or declare a PolarUsage bean.");
		}
		if (WEAVERS.stream().anyMatch(beanFactory::containsBeanDefinition)
				&& (isTransactional(MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY))
						|| isTransactional(MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY)))) {
			throw this.methods.ineffective(method, "AspectJ commits its transaction before it returns",
					"Remove 'mode = AdviceMode.ASPECTJ' from @EnableTransactionManagement, or record usage in the"
							+ " method with PolarUsage.record.");
		}
		List<Event> events = new ArrayList<>();
		annotations.forEach((annotation) -> events.add(event(method, annotation)));
		return new Metered(events, UnfinishedResults.isPossiblyReturnedBy(method));
	}

	private PolarConfigurationException returnsEarly(Method method, String reason) {
		return this.methods.ineffective(method, reason + ", so its success is not known",
				"Record usage with PolarUsage.record when the work has succeeded, or annotate the method that does it.");
	}

	private static boolean isTransactional(MergedAnnotations annotations) {
		return annotations.isPresent(TRANSACTIONAL);
	}

	private boolean isMissing(Class<?> type) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.methods.beanFactory(), type, true,
				false).length == 0;
	}

	private Event event(Method method, MergedAnnotation<PolarMetered> annotation) {
		String name = annotation.getString(MergedAnnotation.VALUE);
		try {
			UsageFields.name(name);
		}
		catch (IllegalArgumentException ex) {
			throw this.methods.ineffective(method, "the name of the event is invalid: " + ex.getMessage(),
					"Set 'value' to the name in the filter of the meter.");
		}
		requireEvent(method, name);
		MeteredExpression customer = expression(method, annotation, Attribute.CUSTOMER);
		if (customer == null && isMissing(CurrentPayer.class)) {
			throw this.methods.ineffective(method, "nothing determines the user",
					"Set 'customer' to an expression, such as \"#customerId\", or declare a CurrentPayer bean.");
		}
		MeteredExpression units = expression(method, annotation, Attribute.UNITS);
		MeteredExpression metadata = expression(method, annotation, Attribute.METADATA);
		String property = (units != null) ? property(method, name) : null;
		if (units == null && metadata == null && isCountedByPropertyOnly(name)) {
			throw this.methods.ineffective(method,
					"the event '%s' has no property, and all of its meters add up one".formatted(name),
					"Set 'units' to an expression for the number, such as \"1\" or \"#result.pages\".");
		}
		return new Event(name, property, units, metadata, customer, expression(method, annotation, Attribute.KEY));
	}

	/**
	 * With the name of a meter in place of its event, nothing would be billed.
	 */
	private void requireEvent(Method method, String name) {
		this.meters.get()
			.all()
			.stream()
			.filter((meter) -> name.equals(meter.name()) && meter.event() != null && counting(name).isEmpty())
			.findFirst()
			.ifPresent((meter) -> {
				throw this.methods.ineffective(method,
						"'%s' is the name of a meter in 'polar.usage.meters', and not of an event".formatted(name),
						"Set 'value' to the event that the meter counts: \"%s\". If only another meter counts '%s', rename this one."
							.formatted(meter.event(), name));
			});
	}

	private @Nullable MeteredExpression expression(Method method, MergedAnnotation<PolarMetered> annotation,
			Attribute attribute) {
		String text = annotation.getString(attribute.toString());
		try {
			return text.isEmpty() ? null : MeteredExpression.parse(method, attribute, text);
		}
		catch (PolarConfigurationException ex) {
			throw this.methods.ineffective(method, String.valueOf(ex.getMessage()), ex.getAction());
		}
	}

	private boolean isCountedByPropertyOnly(String event) {
		List<UsageMeter> counting = counting(event);
		return !counting.isEmpty() && counting.stream().allMatch((meter) -> meter.property() != null);
	}

	private List<UsageMeter> counting(String event) {
		return this.meters.get().all().stream().filter((meter) -> event.equals(meter.event())).toList();
	}

	private String property(Method method, String event) {
		Set<String> properties = counting(event).stream()
			.map(UsageMeter::property)
			.filter((property) -> property != null)
			.collect(Collectors.toCollection(LinkedHashSet::new));
		if (properties.isEmpty()) {
			throw this.methods.ineffective(method,
					"it has units, but no meter in 'polar.usage.meters' adds up a property of the event '%s'"
						.formatted(event),
					"Add 'polar.usage.meters.<name>.event: %s' and 'polar.usage.meters.<name>.property: <key>', or replace 'units' by 'metadata'."
						.formatted(event));
		}
		if (properties.size() > 1) {
			throw this.methods.ineffective(method,
					"it has units, but the meters in 'polar.usage.meters' add up different properties of the event '%s'"
						.formatted(event),
					"Replace 'units' by 'metadata' with the properties %s.".formatted(String.join(", ", properties)));
		}
		return properties.iterator().next();
	}

	/**
	 * What a method records.
	 *
	 * @param events the events
	 * @param possiblyUnfinished whether the result must be examined
	 */
	record Metered(List<Event> events, boolean possiblyUnfinished) {

	}

	/**
	 * Event that a method records.
	 *
	 * @param name the name
	 * @param property key of the units, if there are any
	 * @param units the number of units
	 * @param metadata the metadata
	 * @param customer the customer, {@code null} for the current user
	 * @param key the key
	 */
	record Event(String name, @Nullable String property, @Nullable MeteredExpression units,
			@Nullable MeteredExpression metadata, @Nullable MeteredExpression customer,
			@Nullable MeteredExpression key) {

		void complete(UsageEvent.Builder event, MeteredExpression.Context context) {
			if (this.metadata != null) {
				this.metadata.apply(context, Map.class, (map) -> map.forEach((key, value) -> {
					if (!(key instanceof String text)) {
						throw new IllegalArgumentException("metadata keys must be strings");
					}
					event.metadata(text, value);
				}));
			}
			if (this.units != null && this.property != null) {
				this.units.apply(context, Number.class, (units) -> event.metadata(this.property, units));
			}
			if (this.key != null) {
				this.key.apply(context, event::key);
			}
		}

	}

}
