package io.github.polarspring.sample;

import java.util.Set;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;

/**
 * Tells whether the shop sells for real. Only a shop that shows the fake's pages has to
 * know.
 */
final class FakePolar {

	private FakePolar() {
	}

	static boolean is(PolarConnectionDetails polar) {
		return Set.of("localhost", "127.0.0.1").contains(polar.getBaseUrl().getHost());
	}

}
