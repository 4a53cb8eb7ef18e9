-- One row: what was decided when the tables were created.
CREATE TABLE carillon_database (
    one bigint PRIMARY KEY CHECK (one = 1),
    partitions bigint NOT NULL,
    created bigint NOT NULL
);

-- The log. Who appends to a partition holds its lock until the commit, so within a partition the order of positions is the order of
-- commits. Over several partitions it is not: what reads all of them waits until nobody is between an append and its commit.
-- Columns are left without constraints on purpose: whatever stands here is delivered, as a dead letter if need be.
CREATE TABLE carillon_messages (
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

CREATE UNIQUE INDEX carillon_messages_order ON carillon_messages (partition, position);

-- "log" says which one a subscription reads: 0 is carillon_messages, 1 is carillon_outbox, where "source" is the source
-- that a relay takes. The generation grows whenever instances or leases of the subscription change hands, and "topology" whenever its topics change.
-- Texts that are looked up compare by their bytes, so that no index depends on the locale of the operating system.
CREATE TABLE carillon_subscriptions (
    subscription bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    service text NOT NULL,
    source text,
    generation bigint NOT NULL DEFAULT 0,
    topology bigint NOT NULL DEFAULT 0,
    created bigint NOT NULL,
    log bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

CREATE TABLE carillon_commands (
    topic text COLLATE "C" PRIMARY KEY,
    subscription bigint NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE
);

CREATE INDEX carillon_commands_subscription ON carillon_commands (subscription);

-- What belongs to a subscription, whichever version of its service has asked for it: 0 a pattern of topics of events, 1 a topic of commands, 2 a
-- type and topic of which a message was met while an instance ran that does not handle it. "declared" is when a running instance last said so.
CREATE TABLE carillon_declarations (
    subscription bigint NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE,
    kind bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    declared bigint NOT NULL,
    PRIMARY KEY (subscription, kind, name)
) WITH (fillfactor = 70);

-- The running receivers of a subscription, and what each can handle. "lease" is how long one keeps its partitions without being heard of, in the units of "expires"; the
-- others take it for dead when they have seen its "expires" stand still, not by the clock alone. "departing" is 1 when it
-- has stopped and keeps leases of which messages were still being handled: it takes no part any more, and they are free a lease time later.
-- "gone" is set when it has stopped or is taken for dead: 0, and then the time at which another one took note. The row stays a while, so that the others know
-- what it could handle.
CREATE TABLE carillon_instances (
    instance text COLLATE "C" PRIMARY KEY,
    subscription bigint NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE,
    process text COLLATE "C" NOT NULL,
    expires bigint NOT NULL,
    lease bigint NOT NULL,
    handles text NOT NULL,
    application text NOT NULL,
    version text NOT NULL,
    departing bigint NOT NULL DEFAULT 0,
    gone bigint
) WITH (fillfactor = 70);

CREATE INDEX carillon_instances_subscription ON carillon_instances (subscription);

-- Who reads a partition for a subscription, and up to where everything is finished. The fence grows with every change of owner.
-- "wanted" is the type and topic of the next message where the last owner stopped before one that it cannot handle; "unclean" is -1
-- when it did not give the partition back: it may have died in the middle of something. While a later owner goes through what that may have been, it
-- is one more than the last of those positions, and 0 when nothing is left of them. "finished" are the positions beyond the cursor
-- that an owner had finished when it gave the partition back.
-- Pages keep room, so that moving a cursor touches no index.
CREATE TABLE carillon_leases (
    subscription bigint NOT NULL REFERENCES carillon_subscriptions (subscription) ON DELETE CASCADE,
    partition bigint NOT NULL,
    owner text COLLATE "C",
    fence bigint NOT NULL DEFAULT 0,
    cursor bigint NOT NULL,
    wanted text,
    finished text,
    unclean bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (subscription, partition)
) WITH (fillfactor = 70);
