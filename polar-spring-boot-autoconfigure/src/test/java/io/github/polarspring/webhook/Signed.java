package io.github.polarspring.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/**
 * Headers of a webhook, signed with a secret as text.
 */
public record Signed(String id, String timestamp, String signature) {

	public static final String SECRET = "polar_whs_q7Yd2Lk9ZbV4nR8tX1mS6wC3eA5uH0";

	public static Signed of(String secret, String id, String body) {
		String timestamp = String.valueOf(Instant.now().getEpochSecond());
		byte[] signature = SigningKeys.sign(SigningKeys.of(secret).get(SigningKeys.of(secret).size() - 1),
				(id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8), body.getBytes(StandardCharsets.UTF_8));
		return new Signed(id, timestamp, "v1," + Base64.getEncoder().encodeToString(signature));
	}

	public String[] headers() {
		return new String[] { "webhook-id", this.id, "webhook-timestamp", this.timestamp, "webhook-signature",
				this.signature };
	}

}
