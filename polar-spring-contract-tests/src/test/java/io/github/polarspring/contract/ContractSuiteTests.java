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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.github.polarspring.test.PolarFake;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs contract tests against a server that is not as expected. They must fail, and the
 * report must say why.
 */
class ContractSuiteTests {

	private final PolarFake fake = PolarFake.start();

	@TempDir
	Path directory;

	@AfterEach
	void close() {
		this.fake.close();
	}

	@Test
	void sameServerPasses() throws IOException {
		TestExecutionSummary summary = run(UsageContractTests.class, this.fake.accessToken());
		assertThat(summary.getTestsFailedCount()).isZero();
		assertThat(summary.getTestsSucceededCount()).isEqualTo(2);
		assertThat(report())
			.contains("Contract with " + this.fake.baseUrl(), "0 differences", "| POST /v1/events/ingest | 200 | 200 |")
			.doesNotContain(this.fake.accessToken());
	}

	@Test
	void otherBodyIsADifference() throws IOException {
		respond("POST", "/v1/events/ingest", 200, "{\"inserted\": \"1\", \"skipped\": 0}");
		assertThat(run(UsageContractTests.class, this.fake.accessToken()).getTestsFailedCount()).isEqualTo(2);
		assertThat(report()).contains("without duplicates; inserted is string, not integer")
			.contains("| ingested | skipped (integer) |");
	}

	@Test
	void otherStatusIsADifference() throws IOException {
		respond("POST", "/v1/events/ingest", 202, "{\"inserted\": 1, \"duplicates\": 0}");
		assertThat(run(UsageContractTests.class, this.fake.accessToken()).getTestsFailedCount()).isEqualTo(2);
		assertThat(report())
			.contains("| UsageContractTests.eventsAreCountedOnce | POST /v1/events/ingest | 200 | 202 |");
	}

	@Test
	void otherErrorIsADifferenceAndEverythingIsDeleted() throws IOException {
		respond("GET", "/v1/(discounts|products)/[0-9a-f-]+", 404, "{\"error\": \"Gone\", \"detail\": \"Gone\"}");
		assertThat(run(CatalogContractTests.class, this.fake.accessToken()).getTestsFailedCount()).isEqualTo(3);
		assertThat(report()).contains("404 ResourceNotFound", "404 Gone")
			.contains("0 left behind")
			.contains("| clean-up | DELETE /v1/discounts/{id} | 200, 204, or 404 | 204 |");
	}

	@Test
	void whatCannotBeDeletedIsReported() throws IOException {
		respond("DELETE", "/v1/benefits/[0-9a-f-]+", 403, "{}");
		run(CatalogContractTests.class, this.fake.accessToken());
		assertThat(report()).contains("1 left behind", "- DELETE /v1/benefits/{id} responded with 403");
	}

	@Test
	void wrongTokenFailsWithoutShowingIt() throws IOException {
		assertThat(run(UsageContractTests.class, "polar_oat_wrong").getTestsFailedCount()).isEqualTo(2);
		assertThat(report()).contains("401 invalid_token").doesNotContain("polar_oat_wrong");
	}

	@Test
	void withoutATokenNothingRuns() {
		TestExecutionSummary summary = run(UsageContractTests.class, " ");
		assertThat(summary.getContainersSkippedCount()).isOne();
		assertThat(summary.getTestsStartedCount()).isZero();
		assertThat(this.directory.resolve("report.md")).doesNotExist();
	}

	private TestExecutionSummary run(Class<?> tests, String accessToken) {
		SummaryGeneratingListener listener = new SummaryGeneratingListener();
		LauncherFactory.create()
			.execute(LauncherDiscoveryRequestBuilder.request()
				.selectors(DiscoverySelectors.selectClass(tests))
				.configurationParameter("polar.contract", "true")
				.configurationParameter("polar.contract.url", this.fake.baseUrl().toString())
				.configurationParameter("polar.contract.token", accessToken)
				.configurationParameter("polar.contract.report", this.directory.resolve("report.md").toString())
				.build(), listener);
		return listener.getSummary();
	}

	private void respond(String method, String path, int status, String body) {
		this.fake.wireMock()
			.stubFor(WireMock.request(method, WireMock.urlPathMatching(path))
				.atPriority(1)
				.willReturn(WireMock.aResponse()
					.withStatus(status)
					.withHeader("Content-Type", "application/json")
					.withBody(body)));
	}

	private String report() throws IOException {
		return Files.readString(this.directory.resolve("report.md"));
	}

}
