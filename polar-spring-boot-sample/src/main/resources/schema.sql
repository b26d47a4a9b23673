-- What the customers have, in an H2 in memory: the shop forgets it when it stops. The inbox for webhooks brings its own
-- tables.

CREATE TABLE purchase (
	order_id UUID PRIMARY KEY,
	customer VARCHAR(100) NOT NULL,
	product VARCHAR(200) NOT NULL,
	amount BIGINT NOT NULL,
	refunded BIGINT NOT NULL
);

CREATE TABLE subscription (
	id UUID PRIMARY KEY,
	customer VARCHAR(100) NOT NULL,
	product VARCHAR(200) NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE,
	ended BOOLEAN NOT NULL,
	modified_at TIMESTAMP WITH TIME ZONE NOT NULL
);
