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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.model.CustomerSeat;
import io.github.polarspring.model.Member;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Person who gets a seat.
 *
 * <pre class="code">
 * SeatAssignment.toUser("user-42", "anna@example.com").withoutInvitation()
 * </pre>
 *
 * Immutable.
 *
 * @since 0.1.0
 */
public final class SeatAssignment {

	private static final int MAX_METADATA = 10;

	private final @Nullable String email;

	private final @Nullable String externalMemberId;

	private final @Nullable UUID memberId;

	private final Map<String, Object> metadata;

	private final boolean immediateClaim;

	private SeatAssignment(@Nullable String email, @Nullable String externalMemberId, @Nullable UUID memberId,
			Map<String, Object> metadata, boolean immediateClaim) {
		this.email = email;
		this.externalMemberId = externalMemberId;
		this.memberId = memberId;
		this.metadata = metadata;
		this.immediateClaim = immediateClaim;
	}

	/**
	 * Assign to a user of the application, who becomes a member of the team if necessary.
	 * @param userId the application's own id of the user, with which the user's features
	 * are found
	 * @param email the user's e-mail address
	 * @return an assignment
	 */
	public static SeatAssignment toUser(String userId, String email) {
		Assert.hasText(userId, "userId must not be blank");
		Assert.hasText(email, "email must not be blank");
		return new SeatAssignment(email, userId, null, Map.of(), false);
	}

	/**
	 * Assign to someone who is not known yet. The member whom Polar creates has no id of
	 * the application, so that the user has no features before the member is given one.
	 * @param email the person's e-mail address
	 * @return an assignment
	 */
	public static SeatAssignment toEmail(String email) {
		Assert.hasText(email, "email must not be blank");
		return new SeatAssignment(email, null, null, Map.of(), false);
	}

	/**
	 * Assign to a member of the team.
	 * @param memberId Polar's id of the member
	 * @return an assignment
	 */
	public static SeatAssignment toMember(UUID memberId) {
		Assert.notNull(memberId, "memberId must not be null");
		return new SeatAssignment(null, null, memberId, Map.of(), false);
	}

	/**
	 * Return an assignment that is valid at once, without an invitation by e-mail.
	 * @return a new assignment
	 */
	public SeatAssignment withoutInvitation() {
		return new SeatAssignment(this.email, this.externalMemberId, this.memberId, this.metadata, true);
	}

	/**
	 * Return an assignment with one more entry of metadata.
	 * @param key the key
	 * @param value text, a number or a boolean
	 * @return a new assignment
	 * @throws IllegalArgumentException if there are more than 10 entries
	 */
	public SeatAssignment metadata(String key, Object value) {
		Assert.hasText(key, "key must not be blank");
		Assert.isTrue(value instanceof String || value instanceof Number || value instanceof Boolean,
				"value must be text, a number or a boolean");
		Map<String, Object> metadata = new LinkedHashMap<>(this.metadata);
		metadata.put(key, value);
		Assert.isTrue(metadata.size() <= MAX_METADATA, () -> "metadata must have at most " + MAX_METADATA + " entries");
		return new SeatAssignment(this.email, this.externalMemberId, this.memberId, metadata, this.immediateClaim);
	}

	Map<String, Object> body(String purchase, UUID purchaseId) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put(purchase, purchaseId);
		if (this.email != null) {
			body.put("email", this.email);
		}
		if (this.externalMemberId != null) {
			body.put("external_member_id", this.externalMemberId);
		}
		if (this.memberId != null) {
			body.put("member_id", this.memberId);
		}
		if (!this.metadata.isEmpty()) {
			body.put("metadata", this.metadata);
		}
		if (this.immediateClaim) {
			body.put("immediate_claim", true);
		}
		return body;
	}

	/**
	 * Return whether a seat is that of this person.
	 */
	boolean isOf(CustomerSeat seat) {
		Member member = seat.member();
		if (seat.status() == CustomerSeat.Status.REVOKED || member == null) {
			return false;
		}
		if (this.memberId != null) {
			return this.memberId.equals(member.id());
		}
		return (this.externalMemberId != null) ? this.externalMemberId.equals(member.externalId())
				: this.email != null && this.email.equalsIgnoreCase(member.email());
	}

	/**
	 * Return whether Polar has given the seat to a member who is not this user.
	 */
	boolean isOfAnotherUser(CustomerSeat seat) {
		Member member = seat.member();
		return this.externalMemberId != null && member != null && !this.externalMemberId.equals(member.externalId());
	}

	/**
	 * Return a text without personal data.
	 */
	@Override
	public String toString() {
		return "SeatAssignment[memberId=" + this.memberId + "]";
	}

}
