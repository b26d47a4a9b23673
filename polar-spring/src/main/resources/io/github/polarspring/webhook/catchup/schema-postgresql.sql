-- Turn to catch up on missed events, one row.
--
-- owner         the run that has the turn
-- ends_at       when the turn ends if the run does not keep it
-- caught_up_to  end of the last complete run
-- Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE polar_catch_up (
	id INTEGER NOT NULL,
	owner VARCHAR(36) NOT NULL,
	ends_at BIGINT NOT NULL,
	caught_up_to BIGINT,
	CONSTRAINT polar_catch_up_pk PRIMARY KEY (id)
);
