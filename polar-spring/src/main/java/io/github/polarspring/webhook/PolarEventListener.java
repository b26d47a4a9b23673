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

package io.github.polarspring.webhook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Lets a method of any bean know of events at Polar. It takes the {@link PolarEvent}, its
 * payload, or both:
 *
 * <pre class="code">
 * &#64;PolarEventListener(PolarEventTypes.ORDER_PAID)
 * void paid(PolarEvent&lt;Order&gt; event) {
 *     if (event.buyer() instanceof Buyer.Known buyer) {
 *         this.licenses.give(buyer.externalId(), event.data().productId());
 *     }
 * }
 * </pre>
 *
 * With the {@code direct} inbox Polar counts an event as delivered when all listeners
 * have returned. If one throws, the event comes again later, and those that returned are
 * not called for it again by this instance of the application. So listeners must be quick
 * (Polar waits for ten seconds). With the {@code jdbc} inbox the event is stored first,
 * each listener runs in a transaction of its own, and only one that threw is called
 * again. In any case listeners must not mind an event that comes twice, or later than a
 * newer one. Their order is that of
 * {@link org.springframework.core.annotation.Order @Order}.
 * <p>
 * Listeners are found by the types of the beans, so a lazy {@code @Bean} method has to
 * return the class that has the listener. They run outside of any web request:
 * request-scoped beans are not there, and what they sell is not this request's.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface PolarEventListener {

	/**
	 * Types of the events. By default all that have the payload that the method takes, or
	 * all there are if it takes none, or a {@link tools.jackson.databind.JsonNode}.
	 * @return the types, see {@link PolarEventTypes}
	 */
	String[] value() default {};

}
