-- What subscriptions have set aside. "waiting" is 1 while something before it of the same partition and key holds it back;
-- "position" is -1 where the transport has none.
-- "identity" keeps a message from being parked twice; it is null where nothing identifies the message.
CREATE TABLE carillon_parked (
    parked bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription text COLLATE "C" NOT NULL,
    identity text COLLATE "C",
    partition text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    state bigint NOT NULL,
    due bigint NOT NULL,
    blocks bigint NOT NULL,
    waiting bigint NOT NULL,
    parked_at bigint NOT NULL,
    code text,
    reason text,
    attempts text,
    claim bigint,
    claim_owner text,
    claim_process text,
    claim_until bigint,
    topic text,
    kind bigint,
    destination text,
    id text,
    source text,
    type text,
    version bigint,
    key text COLLATE "C",
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

CREATE UNIQUE INDEX carillon_parked_identity ON carillon_parked (subscription, identity);
CREATE INDEX carillon_parked_order ON carillon_parked (subscription, partition, key, position, parked);
CREATE INDEX carillon_parked_heads ON carillon_parked (subscription, partition, key, position, parked) WHERE waiting = 0;
CREATE INDEX carillon_parked_due ON carillon_parked (subscription, due, parked) WHERE state = 0 AND waiting = 0;
CREATE INDEX carillon_parked_claims ON carillon_parked (subscription, claim_until) WHERE claim_until IS NOT NULL;
CREATE INDEX carillon_parked_dead ON carillon_parked (state, parked) WHERE state = 1;
CREATE INDEX carillon_parked_unhandled ON carillon_parked (subscription, partition) WHERE state = 0 AND blocks = 0;
