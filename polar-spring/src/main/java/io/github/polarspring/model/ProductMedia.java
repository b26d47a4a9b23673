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
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Picture of a product.
 *
 * @since 0.1.0
 */
public final class ProductMedia extends PolarResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	ProductMedia(Value value) {
		super(value);
	}

	/**
	 * Return the id.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public UUID id() {
		return required("id", Form.ID);
	}

	/**
	 * Return the organization that it belongs to.
	 * @return the id, or {@code null} if absent
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable UUID organizationId() {
		return checked("organization_id", Form.ID);
	}

	/**
	 * Return the name of the file.
	 * @return the name, or {@code null} if absent or unreadable
	 */
	public @Nullable String name() {
		return read("name", Form.TEXT);
	}

	/**
	 * Return the path in the storage of Polar.
	 * @return the path, or {@code null} if absent or unreadable
	 */
	public @Nullable String path() {
		return read("path", Form.TEXT);
	}

	/**
	 * Return the MIME type.
	 * @return the type, or {@code null} if absent or unreadable
	 */
	public @Nullable String mimeType() {
		return read("mime_type", Form.TEXT);
	}

	/**
	 * Return the size.
	 * @return the number of bytes, or {@code null} if absent or unreadable
	 */
	public @Nullable Long size() {
		return read("size", Form.LONG);
	}

	/**
	 * Return the version in the storage of Polar.
	 * @return the version, or {@code null} if absent or unreadable
	 */
	public @Nullable String storageVersion() {
		return read("storage_version", Form.TEXT);
	}

	/**
	 * Return the entity tag.
	 * @return the tag, or {@code null} if absent or unreadable
	 */
	public @Nullable String checksumEtag() {
		return read("checksum_etag", Form.TEXT);
	}

	/**
	 * Return the SHA-256 hash in Base64.
	 * @return the hash, or {@code null} if absent or unreadable
	 */
	public @Nullable String checksumSha256Base64() {
		return read("checksum_sha256_base64", Form.TEXT);
	}

	/**
	 * Return the SHA-256 hash in hexadecimal digits.
	 * @return the hash, or {@code null} if absent or unreadable
	 */
	public @Nullable String checksumSha256Hex() {
		return read("checksum_sha256_hex", Form.TEXT);
	}

	/**
	 * Return when the file was last changed.
	 * @return the time, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable Instant lastModifiedAt() {
		return read("last_modified_at", Form.TIME);
	}

	/**
	 * Return the version that the seller set.
	 * @return the version, or {@code null} if absent or unreadable
	 */
	public @Nullable String version() {
		return read("version", Form.TEXT);
	}

	/**
	 * Return Polar's name of the purpose.
	 * @return {@code product_media}, or {@code null} if absent or unreadable
	 */
	public @Nullable String service() {
		return read("service", Form.TEXT);
	}

	/**
	 * Return whether the upload is complete.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean isUploaded() {
		return flag("is_uploaded");
	}

	/**
	 * Return when it was created.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public @Nullable Instant createdAt() {
		return read("created_at", Form.TIME);
	}

	/**
	 * Return the size for display.
	 * @return the text, or {@code null} if absent or unreadable
	 */
	public @Nullable String sizeReadable() {
		return read("size_readable", Form.TEXT);
	}

	/**
	 * Return the URL for browsers.
	 * @return an absolute URL, or {@code null} if absent or unreadable
	 */
	public @Nullable String publicUrl() {
		return read("public_url", Form.TEXT);
	}

}
