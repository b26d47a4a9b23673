-- What customers hold, as it was read from Polar.
--
-- polar_customer_state    one row for each user or workspace that pays
-- payer                   its id in the application
-- state                   JSON, NULL if it was not read yet
-- read_at                 time at which the state was read, 0 if it was not read yet
-- marked_at               time at which it last changed at Polar, 0 if never
-- version                 number that increases with each change at Polar
-- state_version           version of the state, which is outdated if it is not the version
-- polar_customer_payer    Polar's ids of the customers to whom it assigned purchases of a payer
-- polar_order_assignment  orders that the merchant has assigned to a payer
-- Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE polar_customer_state (
	payer VARCHAR(200) NOT NULL,
	state CHARACTER LARGE OBJECT,
	read_at BIGINT NOT NULL,
	marked_at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	state_version BIGINT NOT NULL,
	CONSTRAINT polar_customer_state_pk PRIMARY KEY (payer)
);

CREATE INDEX polar_customer_state_marked ON polar_customer_state (marked_at);

CREATE TABLE polar_customer_payer (
	customer_id VARCHAR(36) NOT NULL,
	payer VARCHAR(200) NOT NULL,
	CONSTRAINT polar_customer_payer_pk PRIMARY KEY (customer_id, payer)
);

CREATE INDEX polar_customer_payer_payer ON polar_customer_payer (payer);

CREATE TABLE polar_order_assignment (
	order_id VARCHAR(36) NOT NULL,
	payer VARCHAR(200) NOT NULL,
	assigned_at BIGINT NOT NULL,
	CONSTRAINT polar_order_assignment_pk PRIMARY KEY (order_id)
);

CREATE INDEX polar_order_assignment_payer ON polar_order_assignment (payer);
