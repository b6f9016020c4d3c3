-- What the engine runs on.

PRAGMA application_id = 0x50727341; -- "PrsA"

CREATE TABLE interview (
    conversation TEXT NOT NULL PRIMARY KEY,
    rev INTEGER NOT NULL,
    unfinished INTEGER NOT NULL,
    screen TEXT, -- what it should show, by the digest that `shown` has of what it does
    value TEXT NOT NULL
) STRICT;

CREATE INDEX interview_unfinished ON interview (unfinished, conversation);

-- Events that have been taken in; `rev` is the interview's that came of it.
CREATE TABLE seen (
    conversation TEXT NOT NULL,
    event_id TEXT NOT NULL,
    rev INTEGER NOT NULL,
    PRIMARY KEY (conversation, event_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX seen_age ON seen (conversation, rev);

CREATE TABLE shown (
    conversation TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    ref TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;
