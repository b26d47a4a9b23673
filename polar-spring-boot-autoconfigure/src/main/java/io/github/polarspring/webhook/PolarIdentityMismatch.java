package io.github.polarspring.webhook;

/**
 * Published as an application event when a user of the application bought something, and
 * Polar counts it as somebody else's: the e-mail address that was typed at the checkout
 * is that customer's. Tell support: neither of the two got anything by
 * {@link PolarEvent.Buyer.Known}.
 *
 * @param event the event that says so
 * @param buyer the two ids
 * @since 0.1.0
 */
public record PolarIdentityMismatch(PolarEvent<?> event, PolarEvent.Buyer.Mismatch buyer) {

}
