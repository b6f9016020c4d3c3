"""Interview templates and the rubric, read from data files: a value, or what is wrong and where."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from bot.brief import QUESTION_COUNTS

GENERAL = "general"
# What the coach judges in the words of an answer, and what is counted in the sound of it.
JUDGED = ("content", "structure", "evidence", "relevance")
DELIVERY = "delivery"
DIMENSIONS = (*JUDGED, DELIVERY)
WEIGHTS = range(1, 6)
KINDS_COUNT = range(3, 9)
TITLE_LIMIT = 24
QUESTION_LIMIT = 260
SPEAKABLE_WORDS = 35
PHRASE_LIMIT = 60
ANCHOR_LIMIT = 110
WHY_LIMIT = 110
LEAST_OF_A_KIND = 3
# The general family alone can fill an interview of any kind.
LEAST_GENERAL_OF_A_KIND = max(QUESTION_COUNTS)
COMMON_IN = 4  # questions: a word found in more of them says nothing about a job

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ALIAS = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_WORD = re.compile(r"[^\W_]+")


class QuestionKind(StrEnum):
    BEHAVIOURAL = "behavioural"
    TECHNICAL = "technical"
    SITUATIONAL = "situational"


@dataclass(frozen=True, slots=True)
class Question:
    """`looks_for`: what a good answer shows, two or three short phrases.

    `follows`: it takes up what the answer to the question before it left open.
    """

    id: str
    text: str
    kind: QuestionKind
    looks_for: tuple[str, ...] = ()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Roles that are asked the same questions; `aliases` are what people call them.

    `weights` say how much each dimension counts in the overall score, from 1 to 5, and `why` says
    for what reason. `kinds` is the sequence that a mixed interview follows.
    """

    id: str
    title: str
    aliases: tuple[str, ...]
    kinds: tuple[QuestionKind, ...]
    weights: Mapping[str, int]
    why: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """`telling` are the words that set questions apart from one another."""

    families: Mapping[str, Family]
    telling: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dimension:
    """What an answer is scored on; `anchors` describe the levels from 1 to 5.

    `measured`: the level is counted by the program, and not judged by the coach.
    """

    id: str
    title: str
    anchors: tuple[str, str, str, str, str]
    measured: bool = False


def read_bank(texts: Mapping[str, str]) -> Bank:
    """The bank from the text of each file by its name; ValueError names what is wrong, and where.

    A family's id is its file's name, and the ids of its questions begin with it.
    """
    read = {name: read_family(name, texts[name]) for name in sorted(texts)}
    families = {family.id: family for family in read.values()}
    if GENERAL not in families:
        raise ValueError(f"{GENERAL}.toml: missing")
    seen: dict[str, str] = {}
    for name, family in read.items():
        aliases = [(f"{name}: alias {alias!r}", alias) for alias in family.aliases]
        asked = [
            (f"{name}: question {q.id!r}", f"? {' '.join(words_of(q.text))}")
            for q in family.questions
        ]
        for where, key in (*aliases, *asked, (f"{name}: title", f"# {family.title}")):
            if key in seen:
                raise ValueError(f"{where}: the same as {seen[key]}")
            seen[key] = where
    uses = Counter(
        word
        for family in families.values()
        for question in family.questions
        for word in vocabulary(question)
    )
    return Bank(families, frozenset(word for word, count in uses.items() if count <= COMMON_IN))


def read_family(name: str, text: str) -> Family:
    """A family from its file's text; ValueError names the file, the place and the rule.

    `data/family.schema.json` states the same rules for editors.
    """
    family_id = name.removesuffix(".toml")
    _require(name, "file name", "must be a slug", met=bool(_SLUG.fullmatch(family_id)))
    names = {"title", "aliases", "kinds", "weights", "questions"}
    table = _table(name, _parsed(name, text), names)
    aliases = _strings(name, table, "aliases", PHRASE_LIMIT)
    for alias in aliases:
        plain = bool(_ALIAS.fullmatch(alias))
        _require(name, f"alias {alias!r}", "must be lowercase words, a space between", met=plain)
    _require(name, "aliases", "must not be empty", met=bool(aliases) or family_id == GENERAL)
    where = f"{name}: weights"
    weights = _table(where, table["weights"], {*DIMENSIONS, "why"})
    questions = tuple(
        _question(f"{name}: question {number}", family_id, found)
        for number, found in enumerate(_list(name, table, "questions"), start=1)
    )
    for question_id, count in Counter(question.id for question in questions).items():
        _require(name, f"question {question_id!r}", "must be there once", met=count == 1)
    least = LEAST_GENERAL_OF_A_KIND if family_id == GENERAL else LEAST_OF_A_KIND
    kinds = Counter(question.kind for question in questions)
    for kind in QuestionKind:
        _require(name, "questions", f"must be {least} or more {kind}", met=kinds[kind] >= least)
    return Family(
        family_id,
        _string(name, table, "title", TITLE_LIMIT),
        aliases,
        _kinds(name, table),
        {dimension: _weight(where, weights, dimension) for dimension in DIMENSIONS},
        _string(where, weights, "why", WHY_LIMIT),
        questions,
    )


