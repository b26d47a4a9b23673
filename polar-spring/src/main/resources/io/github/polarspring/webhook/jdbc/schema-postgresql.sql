-- The inbox for Polar's webhooks.
--
-- lane           the customer: of a lane one event is handled at a time
-- lane_order     the order in which the events of a lane were stored
-- status         NEW, DONE, DEAD (given up), EMPTY (done, and the body is deleted)
-- due_at         NEW: when it is tried next. Otherwise: since when it has its status
-- failure        which listener failed, and with which class of exception
-- wanted_by      the listeners that there were when it came in
-- handled_by     the listeners that are done, as long as others are not
-- body           as Polar signed it
-- Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE polar_webhook_event (
	id VARCHAR(256) NOT NULL,
	event_type VARCHAR(255) NOT NULL,
	lane VARCHAR(255) NOT NULL,
	lane_order BIGINT NOT NULL,
	status VARCHAR(10) NOT NULL,
	due_at BIGINT NOT NULL,
	received_at BIGINT NOT NULL,
	attempts INTEGER NOT NULL,
	failing_since BIGINT,
	failure VARCHAR(500),
	wanted_by TEXT,
	handled_by TEXT,
	out_of_order BOOLEAN NOT NULL,
	body BYTEA,
	CONSTRAINT polar_webhook_event_pk PRIMARY KEY (id),
	CONSTRAINT polar_webhook_event_order UNIQUE (lane, lane_order)
);

CREATE INDEX polar_webhook_event_due ON polar_webhook_event (status, due_at);
CREATE INDEX polar_webhook_event_lane ON polar_webhook_event (lane, status, lane_order);
