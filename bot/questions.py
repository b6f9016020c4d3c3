"""The built-in bank and the rubric, and which questions an interview gets."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import cycle, islice

from bot.brief import Brief, Kind
from bot.templates import (
    DELIVERY,
    DIMENSIONS,
    GENERAL,
    JUDGED,
    Bank,
    Dimension,
    Family,
    Question,
    QuestionKind,
    read_bank,
    read_rubric,
    vocabulary,
    words_of,
)

__all__ = [
    "DELIVERY",
    "DIMENSIONS",
    "JUDGED",
    "Family",
    "Question",
    "QuestionKind",
    "anchor",
    "bank",
    "choose",
    "dimension_title",
    "family_for",
    "is_builtin",
    "kinds_for",
    "popular_roles",
    "rubric",
]

_POPULAR = (
    "software-engineer",
    "data-analyst",
    "product-manager",
    "sales",
    "customer-support",
    "nurse",
)
# Every beginning of the behavioural row keeps its promise: two thirds or more are behavioural.
_KINDS: Mapping[Kind, tuple[QuestionKind, ...]] = {
    Kind.BEHAVIOURAL: (
        QuestionKind.BEHAVIOURAL,
        QuestionKind.BEHAVIOURAL,
        QuestionKind.SITUATIONAL,
    ),
    Kind.TECHNICAL: (QuestionKind.TECHNICAL,),
}
# What lets a candidate show a dimension best.
_PRACTISED: Mapping[str, QuestionKind] = {
    "content": QuestionKind.TECHNICAL,
    "structure": QuestionKind.BEHAVIOURAL,
    "evidence": QuestionKind.BEHAVIOURAL,
    "relevance": QuestionKind.SITUATIONAL,
    "delivery": QuestionKind.BEHAVIOURAL,
}


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
    spaced = f" {' '.join(words_of(role))} "
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


def kinds_for(brief: Brief) -> tuple[QuestionKind, ...]:
    """The kind of each of the `brief.count` questions, in their order."""
    if brief.practise in _PRACTISED:
        row: tuple[QuestionKind, ...] = (_PRACTISED[brief.practise],)
    elif brief.kind is Kind.MIXED:
        row = family_for(brief.role).kinds
    else:
        row = _KINDS[brief.kind]
    return tuple(islice(cycle(row), brief.count))


def choose(brief: Brief, seed: str, asked: tuple[str, ...] = ()) -> tuple[Question, ...]:
    """`brief.count` questions, the same for the same seed.

    `asked` are ids or texts of questions that the person has had, the oldest first. The kind comes
    first, then what was not asked or longest ago, then the role's family, then words in common
    with the brief.
    """
    family = family_for(brief.role)
    told = " ".join((*brief.skills, brief.description, brief.cv))
    wanted = bank().telling.intersection(words_of(told))
    turns = {key: turn for turn, said in enumerate(asked) for key in (said, _in_words(said))}

    def order(question: Question) -> tuple[int, bool, bool, bytes]:
        return (
            max(turns.get(key, -1) for key in (question.id, _in_words(question.text))),
            question not in family.questions,
            wanted.isdisjoint(vocabulary(question)),
            sha256(f"{seed}\n{question.id}".encode(errors="surrogatepass")).digest(),
        )

    pool = {*family.questions, *bank().families[GENERAL].questions}
    ranked = sorted(pool, key=order)
    left = {kind: iter([q for q in ranked if q.kind is kind]) for kind in QuestionKind}
    return tuple(next(left[kind]) for kind in kinds_for(brief))


def _in_words(text: str) -> str:
    return " ".join(words_of(text))
