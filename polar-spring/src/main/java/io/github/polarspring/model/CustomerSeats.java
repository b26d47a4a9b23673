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

package io.github.polarspring.model;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;

/**
 * Seats of a purchase.
 *
 * @since 0.1.0
 */
public final class CustomerSeats extends PolarResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	CustomerSeats(Value value) {
		super(value);
	}

	/**
	 * Return the seats that were assigned, including those that were revoked.
	 * @return an unmodifiable list
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public List<CustomerSeat> seats() {
		return required("seats", Form.completeListOf(Form.object(CustomerSeat::new)));
	}

	/**
	 * Return how many seats can still be assigned.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public int available() {
		return required("available_seats", Form.INTEGER);
	}

	/**
	 * Return how many seats were bought.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public int total() {
		return required("total_seats", Form.INTEGER);
	}

}
