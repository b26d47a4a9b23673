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
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;

/**
 * Detection of methods that return before their work is done.
 */
final class UnfinishedResults {

	private static final List<Class<?>> TYPES = List.of(Future.class, CompletionStage.class, Callable.class,
			Flow.Publisher.class, DeferredResult.class, WebAsyncTask.class);

	/**
	 * Types that Spring MVC writes later. They need servlets.
	 */
	private static final Set<String> WRITTEN_LATER = Set.of(
			"org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
			"org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

	private UnfinishedResults() {
	}

	static boolean isPromisedBy(Method method) {
		ResolvableType type = ResolvableType.forMethodReturnType(method);
		Class<?> result = (HttpEntity.class.isAssignableFrom(type.toClass()) ? type.as(HttpEntity.class).getGeneric()
				: type)
			.toClass();
		return isUnfinished(result) || KotlinDetector.isSuspendingFunction(method);
	}

	/**
	 * Return whether only the result can tell.
	 */
	static boolean isPossiblyReturnedBy(Method method) {
		return method.getReturnType() == Object.class || HttpEntity.class.isAssignableFrom(method.getReturnType());
	}

	static boolean isUnfinished(@Nullable Object result) {
		Object content = (result instanceof HttpEntity<?> entity) ? entity.getBody() : result;
		return content != null && isUnfinished(content.getClass());
	}

	private static boolean isUnfinished(Class<?> type) {
		if (TYPES.stream().anyMatch((unfinished) -> unfinished.isAssignableFrom(type))
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null) {
			return true;
		}
		for (Class<?> current = type; current != null; current = current.getSuperclass()) {
			if (WRITTEN_LATER.contains(current.getName())) {
				return true;
			}
		}
		return ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.anyMatch((implemented) -> WRITTEN_LATER.contains(implemented.getName()));
	}

}
