-- Every question that was put to somebody, where it was put last: `turn` of the interview that
-- started at `asked_at`. Of sessions of before, those with an answer are known.

CREATE TABLE asked (
    person TEXT NOT NULL,
    question_id TEXT NOT NULL,
    question TEXT NOT NULL,
    asked_at REAL NOT NULL,
    turn INTEGER NOT NULL,
    PRIMARY KEY (person, question_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX asked_latest ON asked (person, asked_at);

INSERT INTO asked (person, question_id, question, asked_at, turn)
SELECT person, question_id, question, max(started_at), turn
FROM session JOIN answer USING (conversation, session)
GROUP BY person, question_id;
