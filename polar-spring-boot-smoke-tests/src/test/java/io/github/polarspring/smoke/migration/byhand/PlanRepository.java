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

package io.github.polarspring.smoke.migration.byhand;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Repository;

@Repository
class PlanRepository {

	private static final RowMapper<Plan> ROW_MAPPER = (row, index) -> new Plan(row.getString("code"),
			row.getObject("product_id", UUID.class), row.getInt("level"), row.getInt("monthly_summaries"));

	private final JdbcTemplate jdbcTemplate;

	PlanRepository(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	Optional<Plan> findByCode(String code) {
		return first(this.jdbcTemplate.query("SELECT * FROM plan WHERE code = ?", ROW_MAPPER, code));
	}

	Optional<Plan> findByProductId(UUID productId) {
		return first(this.jdbcTemplate.query("SELECT * FROM plan WHERE product_id = ?", ROW_MAPPER, productId));
	}

	private static Optional<Plan> first(List<Plan> plans) {
		return plans.stream().findFirst();
	}

}
