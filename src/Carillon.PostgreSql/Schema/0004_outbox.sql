-- What units of work published for a transport that is not this database: committed here with the rest, sent from here, and then removed.
-- The order of positions within a partition is the order of commits, as in carillon_messages.
CREATE TABLE carillon_outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition bigint NOT NULL CHECK (partition >= 0),
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
CREATE INDEX carillon_outbox_source ON carillon_outbox (source, partition, position);

-- What is to be published at a later time: moved into its log ("log": 0 is carillon_messages, 1 is carillon_outbox) when it is due; one that cannot keeps its reason and gets a later time.
-- Of one source and id ("identity" is both, shortened where no index would hold them), one message waits: a publisher that does not know whether it succeeded schedules it again.
CREATE TABLE carillon_scheduled (
    scheduled bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    due bigint NOT NULL,
    log bigint NOT NULL,
    reason text,
    identity text COLLATE "C",
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

CREATE INDEX carillon_scheduled_due ON carillon_scheduled (due, scheduled);
CREATE UNIQUE INDEX carillon_scheduled_message ON carillon_scheduled (identity);
