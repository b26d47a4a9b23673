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

import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CustomerSession;

/**
 * Whether a user can open the customer portal.
 *
 * @since 0.1.0
 * @see PolarCustomerOperations#openPortal
 */
public sealed interface PortalAccess {

	/**
	 * The user can open the portal.
	 *
	 * @param session the session. Anyone who has its URL is the customer for one hour
	 */
	record Granted(CustomerSession session) implements PortalAccess {

	}

	/**
	 * The user has never bought, so there is nothing to manage.
	 */
	record NeverBought() implements PortalAccess {

	}

	/**
	 * The customer is a team of which the user is not a member.
	 */
	record NotMember() implements PortalAccess {

	}

	/**
	 * A customer without an external id has purchases of the user, because the user or
	 * another guest has bought with the same e-mail address before. It is not known
	 * whether the address belongs to the user. To open the portal, let the user confirm
	 * it, and return it by {@link PolarIdentity#withVerifiedEmail}.
	 *
	 * @param customerId Polar's id of the customer
	 */
	record Unverified(UUID customerId) implements PortalAccess {

	}

	/**
	 * A customer has purchases of the user and belongs to another user, or belongs to the
	 * user and has purchases of another one or of a guest. The portal would show them
	 * another user's purchases, so it remains closed until you have settled whose
	 * purchases they are.
	 *
	 * @param customerId Polar's id of the customer
	 */
	record Mismatch(UUID customerId) implements PortalAccess {

	}

}
