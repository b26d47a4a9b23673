package io.github.polarspring.web;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatusCode;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.annotation.ResponseStatusExceptionResolver;

/**
 * Puts the handling of failed {@link PolarCheckout} methods after every
 * {@code @ExceptionHandler} of the application and before Spring's own resolvers.
 * Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarCheckoutWebMvcConfigurer implements WebMvcConfigurer {

	private final HandlerExceptionResolver exceptionResolver;

	/**
	 * Create a configurer.
	 * @param errorPage the application's error page
	 * @param left exceptions that are left to others, such as those of Spring Security
	 */
	public PolarCheckoutWebMvcConfigurer(ErrorPage errorPage, Predicate<Exception> left) {
		this.exceptionResolver = new PolarCheckoutExceptionResolver(errorPage, left);
	}

	@Override
	public void extendHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
		int index = 0;
		while (index < resolvers.size() && !(resolvers.get(index) instanceof ResponseStatusExceptionResolver)) {
			index++;
		}
		resolvers.add(index, this.exceptionResolver);
	}

	/**
	 * The application's error page.
	 */
	@FunctionalInterface
	public interface ErrorPage {

		/**
		 * Resolve the page.
		 * @param request the current request
		 * @param status the status of the answer
		 * @param model what is known of the error
		 * @return the page, or {@code null} if the application has none
		 */
		@Nullable ModelAndView resolve(HttpServletRequest request, HttpStatusCode status, Map<String, Object> model);

	}

}
