package io.github.polarspring.test;

/**
 * AssertJ assertions on a {@link PolarFake}, to be imported beside AssertJ's own:
 *
 * <pre class="code">
 * assertThat(polar).checkout().forCustomer("42").withProduct("pro").isPaid();
 * assertThat(polar).order().forCustomer("42").withAmount(2900);
 * assertThat(polar).delivered("order.paid");
 * </pre>
 *
 * @since 0.1.0
 */
public final class PolarFakeAssertions {

	private PolarFakeAssertions() {
	}

	/**
	 * Start an assertion.
	 * @param fake the fake
	 * @return the assertion
	 */
	public static PolarFakeAssert assertThat(PolarFake fake) {
		return new PolarFakeAssert(fake);
	}

}
