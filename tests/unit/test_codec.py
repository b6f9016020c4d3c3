"""What was kept is what is read, today's and that of programs before."""

import contextlib
import json
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching import Point, Reviewer, Summary, Transcript, Unscorable, Word
from bot.interview import Finished, Interview, Unscored
from bot.problems import Fault
from storage.codec import decode, decode_why, encode, encode_why
from tests.strategies import interviews, whys

# Two halves of a character that meet become the character, so only first halves are drawn.
HALVES = st.text(st.characters(codec="utf-8") | st.just("\ud83d"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([field.name for field in fields(Interview)] + ["type"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(interviews(HALVES))
def test_an_interview_is_read_as_it_was_kept_even_with_half_a_character(
    interview: Interview,
) -> None:
    text = encode(interview)
    read = decode(text, Interview)
    assert text.isascii()
    assert read == interview
    assert _types_of(read) == _types_of(interview)


def test_words_are_lists_in_whole_milliseconds() -> None:
    words = (Word("um", 0.1, 0.25, 0.98765), Word("so", 1.00049, 1.0005001, 1.0))
    text = encode(Transcript("um so", words))
    assert json.loads(text)["words"] == [["um", 100, 250, 0.988], ["so", 1000, 1001, 1.0]]
    rounded = (Word("um", 0.1, 0.25, 0.988), Word("so", 1.0, 1.001, 1.0))
    assert decode(text, Transcript).words == rounded


@given(whys)
def test_the_two_kinds_of_why_are_told_apart(why: Unscorable | Fault) -> None:
    assert type(decode_why(encode_why(why))) is type(why)
    read = decode(encode(Unscored(why)), Unscored)
    assert (read.why, type(read.why)) == (why, type(why))


def test_a_number_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode(Interview(key="c", started_at=float("nan")))


@settings(max_examples=30)
@given(interviews())
def test_what_a_later_program_added_is_ignored(interview: Interview) -> None:
    assert decode(json.dumps(_add_keys(json.loads(encode(interview)))), Interview) == interview


def test_what_an_earlier_program_did_not_have_takes_its_default() -> None:
    assert decode('{"key": "c"}', Interview) == Interview(key="c")


@given(JSON)
def test_what_is_no_interview_is_refused_as_a_value_error(value: Any) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(decode(json.dumps(value), Interview), Interview)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"key": "c", "phase": {}}',
        '{"key": "c", "phase": {"type": "Dreaming"}}',
        '{"key": "c", "phase": {"type": "Stopped", "at": "noon"}}',
        '{"key": "c", "phase": {"type": "Asking"}}',
    ],
)
def test_what_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="this is no Interview"):
        decode(text, Interview)


def test_what_was_to_change_was_once_a_text_without_a_quote() -> None:
    summary = Summary(Reviewer.COACH, "Good.", (Point("Pause.", ""), Point("Be brief.", "so so")))
    text = (
        '{"by":"coach","headline":"Good.",'
        '"changes":["Pause.",{"text":"Be brief.","quote":"so so","added":1}]}'
    )
    assert decode(text, Summary) == summary
    kept = FIRST_VERSION | {"phase": {"type": "Finished", "at": 9.0, "summary": json.loads(text)}}
    assert decode(json.dumps(kept), Interview).phase == Finished(9.0, summary)


@pytest.mark.parametrize("point", ["1", "null", "[]", "{}", '{"text":"Pause."}'])
def test_a_point_is_a_text_with_a_quote_or_once_a_text(point: str) -> None:
    with pytest.raises(ValueError, match="this is no Point"):
        decode(point, Point)


def test_interviews_kept_by_the_first_version_are_still_read() -> None:
    """To change FIRST_VERSION is to lose what people have: add a default or a migration instead."""
    for phase in FIRST_PHASES:
        kept = FIRST_VERSION | {"phase": phase}
        read = json.loads(encode(decode(json.dumps(kept), Interview)))
        assert _without_additions(read, kept) == kept


