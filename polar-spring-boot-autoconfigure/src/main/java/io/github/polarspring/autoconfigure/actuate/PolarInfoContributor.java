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

package io.github.polarspring.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.client.PolarUrls;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * {@link InfoContributor} that exposes the Polar environment and the API version.
 */
final class PolarInfoContributor implements InfoContributor {

	private final PolarProperties properties;

	private final PolarConnectionDetails connectionDetails;

	PolarInfoContributor(PolarProperties properties, PolarConnectionDetails connectionDetails) {
		this.properties = properties;
		this.connectionDetails = connectionDetails;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> polar = new LinkedHashMap<>();
		polar.put("environment", environment());
		polar.put("apiVersion", this.properties.apiVersion());
		builder.withDetail("polar", polar);
	}

	private String environment() {
		try {
			String description = this.connectionDetails.getDescription();
			return (description != null) ? description : PolarUrls.environment(this.connectionDetails.getBaseUrl());
		}
		catch (RuntimeException ex) {
			// a source of secrets that is not available
			return "unknown";
		}
	}

}
