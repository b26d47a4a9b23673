CREATE TABLE IF NOT EXISTS plan (
	code VARCHAR(20) PRIMARY KEY,
	product_id UUID NOT NULL UNIQUE,
	level INT NOT NULL,
	monthly_summaries INT NOT NULL
);

MERGE INTO plan VALUES ('pro', '7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90', 1, 3);
MERGE INTO plan VALUES ('team', 'c2b8e6f4-9d57-4f2c-b1a3-8e4f7a6d0e25', 2, 5);

CREATE TABLE IF NOT EXISTS subscription (
	id UUID PRIMARY KEY,
	username VARCHAR(100) NOT NULL,
	customer_id UUID NOT NULL,
	plan_code VARCHAR(20) NOT NULL REFERENCES plan,
	status VARCHAR(30) NOT NULL,
	updated_at TIMESTAMP(9) WITH TIME ZONE NOT NULL
);

CREATE INDEX IF NOT EXISTS subscription_username ON subscription (username);

CREATE TABLE IF NOT EXISTS webhook_event (
	id VARCHAR(100) PRIMARY KEY,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL
);
