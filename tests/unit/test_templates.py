"""A file that would break a promise is not read, and editors are told the same by the schema."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

# jsonschema publishes no type information.
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from bot.templates import (
    DIMENSIONS,
    JUDGED,
    Question,
    QuestionKind,
    read_bank,
    read_family,
    read_rubric,
)

ROOT = Path(__file__).parents[2]
DATA = ROOT / "bot" / "data"
FILES = sorted((DATA / "families").glob("*.toml"))
SCHEMA = Draft202012Validator(json.loads((DATA / "family.schema.json").read_text("utf-8")))


def question_toml(slug: str, kind: str = "technical", text: str = "") -> str:
    return (
        f'[[questions]]\nid = "{slug}"\nkind = "{kind}"\n'
        f'text = "{text or f"What is {slug}?"}"\nlooks_for = ["one", "two"]\n'
    )


def family_toml(title: str = "Baker", of_a_kind: int = 3, aliases: str = '["baker"]') -> str:
    asked = [
        question_toml(f"{kind}-{number}", kind, f"What is {title} {kind} {number}?")
        for kind in QuestionKind
        for number in range(of_a_kind)
    ]
    kinds = "kinds = [" + ", ".join(f'"{kind}"' for kind in QuestionKind) + "]\n"
    weights = "[weights]\n" + "".join(f"{dimension} = 3\n" for dimension in DIMENSIONS)
    head = f'title = "{title}"\naliases = {aliases}\n{kinds}{weights}why = "All of it counts."\n'
    return head + "".join(asked)


GENERAL_TOML = family_toml("Any role", of_a_kind=8, aliases="[]")
RUBRIC_TOML = "".join(
    f'[[dimensions]]\nid = "{name}"\ntitle = "{name}"\nanchors = ["1", "2", "3", "4", "5"]\n'
    f"{'' if name in JUDGED else 'measured = true'}\n"
    for name in DIMENSIONS
)


class TestReadFamily:
    def test_reads_what_is_right(self) -> None:
        read = read_bank({"general.toml": GENERAL_TOML, "baker.toml": family_toml()})
        baker = read.families["baker"]
        assert baker.questions[0] == Question(
            "baker/behavioural-0",
            "What is Baker behavioural 0?",
            QuestionKind.BEHAVIOURAL,
            ("one", "two"),
        )
        assert baker.kinds == tuple(QuestionKind)
        assert baker.weights == dict.fromkeys(DIMENSIONS, 3)
        assert baker.why == "All of it counts."

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('title = "Baker"\n', "", r"baker\.toml: title: missing"),
            ('"Baker"', f'"{"B" * 25}"', r"baker\.toml: title: must be of 24 characters at most"),
            ('"Baker"', "7", r"baker\.toml: title: must be one line"),
            ('title = "Baker"', 'title = "Baker"\nmotto = "x"', r"baker\.toml: motto: not known"),
            ('["baker"]', '"baker"', r"baker\.toml: aliases: must be a list"),
            ('["baker"]', '["Baker"]', r"baker\.toml: alias 'Baker': must be lowercase"),
            ('["baker"]', '["pastry-chef"]', r"alias 'pastry-chef': must be lowercase words"),
            ('["baker"]', '["baker", "baker"]', r"baker\.toml: aliases: must not repeat"),
            ('["baker"]', '["baker", 1]', r"baker\.toml: aliases: must be one line"),
            ('["baker"]', '[""]', r"baker\.toml: aliases: must be one line"),
            ('"behavioural-0"', '"A b"', r"baker\.toml: question 1 'A b': id: must be a slug"),
            (
                '"technical-2"\nkind = "technical"',
                '"technical-2"\nkind = "trick"',
                r"baker\.toml: question 6 'technical-2': kind: must be one of behavioural",
            ),
            (
                '"technical-2"\nkind = "technical"',
                '"technical-2"\nkind = "situational"',
                r"baker\.toml: questions: must be 3 or more technical",
            ),
            (
                "technical 2?",
                "technical 2",
                r"question 6 'technical-2': text: must end in \? or \.",
            ),
            ("technical 2?", "technical  2?", r"question 6 'technical-2': text: must be one line"),
            ("technical 2?", f"{'so ' * 35}?", r"'technical-2': text: must be of 35 words at most"),
            ("technical 2?", f"{'o' * 260}?", r"text: must be of 260 characters at most"),
            (
                'looks_for = ["one", "two"]',
                'looks_for = ["one"]',
                r"looks_for: must be two or three",
            ),
            ('looks_for = ["one", "two"]', "", r"baker\.toml: question 1: looks_for: missing"),
            ('kind = "behavioural"', 'tpye = "x"', r"baker\.toml: question 1: kind: missing"),
            ("kinds = [", "kinds = 3 #", r"baker\.toml: kinds: must be a list"),
            ('"situational"]', "]", r"baker\.toml: kinds: must be 3 to 8"),
            ('"situational"]', "'situational', " * 7 + "]", r"baker\.toml: kinds: must be 3 to 8"),
            ('"situational"]', '"technical"]', r"toml: kinds: must have situational in them"),
            ('"situational"]', '"trick"]', r"toml: kinds: must be one of behavioural, "),
            ('"situational"]', "7]", r"baker\.toml: kinds: must be one line"),
            (
                "content = 3",
                "content = 0",
                r"toml: weights: content: must be a whole number from 1",
            ),
            ("delivery = 3", "delivery = 6", r"toml: weights: delivery: must be a whole .* to 5"),
            ("content = 3", "content = 2.5", r"toml: weights: content: must be a whole number"),
            ("content = 3", "content = true", r"toml: weights: content: must be a whole number"),
            ("content = 3", 'content = "3"', r"toml: weights: content: must be a whole number"),
            ("content = 3", "", r"baker\.toml: weights: content: missing"),
            ("content = 3", "content = 3\ncharm = 3", r"baker\.toml: weights: charm: not known"),
            ('why = "All of it counts."', "", r"baker\.toml: weights: why: missing"),
            ("All of it counts.", "", r"baker\.toml: weights: why: must be one line"),
            ("All of it counts.", "y" * 111, r"weights: why: must be of 110 characters at most"),
            ("All of it counts.", "Why\\n", r"baker\.toml: weights: why: must be one line"),
        ],
    )
    def test_names_the_place_of_a_fault_that_the_schema_knows_too(
        self, old: str, new: str, fault: str
    ) -> None:
        assert old in family_toml()
        wrong = family_toml().replace(old, new, 1)
        with pytest.raises(ValueError, match=fault):
            read_family("baker.toml", wrong)
        assert not SCHEMA.is_valid(tomllib.loads(wrong))

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('["baker"]', "[]", r"baker\.toml: aliases: must not be empty"),
            (
                '"behavioural-1"',
                '"behavioural-0"',
                r"baker\.toml: question 'baker/behavioural-0': must be there once",
            ),
        ],
    )
    def test_names_the_place_of_a_fault_that_the_schema_cannot_know(
        self, old: str, new: str, fault: str
    ) -> None:
        wrong = family_toml().replace(old, new, 1)
        with pytest.raises(ValueError, match=fault):
            read_family("baker.toml", wrong)
        assert SCHEMA.is_valid(tomllib.loads(wrong))

    def test_names_the_file_that_is_no_toml(self) -> None:
        with pytest.raises(ValueError, match=r"baker\.toml: Invalid value"):
            read_family("baker.toml", family_toml().replace('"Baker"', "", 1))

    def test_wants_tables_for_questions(self) -> None:
        text = f'questions = ["Why?"]\n{family_toml(of_a_kind=0)}'
        with pytest.raises(ValueError, match=r"baker\.toml: question 1: must be a table"):
            read_family("baker.toml", text)

    def test_wants_a_slug_for_a_file_name(self) -> None:
        with pytest.raises(ValueError, match=r"My Bakers\.toml: file name: must be a slug"):
            read_family("My Bakers.toml", family_toml())

    def test_wants_more_of_the_general_family(self) -> None:
        with pytest.raises(ValueError, match=r"general\.toml: questions: must be 8 or more"):
            read_family("general.toml", family_toml(of_a_kind=7))


class TestReadBank:
    @pytest.mark.parametrize(
        ("other", "fault"),
        [
            (
                family_toml("Pastry Chef"),
                r"chef\.toml: alias 'baker': the same as baker\.toml: alias 'baker'",
            ),
            (
                family_toml("Baker", aliases='["chef"]'),
                r"chef\.toml: question 'chef/behavioural-0': the same as baker\.toml: question",
            ),
            (
                family_toml("Chef", aliases='["chef"]').replace(
                    'title = "Chef"', 'title = "Baker"'
                ),
                r"chef\.toml: title: the same as baker\.toml: title",
            ),
        ],
    )
    def test_wants_no_two_families_alike(self, other: str, fault: str) -> None:
        texts = {
            "general.toml": GENERAL_TOML,
            "chef.toml": other,
            "baker.toml": family_toml(),
        }
        with pytest.raises(ValueError, match=fault):
            read_bank(texts)

    def test_wants_texts_that_differ_in_more_than_case_and_signs(self) -> None:
        text = family_toml().replace("Baker technical 1?", "BAKER, technical: 0?")
        with pytest.raises(ValueError, match=r"'baker/technical-1': the same as .*technical-0"):
            read_bank({"general.toml": GENERAL_TOML, "baker.toml": text})

    def test_wants_a_general_family(self) -> None:
        with pytest.raises(ValueError, match=r"general\.toml: missing"):
            read_bank({"baker.toml": family_toml()})


class TestReadRubric:
    def test_reads_what_is_right(self) -> None:
        read = read_rubric("rubric.toml", RUBRIC_TOML)
        assert tuple(dimension.id for dimension in read) == DIMENSIONS
        assert [dimension.measured for dimension in read] == [False] * 4 + [True]

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('id = "content"', 'id = "charm"', r"rubric\.toml: dimensions: must be content, "),
            ('"4", "5"', '"4"', r"rubric\.toml: dimension 1: anchors: must be five"),
            ('"4", "5"', '"4", "4"', r"rubric\.toml: dimension 1: anchors: must not repeat"),
            ('"5"', f'"{"x" * 111}"', r"dimension 1: anchors: must be of 110 characters at most"),
            ("[[dimensions]]", "[[sizes]]", r"rubric\.toml: sizes: not known"),
            ("measured = true", "", r"rubric\.toml: measured: must be false of content, "),
            ("measured = true", 'measured = "yes"', r"dimension 5: measured: must be true or"),
            ('title = "content"', 'title = "c"\nmeasured = true', r"toml: measured: must be false"),
        ],
    )
    def test_names_the_place_of_a_fault_in_the_rubric(self, old: str, new: str, fault: str) -> None:
        with pytest.raises(ValueError, match=fault):
            read_rubric("rubric.toml", RUBRIC_TOML.replace(old, new, 1))


# Where something else may stand in a template.
PLACES: tuple[tuple[str | int, ...], ...] = (
    *((name,) for name in ("title", "aliases", "kinds", "weights", "questions", "more")),
    *(("aliases", 0), ("kinds", 0), ("kinds", 2), ("questions", 0), ("questions", 8)),
    *(("weights", name) for name in (*DIMENSIONS, "why", "more")),
    *(("questions", 4, name) for name in ("id", "kind", "text", "looks_for", "more")),
    ("questions", 4, "looks_for", 1),
)
LINES = (
    *(
        "",
        "Why?",
        "why",
        " why?",
        "why? ",
        "why?\n",
        "why\n",
        "why\n?",
        "a  b?",
        "a b",
        "a b.",
        "a-b",
    ),
    *("a--b", "-a", "a_b", "A", "é", "é?", "a\tb", "\u2028?", "one", "\u00a0", "7"),
    *(kind.value for kind in QuestionKind),
    *("x" * length for length in (24, 25, 60, 61, 110, 111)),
    *("so " * words + "so?" for words in (34, 35)),
    *("x" * length + "?" for length in (259, 260)),
)
NUMBERS = (-1, 0, 1, 5, 6, 3.0, 5.5, float("inf"), float("nan"), True, False)
LISTS = (
    *([], ["a"], ["a", "b"], ["a", "a"], ["a", "b", "c"], ["a", "b", "c", "d"], ["a", 1], [[]]),
    *([*QuestionKind][:most] for most in (1, 2, 3)),
    *(["behavioural", "technical", *["situational"] * more] for more in (1, 2, 6, 7)),
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from((*LINES, *NUMBERS, {})) | st.text(st.characters(exclude_categories=["C"])),
    lambda inner: (
        st.lists(inner, max_size=9) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2)
    ),
    max_leaves=5,
)


def with_other(place: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """A template with `value` at `place`, or without anything there."""
    document = tomllib.loads(family_toml())
    inner: Any = document
    for key in place[:-1]:
        inner = inner[key]
    if value is not None:
        inner[place[-1]] = value
    elif place[-1] in inner or isinstance(place[-1], int):
        del inner[place[-1]]
    return document


def toml(value: object) -> str:
    match value:
        case dict():
            inner = ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items())
            return f"{{{inner}}}"
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case float():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def is_read(document: dict[str, Any]) -> bool:
    lines = (f"{json.dumps(name)} = {toml(value)}" for name, value in document.items())
    try:
        read_family("baker.toml", "\n".join(lines))
    except ValueError:
        return False
    return True


class TestSchema:
    def test_is_a_schema(self) -> None:
        Draft202012Validator.check_schema(SCHEMA.schema)

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_takes_every_family(self, file: Path) -> None:
        text = file.read_text("utf-8")
        assert [error.message for error in SCHEMA.iter_errors(tomllib.loads(text))] == []
        assert text.startswith("#:schema ../family.schema.json\n")

    @pytest.mark.parametrize("place", PLACES, ids=str)
    def test_takes_what_is_read_and_nothing_else(self, place: tuple[str | int, ...]) -> None:
        for value in (None, *LINES, *NUMBERS, *LISTS, {}):
            document = with_other(place, value)
            if document.get("aliases") != []:
                assert SCHEMA.is_valid(document) == is_read(document), value

    @given(place=st.sampled_from(PLACES), value=ANYTHING)
    def test_agrees_on_anything(self, place: tuple[str | int, ...], value: object) -> None:
        document = with_other(place, value)
        assume(document["aliases"] != [])
        assert SCHEMA.is_valid(document) == is_read(document)

    def test_takes_the_example_of_the_documentation(self) -> None:
        page = (ROOT / "docs" / "roles.md").read_text("utf-8")
        (example,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        family = read_family("translator.toml", example)
        assert SCHEMA.is_valid(tomllib.loads(example))
        texts = {file.name: file.read_text("utf-8") for file in FILES}
        assert read_bank(texts | {"translator.toml": example}).families["translator"] == family
