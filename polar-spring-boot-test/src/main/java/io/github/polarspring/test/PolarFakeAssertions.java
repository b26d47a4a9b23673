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

package io.github.polarspring.test;

/**
 * Entry point for AssertJ assertions on a {@link PolarFake}. Can be statically imported
 * together with {@link org.assertj.core.api.Assertions}.
 *
 * <pre class="code">
 * assertThat(polar).checkout().forCustomer("42").withProduct("pro").isPaid();
 * assertThat(polar).order().forCustomer("42").withAmount(2900);
 * assertThat(polar).hasDelivered("order.paid");
 * </pre>
 *
 * @since 0.1.0
 */
public final class PolarFakeAssertions {

	private PolarFakeAssertions() {
	}

	/**
	 * Create assertions for a fake.
	 * @param fake the fake
	 * @return the assertions
	 */
	public static PolarFakeAssert assertThat(PolarFake fake) {
		return new PolarFakeAssert(fake);
	}

}
