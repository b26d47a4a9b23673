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

package io.github.polarspring;

import java.util.TreeSet;

import io.github.polarspring.testsupport.api.PublicApi;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the public API: changes are visible in review and documented.
 */
class PublicApiTests {

	private static final int MAX_INTERNAL_TYPES = 13;

	private final PublicApi api = PublicApi.ofModule();

	@Test
	void apiMatchesTheCheckedInText() {
		this.api.matchesCheckedInText();
	}

	@Test
	void everyTypeStatesItsVersion() {
		this.api.hasSinceTags();
	}

	@Test
	void everythingThatApplicationsSeeIsDocumented() {
		this.api.isDocumented();
	}

	@Test
	void internalTypesAreFewAndExist() {
		assertThat(this.api.internalTypes()).hasSizeLessThanOrEqualTo(MAX_INTERNAL_TYPES)
			.containsExactlyElementsOf(new TreeSet<>(ArchitectureTests.INTERNAL));
	}

}
