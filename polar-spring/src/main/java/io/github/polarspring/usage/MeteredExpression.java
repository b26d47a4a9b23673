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
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.aop.GuardedMethods;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * Expression in a {@link PolarMetered} annotation. Its messages contain no values, which
 * can be personal data.
 */
final class MeteredExpression {

	private static final String RESULT = "result";

	private static final ParameterNameDiscoverer PARAMETER_NAMES = new DefaultParameterNameDiscoverer();

	private static final SpelExpressionParser PARSER = new SpelExpressionParser();

	private final Method method;

	private final Attribute attribute;

	private final SpelExpression expression;

	private MeteredExpression(Method method, Attribute attribute, SpelExpression expression) {
		this.method = method;
		this.attribute = attribute;
		this.expression = expression;
	}

	/**
	 * Parse an expression.
	 * @throws PolarConfigurationException if its syntax is wrong, or if it uses a
	 * variable that does not exist
	 */
	static MeteredExpression parse(Method method, Attribute attribute, String text) {
		try {
			SpelExpression expression = PARSER.parseRaw(text);
			checkVariables(method, attribute, expression.getAST());
			return new MeteredExpression(method, attribute, expression);
		}
		catch (ParseException ex) {
			throw new PolarConfigurationException(
					"'%s' is not a valid expression: %s".formatted(attribute, ex.getMessage()),
					"Correct '%s = \"%s\"'.".formatted(attribute, text));
		}
	}

	private static void checkVariables(Method method, Attribute attribute, SpelNode node) {
		if (node instanceof VariableReference) {
			String variable = node.toStringAST();
			@Nullable String @Nullable [] names = PARAMETER_NAMES.getParameterNames(method);
			Set<String> known = new TreeSet<>();
			for (int i = 0; i < method.getParameterCount(); i++) {
				known.add((names != null) ? "#" + names[i] : "#p" + i);
				if (names != null && RESULT.equals(names[i])) {
					throw new PolarConfigurationException(
							"the parameter '%s' has the name of the variable for the result".formatted(RESULT),
							"Rename the parameter.");
				}
			}
			if (attribute != Attribute.CUSTOMER && method.getReturnType() != void.class) {
				known.add("#" + RESULT);
			}
			if (!known.contains(variable) && !variable.equals("#this") && !isIndex(variable, method)) {
				throw new PolarConfigurationException(
						"'%s' uses the variable %s, which does not exist%s".formatted(attribute, variable,
								known.isEmpty() ? "" : ". There is " + String.join(", ", known)),
						(names != null) ? "Correct the name of the variable."
								: "Correct the name of the variable, or compile with '-parameters' to use the names of parameters.");
			}
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			checkVariables(method, attribute, node.getChild(i));
		}
	}

	private static boolean isIndex(String variable, Method method) {
		return variable.matches("#[pa]\\d{1,3}")
				&& Integer.parseInt(variable.substring(2)) < method.getParameterCount();
	}

	/**
	 * Evaluate the expression as text, and use it.
	 */
	void apply(Context context, Consumer<String> use) {
		// Spring converts numbers, UUIDs, and enums, but not any object
		apply(() -> this.expression.getValue(context, String.class), use);
	}

	/**
	 * Evaluate the expression, and use it.
	 */
	<T> void apply(Context context, Class<T> type, Consumer<T> use) {
		apply(() -> {
			Object value = this.expression.getValue(context);
			if (value != null && !type.isInstance(value)) {
				throw new IllegalArgumentException("it must be a %s, but is of type %s".formatted(type.getSimpleName(),
						value.getClass().getName()));
			}
			return type.cast(value);
		}, use);
	}

	private <T> void apply(Evaluation<T> evaluation, Consumer<T> use) {
		try {
			T value = evaluation.value();
			if (value == null) {
				throw new IllegalArgumentException("it is null");
			}
			use.accept(value);
		}
		catch (EvaluationException | IllegalArgumentException ex) {
			throw new IllegalStateException("'%s' of the @PolarMetered method %s cannot be evaluated: %s"
				.formatted(this.attribute, GuardedMethods.describe(this.method), ex.getMessage()), ex);
		}
	}

	@FunctionalInterface
	private interface Evaluation<T> {

		@Nullable T value();

	}

	/**
	 * Attribute of the annotation.
	 */
	enum Attribute {

		UNITS, METADATA, CUSTOMER, KEY;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * Variables and beans of a call.
	 */
	static final class Context extends MethodBasedEvaluationContext {

		Context(Method method, @Nullable Object[] arguments, BeanFactory beanFactory) {
			super(null, method, arguments, PARAMETER_NAMES);
			setBeanResolver(new BeanFactoryResolver(beanFactory));
		}

		void setResult(@Nullable Object result) {
			setVariable(RESULT, result);
		}

	}

}
