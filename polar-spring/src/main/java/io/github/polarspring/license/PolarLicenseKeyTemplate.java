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

package io.github.polarspring.license;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarClient.CallSpec;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.LicenseKey;
import io.github.polarspring.model.LicenseKeyActivation;
import io.github.polarspring.model.Product;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link PolarLicenseKeyOperations} that use the Polar API.
 * <p>
 * Instances are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarLicenseKeyTemplate implements PolarLicenseKeyOperations {

	private static final String ALL = "/v1/license-keys/";

	private static final String BY_ID = "/v1/license-keys/{id}";

	private final PolarClient client;

	private final Supplier<UUID> organizationId;

	private final Supplier<CurrentPayer> currentPayer;

	/**
	 * Create a template.
	 * @param client the client that calls Polar
	 * @param organizationId Polar's id of the organization, {@code null} to read it from
	 * a product when it is needed first
	 * @param currentPayer supplies who the caller of the current request is
	 */
	public PolarLicenseKeyTemplate(PolarClient client, @Nullable UUID organizationId,
			Supplier<CurrentPayer> currentPayer) {
		Assert.notNull(client, "client must not be null");
		Assert.notNull(currentPayer, "currentPayer must not be null");
		this.client = client;
		this.organizationId = (organizationId != null) ? () -> organizationId
				: SingletonSupplier.of(this::readOrganizationId);
		this.currentPayer = currentPayer;
	}

	private UUID readOrganizationId() {
		MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
		query.add("limit", "1");
		return this.client.list(Product.class, "/v1/products/", query)
			.items()
			.stream()
			.map(Product::organizationId)
			.findFirst()
			.orElseThrow(() -> new PolarDataException(
					"The organization is not known, because it has no product. Set 'polar.organization-id'"));
	}

	@Override
	public PolarPage<LicenseKey> list(LicenseKeyQuery query) {
		Assert.notNull(query, "query must not be null");
		return this.client.list(LicenseKey.class, ALL, query.parameters());
	}

	@Override
	public Stream<LicenseKey> stream(LicenseKeyQuery query) {
		Assert.notNull(query, "query must not be null");
		return PolarPage.stream(query.page(),
				(page) -> this.client.list(LicenseKey.class, ALL, query.parameters(page)));
	}

	@Override
	public Optional<LicenseKey> find(UUID id) {
		Assert.notNull(id, "id must not be null");
		try {
			return Optional.of(this.client.get(LicenseKey.class, BY_ID, id));
		}
		catch (PolarNotFoundException ex) {
			return Optional.empty();
		}
	}

	@Override
	public UserLicenseKeys ofCurrentUser() {
		return of(this.currentPayer.get().requireIdentity().memberId());
	}

	@Override
	public UserLicenseKeys of(String externalId) {
		return new Own(PolarIdentity.requireExternalId(externalId));
	}

	@Override
	public LicenseKeyCheck validate(LicenseKeyValidation validation) {
		Assert.notNull(validation, "validation must not be null");
		CallSpec call = this.client.call(HttpMethod.POST, ALL + "validate")
			.body(validation.body(this.organizationId.get()));
		try {
			return new LicenseKeyCheck.Valid(
					(validation.isRepeatable() ? call.retryable() : call).retrieve(LicenseKey.class));
		}
		catch (PolarNotFoundException ex) {
			return new LicenseKeyCheck.Invalid(ex.getDetail());
		}
		catch (PolarApiException ex) {
			if (ex.getStatus() == 400 && "BadRequest".equals(ex.getError()) && !validation.isRepeatable()) {
				return new LicenseKeyCheck.UsageExceeded(ex.getDetail());
			}
			throw ex;
		}
	}

	@Override
	public LicenseKeyActivation activate(String key, String label) {
		Assert.hasText(label, "label must not be blank");
		Map<String, Object> body = body(key);
		body.put("label", label);
		try {
			return this.client.post(LicenseKeyActivation.class, ALL + "activate", body);
		}
		catch (PolarPermissionException ex) {
			if ("NotPermitted".equals(ex.getError())) {
				throw new PolarConflictException("The license key cannot be activated: " + ex.getDetail(),
						ex.getStatus(), ex.getError(), ex.getDetail());
			}
			throw ex;
		}
	}

	@Override
	public void deactivate(String key, UUID activationId) {
		Assert.notNull(activationId, "activationId must not be null");
		Map<String, Object> body = body(key);
		body.put("activation_id", activationId);
		try {
			this.client.call(HttpMethod.POST, ALL + "deactivate").body(body).retryable().execute();
		}
		catch (PolarNotFoundException ex) {
			// it was deactivated before
		}
	}

	private Map<String, Object> body(String key) {
		Assert.hasText(key, "key must not be blank");
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("key", key);
		body.put("organization_id", this.organizationId.get());
		return body;
	}

	@Override
	public LicenseKey update(UUID id, LicenseKeyUpdate update) {
		Assert.notNull(id, "id must not be null");
		Assert.notNull(update, "update must not be null");
		return this.client.patch(LicenseKey.class, BY_ID, update.body(), id);
	}

	@Override
	public LicenseKey rotate(UUID id) {
		Assert.notNull(id, "id must not be null");
		return this.client.call(HttpMethod.POST, BY_ID + "/rotate", id).retrieve(LicenseKey.class);
	}

	private final class Own implements UserLicenseKeys {

		private final String externalId;

		private Own(String externalId) {
			this.externalId = externalId;
		}

		private List<UUID> ids() {
			return new OwnedKeys(PolarLicenseKeyTemplate.this.client, this.externalId).ids();
		}

		@Override
		public List<LicenseKey> list() {
			return ids().stream()
				.map(PolarLicenseKeyTemplate.this::find)
				.flatMap(Optional::stream)
				.filter((key) -> key.status() == LicenseKey.Status.GRANTED)
				.toList();
		}

		@Override
		public Optional<LicenseKey> find(UUID id) {
			return ids().contains(id) ? PolarLicenseKeyTemplate.this.find(id) : Optional.empty();
		}

		@Override
		public LicenseKey rotate(UUID id) {
			if (!ids().contains(id)) {
				throw new PolarNotFoundException("The license key %s is not one of the user's".formatted(id), 404, null,
						null);
			}
			return PolarLicenseKeyTemplate.this.rotate(id);
		}

	}

}
