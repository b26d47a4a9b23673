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

package io.github.polarspring.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarTimeoutException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.license.LicenseKeyCheck;
import io.github.polarspring.license.LicenseKeyQuery;
import io.github.polarspring.license.LicenseKeyUpdate;
import io.github.polarspring.license.LicenseKeyValidation;
import io.github.polarspring.license.PolarLicenseKeyOperations;
import io.github.polarspring.license.PolarLicenseKeyTemplate;
import io.github.polarspring.model.LicenseKey;
import io.github.polarspring.model.LicenseKeyActivation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PolarLicenseKeyTemplate} with the fake.
 */
class PolarLicenseKeyFakeTests {

	private final PolarFake fake = PolarFake.start();

	private final PolarClient client = PolarClient.builder()
		.accessToken(this.fake.accessToken())
		.baseUrl(this.fake.baseUrl())
		.timeouts(Duration.ofSeconds(2), Duration.ofSeconds(1))
		.build();

	private final PolarLicenseKeyOperations keys = new PolarLicenseKeyTemplate(this.client, null,
			() -> () -> PolarIdentity.of("alice"));

	private UUID benefit;

	private UUID product;

	private LicenseKey key;

	@BeforeEach
	void sell() {
		this.benefit = id(post("/v1/benefits/",
				Map.of("type", "license_keys", "description", "App", "properties", Map.of("prefix", "app",
						"activations", Map.of("limit", 2, "enable_customer_admin", false), "limit_usage", 3))));
		this.product = id(post("/v1/products/", Map.of("name", "App", "prices",
				List.of(Map.of("amount_type", "fixed", "price_amount", 1000, "price_currency", "usd")))));
		post("/v1/products/" + this.product + "/benefits", Map.of("benefits", List.of(this.benefit)));
		buy("alice", "alice@example.com");
		this.key = this.keys.ofCurrentUser().list().get(0);
	}

	@AfterEach
	void close() {
		this.fake.close();
	}

	private JsonNode post(String path, Object body) {
		return this.client.post(JsonNode.class, path, body);
	}

	private static UUID id(JsonNode resource) {
		return UUID.fromString(resource.path("id").asString());
	}

	private void buy(String user, String email) {
		this.fake.pay(PolarCheckoutTemplate.builder(this.client)
			.build()
			.create(CheckoutRequest.forProducts(this.product).externalCustomerId(user).build())
			.id(), email);
	}

	private LicenseKeyCheck validate() {
		return this.keys.validate(LicenseKeyValidation.of(this.key.key()));
	}

