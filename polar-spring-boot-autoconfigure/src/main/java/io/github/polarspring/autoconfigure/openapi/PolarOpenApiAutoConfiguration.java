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

package io.github.polarspring.autoconfigure.openapi;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.web.CheckoutOutcome;
import io.swagger.v3.oas.models.Operation;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the documentation of annotated
 * methods with springdoc.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ SpringDocUtils.class, GlobalOperationCustomizer.class, Operation.class })
public final class PolarOpenApiAutoConfiguration {

	static {
		// callers do not send these parameters
		SpringDocUtils.getConfig().addRequestWrapperToIgnore(CheckoutRequest.Builder.class, CheckoutOutcome.class);
	}

	@Bean
	RedirectOperationCustomizer polarOperationCustomizer() {
		return new RedirectOperationCustomizer();
	}

	@Bean
	EntitledOperationCustomizer polarEntitledOperationCustomizer() {
		return new EntitledOperationCustomizer();
	}

}
