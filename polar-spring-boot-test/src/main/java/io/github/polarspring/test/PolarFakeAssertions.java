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
 * AssertJ assertions on a {@link PolarFake}, to be imported beside AssertJ's own.
 *
 * <pre class="code">
 * assertThat(polar).checkout().forCustomer("42").withProduct("pro").isPaid();
 * assertThat(polar).order().forCustomer("42").withAmount(2900);
 * assertThat(polar).delivered("order.paid");
 * </pre>
 *
 * @since 0.1.0
 */
public final class PolarFakeAssertions {

	private PolarFakeAssertions() {
	}

	/**
	 * Start an assertion.
	 * @param fake the fake
	 * @return the assertion
	 */
	public static PolarFakeAssert assertThat(PolarFake fake) {
		return new PolarFakeAssert(fake);
	}

}
