-- The messages that subscriptions have handled exactly once. The mark is committed with the handler's own rows.
CREATE TABLE carillon_inbox (
    subscription text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    body_hash bytea NOT NULL,
    handled bigint NOT NULL
);

CREATE UNIQUE INDEX carillon_inbox_message ON carillon_inbox (subscription, source, id);
CREATE INDEX carillon_inbox_handled ON carillon_inbox (handled);
