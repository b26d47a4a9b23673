package io.github.polarspring.web;

import java.io.OutputStream;
import java.io.Writer;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutSession;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.checkout.PolarProducts;
import jakarta.servlet.ServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * What the {@link PolarCheckout} methods sell. Fails the start for a method that could
 * never sell anything, and only an application with such methods needs an access token at
 * start. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarCheckoutMethods implements SmartInitializingSingleton {

	private final ListableBeanFactory beanFactory;

	private final StringValueResolver placeholders;

	private final PolarProducts products;

	private final ObjectProvider<PolarCheckoutOperations> operations;

	private static final Log logger = LogFactory.getLog(PolarCheckoutMethods.class);

	static final Set<Class<?>> RETURN_TYPES = Set.of(void.class, CheckoutRequest.class, CheckoutRequest.Builder.class,
			CheckoutSession.class);

	private final Map<Method, CheckoutRequest> requests = new ConcurrentHashMap<>();

	/**
	 * Create the methods.
	 * @param beanFactory holds the handler mappings
	 * @param placeholders resolves placeholders in annotations
	 * @param products resolves product names
	 * @param operations creates sessions
	 */
	public PolarCheckoutMethods(ListableBeanFactory beanFactory, StringValueResolver placeholders,
			PolarProducts products, ObjectProvider<PolarCheckoutOperations> operations) {
		this.beanFactory = beanFactory;
		this.placeholders = placeholders;
		this.products = products;
		this.operations = operations;
	}

	static @Nullable PolarCheckout find(@Nullable Method method) {
		return (method != null) ? AnnotatedElementUtils.findMergedAnnotation(method, PolarCheckout.class) : null;
	}

	@Override
	public void afterSingletonsInstantiated() {
		HandlerMethod found = null;
		for (RequestMappingInfoHandlerMapping mapping : this.beanFactory
			.getBeansOfType(RequestMappingInfoHandlerMapping.class, true, false)
			.values()) {
			for (Map.Entry<RequestMappingInfo, HandlerMethod> entry : mapping.getHandlerMethods().entrySet()) {
				HandlerMethod handler = entry.getValue();
				if (find(handler.getMethod()) != null) {
					check(handler);
					warnIfMappedWithGet(entry.getKey(), handler.getMethod());
					found = handler;
				}
			}
		}
		if (found != null) {
			requireOperations(found.getMethod());
		}
	}

	private static void warnIfMappedWithGet(RequestMappingInfo mapping, Method method) {
		Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
		if (methods.isEmpty() || methods.contains(RequestMethod.GET)) {
			logger
				.warn("The @PolarCheckout method " + describe(method) + " can be called with GET: every link to it, on"
						+ " any site, and every crawler creates checkout sessions. Map it with POST");
		}
	}

	private void requireOperations(Method method) {
		try {
			this.operations.getObject();
		}
		catch (BeanCreationException ex) {
			if (ex.getMostSpecificCause() instanceof PolarConfigurationException cause) {
				throw new PolarConfigurationException(
						cause.getMessage() + " Required by the @PolarCheckout method " + describe(method) + ".",
						cause.getAction());
			}
			throw ex;
		}
	}

	private void check(HandlerMethod handler) {
		Method method = handler.getMethod();
		if (!RETURN_TYPES.contains(method.getReturnType())) {
			throw unusable(method, "returns " + method.getReturnType().getSimpleName(),
					"Let it return void, CheckoutRequest, CheckoutRequest.Builder or CheckoutSession.");
		}
		boolean named = isNamed(method);
		boolean builder = Arrays.asList(method.getParameterTypes()).contains(CheckoutRequest.Builder.class);
		if (!named && (method.getReturnType() == void.class || builder)) {
			throw unusable(method, "names no product", "Name at least one, as in @PolarCheckout(\"pro\").");
		}
		for (Class<?> type : method.getParameterTypes()) {
			if (ServletResponse.class.isAssignableFrom(type) || OutputStream.class.isAssignableFrom(type)
					|| Writer.class.isAssignableFrom(type)) {
				throw unusable(method, "has a parameter of type " + type.getSimpleName()
						+ ", after which Spring MVC takes the request for answered", "Remove the parameter.");
			}
		}
		if (AnnotatedElementUtils.hasAnnotation(method, ResponseStatus.class)
				|| AnnotatedElementUtils.hasAnnotation(handler.getBeanType(), ResponseStatus.class)) {
			throw unusable(method,
					"or its class has @ResponseStatus, with which Spring MVC takes the request for answered",
					"Remove @ResponseStatus: the answer is 303 See Other.");
		}
		if (!named) {
			return;
		}
		try {
			List<String> products = request(method).products();
			if (products.stream().map(this.products::resolve).distinct().count() < products.size()) {
				throw new IllegalArgumentException("two of its products have the same id");
			}
		}
		catch (PolarConfigurationException ex) {
			throw unusable(method, "names a product that is not known: " + ex.getMessage(), ex.getAction());
		}
		catch (IllegalArgumentException ex) {
			throw unusable(method, "cannot be understood: " + ex.getMessage(),
					"Name at least one product, each once, as in @PolarCheckout(\"pro\").");
		}
	}

	private static PolarConfigurationException unusable(Method method, String reason, String action) {
		return new PolarConfigurationException("The @PolarCheckout method " + describe(method) + " " + reason, action);
	}

	private static String describe(Method method) {
		return ClassUtils.getUserClass(method.getDeclaringClass()).getName() + "#" + method.getName();
	}

	/**
	 * Return the request that the annotation of a method describes.
	 */
	CheckoutRequest request(Method method) {
		return this.requests.computeIfAbsent(method, this::createRequest);
	}

	private static boolean isNamed(Method method) {
		PolarCheckout annotation = find(method);
		return annotation != null && annotation.value().length > 0;
	}

	private CheckoutRequest createRequest(Method method) {
		PolarCheckout annotation = find(method);
		String[] products = (annotation != null) ? annotation.value() : new String[0];
		return CheckoutRequest
			.forProducts(Arrays.stream(products).map(this.placeholders::resolveStringValue).toArray(String[]::new))
			.build();
	}

	/**
	 * Return what creates sessions.
	 */
	PolarCheckoutOperations operations() {
		return this.operations.getObject();
	}

}
