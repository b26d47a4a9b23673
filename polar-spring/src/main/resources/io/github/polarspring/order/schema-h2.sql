-- Refunds of orders.
--
-- polar_refund_turn     orders that are being refunded
-- order_id              Polar's id of the order
-- owner                 who refunds it
-- ends_at               time at which Polar can no longer be processing the refund
-- polar_refund_attempt  refunds that were sent to Polar
-- refund_key            what identifies the refund of the order
-- amount                the amount without tax, in minor units
-- created_after         time after which Polar creates the refund, in microseconds since 1970-01-01 UTC
-- refund_id             Polar's id of the refund, NULL if it is not known
-- Other times are milliseconds since 1970-01-01 UTC.

CREATE TABLE polar_refund_turn (
	order_id VARCHAR(36) NOT NULL,
	owner VARCHAR(36) NOT NULL,
	ends_at BIGINT NOT NULL,
	CONSTRAINT polar_refund_turn_pk PRIMARY KEY (order_id)
);

CREATE TABLE polar_refund_attempt (
	order_id VARCHAR(36) NOT NULL,
	refund_key VARCHAR(500) NOT NULL,
	amount BIGINT NOT NULL,
	created_after BIGINT NOT NULL,
	refund_id VARCHAR(36),
	CONSTRAINT polar_refund_attempt_pk PRIMARY KEY (order_id, refund_key)
);
