package io.github.polarspring.customer;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.util.StringUtils;

/**
 * Reads a customer from a principal. Internal: not meant for applications, which
 * implement {@link PolarCustomerPrincipal} or {@link PolarCustomerResolver}.
 *
 * @since 0.1.0
 */
public final class PrincipalCustomerReader {

	private static final Log logger = LogFactory.getLog(PrincipalCustomerReader.class);

	private static final String QUALIFIED_NAME = "qualified-name";

	private final @Nullable String externalIdSource;

	private final boolean sendEmail;

	private final boolean sendName;

	private final AtomicBoolean emailAsIdReported = new AtomicBoolean();

	/**
	 * Create a reader.
	 * @param externalIdSource name of the claim or property that holds the id,
	 * {@code qualified-name}, or {@code null} for the name
	 * @param sendEmail whether to pass the e-mail address on
	 * @param sendName whether to pass the name on
	 */
	public PrincipalCustomerReader(@Nullable String externalIdSource, boolean sendEmail, boolean sendName) {
		this.externalIdSource = StringUtils.hasText(externalIdSource) ? externalIdSource : null;
		this.sendEmail = sendEmail;
		this.sendName = sendName;
	}

	/**
	 * Read the customer.
	 * @param name the name by which the user is known, the id unless another is
	 * configured
	 * @param principal the object that describes the user
	 * @param registration id of what authenticated the user, {@code null} for a login of
	 * the application's own
	 * @param claims what an identity provider says of the user, empty if there is none
	 * @return the customer
	 * @throws IllegalStateException if the configured claim or property has no value: the
	 * purchase must not become a guest's
	 */
	public PolarCustomer read(String name, Object principal, @Nullable String registration,
			Map<String, Object> claims) {
		if (principal instanceof PolarCustomerPrincipal customerPrincipal) {
			PolarCustomer customer = customerPrincipal.toPolarCustomer();
			return new PolarCustomer(customer.externalId(), this.sendEmail ? customer.email() : null,
					this.sendName ? customer.name() : null);
		}
		boolean verified = !Boolean.FALSE.equals(claims.get("email_verified"))
				&& !"false".equals(claims.get("email_verified"));
		return new PolarCustomer(externalId(name, principal, registration, claims),
				(this.sendEmail && verified) ? text(claims.get("email")) : null,
				this.sendName ? text(claims.get("name")) : null);
	}

	private String externalId(String name, Object principal, @Nullable String registration,
			Map<String, Object> claims) {
		String source = this.externalIdSource;
		if (source == null) {
			warnIfEmail(name);
			return name;
		}
		if (source.equals(QUALIFIED_NAME)) {
			return ((registration != null) ? registration : "local") + ":" + name;
		}
		Object value = claims.get(source);
		if (value == null) {
			BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(principal);
			value = properties.isReadableProperty(source) ? properties.getPropertyValue(source) : null;
		}
		if (value == null) {
			throw new IllegalStateException(
					"The principal (%s) has no claim or property '%s', which 'polar.customer.external-id' names"
						.formatted(principal.getClass().getName(), source));
		}
		return value.toString();
	}

	private void warnIfEmail(String name) {
		if (name.contains("@") && this.emailAsIdReported.compareAndSet(false, true)) {
			logger.warn("The principal's name looks like an e-mail address and becomes the external customer id at"
					+ " Polar. An address can change or be given to somebody else, the id cannot: set"
					+ " 'polar.customer.external-id' to a claim or property that never changes, or let the principal"
					+ " implement PolarCustomerPrincipal");
		}
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value instanceof String text && StringUtils.hasText(text)) ? text : null;
	}

}
