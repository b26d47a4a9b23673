-- Orders that are being refunded.
--
-- order_id  Polar's id of the order
-- ends_at   time at which Polar can no longer be processing the refund, in milliseconds since 1970-01-01 UTC

CREATE TABLE polar_refund_turn (
	order_id VARCHAR(36) NOT NULL,
	ends_at BIGINT NOT NULL,
	CONSTRAINT polar_refund_turn_pk PRIMARY KEY (order_id)
);
