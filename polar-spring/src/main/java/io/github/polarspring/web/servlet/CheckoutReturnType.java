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

package io.github.polarspring.web.servlet;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.web.PolarCheckout;

import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.method.HandlerMethod;

/**
 * Return type of a {@link PolarCheckout} method, synchronous or asynchronous.
 *
 * @param value the type of the value itself
 */
record CheckoutReturnType(Class<?> value) {

	private static final Set<Class<?>> VALUES = Set.of(void.class, Void.class, CheckoutRequest.class,
			CheckoutRequest.Builder.class, CheckoutSession.class);

	private static final Set<Class<?>> ASYNCHRONOUS = Set.of(Callable.class, WebAsyncTask.class, DeferredResult.class,
			CompletionStage.class);

	static CheckoutReturnType of(HandlerMethod handler) {
		return new CheckoutReturnType(value(declared(handler)).toClass());
	}

	/**
	 * Return the declared type. That of a suspending function of Kotlin is not the return
	 * type of the compiled method.
	 */
	static ResolvableType declared(HandlerMethod handler) {
		return KotlinDetector.isSuspendingFunction(handler.getMethod())
				? ResolvableType.forMethodParameter(handler.getReturnType())
				: ResolvableType.forMethodReturnType(handler.getMethod(), handler.getBeanType());
	}

	private static ResolvableType value(ResolvableType declared) {
		for (Class<?> asynchronous : ASYNCHRONOUS) {
			ResolvableType type = declared.as(asynchronous);
			if (type != ResolvableType.NONE) {
				return type.getGeneric();
			}
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(declared.toClass());
		return (adapter != null && !adapter.isMultiValue()) ? declared.getGeneric() : declared;
	}

	/**
	 * Return whether a session can be created from a value of the given type.
	 */
	static boolean isValue(Class<?> type) {
		return VALUES.contains(type) || isVoid(type);
	}

	boolean isVoid() {
		return isVoid(this.value);
	}

	static boolean isVoid(Class<?> type) {
		// a suspending function without a result returns Unit
		return type == void.class || type == Void.class || type.getName().equals("kotlin.Unit");
	}

}
