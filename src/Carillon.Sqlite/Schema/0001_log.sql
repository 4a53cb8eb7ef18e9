-- One row: what was decided when the file was created.
CREATE TABLE carillon_file (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    partitions INTEGER NOT NULL,
    created INTEGER NOT NULL
);

-- The log. A position is given inside the one write transaction, so the order of positions is the order of commits.
-- Columns are left without constraints on purpose: whatever stands here is delivered, as a dead letter if need be.
CREATE TABLE carillon_messages (
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

-- Every process that has the file open, with the name of the lock file that it holds while it lives.
CREATE TABLE carillon_processes (
    process TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    started INTEGER NOT NULL
) WITHOUT ROWID;

-- The generation grows whenever instances or leases of the subscription change hands, and "topology" whenever its topics change.
-- A relay has no topics: it takes everything from one "source".
CREATE TABLE carillon_subscriptions (
    subscription INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    source TEXT,
    generation INTEGER NOT NULL DEFAULT 0,
    topology INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL
);

CREATE TABLE carillon_commands (
    topic TEXT PRIMARY KEY,
    subscription INTEGER NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE
) WITHOUT ROWID;

-- What belongs to a subscription, whichever version of its service has asked for it: 0 a pattern of topics of events, 1 a topic of commands, 2 a
-- type and topic of which a message was met while an instance ran that does not handle it. "declared" is when a running instance last said so.
CREATE TABLE carillon_declarations (
    subscription INTEGER NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    declared INTEGER NOT NULL,
    PRIMARY KEY (subscription, kind, name)
) WITHOUT ROWID;

-- The running receivers of a subscription, and what each can handle. "lease" is how long one keeps its partitions without being heard of, in the units of "expires"; the
-- others take it for dead when they have seen its "expires" stand still, not by the clock alone. "departing" is 1 when it
-- has stopped and keeps leases of which messages were still being handled: it takes no part any more, and they are free a lease time later.
-- "gone" is set when it has stopped or is taken for dead: 0, and then the time at which another one took note. The row stays a while, so that the others know
-- what it could handle.
CREATE TABLE carillon_instances (
    instance TEXT PRIMARY KEY,
    subscription INTEGER NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE,
    process TEXT NOT NULL,
    expires INTEGER NOT NULL,
    lease INTEGER NOT NULL,
    handles TEXT NOT NULL,
    application TEXT NOT NULL,
    version TEXT NOT NULL,
    departing INTEGER NOT NULL DEFAULT 0,
    gone INTEGER
) WITHOUT ROWID;

-- Who reads a partition for a subscription, and up to where everything is finished. The fence grows with every change of owner.
-- "wanted" is the type and topic of the next message where the last owner stopped before one that it cannot handle; "unclean" is -1
-- when it did not give the partition back: it may have died in the middle of something. While a later owner goes through what that may have been, it
-- is one more than the last of those positions, and 0 when nothing is left of them. "finished" are the positions beyond the cursor
-- that an owner had finished when it gave the partition back.
CREATE TABLE carillon_leases (
    subscription INTEGER NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE,
    partition INTEGER NOT NULL,
    owner TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    cursor INTEGER NOT NULL,
    wanted TEXT,
    finished TEXT,
    unclean INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (subscription, partition)
) WITHOUT ROWID;
