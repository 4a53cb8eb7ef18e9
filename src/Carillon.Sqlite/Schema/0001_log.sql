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

-- The generation grows whenever instances or leases of the subscription change hands.
CREATE TABLE carillon_subscriptions (
    subscription INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    topics TEXT NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL
);

CREATE TABLE carillon_commands (
    topic TEXT PRIMARY KEY,
    subscription INTEGER NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE
) WITHOUT ROWID;

-- The running receivers of a subscription. One that is not renewed before it expires has lost its leases.
CREATE TABLE carillon_instances (
    instance TEXT PRIMARY KEY,
    subscription INTEGER NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE,
    process TEXT NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID;

-- Who reads a partition for a subscription, and up to where everything is finished. The fence grows with every change of owner.
CREATE TABLE carillon_leases (
    subscription INTEGER NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE,
    partition INTEGER NOT NULL,
    owner TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    cursor INTEGER NOT NULL,
    PRIMARY KEY (subscription, partition)
) WITHOUT ROWID;
