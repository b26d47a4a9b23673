package io.github.polarspring.web;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Puts the handling of {@link PolarCheckout} methods first. Handlers that a
 * {@code WebMvcConfigurer} adds come after Spring's own, which would answer {@code void}
 * methods and everything in a {@code @RestController} before. Internal: not meant for
 * applications.
 *
 * @since 0.1.0
 */
public final class PolarCheckoutRegistrar implements BeanPostProcessor {

	private final ObjectProvider<PolarCheckoutMethods> methods;

	/**
	 * Create a registrar.
	 * @param methods what the methods sell
	 */
	public PolarCheckoutRegistrar(ObjectProvider<PolarCheckoutMethods> methods) {
		this.methods = methods;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RequestMappingHandlerAdapter adapter && adapter.getReturnValueHandlers() != null) {
			List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>();
			handlers.add(new PolarCheckoutReturnValueHandler(this.methods::getObject));
			handlers.addAll(adapter.getReturnValueHandlers());
			adapter.setReturnValueHandlers(handlers);
		}
		return bean;
	}

}
