package io.github.polarspring.security;

import java.io.IOException;
import java.util.List;

import io.github.polarspring.web.LoginRequirement;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/**
 * Leads to the login of the application: by the exception that its filter chain expects
 * or, where no chain watches over the request, by the entry point of the last one, which
 * is for everything that the others are not for. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class EntryPointLoginRequirement implements LoginRequirement {

	private static final String MESSAGE = "Log in to buy";

	private static final String IN_CHAIN_ATTRIBUTE = SecurityContextHolderFilter.class.getName() + ".APPLIED";

	private final ObjectProvider<SecurityFilterChain> chains;

	/**
	 * Create a requirement.
	 * @param chains the filter chains of the application
	 */
	public EntryPointLoginRequirement(ObjectProvider<SecurityFilterChain> chains) {
		this.chains = chains;
	}

	@Override
	public RuntimeException exception(HttpServletRequest request) {
		return (request.getAttribute(IN_CHAIN_ATTRIBUTE) != null) ? new InsufficientAuthenticationException(MESSAGE)
				: LoginRequirement.super.exception(request);
	}

	@Override
	public boolean commence(HttpServletRequest request, HttpServletResponse response)
			throws IOException, ServletException {
		AuthenticationEntryPoint entryPoint = entryPoint();
		if (entryPoint != null) {
			entryPoint.commence(request, response, new InsufficientAuthenticationException(MESSAGE));
		}
		return entryPoint != null;
	}

	private @Nullable AuthenticationEntryPoint entryPoint() {
		List<SecurityFilterChain> ordered = this.chains.orderedStream().toList();
		for (int i = ordered.size() - 1; i >= 0; i--) {
			for (Filter filter : ordered.get(i).getFilters()) {
				if (filter instanceof ExceptionTranslationFilter translation) {
					return translation.getAuthenticationEntryPoint();
				}
			}
		}
		return null;
	}

}
