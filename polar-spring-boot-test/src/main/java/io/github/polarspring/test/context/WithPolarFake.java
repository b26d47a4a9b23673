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
 * Lets the application under test talk to a {@link io.github.polarspring.test.PolarFake},
 * whatever is set on the machine that runs the test.
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
 * The fake is a bean, so it can be a field too; it forgets before each test method what
 * {@link io.github.polarspring.test.PolarFake#reset()} lets it forget: all that happened,
 * not what was added to it. So methods that share a context must not run at the same
 * time. A {@code PolarConnectionDetails} bean of the application's own is replaced. Token
 * and webhook secret are set, the products of {@code polar.products} known. When the test
 * runs a web server, on any port, the fake sends its webhooks there. Each application
 * context has a fake of its own; contexts are cached as ever. Works with {@code @Nested}
 * classes, and with {@code @WebMvcTest}.
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
