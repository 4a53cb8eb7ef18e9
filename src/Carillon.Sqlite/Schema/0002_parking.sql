-- Who may set messages of a partition aside: the owner with the last epoch. "fence" is the transport's, where it has one.
CREATE TABLE carillon_parking (
    subscription TEXT NOT NULL,
    partition TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    fence INTEGER,
    PRIMARY KEY (subscription, partition)
) WITHOUT ROWID;

-- Which messages are being handled in partitions whose owner before may have died, and which owners have begun with each. It is mostly empty.
CREATE TABLE carillon_starts (
    subscription TEXT NOT NULL,
    partition TEXT NOT NULL,
    identity TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (subscription, partition, identity, epoch)
) WITHOUT ROWID;

-- The number of the last replay: owners hear by it of what people have replayed.
CREATE TABLE carillon_replays (
    subscription TEXT NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) WITHOUT ROWID;

-- What subscriptions have set aside. "state" is 0 for what waits for its time, 1 for a dead letter, 2 for a dead letter that is tried again by itself.
-- "head" is 1 for the first message of a key that holds others back ("blocks"), and for whatever waits for nothing but its time. "claimed" is 1 while the owner has it.
-- It is due at "due", or when the clock shows that it went back behind "since". "identity" keeps a message from being parked twice; it is null where
-- nothing identifies the message. "replayed" is the number of its last replay. An index holds no text of any length: where a key, a code or an identity is long, its beginning
-- and a hash stand in its place, and "long_key" is the whole key then.
CREATE TABLE carillon_parked (
    parked INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    identity TEXT,
    partition TEXT NOT NULL,
    position INTEGER NOT NULL,
    state INTEGER NOT NULL,
    due INTEGER NOT NULL,
    since INTEGER NOT NULL,
    blocks INTEGER NOT NULL,
    head INTEGER NOT NULL,
    claimed INTEGER NOT NULL,
    parked_at INTEGER NOT NULL,
    code TEXT,
    reason TEXT,
    attempts TEXT,
    rounds INTEGER NOT NULL,
    replayed INTEGER,
    topic TEXT,
    kind INTEGER,
    destination TEXT,
    id TEXT,
    source TEXT,
    type TEXT,
    version INTEGER,
    key TEXT,
    long_key TEXT,
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
CREATE INDEX carillon_parked_order ON carillon_parked (subscription, partition, key, position, parked, state) WHERE blocks = 1;
CREATE INDEX carillon_parked_heads ON carillon_parked (subscription, partition, key) WHERE head = 1 AND blocks = 1;
CREATE INDEX carillon_parked_due ON carillon_parked (subscription, partition, due, parked) WHERE head = 1 AND claimed = 0 AND state <> 1;
CREATE INDEX carillon_parked_since ON carillon_parked (subscription, partition, since) WHERE head = 1 AND claimed = 0 AND state <> 1;
CREATE INDEX carillon_parked_unhandled ON carillon_parked (subscription, partition) WHERE state = 0 AND blocks = 0;
CREATE INDEX carillon_parked_claims ON carillon_parked (subscription, partition) WHERE claimed = 1;
CREATE INDEX carillon_parked_replays ON carillon_parked (subscription, replayed) WHERE replayed IS NOT NULL;
CREATE INDEX carillon_parked_dead ON carillon_parked (parked) WHERE state <> 0;
CREATE INDEX carillon_parked_listed ON carillon_parked (subscription, parked) WHERE state <> 0;
CREATE INDEX carillon_parked_codes ON carillon_parked (subscription, code, parked) WHERE state <> 0;
