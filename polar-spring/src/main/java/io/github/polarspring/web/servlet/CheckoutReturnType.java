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
		ResolvableType declared = ResolvableType.forMethodReturnType(handler.getMethod(), handler.getBeanType());
		return new CheckoutReturnType(value(declared).toClass());
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
		return VALUES.contains(type);
	}

	boolean isVoid() {
		return isVoid(this.value);
	}

	static boolean isVoid(Class<?> type) {
		return type == void.class || type == Void.class;
	}

}
