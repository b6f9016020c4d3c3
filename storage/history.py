"""Past sessions as rows that people can query; an answer's rows are written when it changed."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from hashlib import blake2b
from typing import TypeAlias, TypeVar

from bot.brief import Brief, Focus, Kind, Mode, Seniority
from bot.coaching import Delivery, Point, Review, Reviewer, Score, Star, Summary, Transcript, Word
from bot.history import AnswerRecord, Ending, SessionLine, SessionRecord
from bot.questions import Question, QuestionKind
from storage.codec import decode, decode_why, encode, encode_why
from storage.rows import Row, insert, marks, storable

A = TypeVar("A")
B = TypeVar("B")
Place: TypeAlias = tuple[int, int]  # turn and take

_LINES = """
    SELECT session, role, company, started_at, ending, (
        SELECT count(DISTINCT turn) FROM answer
        WHERE answer.conversation = session.conversation AND answer.session = session.session
    ) AS answered
    FROM session WHERE person IN ({persons}) ORDER BY started_at DESC, rowid DESC LIMIT ? OFFSET ?
"""
_SESSION_OF_PERSON = "SELECT * FROM session WHERE person = ? AND session = ?"
_SESSION = "SELECT * FROM session WHERE conversation = ? AND session = ?"
_DIGESTS = "SELECT turn, take, digest FROM answer WHERE conversation = ? AND session = ?"
_ANSWERS = "SELECT * FROM answer WHERE conversation = ? AND session = ? ORDER BY turn, take"
_TRANSCRIPTS = (
    "SELECT * FROM transcript WHERE conversation = ? AND session = ? ORDER BY turn, take, position"
)
_REVIEWS = "SELECT * FROM review WHERE conversation = ? AND session = ?"
_SCORES = "SELECT * FROM score WHERE conversation = ? AND session = ? ORDER BY turn, take, position"
_DELETE = "DELETE FROM answer WHERE conversation = ? AND session = ? AND turn = ? AND take = ?"


def lines(
    connection: sqlite3.Connection, persons: tuple[str, ...], limit: int, offset: int
) -> tuple[SessionLine, ...]:
    query = _LINES.format(persons=marks(persons))
    return tuple(
        SessionLine(**{**row, "ending": Ending(row["ending"])})
        for row in connection.execute(query, (*persons, limit, offset))
    )


def read(connection: sqlite3.Connection, person: str, session: str) -> SessionRecord | None:
    """All of one moment when the caller holds a transaction."""
    row = connection.execute(_SESSION_OF_PERSON, (person, session)).fetchone()
    if row is None:
        return None
    key = (row["conversation"], session)
    transcripts = _by_place(connection.execute(_TRANSCRIPTS, key))
    reviews = _by_place(connection.execute(_REVIEWS, key))
    scores = _by_place(connection.execute(_SCORES, key))
    answers = (
        _answer_of(answer, transcripts[place], reviews[place], scores[place])
        for place, [answer] in _by_place(connection.execute(_ANSWERS, key)).items()
    )
    return _session_of(row, tuple(answers))


def keep(connection: sqlite3.Connection, record: SessionRecord) -> None:
    """Make the session's rows say what `record` says."""
    key = (record.conversation, record.session)
    session = storable(_session_row(record))
    kept = connection.execute(_SESSION, key).fetchone()
    if kept is None or dict(kept) != session:
        _upsert_session(connection, session)
    answers = {
        (answer.turn, answer.take): _answer_rows(record, answer) for answer in record.answers
    }
    digests = {place: _digest(rows) for place, rows in answers.items()}
    kept_digests = {(turn, take): old for turn, take, old in connection.execute(_DIGESTS, key)}
    for place, old in kept_digests.items():
        if digests.get(place) != old:
            connection.execute(_DELETE, (*key, *place))
    for place, digest in digests.items():
        if kept_digests.get(place) != digest:
            (table, answer), *parts = answers[place]
            insert(connection, table, {**answer, "digest": digest})
            for table, row in parts:
                insert(connection, table, row)


def _session_row(record: SessionRecord) -> Row:
    brief = record.brief
    return {
        "conversation": record.conversation,
        "session": record.session,
        "person": record.person,
        "started_at": record.started_at,
        "ending": record.ending,
        "role": brief.role,
        "company": brief.company,
        "seniority": brief.seniority,
        "kind": brief.kind,
        "count": brief.count,
        "description": brief.description,
        "skills": encode(brief.skills),
        "mode": brief.mode,
        "follow_ups": brief.follow_ups,
        "rate_first": brief.rate_first,
        "cv": brief.cv,
        "practise": brief.practise,
        "focus": _maybe(encode, record.focus),
        "summary": _maybe(encode, record.summary),
    }


def _session_of(row: sqlite3.Row, answers: tuple[AnswerRecord, ...]) -> SessionRecord:
    brief = Brief(
        role=row["role"],
        company=row["company"],
        seniority=_maybe(Seniority, row["seniority"]),
        kind=Kind(row["kind"]),
        count=row["count"],
        description=row["description"],
        skills=decode(row["skills"], tuple[str, ...]),
        mode=Mode(row["mode"]),
        follow_ups=bool(row["follow_ups"]),
        rate_first=bool(row["rate_first"]),
        cv=row["cv"],
        practise=row["practise"],
    )
    return SessionRecord(
        session=row["session"],
        person=row["person"],
        conversation=row["conversation"],
        brief=brief,
        started_at=row["started_at"],
        ending=Ending(row["ending"]),
        summary=_maybe(_decoder(Summary), row["summary"]),
        answers=answers,
        focus=_maybe(_decoder(Focus), row["focus"]),
    )


