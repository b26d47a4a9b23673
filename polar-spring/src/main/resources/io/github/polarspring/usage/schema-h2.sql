-- Usage that waits to be sent to Polar.
--
-- polar_usage_event   events
-- id                  the event's external id at Polar
-- status              NEW (to be sent), SENT (has units that Polar has not counted yet),
--                     DEAD (dead letter). Other events are deleted when they were sent
-- changed_at          NEW: time since which it waits. SENT: time at which it was sent. DEAD: time
--                     at which it became a dead letter
-- occurred_at         time at which it happened
-- body                the event as JSON
-- failure             what Polar rejected
-- customer_id         the application's id of the customer, if the event has units
-- units               units of the meters that count the event, as JSON
-- polar_usage_turn    the instance that sends events
-- ends_at             time at which the next instance can send events
-- polar_usage_balance what customers have left on configured meters
-- remaining           number of units, after the events in polar_usage_event
-- credited            number of units that the customer was given
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
	customer_id VARCHAR(200),
	units BLOB,
	CONSTRAINT polar_usage_event_pk PRIMARY KEY (id)
);

CREATE INDEX polar_usage_event_next ON polar_usage_event (status, changed_at);

CREATE INDEX polar_usage_event_customer ON polar_usage_event (customer_id);

CREATE TABLE polar_usage_turn (
	id INTEGER NOT NULL,
	ends_at BIGINT NOT NULL,
	CONSTRAINT polar_usage_turn_pk PRIMARY KEY (id)
);

CREATE TABLE polar_usage_balance (
	customer_id VARCHAR(200) NOT NULL,
	meter VARCHAR(100) NOT NULL,
	remaining DECIMAL(30, 9) NOT NULL,
	credited DECIMAL(30, 9) NOT NULL,
	counted_at BIGINT NOT NULL,
	read_at BIGINT NOT NULL,
	CONSTRAINT polar_usage_balance_pk PRIMARY KEY (customer_id, meter)
);
