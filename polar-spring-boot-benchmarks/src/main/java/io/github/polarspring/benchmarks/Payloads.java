package io.github.polarspring.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import org.springframework.util.Assert;

/**
 * What Polar and Stripe answer and send, in full.
 */
final class Payloads {

	private Payloads() {
	}

	static byte[] read(String name) {
		try (InputStream in = Payloads.class.getResourceAsStream(name)) {
			Assert.state(in != null, () -> name + " is missing");
			return in.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