def _answer_rows(record: SessionRecord, answer: AnswerRecord) -> list[tuple[str, Row]]:
    """The answer's row, then those of its parts, each with its table."""
    place = {
        "conversation": record.conversation,
        "session": record.session,
        "turn": answer.turn,
        "take": answer.take,
    }
    rows = [("answer", {**place, **_answer_row(answer)})]
    for position, transcript in enumerate(answer.transcripts):
        row = {**place, "position": position, **_transcript_row(transcript)}
        rows.append(("transcript", row))
    if answer.review is not None:
        rows.append(("review", {**place, **_review_row(answer.review)}))
        for position, score in enumerate(answer.review.scores):
            row = {"position": position, "dimension": score.dimension, "level": score.level}
            rows.append(("score", {**place, **row}))
    return rows


def _answer_row(answer: AnswerRecord) -> Row:
    question, delivery = answer.question, answer.delivery
    return {
        "question_id": question.id,
        "question": question.text,
        "question_kind": question.kind,
        "looks_for": encode(question.looks_for),
        "follows": question.follows,
        "answered_at": answer.answered_at,
        "notes": encode(answer.notes),
        "text": answer.text,
        "unscored": None if answer.unscored is None else encode_why(answer.unscored),
        "number": answer.number,
        "corrected": answer.corrected,
        "rating": answer.rating,
        "late": answer.late,
        "unscored_quote": answer.unscored_quote,
        **{name: getattr(delivery, name, None) for name in _DELIVERY},
    }


def _answer_of(
    row: sqlite3.Row,
    transcripts: list[sqlite3.Row],
    reviews: list[sqlite3.Row],
    scores: list[sqlite3.Row],
) -> AnswerRecord:
    question = Question(
        id=row["question_id"],
        text=row["question"],
        kind=QuestionKind(row["question_kind"]),
        looks_for=decode(row["looks_for"], tuple[str, ...]),
        follows=bool(row["follows"]),
    )
    return AnswerRecord(
        turn=row["turn"],
        take=row["take"],
        question=question,
        answered_at=row["answered_at"],
        notes=decode(row["notes"], tuple[str, ...]),
        text=row["text"],
        transcripts=tuple(_transcript_of(transcript) for transcript in transcripts),
        delivery=delivery_of(row),
        review=_review_of(reviews[0], scores) if reviews else None,
        unscored=_maybe(decode_why, row["unscored"]),
        number=row["number"],
        corrected=bool(row["corrected"]),
        rating=row["rating"],
        late=row["late"],
        unscored_quote=row["unscored_quote"],
    )


_DELIVERY = tuple(field.name for field in fields(Delivery))  # each is a column


def delivery_of(row: sqlite3.Row) -> Delivery | None:
    """Of a row of `answer`."""
    if row["seconds"] is None:
        return None
    return Delivery(**{**{name: row[name] for name in _DELIVERY}, "clipped": bool(row["clipped"])})


def _transcript_row(transcript: Transcript) -> Row:
    return {
        "text": transcript.text,
        "language": transcript.language,
        "confidence": transcript.confidence,
        "verbatim": transcript.verbatim,
        "words": encode(transcript.words),
    }


def _transcript_of(row: sqlite3.Row) -> Transcript:
    return Transcript(
        text=row["text"],
        words=decode(row["words"], tuple[Word, ...]),
        confidence=row["confidence"],
        language=row["language"],
        verbatim=bool(row["verbatim"]),
    )


def _review_row(review: Review) -> Row:
    return {
        "reviewer": review.by,
        "strength": _maybe(encode, review.strength),
        "fix": _maybe(encode, review.fix),
        "star": _maybe(encode, review.star),
        "better": review.better,
        "off_topic": _maybe(encode, review.off_topic),
        "follow_up": review.follow_up,
    }


def _review_of(row: sqlite3.Row, scores: list[sqlite3.Row]) -> Review:
    return Review(
        by=Reviewer(row["reviewer"]),
        scores=tuple(Score(score["dimension"], score["level"]) for score in scores),
        strength=_maybe(_decoder(Point), row["strength"]),
        fix=_maybe(_decoder(Point), row["fix"]),
        star=_maybe(_decoder(Star), row["star"]),
        better=row["better"],
        off_topic=_maybe(_decoder(Point), row["off_topic"]),
        follow_up=row["follow_up"],
    )


def _maybe(function: Callable[[A], B], value: A | None) -> B | None:
    return None if value is None else function(value)


def _decoder(shape: type[A]) -> Callable[[str], A]:
    return lambda text: decode(text, shape)


def _by_place(rows: Iterable[sqlite3.Row]) -> Mapping[Place, list[sqlite3.Row]]:
    grouped = defaultdict(list)
    for row in rows:
        grouped[row["turn"], row["take"]].append(row)
    return grouped


def _digest(rows: list[tuple[str, Row]]) -> bytes:
    return blake2b(json.dumps(rows).encode(), digest_size=16).digest()


def _upsert_session(connection: sqlite3.Connection, row: Row) -> None:
    columns = ", ".join(f"{column} = excluded.{column}" for column in row)
    insert(connection, "session", row, f"ON CONFLICT DO UPDATE SET {columns}")
