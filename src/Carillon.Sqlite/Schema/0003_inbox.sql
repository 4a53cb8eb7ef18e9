-- The messages that subscriptions have handled exactly once. The mark is committed with the handler's own rows.
CREATE TABLE carillon_inbox (
    subscription TEXT NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    handled INTEGER NOT NULL
);

CREATE UNIQUE INDEX carillon_inbox_message ON carillon_inbox (subscription, source, id);
CREATE INDEX carillon_inbox_handled ON carillon_inbox (handled);
