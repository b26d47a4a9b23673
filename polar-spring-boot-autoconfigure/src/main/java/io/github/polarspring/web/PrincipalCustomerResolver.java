package io.github.polarspring.web;

import java.security.Principal;
import java.util.Map;

import io.github.polarspring.customer.PolarCustomer;
import io.github.polarspring.customer.PolarCustomerResolver;
import io.github.polarspring.customer.PrincipalCustomerReader;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads the customer from the container's principal, where there is no Spring Security.
 * Internal: not meant for applications, which implement {@link PolarCustomerResolver}.
 *
 * @since 0.1.0
 */
public final class PrincipalCustomerResolver implements PolarCustomerResolver {

	private final PrincipalCustomerReader reader;

	/**
	 * Create a resolver.
	 * @param reader reads the principal
	 */
	public PrincipalCustomerResolver(PrincipalCustomerReader reader) {
		this.reader = reader;
	}

	@Override
	public @Nullable PolarCustomer resolve(HttpServletRequest request) {
		Principal principal = request.getUserPrincipal();
		return (principal != null) ? this.reader.read(principal.getName(), principal, "local", Map.of()) : null;
	}

}
