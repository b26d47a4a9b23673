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

package io.github.polarspring.checkout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Range of seats with the price of each seat.
 *
 * @param minSeats first number of seats of the range, at least 1
 * @param maxSeats last number of seats of the range, {@code null} if it is open-ended
 * @param pricePerSeat price of a seat in minor units of the currency
 * @since 0.1.0
 */
public record SeatTier(int minSeats, @Nullable Integer maxSeats, long pricePerSeat) {

	/**
	 * Create a range.
	 * @throws IllegalArgumentException if the range is empty or a number is out of range
	 */
	public SeatTier {
		Assert.isTrue(minSeats >= 1, "min_seats must be at least 1");
		Assert.isTrue(maxSeats == null || maxSeats >= minSeats, "max_seats must not be less than min_seats");
		Assert.isTrue(pricePerSeat >= 0, "price_per_seat must not be negative");
	}

	/**
	 * Create a closed range.
	 * @param minSeats first number of seats
	 * @param maxSeats last number of seats
	 * @param pricePerSeat price of a seat in minor units of the currency
	 * @return a range
	 */
	public static SeatTier of(int minSeats, int maxSeats, long pricePerSeat) {
		return new SeatTier(minSeats, maxSeats, pricePerSeat);
	}

	/**
	 * Create an open-ended range.
	 * @param minSeats first number of seats
	 * @param pricePerSeat price of a seat in minor units of the currency
	 * @return a range
	 */
	public static SeatTier from(int minSeats, long pricePerSeat) {
		return new SeatTier(minSeats, null, pricePerSeat);
	}

	/**
	 * Sort ranges, and reject those that overlap or leave a gap.
	 */
	static List<SeatTier> sorted(List<SeatTier> tiers) {
		Assert.notEmpty(tiers, "seat_tiers must not be empty");
		List<SeatTier> sorted = new ArrayList<>(tiers);
		sorted.sort(Comparator.comparingInt(SeatTier::minSeats));
		for (int i = 1; i < sorted.size(); i++) {
			Integer end = sorted.get(i - 1).maxSeats();
			int start = sorted.get(i).minSeats();
			Assert.isTrue(end != null && start == end + 1, () -> "seat_tiers must be contiguous: the tier from " + start
					+ " seats overlaps the preceding one or leaves a gap");
		}
		return List.copyOf(sorted);
	}

}
