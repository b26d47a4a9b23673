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

package io.github.polarspring.model;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import org.jspecify.annotations.Nullable;

/**
 * A picture of a product.
 *
 * @param id id of the file
 * @param organizationId id of the organization that owns it
 * @param name name of the file
 * @param path where Polar keeps it
 * @param mimeType its MIME type
 * @param size its size in bytes
 * @param storageVersion version in Polar's storage, or {@code null}
 * @param checksumEtag entity tag, or {@code null}
 * @param checksumSha256Base64 SHA-256 in Base64, or {@code null}
 * @param checksumSha256Hex SHA-256 in hexadecimal digits, or {@code null}
 * @param lastModifiedAt when the file was last changed, {@code null} if not known
 * @param version version that the seller gave it, or {@code null}
 * @param service {@code product_media}
 * @param isUploaded whether it is there already
 * @param createdAt when it was created
 * @param sizeReadable its size for people
 * @param publicUrl where a browser finds it
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record ProductMedia(UUID id, UUID organizationId, String name, String path, String mimeType, long size,
		@Nullable String storageVersion, @Nullable String checksumEtag, @Nullable String checksumSha256Base64,
		@Nullable String checksumSha256Hex, @Nullable Instant lastModifiedAt, @Nullable String version, String service,
		boolean isUploaded, Instant createdAt, String sizeReadable, String publicUrl,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public ProductMedia {
		additionalProperties = ResponseValues.map(additionalProperties);
	}

}
