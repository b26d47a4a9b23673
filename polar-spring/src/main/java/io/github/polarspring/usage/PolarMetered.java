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

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Annotation for methods whose calls are usage. If the method returns, an event is
 * recorded as by {@link PolarUsage#record(UsageEvent)}, in the transaction of the method
 * if it has one; if it throws an exception, nothing is recorded.
 *
 * <pre class="code">
 * &#64;Transactional
 * &#64;PolarMetered(value = "export", units = "#result.pages", key = "#request.id")
 * public Export export(ExportRequest request) {
 *     ...
 * }
 * </pre>
 *
 * All attributes but the name are expressions of the Spring Expression Language, with the
 * parameters of the method by name ({@code #request}) or by index ({@code #p0}), and with
 * beans ({@code @limits}). Except for {@link #customer()}, they are evaluated after the
 * method returned its {@code #result}.
 * <p>
 * Only calls through the bean are recorded: not if an object calls its own method. The
 * application does not start if an expression is invalid, or if nothing would record the
 * usage. Methods that return before their work is done are not supported.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(PolarMetered.Container.class)
@Documented
public @interface PolarMetered {

	/**
	 * Name of the event, as in the filter of the meter.
	 * @return the name
	 */
	String value();

	/**
	 * Expression for the number of units. It becomes the property that the configured
	 * meter for this event adds up. By default, there is none, as for a meter that counts
	 * events.
	 * @return the expression, empty if there is none
	 */
	String units() default "";

	/**
	 * Expression for a map with the metadata, see
	 * {@link UsageEvent.Builder#metadata(java.util.Map)}, for example {@code "{form:
	 * #form.id, pages: #result.pages}"}.
	 * @return the expression, empty if there is none
	 */
	String metadata() default "";

	/**
	 * Expression for the application's id of the customer. It is evaluated before the
	 * method is called. By default, the customer is the user of the current request, who
	 * must be signed in.
	 * @return the expression, empty for the current user
	 */
	String customer() default "";

	/**
	 * Expression for the key with which the event is counted once, see
	 * {@link UsageEvent.Builder#key(String)}. Without it, each call counts.
	 * @return the expression, empty if there is none
	 */
	String key() default "";

	/**
	 * Several annotations of a method. Each records an event.
	 */
	@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@interface Container {

		/**
		 * The annotations.
		 * @return the annotations
		 */
		PolarMetered[] value();

	}

}
