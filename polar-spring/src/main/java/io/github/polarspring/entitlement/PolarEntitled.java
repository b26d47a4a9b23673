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

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Annotation for methods that only users with a feature can call. On a class, it applies
 * to all of its methods, or to the handler methods if it is a controller; a method's own
 * annotation replaces that of its class.
 *
 * <pre class="code">
 * &#64;GetMapping("/export")
 * &#64;PolarEntitled("export")
 * String export() {
 *     ...
 * }
 * </pre>
 *
 * Methods of controllers are checked before their arguments are read, those of other
 * beans when they are called through the bean: not if an object calls its own method. The
 * application does not start if the feature is unknown or if nothing would check the
 * method.
 *
 * @since 0.1.0
 * @see PolarEntitlementDeniedException
 */
@Target({ ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
public @interface PolarEntitled {

	/**
	 * Name of the feature in {@code polar.features}.
	 * @return the name
	 */
	String value();

}