def read_rubric(name: str, text: str) -> tuple[Dimension, ...]:
    found = _list(name, _table(name, _parsed(name, text), {"dimensions"}), "dimensions")
    dimensions = tuple(
        _dimension(f"{name}: dimension {number}", value)
        for number, value in enumerate(found, start=1)
    )
    in_order = tuple(dimension.id for dimension in dimensions) == DIMENSIONS
    _require(name, "dimensions", f"must be {', '.join(DIMENSIONS)}", met=in_order)
    judged = tuple(dimension.id for dimension in dimensions if not dimension.measured)
    _require(name, "measured", f"must be false of {', '.join(JUDGED)} alone", met=judged == JUDGED)
    return dimensions


def words_of(text: str) -> list[str]:
    """In one form, whatever their case, width and punctuation."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def vocabulary(question: Question) -> set[str]:
    return set(words_of(" ".join((question.text, *question.looks_for))))


def _question(where: str, family_id: str, value: object) -> Question:
    table = _table(where, value, {"id", "kind", "text", "looks_for"})
    slug = _string(where, table, "id", PHRASE_LIMIT)
    where = f"{where} {slug!r}"
    _require(where, "id", "must be a slug", met=bool(_SLUG.fullmatch(slug)))
    kind = _kind(where, "kind", table["kind"])
    text = _string(where, table, "text", QUESTION_LIMIT)
    _require(where, "text", "must end in ? or .", met=text.endswith(("?", ".")))
    speakable = len(text.split()) <= SPEAKABLE_WORDS
    _require(where, "text", f"must be of {SPEAKABLE_WORDS} words at most", met=speakable)
    looks_for = _strings(where, table, "looks_for", PHRASE_LIMIT)
    _require(where, "looks_for", "must be two or three phrases", met=len(looks_for) in (2, 3))
    return Question(f"{family_id}/{slug}", text, kind, looks_for)


def _kinds(where: str, table: Mapping[str, object]) -> tuple[QuestionKind, ...]:
    kinds = tuple(_kind(where, "kinds", value) for value in _list(where, table, "kinds"))
    count = f"must be {KINDS_COUNT[0]} to {KINDS_COUNT[-1]}"
    _require(where, "kinds", count, met=len(kinds) in KINDS_COUNT)
    for kind in QuestionKind:
        _require(where, "kinds", f"must have {kind} in them", met=kind in kinds)
    return kinds


def _kind(where: str, name: str, value: object) -> QuestionKind:
    kind = _line(where, name, value, PHRASE_LIMIT)
    known = kind in set(QuestionKind)
    _require(where, name, f"must be one of {', '.join(QuestionKind)}", met=known)
    return QuestionKind(kind)


def _weight(where: str, table: Mapping[str, object], name: str) -> int:
    value = table[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in WEIGHTS:
        rule = f"must be a whole number from {WEIGHTS[0]} to {WEIGHTS[-1]}"
        raise ValueError(f"{where}: {name}: {rule}")
    return int(value)


def _dimension(where: str, value: object) -> Dimension:
    table = _table(where, value, {"id", "title", "anchors"}, {"measured"})
    match _strings(where, table, "anchors", ANCHOR_LIMIT):
        case (one, two, three, four, five):
            anchors = (one, two, three, four, five)
        case _:
            raise ValueError(f"{where}: anchors: must be five")
    measured = table.get("measured", False)
    _require(where, "measured", "must be true or false", met=isinstance(measured, bool))
    return Dimension(
        _string(where, table, "id", PHRASE_LIMIT),
        _string(where, table, "title", TITLE_LIMIT),
        anchors,
        bool(measured),
    )


def _parsed(name: str, text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from error


def _table(
    where: str,
    value: object,
    names: AbstractSet[str],
    optional: AbstractSet[str] = frozenset(),
) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{where}: must be a table")  # noqa: TRY004 - a fault of the data
    for name in sorted(names ^ (value.keys() - optional)):
        raise ValueError(f"{where}: {name}: {'missing' if name in names else 'not known'}")
    return value


def _list(where: str, table: Mapping[str, object], name: str) -> list[object]:
    value = table[name]
    if not isinstance(value, list):
        raise ValueError(f"{where}: {name}: must be a list")  # noqa: TRY004 - a fault of the data
    return value


def _strings(where: str, table: Mapping[str, object], name: str, limit: int) -> tuple[str, ...]:
    found = _list(where, table, name)
    strings = tuple(_line(where, name, value, limit) for value in found)
    _require(where, name, "must not repeat", met=len(set(strings)) == len(strings))
    return strings


def _string(where: str, table: Mapping[str, object], name: str, limit: int) -> str:
    return _line(where, name, table[name], limit)


def _line(where: str, name: str, value: object, limit: int) -> str:
    if not isinstance(value, str) or not value or value != " ".join(value.split()):
        raise ValueError(f"{where}: {name}: must be one line of text without spare spaces")
    _require(where, name, f"must be of {limit} characters at most", met=len(value) <= limit)
    return value


def _require(where: str, name: str, rule: str, *, met: bool) -> None:
    if not met:
        raise ValueError(f"{where}: {name}: {rule}")
