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

package io.github.polarspring.autoconfigure;

import io.github.polarspring.PolarConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * {@link AbstractFailureAnalyzer} that describes a {@link PolarConfigurationException},
 * the bean that required the configuration, and the action to take.
 */
final class PolarConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<PolarConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PolarConfigurationException cause) {
		String requiredBy = requiredBy(rootFailure);
		String description = (requiredBy != null) ? cause.getMessage() + " Required by " + requiredBy + "."
				: cause.getMessage();
		return new FailureAnalysis(description, cause.getAction(), cause);
	}

	private static @Nullable String requiredBy(Throwable rootFailure) {
		UnsatisfiedDependencyException dependency = null;
		for (Throwable ex = rootFailure; ex != null && dependency == null; ex = ex.getCause()) {
			dependency = (ex instanceof UnsatisfiedDependencyException found) ? found : null;
		}
		if (dependency == null || dependency.getBeanName() == null || dependency.getBeanName().startsWith("polar")) {
			return null;
		}
		InjectionPoint injectionPoint = dependency.getInjectionPoint();
		return "bean '" + dependency.getBeanName() + "'" + ((injectionPoint != null)
				? " (" + injectionPoint.getMember().getDeclaringClass().getName() + ")" : "");
	}

}
