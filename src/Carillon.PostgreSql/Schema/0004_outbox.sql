-- What units of work published for a transport that is not this database: committed here with the rest, sent from here, and then removed.
-- The order of positions within a partition is the order of commits, as in carillon_messages.
CREATE TABLE carillon_outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition bigint NOT NULL CHECK (partition >= 0),
    transaction_id xid8 DEFAULT pg_current_xact_id(),
    recorded bigint,
    topic text,
    kind bigint,
    destination text,
    id text,
    source text,
    type text,
    version bigint,
    key text,
    priority bigint,
    subject text,
    time text,
    expiry text,
    content_type text,
    correlation_id text,
    causation_id text,
    trace_parent text,
    trace_state text,
    headers text,
    defect_code text,
    defect_detail text,
    body bytea
);

CREATE UNIQUE INDEX carillon_outbox_order ON carillon_outbox (partition, position);

-- What is to be published at a later time: moved into the log when it is due, or into the outbox where "outbox" is 1.
-- An id may occur twice, because a publisher that does not know whether it succeeded publishes again.
CREATE TABLE carillon_scheduled (
    scheduled bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    due bigint NOT NULL,
    partition bigint,
    outbox bigint NOT NULL,
    topic text,
    kind bigint,
    destination text,
    id text COLLATE "C",
    source text COLLATE "C",
    type text,
    version bigint,
    key text,
    priority bigint,
    subject text,
    time text,
    expiry text,
    content_type text,
    correlation_id text,
    causation_id text,
    trace_parent text,
    trace_state text,
    headers text,
    defect_code text,
    defect_detail text,
    body bytea
);

CREATE INDEX carillon_scheduled_due ON carillon_scheduled (due, scheduled);
CREATE INDEX carillon_scheduled_message ON carillon_scheduled (source, id);
