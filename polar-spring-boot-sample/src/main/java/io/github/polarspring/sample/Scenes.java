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

package io.github.polarspring.sample;

import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Stores the scenes of customers.
 */
@Component
class Scenes {

	private final JdbcClient jdbc;

	Scenes(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<String> of(String customer) {
		return this.jdbc.sql("SELECT name FROM scene WHERE customer = ? ORDER BY id")
			.param(customer)
			.query((row, index) -> row.getString("name"))
			.list();
	}

	void add(String customer, String name) {
		this.jdbc.sql("INSERT INTO scene (customer, name) VALUES (?, ?)").params(customer, name).update();
	}

}
