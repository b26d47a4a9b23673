package io.github.polarspring.autoconfigure.web;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;

/**
 * Exceptions that Spring Security's filters turn into a login page or a 403.
 */
final class SecurityExceptions {

	private SecurityExceptions() {
	}

	static boolean isSecurityException(Exception ex) {
		return ex instanceof AccessDeniedException || ex instanceof AuthenticationException;
	}

}
