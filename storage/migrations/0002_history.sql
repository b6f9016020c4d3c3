-- What people read again and ask questions about. Times are seconds since 1970, UTC; durations
-- are seconds. One row of `answer` is one take at one question.

CREATE TABLE session (
    conversation TEXT NOT NULL,
    session TEXT NOT NULL,
    person TEXT NOT NULL,
    started_at REAL NOT NULL,
    ending TEXT NOT NULL,
    role TEXT NOT NULL,
    company TEXT NOT NULL,
    seniority TEXT,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    description TEXT NOT NULL,
    skills TEXT NOT NULL,
    summary TEXT,
    PRIMARY KEY (conversation, session)
) STRICT;

CREATE INDEX session_of_person ON session (person, started_at);

CREATE TABLE answer (
    conversation TEXT NOT NULL,
    session TEXT NOT NULL,
    turn INTEGER NOT NULL,
    take INTEGER NOT NULL,
    question_id TEXT NOT NULL,
    question TEXT NOT NULL,
    question_kind TEXT NOT NULL,
    looks_for TEXT NOT NULL,
    answered_at REAL NOT NULL,
    notes TEXT NOT NULL,
    text TEXT NOT NULL,
    seconds REAL,
    speaking REAL,
    pauses INTEGER,
    longest_pause REAL,
    clipped INTEGER,
    words_per_minute REAL,
    fillers INTEGER,
    unscored TEXT,
    digest BLOB NOT NULL,
    PRIMARY KEY (conversation, session, turn, take),
    FOREIGN KEY (conversation, session) REFERENCES session ON DELETE CASCADE
) STRICT;

CREATE TABLE transcript (
    conversation TEXT NOT NULL,
    session TEXT NOT NULL,
    turn INTEGER NOT NULL,
    take INTEGER NOT NULL,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    confidence REAL,
    verbatim INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (conversation, session, turn, take, position),
    FOREIGN KEY (conversation, session, turn, take) REFERENCES answer ON DELETE CASCADE
) STRICT;

CREATE TABLE review (
    conversation TEXT NOT NULL,
    session TEXT NOT NULL,
    turn INTEGER NOT NULL,
    take INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    strength TEXT,
    fix TEXT,
    star TEXT,
    better TEXT NOT NULL,
    PRIMARY KEY (conversation, session, turn, take),
    FOREIGN KEY (conversation, session, turn, take) REFERENCES answer ON DELETE CASCADE
) STRICT;

CREATE TABLE score (
    conversation TEXT NOT NULL,
    session TEXT NOT NULL,
    turn INTEGER NOT NULL,
    take INTEGER NOT NULL,
    position INTEGER NOT NULL,
    dimension TEXT NOT NULL,
    level INTEGER NOT NULL,
    PRIMARY KEY (conversation, session, turn, take, position),
    FOREIGN KEY (conversation, session, turn, take) REFERENCES review ON DELETE CASCADE
) STRICT;
