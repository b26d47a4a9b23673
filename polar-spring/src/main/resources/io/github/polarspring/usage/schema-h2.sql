-- Usage that waits to be sent to Polar.
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
