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

package io.github.polarspring.autoconfigure.entitlement;

import io.github.polarspring.autoconfigure.webhook.PolarDatabase;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.webhook.PolarWebhookInbox;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the states of entitlements in
 * the application's database. Whether it is used is decided at runtime.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PolarEntitlementAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class })
@ConditionalOnBean({ PolarDatabase.class, PolarFeatures.class })
public final class PolarJdbcEntitlementAutoConfiguration {

	@Bean
	@Lazy
	EntitlementDatabase polarEntitlementDatabase(ObjectProvider<PolarDatabase> database,
			ObjectProvider<PolarWebhookInbox> inbox, PolarFeatures features) {
		return new EntitlementDatabase(database, inbox, features);
	}

	@Bean
	@Lazy
	CustomerDataEraser polarEntitlementDataEraser(ObjectProvider<PolarEntitlements> entitlements,
			PolarFeatures features) {
		return new EntitlementEraser(features, entitlements);
	}

}
