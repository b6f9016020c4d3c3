"""The built-in question bank and the rubric: data in package files, read once and checked."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import cycle, islice

from bot.brief import QUESTION_COUNTS, Brief, Kind

GENERAL = "general"
DIMENSIONS = ("content", "structure", "evidence", "relevance")
TITLE_LIMIT = 24
QUESTION_LIMIT = 260
SPEAKABLE_WORDS = 35
PHRASE_LIMIT = 60
ANCHOR_LIMIT = 110
LEAST_OF_A_KIND = 3
# The general family alone can fill an interview of any kind.
LEAST_GENERAL_OF_A_KIND = max(QUESTION_COUNTS)
COMMON_IN = 4  # questions: a word found in more of them says nothing about a job

_POPULAR = (
    "software-engineer",
    "data-analyst",
    "product-manager",
    "sales",
    "customer-support",
    "nurse",
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WORD = re.compile(r"[^\W_]+")


class QuestionKind(StrEnum):
    BEHAVIOURAL = "behavioural"
    TECHNICAL = "technical"
    SITUATIONAL = "situational"


# Repeated to the length of the interview; every beginning of a row keeps the row's promise.
_PATTERNS: Mapping[Kind, tuple[QuestionKind, ...]] = {
    Kind.BEHAVIOURAL: (
        QuestionKind.BEHAVIOURAL,
        QuestionKind.BEHAVIOURAL,
        QuestionKind.SITUATIONAL,
    ),
    Kind.TECHNICAL: (QuestionKind.TECHNICAL,),
    Kind.MIXED: (
        QuestionKind.BEHAVIOURAL,
        QuestionKind.TECHNICAL,
        QuestionKind.SITUATIONAL,
    ),
}


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
    """Roles that are asked the same questions; `aliases` are what people call them."""

    id: str
    title: str
    aliases: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """`telling` are the words that set questions apart from one another."""

    families: Mapping[str, Family]
    telling: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dimension:
    """What an answer is judged on; `anchors` describe the levels from 1 to 5."""

    id: str
    title: str
    anchors: tuple[str, str, str, str, str]


@cache
def bank() -> Bank:
    folder = files("bot") / "data" / "families"
    return read_bank(
        {
            file.name: file.read_text(encoding="utf-8")
            for file in folder.iterdir()
            if file.name.endswith(".toml")
        }
    )


@cache
def rubric() -> tuple[Dimension, ...]:
    file = files("bot") / "data" / "rubric.toml"
    return read_rubric(file.name, file.read_text(encoding="utf-8"))


def dimension_title(dimension_id: str) -> str:
    return next((d.title for d in rubric() if d.id == dimension_id), dimension_id)


def anchor(dimension_id: str, level: int) -> str:
    """What an answer at `level`, from 1 to 5, is like."""
    for dimension in rubric():
        if dimension.id == dimension_id and 1 <= level <= len(dimension.anchors):
            return dimension.anchors[level - 1]
    raise ValueError(f"the rubric has no level {level} of {dimension_id!r}")


def family_for(role: str) -> Family:
    """The family whose alias is the longest that stands in `role` as whole words, or `general`."""
    families = bank().families
    spaced = f" {' '.join(_words(role))} "
    found = [
        (len(alias), family)
        for family in families.values()
        for alias in family.aliases
        if f" {alias} " in spaced
    ]
    return max(found, key=lambda match: match[0], default=(0, families[GENERAL]))[1]


def popular_roles() -> tuple[str, ...]:
    return tuple(bank().families[family_id].title for family_id in _POPULAR)


def is_builtin(question: Question) -> bool:
    """Whether the question is from the bank, be it from an earlier edition of it."""
    family_id, slash, _ = question.id.partition("/")
    return bool(slash) and family_id in bank().families


def choose(brief: Brief, seed: str, avoid: frozenset[str] = frozenset()) -> tuple[Question, ...]:
    """`brief.count` questions, the same for the same seed.

    The kind comes first, then what is not to be avoided, then the role's family, then words in
    common with the brief.
    """
    family = family_for(brief.role)
    wanted = bank().telling.intersection(_words(" ".join((*brief.skills, brief.description))))

    def order(question: Question) -> tuple[bool, bool, bool, bytes]:
        return (
            question.id in avoid,
            question not in family.questions,
            wanted.isdisjoint(_all_words(question)),
            sha256(f"{seed}\n{question.id}".encode(errors="surrogatepass")).digest(),
        )

    pool = {*family.questions, *bank().families[GENERAL].questions}
    ranked = sorted(pool, key=order)
    left = {kind: iter([q for q in ranked if q.kind is kind]) for kind in QuestionKind}
    return tuple(next(left[kind]) for kind in islice(cycle(_PATTERNS[brief.kind]), brief.count))


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
            (f"{name}: question {q.id!r}", f"? {' '.join(_words(q.text))}")
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
        for word in _all_words(question)
    )
    return Bank(families, frozenset(word for word, count in uses.items() if count <= COMMON_IN))


def read_family(name: str, text: str) -> Family:
    family_id = name.removesuffix(".toml")
    _require(name, "file name", "must be a slug", met=bool(_SLUG.fullmatch(family_id)))
    table = _table(name, _parsed(name, text), {"title", "aliases", "questions"})
    aliases = _strings(name, table, "aliases", PHRASE_LIMIT)
    for alias in aliases:
        plain = alias == " ".join(_words(alias))
        _require(name, f"alias {alias!r}", "must be lowercase words, a space between", met=plain)
    _require(name, "aliases", "must not be empty", met=bool(aliases) or family_id == GENERAL)
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
    return Family(family_id, _string(name, table, "title", TITLE_LIMIT), aliases, questions)


def read_rubric(name: str, text: str) -> tuple[Dimension, ...]:
    found = _list(name, _table(name, _parsed(name, text), {"dimensions"}), "dimensions")
    dimensions = tuple(
        _dimension(f"{name}: dimension {number}", value)
        for number, value in enumerate(found, start=1)
    )
    in_order = tuple(dimension.id for dimension in dimensions) == DIMENSIONS
    _require(name, "dimensions", f"must be {', '.join(DIMENSIONS)}", met=in_order)
    return dimensions


def _question(where: str, family_id: str, value: object) -> Question:
    table = _table(where, value, {"id", "kind", "text", "looks_for"})
    slug = _string(where, table, "id", PHRASE_LIMIT)
    where = f"{where} {slug!r}"
    _require(where, "id", "must be a slug", met=bool(_SLUG.fullmatch(slug)))
    kind = _string(where, table, "kind", PHRASE_LIMIT)
    known = kind in set(QuestionKind)
    _require(where, "kind", f"must be one of {', '.join(QuestionKind)}", met=known)
    text = _string(where, table, "text", QUESTION_LIMIT)
    _require(where, "text", "must end in ? or .", met=text.endswith(("?", ".")))
    speakable = len(text.split()) <= SPEAKABLE_WORDS
    _require(where, "text", f"must be of {SPEAKABLE_WORDS} words at most", met=speakable)
    looks_for = _strings(where, table, "looks_for", PHRASE_LIMIT)
    _require(where, "looks_for", "must be two or three phrases", met=len(looks_for) in (2, 3))
    return Question(f"{family_id}/{slug}", text, QuestionKind(kind), looks_for)


def _dimension(where: str, value: object) -> Dimension:
    table = _table(where, value, {"id", "title", "anchors"})
    match _strings(where, table, "anchors", ANCHOR_LIMIT):
        case (one, two, three, four, five):
            anchors = (one, two, three, four, five)
        case _:
            raise ValueError(f"{where}: anchors: must be five")
    return Dimension(
        _string(where, table, "id", PHRASE_LIMIT),
        _string(where, table, "title", TITLE_LIMIT),
        anchors,
    )


def _parsed(name: str, text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from error


def _table(where: str, value: object, names: AbstractSet[str]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{where}: must be a table")  # noqa: TRY004 - a fault of the data
    for name in sorted(names ^ value.keys()):
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


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _all_words(question: Question) -> set[str]:
    return set(_words(" ".join((question.text, *question.looks_for))))
