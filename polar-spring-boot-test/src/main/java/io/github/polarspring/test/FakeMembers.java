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

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Adds, changes, and removes members of customers, with their events. Guarded by the lock
 * of {@link FakeState}.
 */
final class FakeMembers {

	private final FakeState state;

	FakeMembers(FakeState state) {
		this.state = state;
	}

	/**
	 * Return the members of all customers, newest first.
	 */
	List<FakeMember> all() {
		return this.state.customers()
			.stream()
			.flatMap((customer) -> customer.members().stream())
			.sorted((first, second) -> second.createdAt.compareTo(first.createdAt))
			.toList();
	}

	static @Nullable FakeMember withId(FakeCustomer customer, UUID id) {
		return find(customer, (member) -> member.id.equals(id));
	}

	static @Nullable FakeMember withExternalId(FakeCustomer customer, String externalId) {
		return find(customer, (member) -> externalId.equals(member.externalId));
	}

	static @Nullable FakeMember withEmail(FakeCustomer customer, String email) {
		return find(customer, (member) -> email.equalsIgnoreCase(member.email));
	}

	private static @Nullable FakeMember find(FakeCustomer customer, Predicate<FakeMember> predicate) {
		return customer.members().stream().filter(predicate).findFirst().orElse(null);
	}

	FakeMember add(FakeCustomer customer, String email, @Nullable String name, @Nullable String externalId,
			String role) {
		FakeMember member = new FakeMember(customer, email, name, externalId, role, this.state.now());
		customer.members().add(member);
		this.state.send("member.created", member.toJson());
		return member;
	}

	/**
	 * Change name, email address, and role, as far as they are not {@code null}. A new
	 * owner replaces the former one, for whom Polar sends no event.
	 */
	void change(FakeMember member, Map<String, @Nullable Object> values) {
		if (FakeMember.OWNER.equals(values.get("role")) && !member.isOwner()) {
			FakeMember former = member.customer.owner();
			former.role = FakeMember.BILLING_MANAGER;
			former.modifiedAt = this.state.now();
		}
		member.name = (values.get("name") instanceof String name) ? name : member.name;
		member.email = (values.get("email") instanceof String email) ? email : member.email;
		member.role = (values.get("role") instanceof String role) ? role : member.role;
		member.modifiedAt = this.state.now();
		this.state.send("member.updated", member.toJson());
	}

	void remove(FakeMember member) {
		member.customer.members().remove(member);
		this.state.send("member.deleted", member.toJson());
		this.state.seats().revokeAll(member);
	}

}
