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

package io.github.polarspring.autoconfigure.license;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.license.PolarLicenseKeyOperations;
import io.github.polarspring.license.PolarLicenseKeyTemplate;
import io.github.polarspring.product.PolarProducts;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for license keys. The bean is
 * created lazily, because it needs the access token.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarAutoConfiguration.class)
@ConditionalOnBean(PolarProducts.class)
public final class PolarLicenseKeyAutoConfiguration {

	@Bean
	@Lazy
	@ConditionalOnMissingBean(PolarLicenseKeyOperations.class)
	PolarLicenseKeyTemplate polarLicenseKeyTemplate(PolarClient client, PolarProperties properties,
			ObjectProvider<CurrentPayer> currentPayer) {
		return new PolarLicenseKeyTemplate(client, properties.organizationId(),
				() -> currentPayer.getIfAvailable(CurrentPayer::unknown));
	}

}