	@Test
	void keysOfAUserAreThoseOfProvenPurchases() {
		buy("mallory", "alice@example.com");
		assertThat(this.keys.ofCurrentUser().list()).extracting(LicenseKey::id).containsExactly(this.key.id());
		assertThat(this.keys.of("mallory").list()).extracting(LicenseKey::id).hasSize(1).doesNotContain(this.key.id());
		assertThat(this.keys.of("nobody").list()).isEmpty();
		assertThat(this.keys.ofCurrentUser().find(this.key.id())).isPresent();
		assertThat(this.keys.of("mallory").find(this.key.id())).isEmpty();
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> this.keys.of("mallory").rotate(this.key.id()));
		assertThat(this.keys.ofCurrentUser().rotate(this.key.id()).key()).isNotEqualTo(this.key.key());
		assertThat(this.key.status()).isEqualTo(LicenseKey.Status.GRANTED);
		assertThat(this.key.benefitId()).isEqualTo(this.benefit);
		assertThat(this.key.limitActivations()).isEqualTo(2);
		assertThat(this.key.limitUsage()).isEqualTo(3);
		assertThat(this.key.displayKey()).isNotEqualTo(this.key.key());
		assertThat(this.key).asString().doesNotContain(this.key.key()).doesNotContain("alice");
		PolarLicenseKeyTemplate ofGuest = new PolarLicenseKeyTemplate(this.client, null, () -> () -> null);
		assertThatExceptionOfType(PolarLoginRequiredException.class).isThrownBy(ofGuest::ofCurrentUser);
	}

	@Test
	void keyIsFoundAndListed() {
		assertThat(this.keys.find(this.key.id())).map(LicenseKey::key).hasValue(this.key.key());
		assertThat(this.keys.find(UUID.randomUUID())).isEmpty();
		LicenseKeyQuery query = LicenseKeyQuery.builder()
			.benefitId(this.benefit)
			.status(LicenseKey.Status.GRANTED)
			.build();
		assertThat(this.keys.list(query).items()).extracting(LicenseKey::id).containsExactly(this.key.id());
		assertThat(this.keys.stream(LicenseKeyQuery.all())).extracting(LicenseKey::id).containsExactly(this.key.id());
	}

	@Test
	void keyIsValidated() {
		assertThat(validate()).isInstanceOfSatisfying(LicenseKeyCheck.Valid.class,
				(valid) -> assertThat(valid.key().id()).isEqualTo(this.key.id()));
		assertThat(this.keys.validate(LicenseKeyValidation.of("APP-OTHER")))
			.isInstanceOf(LicenseKeyCheck.Invalid.class);
		assertThat(this.keys.validate(LicenseKeyValidation.of(this.key.key()).benefitId(UUID.randomUUID())).isValid())
			.isFalse();
		assertThat(this.keys
			.validate(LicenseKeyValidation.of(this.key.key()).benefitId(this.benefit).customerId(this.key.customerId()))
			.isValid()).isTrue();
		this.fake.wireMock().verify(1, getRequestedFor(urlPathEqualTo("/v1/products/")));
		assertThat(LicenseKeyValidation.of(this.key.key())).asString().doesNotContain(this.key.key());
	}

	@Test
	void usageIsCountedUpToItsLimit() {
		LicenseKeyValidation use = LicenseKeyValidation.of(this.key.key()).usage(2);
		assertThat(this.keys.validate(use).isValid()).isTrue();
		assertThat(this.keys.validate(use)).isInstanceOfSatisfying(LicenseKeyCheck.UsageExceeded.class,
				(exceeded) -> assertThat(exceeded.detail()).contains("1 more usages"));
		assertThat(validate().isValid()).as("without usage").isTrue();
		assertThatIllegalArgumentException().isThrownBy(() -> LicenseKeyValidation.of("x").usage(0));
	}

	@Test
	void usageIsNotCountedTwiceAfterATimeout() {
		LicenseKeyValidation use = LicenseKeyValidation.of(this.key.key()).usage(1);
		assertThat(this.keys.validate(use).isValid()).isTrue();
		this.fake.injectFault(PolarFault.hanging(), 1, "/v1/license-keys/validate");
		assertThatExceptionOfType(PolarTimeoutException.class).isThrownBy(() -> this.keys.validate(use));
		this.fake.wireMock().verify(2, postRequestedFor(urlEqualTo("/v1/license-keys/validate")));
		this.fake.injectFault(PolarFault.hanging(), 1, "/v1/license-keys/validate");
		assertThat(validate().isValid()).as("without usage, it is repeated").isTrue();
	}

	@Test
	void keyIsActivatedAndDeactivated() {
		LicenseKeyActivation laptop = this.keys.activate(this.key.key(), "Laptop");
		assertThat(laptop.label()).isEqualTo("Laptop");
		assertThat(laptop.licenseKeyId()).isEqualTo(this.key.id());
		this.keys.activate(this.key.key(), "Desktop");
		assertThatExceptionOfType(PolarConflictException.class)
			.isThrownBy(() -> this.keys.activate(this.key.key(), "Third"))
			.withMessageContaining("limit")
			.withMessageNotContaining(this.key.key());
		assertThat(this.keys.validate(LicenseKeyValidation.of(this.key.key()).activationId(laptop.id())))
			.isInstanceOfSatisfying(LicenseKeyCheck.Valid.class,
					(valid) -> assertThat(valid.key().activation()).extracting(LicenseKeyActivation::id)
						.isEqualTo(laptop.id()));
		this.keys.deactivate(this.key.key(), laptop.id());
		this.keys.deactivate(this.key.key(), laptop.id());
		assertThat(this.keys.activate(this.key.key(), "Third").id()).isNotEqualTo(laptop.id());
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> this.keys.activate("APP-OTHER", "Laptop"));
	}

	@Test
	void keyIsChanged() {
		LicenseKey changed = this.keys.update(this.key.id(),
				LicenseKeyUpdate.builder().limitUsage(10).limitActivations(5).usage(1).build());
		assertThat(changed.limitUsage()).isEqualTo(10);
		assertThat(changed.limitActivations()).isEqualTo(5);
		assertThat(changed.usage()).isEqualTo(1);
		this.keys.update(this.key.id(),
				LicenseKeyUpdate.builder().expiresAt(Instant.parse("2020-01-01T00:00:00Z")).build());
		assertThat(validate().isValid()).isFalse();
		assertThat(this.keys.update(this.key.id(), LicenseKeyUpdate.builder().expiresAt(null).build()).expiresAt())
			.isNull();
		this.keys.update(this.key.id(), LicenseKeyUpdate.builder().status(LicenseKey.Status.DISABLED).build());
		assertThat(validate().isValid()).isFalse();
		assertThat(this.keys.ofCurrentUser().list()).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> LicenseKeyUpdate.builder().limitUsage(0));
	}

	@Test
	void keyIsReplaced() {
		LicenseKey rotated = this.keys.rotate(this.key.id());
		assertThat(rotated.id()).isEqualTo(this.key.id());
		assertThat(rotated.key()).isNotEqualTo(this.key.key());
		assertThat(validate().isValid()).as("the previous one").isFalse();
		this.keys.update(this.key.id(), LicenseKeyUpdate.builder().status(LicenseKey.Status.REVOKED).build());
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> this.keys.rotate(this.key.id()))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo("RotateNotPermitted"));
	}

	@Test
	void configuredOrganizationNeedsNoCall() {
		UUID organization = UUID.randomUUID();
		this.fake.organizationId(organization);
		PolarLicenseKeyTemplate configured = new PolarLicenseKeyTemplate(this.client, organization,
				() -> () -> PolarIdentity.of("alice"));
		configured.validate(LicenseKeyValidation.of("APP-X"));
		this.fake.wireMock()
			.verify(postRequestedFor(urlEqualTo("/v1/license-keys/validate")).withRequestBody(
					equalToJson("{\"key\":\"APP-X\",\"organization_id\":\"%s\"}".formatted(organization))));
		this.fake.wireMock().verify(0, getRequestedFor(urlPathEqualTo("/v1/products/")));
	}

}
