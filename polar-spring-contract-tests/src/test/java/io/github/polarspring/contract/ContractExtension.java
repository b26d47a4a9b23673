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

package io.github.polarspring.contract;

import java.nio.file.Path;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Provides the {@link Contract}, which all tests of a run share. Skips the tests, with a
 * message, if they should run against a server, but have no access token.
 */
final class ContractExtension implements BeforeEachCallback, ExecutionCondition, ParameterResolver, TestWatcher {

	private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace
		.create(ContractExtension.class);

	private static final String REPORT = "target/contract/report.md";

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (settings(context).isComplete()) {
			return ConditionEvaluationResult.enabled("The server is known");
		}
		context.getRoot().getStore(NAMESPACE).computeIfAbsent("message", (key) -> {
			System.out.println(ContractTarget.NO_TOKEN);
			return true;
		});
		return ConditionEvaluationResult.disabled(ContractTarget.NO_TOKEN);
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == Contract.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return contract(context);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		contract(context).report()
			.test(context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName());
	}

	@Override
	public void testFailed(ExtensionContext context, Throwable cause) {
		contract(context).report().failed(cause);
	}

	private static ContractTarget.Settings settings(ExtensionContext context) {
		return new ContractTarget.Settings(context::getConfigurationParameter, System::getenv);
	}

	private static Contract contract(ExtensionContext context) {
		return context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(Contract.class,
					(type) -> new Contract(ContractTarget.of(settings(context)),
							Path.of(context.getConfigurationParameter("polar.contract.report").orElse(REPORT))),
					Contract.class);
	}

}
