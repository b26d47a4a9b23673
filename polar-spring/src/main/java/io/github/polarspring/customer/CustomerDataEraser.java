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

package io.github.polarspring.customer;

import java.util.UUID;

/**
 * Strategy to erase what is stored about a user and their customer when
 * {@link PolarAccounts} closes the account. All beans of this type are called. The
 * library contributes one for its inbox in the database; an application can add its own.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CustomerDataEraser {

	/**
	 * Erase what is stored about a customer. Called before Polar anonymizes the customer,
	 * and again if the account could not be closed and the application retries. Must not
	 * fail if everything was already erased.
	 * @param customerId Polar's id of the customer
	 * @throws RuntimeException if it cannot be erased now. The account is then not closed
	 */
	void erase(UUID customerId);

	/**
	 * Erase what is stored about a user of the application. Called before
	 * {@link #erase(UUID)}, also if the user is not a customer, and again if the
	 * application retries. Must not fail if everything was already erased.
	 * @param externalId the application's own id of the user
	 * @throws RuntimeException if it cannot be erased now. The account is then not closed
	 */
	default void eraseUser(String externalId) {
	}

}
