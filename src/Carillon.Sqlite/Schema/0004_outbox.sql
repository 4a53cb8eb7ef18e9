-- The log of messages that another transport is to carry: the same as carillon_messages, for the relays of services.
CREATE TABLE carillon_outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    partition INTEGER NOT NULL CHECK (typeof(partition) = 'integer' AND partition >= 0),
    recorded INTEGER,
    topic TEXT,
    kind INTEGER,
    destination TEXT,
    id TEXT,
    source TEXT,
    type TEXT,
    version INTEGER,
    key TEXT,
    priority INTEGER,
    subject TEXT,
    time TEXT,
    expiry TEXT,
    content_type TEXT,
    correlation_id TEXT,
    causation_id TEXT,
    trace_parent TEXT,
    trace_state TEXT,
    headers TEXT,
    defect_code TEXT,
    defect_detail TEXT,
    body BLOB
);

CREATE INDEX carillon_outbox_source ON carillon_outbox (source, partition, position);

-- Which log a subscription reads: 0 is carillon_messages, 1 is carillon_outbox.
ALTER TABLE carillon_subscriptions ADD COLUMN log INTEGER NOT NULL DEFAULT 0;

-- Messages that are to be published later. A due one moves into its log in one transaction; one that cannot keeps its reason and gets a later time.
-- Of one source and id ("identity" is both, shortened where no index would hold them), one message waits: a publisher that does not know whether it succeeded schedules it again.
CREATE TABLE carillon_scheduled (
    scheduled INTEGER PRIMARY KEY AUTOINCREMENT,
    due INTEGER NOT NULL,
    log INTEGER NOT NULL,
    reason TEXT,
    identity TEXT,
    topic TEXT,
    kind INTEGER,
    destination TEXT,
    id TEXT,
    source TEXT,
    type TEXT,
    version INTEGER,
    key TEXT,
    priority INTEGER,
    subject TEXT,
    time TEXT,
    expiry TEXT,
    content_type TEXT,
    correlation_id TEXT,
    causation_id TEXT,
    trace_parent TEXT,
    trace_state TEXT,
    headers TEXT,
    defect_code TEXT,
    defect_detail TEXT,
    body BLOB
);

CREATE INDEX carillon_scheduled_due ON carillon_scheduled (due, scheduled);
CREATE UNIQUE INDEX carillon_scheduled_message ON carillon_scheduled (identity);
