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

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Shapes}.
 */
class ShapesTests {

	private final Shapes shapes = new Shapes("""
			# a comment
			[order]
			id: string
			amount: integer | null
			note?: string
			items: [item]
			prices: {[item]}
			first: item | null

			[item]
			label: string
			""");

	@Test
	void sameMembersAreNoDifference() {
		assertThat(compare("""
				{"id": "1", "amount": null, "items": [{"label": "a"}], "prices": {"x": [{"label": "b"}]}, "first": null}
				""").isDifferent()).isFalse();
	}

	@Test
	void missingMemberIsADifferenceUnlessItIsOptional() {
		Shapes.Comparison comparison = compare("""
				{"id": "1", "items": [{}], "prices": {"x": [{}]}, "first": {}}
				""");
		assertThat(comparison.gone()).containsExactly("amount", "items[].label", "prices.*[].label", "first.label");
		assertThat(comparison.isDifferent()).isTrue();
	}

	@Test
	void otherTypeIsADifference() {
		Shapes.Comparison comparison = compare("""
				{"id": 1, "amount": 1.5, "items": {}, "prices": {}, "first": "x"}
				""");
		assertThat(comparison.otherType()).containsExactly("id is integer, not string",
				"amount is number, not integer or null", "items is object, not [item]",
				"first is string, not item or null");
	}

	@Test
	void newMemberIsReportedOnly() {
		Shapes.Comparison comparison = compare("""
				{"id": "1", "amount": 1, "items": [{"label": "a", "tax": 1}], "prices": {}, "first": null, "more": true}
				""");
		assertThat(comparison.added()).containsExactly("items[].tax (integer)", "more (boolean)");
		assertThat(comparison.isDifferent()).isFalse();
	}

	private Shapes.Comparison compare(String json) {
		return this.shapes.compare("order", JsonMapper.shared().readTree(json));
	}

}
