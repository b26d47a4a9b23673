package io.github.polarspring.test;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A customer, who comes into being with the first payment.
 */
record FakeCustomer(UUID id, @Nullable String externalId, String email, @Nullable String name) {

}
