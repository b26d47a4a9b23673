-- Usage that waits to be sent to Polar, and what customers have left.
--
-- polar_usage_event   events
-- id                  the event's external id at Polar
-- status              NEW (to be sent), DEAD (dead letter). An event that was sent is deleted
-- changed_at          NEW: time since which it waits. DEAD: time at which it became a dead letter
-- occurred_at         time at which it happened
-- body                the event as JSON
-- failure             what Polar rejected
-- polar_usage_turn    the instance that sends events
-- ends_at             time at which the next instance can send events
-- polar_usage_unit    units that events of the last day have on configured meters
-- customer_id         the application's id of the customer
-- reserved            whether the units are part of 'taken'
-- sent_at             time at which the event was sent. Null if it waits, 0 if it is a dead letter
-- polar_usage_balance what customers have left on configured meters, as Polar counted
-- balance             number of units that are left
-- credited            number of units that the customer was given
-- taken               units of reserved events that Polar had not counted
-- counted_at          time at which Polar counted
-- read_at             time at which Polar's count was read
-- Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE polar_usage_event (
	id VARCHAR(64) NOT NULL,
	event_name VARCHAR(256) NOT NULL,
	status VARCHAR(10) NOT NULL,
	changed_at BIGINT NOT NULL,
	occurred_at BIGINT NOT NULL,
	body BLOB NOT NULL,
	failure VARCHAR(500),
	CONSTRAINT polar_usage_event_pk PRIMARY KEY (id)
);

CREATE INDEX polar_usage_event_next ON polar_usage_event (status, changed_at);

CREATE TABLE polar_usage_turn (
	id INTEGER NOT NULL,
	ends_at BIGINT NOT NULL,
	CONSTRAINT polar_usage_turn_pk PRIMARY KEY (id)
);

CREATE TABLE polar_usage_unit (
	event_id VARCHAR(64) NOT NULL,
	meter VARCHAR(100) NOT NULL,
	customer_id VARCHAR(200) NOT NULL,
	units DECIMAL(30, 9) NOT NULL,
	reserved BOOLEAN NOT NULL,
	sent_at BIGINT,
	CONSTRAINT polar_usage_unit_pk PRIMARY KEY (event_id, meter)
);

CREATE INDEX polar_usage_unit_customer ON polar_usage_unit (customer_id, meter, sent_at);

CREATE INDEX polar_usage_unit_sent ON polar_usage_unit (sent_at);

CREATE TABLE polar_usage_balance (
	customer_id VARCHAR(200) NOT NULL,
	meter VARCHAR(100) NOT NULL,
	balance DECIMAL(30, 9) NOT NULL,
	credited DECIMAL(30, 9) NOT NULL,
	taken DECIMAL(30, 9) NOT NULL,
	counted_at BIGINT NOT NULL,
	read_at BIGINT NOT NULL,
	CONSTRAINT polar_usage_balance_pk PRIMARY KEY (customer_id, meter)
);
