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

package io.github.polarspring.test.context;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Annotation for tests that connects the application to a
 * {@link io.github.polarspring.test.PolarFake}, regardless of the settings of the machine
 * that runs the test.
 *
 * <pre class="code">
 * &#64;SpringBootTest
 * &#64;WithPolarFake
 * class CheckoutTests {
 *
 *     &#64;Test
 *     void paidOrderIsDelivered(PolarFake polar) {
 *         ...
 *     }
 *
 * }
 * </pre>
 *
 * The fake is a bean and can be injected as a method parameter or a field. It is
 * {@linkplain io.github.polarspring.test.PolarFake#reset() reset} before each test
 * method, which keeps its products and webhook endpoints, and what the application
 * remembers about the entitlements of users is forgotten. Therefore, test methods that
 * share an application context must not run concurrently.
 * <p>
 * A custom {@code PolarConnectionDetails} bean is replaced. Access token and webhook
 * secret are configured, and the products in {@code polar.products} are added to the
 * fake. If the test starts a web server, the fake sends its webhooks to it, on any port.
 * Each application context has a separate fake on a free port; contexts are cached as
 * usual. Can be used with {@code @Nested} classes and with {@code @WebMvcTest}.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(PolarFakeParameterResolver.class)
public @interface WithPolarFake {

}
