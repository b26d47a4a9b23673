package io.github.polarspring.test.autoconfigure;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Keeps the fake out of what ahead-of-time processing generates for the packaged
 * application, in which an optional dependency is missing.
 */
final class NotDuringAotProcessing implements Condition {

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return !Boolean.getBoolean("spring.aot.processing");
	}

}
