-- Inbox for Polar's webhooks.
--
-- lane           the customer; the events of a lane are handled one at a time
-- lane_order     order in which the events of a lane were stored
-- status         NEW, DONE, DEAD (dead letter), EMPTY (done, and the body is deleted)
-- due_at         NEW: time of the next attempt. Otherwise: time of the last change of the status
-- failure        listener that failed last, and the class of the exception
-- wanted_by      listeners that existed when the event was received
-- handled_by     listeners that are done, while others are not
-- body           the body as Polar signed it
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
