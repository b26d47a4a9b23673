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

package io.github.polarspring.seat;

/**
 * Operations on seats.
 * <p>
 * Methods of this type call Polar only to find out whose purchase it is. They are safe
 * for use by multiple threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/seat-based-pricing">Polar on seats</a>
 */
public interface PolarSeatOperations extends UserSeats {

	/**
	 * Return the seats of purchases of the caller of the current request. Others do not
	 * exist there, also not those of a team whose member the caller is.
	 * @return the seats
	 * @throws io.github.polarspring.PolarLoginRequiredException if no one is signed in
	 * @throws io.github.polarspring.PolarIdentityException if the user cannot be
	 * identified
	 * @throws IllegalStateException if nothing determines the caller
	 */
	UserSeats ofCurrentUser();

	/**
	 * Return the seats of what a user or a workspace is
	 * {@linkplain io.github.polarspring.model.Subscription#isBoughtBy proven} to have
	 * bought. Other purchases do not exist there.
	 * @param externalId the application's own id
	 * @return the seats
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	UserSeats of(String externalId);

}
