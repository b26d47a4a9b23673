package io.github.polarspring.web;

import java.util.function.Supplier;

import io.github.polarspring.customer.PolarCustomerResolver;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.Assert;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/**
 * Keeps requests away from {@link PolarCheckout} methods behind which there is nobody who
 * wants to buy, and makes sure that the others end in a session. Internal: not meant for
 * applications.
 *
 * @since 0.1.0
 */
public final class PolarCheckoutInterceptor implements AsyncHandlerInterceptor {

	private static final String HANDLED_ATTRIBUTE = PolarCheckoutInterceptor.class.getName() + ".handled";

	private final Supplier<PolarCustomerResolver> customerResolver;

	/**
	 * Create an interceptor.
	 * @param customerResolver says who buys
	 */
	public PolarCheckoutInterceptor(Supplier<PolarCustomerResolver> customerResolver) {
		this.customerResolver = customerResolver;
	}

	static void handled(HttpServletRequest request) {
		request.setAttribute(HANDLED_ATTRIBUTE, true);
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		HttpStatus withoutSale = CheckoutAnswer.withoutSale(request);
		if (withoutSale == null || !isCheckout(handler)) {
			return true;
		}
		response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
		response.setStatus(withoutSale.value());
		return false;
	}

	@Override
	public void afterConcurrentHandlingStarted(HttpServletRequest request, HttpServletResponse response,
			Object handler) {
		if (isCheckout(handler)) {
			CurrentBuyer.keep(request, this.customerResolver.get());
		}
	}

	@Override
	public void postHandle(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable ModelAndView modelAndView) {
		if (isCheckout(handler)) {
			Assert.state(request.getAttribute(HANDLED_ATTRIBUTE) != null,
					() -> "The @PolarCheckout method " + handler
							+ " created no session: it answered the request itself,"
							+ " or belongs to a DispatcherServlet in whose application context polar-spring-boot is not"
							+ " configured");
		}
	}

	private static boolean isCheckout(Object handler) {
		return handler instanceof HandlerMethod method && PolarCheckoutMethods.find(method.getMethod()) != null;
	}

}