def _types_of(value: Any) -> Any:
    """The classes in a value: a text enum equals its text, and an integer a float."""
    if is_dataclass(value):
        return type(value), [_types_of(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple):
        return tuple, [_types_of(item) for item in value]
    return type(value)


def _without_additions(value: Any, first: Any) -> Any:
    """`value` with no more than the first version had: keys, and of a point its text."""
    match value, first:
        case dict(), dict():
            return {name: _without_additions(value[name], first[name]) for name in first}
        case list(), list():
            return [_without_additions(*pair) for pair in zip(value, first, strict=True)]
        case {"text": text, "quote": ""}, str():
            return text
        case _:
            return value


def _add_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _add_keys(item) for name, item in value.items()} | {"added": [1]}
    return [_add_keys(item) for item in value] if isinstance(value, list) else value


# As the first version kept them.
FIRST_PROBLEM = {"kind": "busy", "fault": None, "retry_after": 2.5, "detail": "429"}
FIRST_SOUND = {
    "seconds": 9.5,
    "speaking": 8.0,
    "start_delay": 0.5,
    "pauses": [{"start": 3.0, "end": 4.0}],
    "clipped": 0.0,
}
FIRST_JOB = {"ticket": 3, "job": "j1", "sound": FIRST_SOUND, "attempt": 1}
FIRST_HEARINGS = [
    {"type": "Recorded", "ticket": 2, "attempt": 0},
    {"type": "Queued"} | FIRST_JOB,
    {
        "type": "Heard",
        "transcript": {
            "text": "Um so",
            "words": [["Um", 100, 250, 0.988], ["so", 1000, 1001, 1.0]],
            "confidence": 0.9,
            "language": "en",
            "verbatim": True,
        },
        "sound": FIRST_SOUND,
    },
    {"type": "Unheard", "fault": "silent"},
    {
        "type": "HearingStuck",
        "problem": FIRST_PROBLEM,
        "before": {"type": "Queued"} | FIRST_JOB,
        "until": 1.5,
    },
]
FIRST_SCORED = {
    "by": "coach",
    "scores": [{"dimension": "clarity", "level": 3}],
    "strength": {"text": "Clear.", "quote": "so"},
    "fix": None,
    "star": {"situation": True, "task": False, "action": True, "result": False},
    "better": "So.",
}
FIRST_REVIEWING = {"ticket": 5, "attempt": 0}
FIRST_VERDICTS = [
    {"type": "Gathering"},
    {"type": "Reviewing"} | FIRST_REVIEWING,
    {"type": "Reviewed", "review": FIRST_SCORED, "stand_in": FIRST_PROBLEM},
    {"type": "Unscored", "why": "unscorable:too_short"},
    {"type": "Unscored", "why": "fault:too_short"},
    {"type": "ReviewStuck", "problem": FIRST_PROBLEM, "before": FIRST_REVIEWING, "until": None},
]
FIRST_SOURCES = [
    {"type": "VoiceNote", "ref": "file-1", "seconds": 9.0},
    {"type": "TypedText", "text": "So"},
]
FIRST_PHASES = [
    {"type": "Idle"},
    {
        "type": "SettingUp",
        "detail": "role",
        "card": 1,
        "reading": {"ref": "file-2", "name": "job.pdf"},
        "reading_ticket": 4,
        "fault": "no_text",
        "starts": False,
    },
    {"type": "Preparing", "ticket": 1, "stand_in": None},
    {"type": "Asking", "turn": 1, "asked": 2},
    {"type": "Summing", "ticket": 8},
    {
        "type": "Finished",
        "at": 99.5,
        "summary": {"by": "measures", "headline": "Good.", "changes": ["Pause."]},
        "stand_in": None,
    },
    {"type": "Stopped", "at": 99.5},
]
FIRST_VERSION = {
    "key": "telegram:1",
    "rev": 7,
    "person": "telegram:2",
    "session": "abc",
    "started_at": 12.5,
    "ticket": 9,
    "brief": {
        "role": "Nurse",
        "company": "",
        "seniority": "mid-level",
        "kind": "mixed",
        "count": 3,
        "description": "",
        "skills": ["triage"],
    },
    "questions": [{"id": "q1", "text": "Why?", "kind": "behavioural", "looks_for": ["reasons"]}],
    "stand_in": FIRST_PROBLEM,
    "takes": [
        {
            "turn": 0,
            "number": number,
            "answered_at": 13.5,
            "notes": [
                {"source": source, "hearing": hearing}
                for source in FIRST_SOURCES
                for hearing in FIRST_HEARINGS
            ],
            "verdict": verdict,
        }
        for number, verdict in enumerate(FIRST_VERDICTS, start=1)
    ],
    "copies": ["j1"],
}
