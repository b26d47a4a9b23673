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
 * Annotation for methods of any bean that handle events at Polar. The method has a
 * parameter for the {@link PolarEvent}, for its payload, or for both:
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
 * With the {@code direct} inbox, an event is acknowledged when all listeners have
 * returned. If a listener throws an exception, Polar redelivers the event later, and this
 * instance of the application does not call the listeners that returned again. Listeners
 * must therefore be fast (Polar waits for ten seconds). With the {@code jdbc} inbox, the
 * event is stored first, each listener runs in a separate transaction, and only listeners
 * that threw an exception are called again. With both inboxes, listeners must tolerate
 * events that are delivered twice, or later than a newer one. Their order is that of
 * {@link org.springframework.core.annotation.Order @Order}.
 * <p>
 * Listeners are detected by the types of the beans, so a lazy {@code @Bean} method must
 * return the class that declares the listener. Listeners run outside of a web request:
 * request-scoped beans are not available, and checkout sessions that they create do not
 * contain values of the request.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface PolarEventListener {

	/**
	 * Types of the events. By default, all types with the payload class of the parameter,
	 * or all types if there is no payload parameter or it is a
	 * {@link tools.jackson.databind.JsonNode}.
	 * @return the types, see {@link PolarEventTypes}
	 */
	String[] value() default {};

}
