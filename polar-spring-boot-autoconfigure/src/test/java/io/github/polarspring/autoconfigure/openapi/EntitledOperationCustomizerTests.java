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

import io.github.polarspring.entitlement.PolarEntitled;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.web.method.HandlerMethod;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EntitledOperationCustomizer}.
 */
class EntitledOperationCustomizerTests {

	private final EntitledOperationCustomizer customizer = new EntitledOperationCustomizer();

	@ParameterizedTest
	@CsvSource({ "ofClass,export", "own,import" })
	void protectedMethodDescribesWhoCannotCallIt(String method, String feature) throws Exception {
		Operation operation = customize(new Protected(), method, new Operation());
		ApiResponse upgrade = operation.getResponses().get("402");
		assertThat(upgrade.getDescription()).contains("'" + feature + "'");
		assertThat(upgrade.getContent().get("application/problem+json").getSchema().getProperties())
			.containsKeys("feature", "upgradeUrl");
		assertThat(operation.getResponses().get("503").getDescription()).contains("'" + feature + "'");
	}

	@Test
	void descriptionOfTheApplicationIsKept() throws Exception {
		ApiResponse own = new ApiResponse().description("Buy the export");
		Operation operation = new Operation().responses(new ApiResponses().addApiResponse("402", own));
		assertThat(customize(new Protected(), "own", operation).getResponses()).containsEntry("402", own)
			.containsKey("503");
	}

	@Test
	void otherMethodIsNotDescribed() throws Exception {
		assertThat(customize(new Open(), "open", new Operation()).getResponses()).isNull();
	}

	private Operation customize(Object bean, String method, Operation operation) throws NoSuchMethodException {
		return this.customizer.customize(operation, new HandlerMethod(bean, method));
	}

	@PolarEntitled("export")
	static class Protected {

		public void ofClass() {
		}

		@PolarEntitled("import")
		public void own() {
		}

	}

	static class Open {

		public void open() {
		}

	}

}
