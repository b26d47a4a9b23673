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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

@Repository
class SubscriptionRepository {

	private final JdbcTemplate jdbcTemplate;

	SubscriptionRepository(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	Optional<Subscription> findActive(String username) {
		return this.jdbcTemplate.query("""
				SELECT * FROM subscription WHERE username = ? AND status IN ('active', 'trialing')
				ORDER BY updated_at DESC LIMIT 1""", SubscriptionRepository::map, username).stream().findFirst();
	}

	Optional<Subscription> findLatest(String username) {
		return this.jdbcTemplate
			.query("SELECT * FROM subscription WHERE username = ? ORDER BY updated_at DESC LIMIT 1",
					SubscriptionRepository::map, username)
			.stream()
			.findFirst();
	}

	void save(Subscription subscription) {
		int updated = this.jdbcTemplate.update("""
				UPDATE subscription SET plan_code = ?, status = ?, updated_at = ? WHERE id = ? AND updated_at <= ?""",
				subscription.planCode(), subscription.status(), utc(subscription.updatedAt()), subscription.id(),
				utc(subscription.updatedAt()));
		if (updated == 0 && !exists(subscription.id())) {
			this.jdbcTemplate.update("INSERT INTO subscription VALUES (?, ?, ?, ?, ?, ?)", subscription.id(),
					subscription.username(), subscription.customerId(), subscription.planCode(), subscription.status(),
					utc(subscription.updatedAt()));
		}
	}

	void updatePlan(UUID id, String planCode) {
		this.jdbcTemplate.update("UPDATE subscription SET plan_code = ? WHERE id = ?", planCode, id);
	}

	void end(UUID id) {
		this.jdbcTemplate.update("UPDATE subscription SET status = 'canceled' WHERE id = ?", id);
	}

	/**
	 * Remember an event. Returns whether it is new.
	 */
	boolean addEvent(String eventId) {
		try {
			this.jdbcTemplate.update("INSERT INTO webhook_event VALUES (?, ?)", eventId, utc(Instant.now()));
			return true;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	private boolean exists(UUID id) {
		Integer count = this.jdbcTemplate.queryForObject("SELECT count(*) FROM subscription WHERE id = ?",
				Integer.class, id);
		return count != null && count > 0;
	}

	private static Subscription map(ResultSet row, int index) throws SQLException {
		return new Subscription(row.getObject("id", UUID.class), row.getString("username"),
				row.getObject("customer_id", UUID.class), row.getString("plan_code"), row.getString("status"),
				row.getObject("updated_at", OffsetDateTime.class).toInstant());
	}

	private static OffsetDateTime utc(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

}
