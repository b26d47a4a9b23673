package io.github.polarspring.web;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutSession;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.method.HandlerMethod;

/**
 * What a {@link PolarCheckout} method returns, at once or later.
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
	 * Return whether a value of the given type makes a session.
	 */
	static boolean isValue(Class<?> type) {
		return VALUES.contains(type);
	}

	boolean isNothing() {
		return isNothing(this.value);
	}

	static boolean isNothing(Class<?> type) {
		return type == void.class || type == Void.class;
	}

}
