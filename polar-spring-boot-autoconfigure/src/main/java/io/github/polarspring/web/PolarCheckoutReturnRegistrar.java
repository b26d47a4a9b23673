package io.github.polarspring.web;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Lets handlers have {@link PolarCheckoutReturn} parameters, however the application
 * configured Spring MVC. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarCheckoutReturnRegistrar implements BeanPostProcessor {

	private final ObjectProvider<CheckoutOutcomes> outcomes;

	/**
	 * Create a registrar.
	 * @param outcomes finds out how a checkout ended
	 */
	public PolarCheckoutReturnRegistrar(ObjectProvider<CheckoutOutcomes> outcomes) {
		this.outcomes = outcomes;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RequestMappingHandlerAdapter adapter && adapter.getArgumentResolvers() != null) {
			List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
			resolvers.add(new CheckoutOutcomeArgumentResolver(this.outcomes::getObject));
			resolvers.addAll(adapter.getArgumentResolvers());
			adapter.setArgumentResolvers(resolvers);
		}
		return bean;
	}

}
