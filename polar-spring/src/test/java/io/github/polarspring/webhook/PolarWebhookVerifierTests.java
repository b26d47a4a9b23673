/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.polarspring.webhook;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.standardwebhooks.Webhook;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import io.github.polarspring.webhook.PolarWebhookException.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link PolarWebhookVerifier}: what is Polar's, and every forgery that we
 * could think of.
 */
class PolarWebhookVerifierTests {

	private static final String STANDARD = "whsec_" + Base64.getEncoder()
		.encodeToString("a key of thirty-two bytes, truly".getBytes(StandardCharsets.US_ASCII));

	private static final String LEGACY = "polar_whs_q7Yd2Lk9ZbV4nR8tX1mS6wC3eA5uH0";

	private static final String ID = "5d0c9b8a-7f6e-4d5c-b4a3-92817f6e5d4c";

	private static final long NOW = 1787391100;

	private static final String TIMESTAMP = String.valueOf(NOW);

	private static final byte[] BODY = "{\"type\":\"order.paid\",\"data\":{\"name\":\"café ✓\"}}"
		.getBytes(StandardCharsets.UTF_8);

	private static PolarWebhookVerifier verifier(String... secrets) {
		return PolarWebhookVerifier.of(List.of(secrets), Duration.ofMinutes(5),
				Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC));
	}

	private static byte[] standardKey() {
		return Base64.getDecoder().decode(STANDARD.substring("whsec_".length()));
	}

	private static byte[] textKey(String secret) {
		return secret.getBytes(StandardCharsets.UTF_8);
	}

	private static String sign(byte[] key, String id, String timestamp, byte[] body) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, "HmacSHA256"));
			mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
			return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String signature() {
		return sign(standardKey(), ID, TIMESTAMP, BODY);
	}

	private static void assertRejected(Reason reason, @Nullable String id, @Nullable String timestamp,
			@Nullable String signature, byte[] body) {
		assertThatExceptionOfType(PolarWebhookException.class)
			.isThrownBy(() -> verifier(STANDARD, LEGACY).verify(id, timestamp, signature, body))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(reason))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain(STANDARD, LEGACY, "café", "v1,", ID));
	}

	@Test
	void bothSchemesOfEverySecretAreAccepted() {
		for (String secret : List.of(STANDARD, LEGACY)) {
			verifier(STANDARD, LEGACY).verify(ID, TIMESTAMP, sign(textKey(secret), ID, TIMESTAMP, BODY), BODY);
		}
		verifier(LEGACY, STANDARD).verify(ID, TIMESTAMP, signature(), BODY);
		verifier("  " + STANDARD + "\n").verify(ID, TIMESTAMP, signature(), BODY);
	}

	@Test
	@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
			disabledReason = "Polar's vectors are not part of this project: -Dpolar.openapi=<directory> names theirs")
	void vectorsOfPolarHold() {
		Path directory = OpenApiDocument.directory();
		assertThat(directory).isNotNull();
		JsonNode vectors = OpenApiDocument.read(directory.resolve("examples/webhook-signature-vectors.json"));
		assertThat(vectors.get("valid")).hasSizeGreaterThan(3);
		vectors.get("valid").forEach((vector) -> assertThatNoException().isThrownBy(() -> verify(vector)));
		assertThat(vectors.get("must_not_match")).isNotEmpty();
		vectors.get("must_not_match")
			.forEach((vector) -> assertThatExceptionOfType(PolarWebhookException.class).isThrownBy(() -> verify(vector))
				.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(Reason.SIGNATURE)));
	}

	private static void verify(JsonNode vector) {
		verifier(vector.get("secret").asString()).verify(vector.get("webhook-id").asString(),
				vector.get("webhook-timestamp").asString(), vector.get("webhook-signature").asString(),
				vector.get("body").asString().getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void officialLibraryAgrees() throws Exception {
		long now = Instant.now().getEpochSecond();
		PolarWebhookVerifier verifier = PolarWebhookVerifier.of(List.of(STANDARD), Duration.ofMinutes(5),
				Clock.systemUTC());
		String body = new String(BODY, StandardCharsets.UTF_8);
		Webhook official = new Webhook(STANDARD);
		String signature = official.sign(ID, now, body);
		verifier.verify(ID, String.valueOf(now), signature, BODY);
		official.verify(body, Map.of("webhook-id", List.of(ID), "webhook-timestamp", List.of(String.valueOf(now)),
				"webhook-signature", List.of(sign(standardKey(), ID, String.valueOf(now), BODY))));
		verifier.verify(ID, String.valueOf(now), new Webhook(textKey(STANDARD)).sign(ID, now, body), BODY);
	}

	@ParameterizedTest
	@MethodSource("forgeries")
	void forgeryIsRejected(String about, Reason reason, @Nullable String id, @Nullable String timestamp,
			@Nullable String signature, byte[] body) {
		assertRejected(reason, id, timestamp, signature, body);
	}

	static Stream<Arguments> forgeries() {
		String other = sign(textKey("another secret of at least 32 characters"), ID, TIMESTAMP, BODY);
		byte[] undecoded = textKey(STANDARD.substring("whsec_".length()));
		String valid = signature();
		String base64 = valid.substring(3);
		byte[] pretty = "{ \"type\": \"order.paid\", \"data\": { \"name\": \"café ✓\" } }"
			.getBytes(StandardCharsets.UTF_8);
		byte[] escaped = "{\"type\":\"order.paid\",\"data\":{\"name\":\"caf\\u00e9 \\u2713\"}}"
			.getBytes(StandardCharsets.UTF_8);
		return Stream.of(Arguments.of("wrong key", Reason.SIGNATURE, ID, TIMESTAMP, other, BODY),
				Arguments.of("wrong scheme: text after the prefix as key", Reason.SIGNATURE, ID, TIMESTAMP,
						sign(undecoded, ID, TIMESTAMP, BODY), BODY),
				Arguments.of("empty key", Reason.SIGNATURE, ID, TIMESTAMP, sign(new byte[] { 0 }, ID, TIMESTAMP, BODY),
						BODY),
				Arguments.of("truncated body", Reason.SIGNATURE, ID, TIMESTAMP, valid,
						Arrays.copyOf(BODY, BODY.length - 1)),
				Arguments.of("empty body", Reason.SIGNATURE, ID, TIMESTAMP, valid, new byte[0]),
				Arguments.of("body written anew", Reason.SIGNATURE, ID, TIMESTAMP, valid, pretty),
				Arguments.of("body escaped", Reason.SIGNATURE, ID, TIMESTAMP, valid, escaped),
				Arguments.of("body with a line end", Reason.SIGNATURE, ID, TIMESTAMP, valid,
						(new String(BODY, StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8)),
				Arguments.of("id of another", Reason.SIGNATURE, "6d0c9b8a-7f6e-4d5c-b4a3-92817f6e5d4c", TIMESTAMP,
						valid, BODY),
				Arguments.of("timestamp of another", Reason.SIGNATURE, ID, String.valueOf(NOW - 1), valid, BODY),
				Arguments.of("headers swapped", Reason.MALFORMED, TIMESTAMP, ID, valid, BODY),
				Arguments.of("parts moved between headers", Reason.MALFORMED, ID + "." + TIMESTAMP,
						new String(BODY, StandardCharsets.UTF_8), valid, new byte[0]),
				Arguments.of("fraction in the timestamp", Reason.SIGNATURE, ID, TIMESTAMP + ".0", valid, BODY),
				Arguments.of("truncated signature", Reason.SIGNATURE, ID, TIMESTAMP, valid.substring(0, 20), BODY),
				Arguments.of("no padding", Reason.SIGNATURE, ID, TIMESTAMP, valid.replace("=", ""), BODY),
				Arguments.of("signature without version", Reason.SIGNATURE, ID, TIMESTAMP, base64, BODY),
				Arguments.of("version v1a", Reason.SIGNATURE, ID, TIMESTAMP, "v1a," + base64, BODY),
				Arguments.of("version v2", Reason.SIGNATURE, ID, TIMESTAMP, "v2," + base64, BODY),
				Arguments.of("version V1", Reason.SIGNATURE, ID, TIMESTAMP, "V1," + base64, BODY),
				Arguments.of("version v1 without comma", Reason.SIGNATURE, ID, TIMESTAMP, "v1" + base64, BODY),
				Arguments.of("empty signature", Reason.SIGNATURE, ID, TIMESTAMP, "", BODY),
				Arguments.of("signature of nothing", Reason.SIGNATURE, ID, TIMESTAMP, "v1,", BODY),
				Arguments.of("comma instead of space", Reason.SIGNATURE, ID, TIMESTAMP, "v1,x," + valid, BODY),
				Arguments.of("url-safe alphabet", Reason.SIGNATURE, ID, TIMESTAMP,
						"v1," + Base64.getUrlEncoder().encodeToString(new byte[] { -1, -2, -3 }), BODY),
				Arguments.of("whitespace within", Reason.SIGNATURE, ID, TIMESTAMP,
						"v1," + base64.substring(0, 10) + "\t" + base64.substring(10), BODY),
				Arguments.of("unicode signature", Reason.SIGNATURE, ID, TIMESTAMP, "v1,ＺＺＺＺ✓" + base64, BODY),
				Arguments.of("unicode id", Reason.MALFORMED, "ID✓", TIMESTAMP, valid, BODY),
				Arguments.of("Latin-1 id", Reason.MALFORMED, "café", TIMESTAMP, valid, BODY),
				Arguments.of("id with a control character", Reason.MALFORMED, ID + "\u0000", TIMESTAMP, valid, BODY),
				Arguments.of("unicode digits", Reason.MALFORMED, ID, "１７８７３９１１００", valid, BODY),
				Arguments.of("megabyte of signatures", Reason.MALFORMED, ID, TIMESTAMP, (other + " ").repeat(20_000),
						BODY),
				Arguments.of("megabyte of id", Reason.MALFORMED, "a".repeat(1_000_000), TIMESTAMP, valid, BODY),
				Arguments.of("megabyte of timestamp", Reason.MALFORMED, ID, "1".repeat(1_000_000), valid, BODY),
				Arguments.of("no id", Reason.HEADERS, null, TIMESTAMP, valid, BODY),
				Arguments.of("no timestamp", Reason.HEADERS, ID, null, valid, BODY),
				Arguments.of("no signature", Reason.HEADERS, ID, TIMESTAMP, null, BODY),
				Arguments.of("blank id", Reason.MALFORMED, " ", TIMESTAMP, valid, BODY),
				Arguments.of("blank timestamp", Reason.MALFORMED, ID, " ", valid, BODY));
	}

	@ParameterizedTest
	@ValueSource(strings = { "now", "-1", "+1787391100", "0x6a8", "1787391100s", "1.787e9", "1787391100.", ".5",
			" 1787391100", "1787391100 ", "99999999999999999999" })
	void timestampThatIsNoneIsRejected(String timestamp) {
		assertRejected(Reason.MALFORMED, ID, timestamp, sign(standardKey(), ID, timestamp, BODY), BODY);
	}

	@ParameterizedTest
	@CsvSource({ "-300,true", "300,true", "-301,false", "301,false", "-31536000,false", "31536000,false" })
	void replayCountsWithinTheToleranceOnly(long offset, boolean accepted) {
		String timestamp = String.valueOf(NOW + offset);
		String signature = sign(standardKey(), ID, timestamp, BODY);
		if (accepted) {
			verifier(STANDARD).verify(ID, timestamp, signature, BODY);
		}
		else {
			assertRejected(Reason.TIMESTAMP, ID, timestamp, signature, BODY);
		}
	}

	@Test
	void fractionOfASecondIsIgnored() {
		String timestamp = TIMESTAMP + ".25";
		verifier(STANDARD).verify(ID, timestamp, sign(standardKey(), ID, timestamp, BODY), BODY);
	}

	@Test
	void oneOfSeveralSignaturesIsEnough() {
		String other = sign(textKey("another secret of at least 32 characters"), ID, TIMESTAMP, BODY);
		for (String signatures : List.of(other + " " + signature(), signature() + " " + other,
				"v1a,xyz v2,abc  " + signature(), " " + signature() + " ")) {
			verifier(STANDARD).verify(ID, TIMESTAMP, signatures, BODY);
		}
	}

	@Test
	void ofSixteenSignaturesTheLastIsReadAndOfSeventeenNot() {
		String other = sign(textKey("another secret of at least 32 characters"), ID, TIMESTAMP, BODY) + " ";
		verifier(STANDARD).verify(ID, TIMESTAMP, other.repeat(15) + signature(), BODY);
		assertRejected(Reason.SIGNATURE, ID, TIMESTAMP, other.repeat(16) + signature(), BODY);
	}

	@Test
	void headerOfSignaturesHasAnEnd() {
		String padding = " ".repeat(4096 - signature().length());
		verifier(STANDARD).verify(ID, TIMESTAMP, padding + signature(), BODY);
		assertRejected(Reason.MALFORMED, ID, TIMESTAMP, padding + " " + signature(), BODY);
	}

	@ParameterizedTest
	@CsvSource({ "23,false", "24,true", "64,true", "65,false" })
	void decodedRestIsAKeyIfItIsAsLongAsTheStandardAllows(int length, boolean accepted) {
		byte[] key = new byte[length];
		Arrays.fill(key, (byte) 7);
		PolarWebhookVerifier verifier = verifier("whsec_" + Base64.getEncoder().encodeToString(key));
		String signature = sign(key, ID, TIMESTAMP, BODY);
		if (accepted) {
			verifier.verify(ID, TIMESTAMP, signature, BODY);
		}
		else {
			assertThatExceptionOfType(PolarWebhookException.class)
				.isThrownBy(() -> verifier.verify(ID, TIMESTAMP, signature, BODY));
		}
	}

	@Test
	void shortestSecretHasThirtyTwoCharacters() {
		String secret = "12345678901234567890123456789012";
		verifier(secret).verify(ID, TIMESTAMP, sign(textKey(secret), ID, TIMESTAMP, BODY), BODY);
		assertThatIllegalArgumentException().isThrownBy(() -> verifier(secret.substring(1)))
			.withMessageContaining("at least 32 characters");
		assertThatIllegalArgumentException().isThrownBy(() -> verifier("whsec_"))
			.withMessageContaining("must not be 'whsec_' only");
	}

	@Test
	void nothingMayBeMissing() {
		assertThatIllegalArgumentException().isThrownBy(() -> PolarWebhookVerifier
			.of(Arrays.asList(STANDARD, (String) null), Duration.ofMinutes(5), Clock.systemUTC()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> PolarWebhookVerifier.of(List.of(STANDARD), Duration.ofMinutes(5), null));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> verifier(STANDARD).verify(ID, TIMESTAMP, signature(), null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "whsec_", " whsec_\n", "short", "whsec_c2hvcnQ=",
			"1234567890123456789012345678901", "whsec_1234567890123456789012345" })
	void secretThatKeepsNoOneOutIsRejected(String secret) {
		assertThatIllegalArgumentException().isThrownBy(() -> verifier(secret))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("short", "1234567890", "c2hvcnQ"));
		assertThatIllegalArgumentException().isThrownBy(() -> verifier(STANDARD, secret));
	}

	@Test
	void verifierNeedsASecretAndATolerance() {
		assertThatIllegalArgumentException().isThrownBy(PolarWebhookVerifierTests::verifier);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> PolarWebhookVerifier.of(List.of(STANDARD), Duration.ZERO, Clock.systemUTC()));
	}

	/**
	 * Their rest is no key by itself, however a decoder reads it.
	 */
	@ParameterizedTest
	@ValueSource(
			strings = { "whsec_6Afvc06oO02JXw2adyUB1Uito0x7LtmB5bBVA1fUTdM", "whsec_not-base64-at-all-but-long-enough-",
					"whsec_c2hvcnQgcmVzdA==c2hvcnQgcmVzdA==", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAA=" })
	void undecodableUnpaddedAndShortSecretsAreKeysAsTextOnly(String secret) {
		verifier(secret).verify(ID, TIMESTAMP, sign(textKey(secret), ID, TIMESTAMP, BODY), BODY);
		String rest = secret.substring("whsec_".length());
		for (String encoded : List.of(rest, rest + "=", rest.replaceAll("[^A-Za-z0-9+/]", ""))) {
			byte[] key;
			try {
				key = Base64.getDecoder().decode(encoded);
			}
			catch (IllegalArgumentException ex) {
				continue;
			}
			String signature = sign(key, ID, TIMESTAMP, BODY);
			assertThatExceptionOfType(PolarWebhookException.class)
				.isThrownBy(() -> verifier(secret).verify(ID, TIMESTAMP, signature, BODY));
		}
	}

	@Test
	void nothingIsReported() {
		assertThat(verifier(STANDARD)).hasToString("PolarWebhookVerifier[2 keys]");
	}

}
