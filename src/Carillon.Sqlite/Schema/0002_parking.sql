-- What subscriptions have set aside. "waiting" is 1 while something before it of the same partition and key holds it back;
-- "position" is -1 where the transport has none.
-- "identity" keeps a message from being parked twice; it is null where nothing identifies the message.
CREATE TABLE carillon_parked (
    parked INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    identity TEXT,
    partition TEXT NOT NULL,
    position INTEGER NOT NULL,
    state INTEGER NOT NULL,
    due INTEGER NOT NULL,
    blocks INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    parked_at INTEGER NOT NULL,
    code TEXT,
    reason TEXT,
    attempts TEXT,
    claim INTEGER,
    claim_owner TEXT,
    claim_process TEXT,
    claim_until INTEGER,
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

CREATE UNIQUE INDEX carillon_parked_identity ON carillon_parked (subscription, identity);
CREATE INDEX carillon_parked_order ON carillon_parked (subscription, partition, key, position, parked);
CREATE INDEX carillon_parked_heads ON carillon_parked (subscription, partition, key, position, parked) WHERE waiting = 0;
CREATE INDEX carillon_parked_due ON carillon_parked (subscription, due, parked) WHERE state = 0 AND waiting = 0;
CREATE INDEX carillon_parked_claims ON carillon_parked (subscription, key, claim_until) WHERE claim_until IS NOT NULL;
CREATE INDEX carillon_parked_dead ON carillon_parked (state, parked) WHERE state = 1;
CREATE INDEX carillon_parked_unhandled ON carillon_parked (subscription, partition) WHERE state = 0 AND blocks = 0;
