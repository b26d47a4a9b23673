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

package io.github.polarspring.usage;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * What a customer has left on a meter, as far as it is known locally.
 *
 * @param remaining number of units that are left, after the events that were recorded
 * @param credited number of units that the customer was given
 * @param readAt when Polar's count was read
 */
record StoredBalance(BigDecimal remaining, BigDecimal credited, Instant readAt) {

}
