-- Orders and subscriptions of the customers, in an in-memory H2 database. The tables of the webhook inbox are created
-- separately.

CREATE TABLE purchase (
	order_id UUID PRIMARY KEY,
	customer VARCHAR(100) NOT NULL,
	product VARCHAR(200) NOT NULL,
	amount BIGINT NOT NULL,
	status VARCHAR(30) NOT NULL
);

CREATE TABLE subscription (
	id UUID PRIMARY KEY,
	customer VARCHAR(100) NOT NULL,
	product VARCHAR(200) NOT NULL,
	status VARCHAR(30) NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE
);
