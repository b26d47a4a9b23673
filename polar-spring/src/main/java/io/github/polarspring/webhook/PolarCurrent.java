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

/**
 * Annotation for the payload parameter of a {@link PolarEventListener} method, to receive
 * the resource as it is at Polar when the listener is called, instead of the payload as
 * it was sent:
 *
 * <pre class="code">
 * &#64;PolarEventListener
 * void changed(&#64;PolarCurrent Order order, Buyer buyer) {
 *     if (buyer instanceof Buyer.Known user) {
 *         this.purchases.save(user.externalId(), order.id(), order.status());
 *     }
 * }
 * </pre>
 *
 * Events arrive late, duplicated and out of order, and some contain outdated data: an
 * {@code order.updated} that says {@code paid} can follow an {@code order.refunded}, with
 * a later timestamp and a later {@code modified_at}. An event is therefore a reason to
 * read the resource, and what was read is what to act on.
 * <p>
 * Each call of the listener makes one call to Polar, which ends within
 * {@code polar.http.total-timeout}. If it fails, the listener is not called, and the
 * inbox retries the event. The {@code jdbc} inbox reads before it begins the transaction
 * of the listener. If the resource no longer exists, a parameter that is
 * {@link org.jspecify.annotations.Nullable @Nullable} receives {@code null}; any other
 * makes the event fail.
 * <p>
 * The resource can be a checkout, an order, a subscription, a refund, a customer (its
 * state for {@code customer.state_changed}, which Polar updates seconds after a change),
 * a product, and, as a {@link tools.jackson.databind.JsonNode}, a member, a discount, a
 * benefit or the organization. The access token needs the scope to read it, such as
 * {@code orders:read}.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/integrate/webhooks/events">Polar's events</a>
 */
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface PolarCurrent {

}
