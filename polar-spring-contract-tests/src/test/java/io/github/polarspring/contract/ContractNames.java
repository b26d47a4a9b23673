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

package io.github.polarspring.contract;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Names that no other run uses, so that the organization can contain anything.
 */
final class ContractNames {

	static final String PREFIX = "contract-";

	private final String run = PREFIX + UUID.randomUUID().toString().substring(0, 8);

	private final AtomicInteger number = new AtomicInteger();

	private final String emailDomain;

	ContractNames(String emailDomain) {
		this.emailDomain = emailDomain;
	}

	/**
	 * What all names of this run start with.
	 */
	String run() {
		return this.run;
	}

	String next() {
		return this.run + "-" + this.number.incrementAndGet();
	}

	String email(String name) {
		return name + "@" + this.emailDomain;
	}

}
