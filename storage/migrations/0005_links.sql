-- Persons who are the same human being share a party. Codes are kept as their hash.

CREATE TABLE linked (
    person TEXT NOT NULL PRIMARY KEY,
    party INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX linked_party ON linked (party, person);

CREATE TABLE link_code (
    person TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL,
    expires_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX link_code_hash ON link_code (hash);
CREATE INDEX link_code_expiry ON link_code (expires_at);

CREATE TABLE wrong_try (
    person TEXT NOT NULL,
    tried_at REAL NOT NULL
) STRICT;

CREATE INDEX wrong_try_of_person ON wrong_try (person);
CREATE INDEX wrong_try_age ON wrong_try (tried_at);
