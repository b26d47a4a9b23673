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

package io.github.polarspring.smoke.migration;

import java.util.List;
import java.util.Optional;

import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.stereotype.Component;

/**
 * The accounts of the shop with their email addresses, as in its table of users.
 */
@Component
public class Accounts {

	private static final List<String> NAMES = List.of("alice", "bob");

	UserDetails[] users() {
		return NAMES.stream()
			.map((name) -> User.withUsername(name).password("{noop}" + name).build())
			.toArray(UserDetails[]::new);
	}

	/**
	 * Return the email address of a user.
	 */
	public String emailOf(String user) {
		return user + "@example.com";
	}

	/**
	 * Find the user with an email address.
	 */
	public Optional<String> findByEmail(String email) {
		return NAMES.stream().filter((name) -> emailOf(name).equalsIgnoreCase(email)).findFirst();
	}

}
