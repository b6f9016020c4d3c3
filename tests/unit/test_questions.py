"""The bank keeps what it promises, and an interview gets the questions that it should."""

import re
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.brief import QUESTION_COUNTS, Brief, Kind
from bot.questions import (
    DIMENSIONS,
    JUDGED,
    Family,
    Question,
    QuestionKind,
    anchor,
    bank,
    choose,
    family_for,
    is_builtin,
    kinds_for,
    popular_roles,
    rubric,
)
from bot.templates import GENERAL

FAMILIES = tuple(bank().families.values())
QUESTIONS = tuple(question for family in FAMILIES for question in family.questions)
B, T, S = QuestionKind.BEHAVIOURAL, QuestionKind.TECHNICAL, QuestionKind.SITUATIONAL


def kinds_of(questions: tuple[Question, ...]) -> list[QuestionKind]:
    return [question.kind for question in questions]


def family_of(question: Question) -> str:
    return question.id.partition("/")[0]


class TestBank:
    def test_is_as_large_as_promised(self) -> None:
        assert len(FAMILIES) >= 14
        assert len(QUESTIONS) >= 150
        for family in FAMILIES:
            kinds = Counter(kinds_of(family.questions))
            assert min(kinds[kind] for kind in QuestionKind) >= (8 if family.id == GENERAL else 3)

    def test_names_each_question_once(self) -> None:
        assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
        texts = {" ".join(re.findall(r"\w+", question.text.lower())) for question in QUESTIONS}
        assert len(texts) == len(QUESTIONS)

    @pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
    def test_questions_can_be_spoken(self, question: Question) -> None:
        assert len(question.text) <= 260
        assert len(question.text.split()) <= 35
        assert question.text.endswith(("?", "."))
        assert question.text.count("?") <= 1
        assert 2 <= len(question.looks_for) <= 3

    def test_asks_nothing_about_protected_matters(self) -> None:
        asked = re.compile(
            r"\b(how old|your (age|family|children|partner|health|religion|faith|nationality)"
            r"|married|pregnan\w*|disabilit\w*|native language|where are you from)\b",
            re.IGNORECASE,
        )
        assert [question.id for question in QUESTIONS if asked.search(question.text)] == []

    def test_titles_fit_a_button_and_lead_to_their_family(self) -> None:
        for family in FAMILIES:
            assert len(family.title) <= 24
            assert family_for(family.title) == family

    def test_aliases_lead_to_their_family(self) -> None:
        for family in FAMILIES:
            for alias in family.aliases:
                assert family_for(f"Senior {alias.upper()}, remote") == family

    def test_offers_six_roles_of_its_own(self) -> None:
        titles = {family.title for family in FAMILIES}
        assert len(set(popular_roles())) == 6
        assert set(popular_roles()) < titles

    def test_knows_its_questions_from_others(self) -> None:
        assert all(map(is_builtin, QUESTIONS))
        assert is_builtin(replace(QUESTIONS[0], id=f"{GENERAL}/from-an-earlier-edition"))
        for other in ("", "1", GENERAL, "session/1"):
            assert not is_builtin(replace(QUESTIONS[0], id=other))


class TestFamilyFor:
    @pytest.mark.parametrize(
        ("role", "expected"),
        [
            ("Senior Backend Engineer", "software-engineer"),
            ("Software Engineer, iOS", "software-engineer"),
            ("Front-End Developer", "frontend-engineer"),
            ("React developer", "frontend-engineer"),
            ("Data Engineer", "data-engineer"),
            ("Senior ETL developer", "data-engineer"),
            ("Analytics Engineer", "data-engineer"),
            ("business analyst", "data-analyst"),
            ("Machine-Learning Engineer", "data-scientist"),
            ("SRE", "devops-engineer"),
            ("System Administrator", "devops-engineer"),
            ("Software Engineer in Test", "qa-engineer"),
            ("Application Security Engineer", "security-engineer"),
            ("AI Product Manager", "product-manager"),
            ("Technical Program Manager", "project-manager"),
            ("UX/UI Designer", "product-designer"),
            ("Account Executive", "sales"),
            ("sdr", "sales"),
            ("Sales Engineer", "sales"),
            ("Product Marketing Manager", "marketing"),
            ("IT Support Specialist", "customer-support"),
            ("CSM", "customer-success"),
            ("FP&A Analyst", "accountant"),
            ("HR Business Partner", "recruiter"),
            ("RN", "nurse"),
            ("Ｎｕｒｓｅ", "nurse"),
            ("Maths teacher", "teacher"),
            ("Supply-chain planner", "operations-manager"),
            ("Barista", "retail-associate"),
            ("Retail Sales Associate", "retail-associate"),
            ("Receptionist", "administrative-assistant"),
            ("xyzzy", GENERAL),
            ("learner", GENERAL),
            ("🚀", GENERAL),
            ("", GENERAL),
        ],
    )
    def test_finds_the_role(self, role: str, expected: str) -> None:
        assert family_for(role).id == expected

    @given(st.text(alphabet=st.characters(exclude_categories=())))
    def test_takes_any_text(self, role: str) -> None:
        assert family_for(role) in FAMILIES

    @given(st.text())
    def test_is_indifferent_to_case(self, role: str) -> None:
        assert family_for(role) == family_for(role.casefold())


class TestChoose:
    @pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
    def test_serves_every_kind_and_count(self, family: Family) -> None:
        for kind, count in product(Kind, QUESTION_COUNTS):
            chosen = choose(Brief(role=family.title, kind=kind, count=count), "seed")
            assert len({question.id for question in chosen}) == count
            kinds = kinds_of(chosen)
            match kind:
                case Kind.BEHAVIOURAL:
                    assert T not in kinds
                    assert kinds.count(B) * 3 >= count * 2
                case Kind.TECHNICAL:
                    assert set(kinds) == {T}
                case Kind.MIXED:
                    assert kinds == [*family.kinds, *family.kinds, *family.kinds][:count]

    def test_is_the_same_for_the_same_seed(self) -> None:
        brief = Brief(role="Data Engineer", count=8)
        assert choose(brief, "one") == choose(brief, "one")

    def test_differs_between_seeds(self) -> None:
        brief = Brief(role="Data Engineer")
        assert len({choose(brief, str(seed)) for seed in range(20)}) > 15

    def test_takes_from_the_general_family_only_what_is_lacking(self) -> None:
        chosen = choose(Brief(role="Teacher", kind=Kind.TECHNICAL, count=8), "seed")
        assert [family_of(question) for question in chosen] == ["teacher"] * 5 + [GENERAL] * 3

    @pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
    def test_a_short_mixed_interview_has_every_kind_the_easiest_first(self, family: Family) -> None:
        kinds = kinds_of(choose(Brief(role=family.title, count=3), "seed"))
        assert set(kinds) == {B, T, S}
        assert kinds[0] is B

    @pytest.mark.parametrize(
        ("practise", "kind"),
        [("content", T), ("structure", B), ("evidence", B), ("relevance", S), ("delivery", B)],
    )
    @pytest.mark.parametrize("wanted", Kind)
    def test_practice_of_a_dimension_decides_the_kind(
        self, practise: str, kind: QuestionKind, wanted: Kind
    ) -> None:
        brief = Brief(role="Sales", kind=wanted, count=1, practise=practise)
        (chosen,) = choose(brief, "seed")
        assert chosen.kind is kind
        assert kinds_for(brief) == (kind,)

    def test_practice_of_nothing_known_leaves_the_kind(self) -> None:
        brief = Brief(kind=Kind.TECHNICAL, count=2, practise="charm")
        assert kinds_for(brief) == (T, T)

    @pytest.mark.parametrize("told", ["id", "text", "other case"])
    def test_does_not_ask_again_what_was_asked_before(self, told: str) -> None:
        brief = Brief(role="Teacher", count=8)
        first = choose(brief, "one")
        asked = {
            "id": tuple(question.id for question in first),
            "text": tuple(question.text for question in first),
            "other case": tuple(f"  {q.text[:-1].upper()} " for q in first),
        }[told]
        second = choose(brief, "one", asked)
        assert {q.id for q in first}.isdisjoint(q.id for q in second)
        assert kinds_of(second) == kinds_of(first)

    def test_asks_the_general_questions_before_it_repeats(self) -> None:
        brief = Brief(role="Teacher", kind=Kind.TECHNICAL, count=1)
        asked: tuple[str, ...] = ()
        for _ in range(16):
            asked = (*asked, *(question.id for question in choose(brief, "seed", asked)))
        assert [question_id.partition("/")[0] for question_id in asked] == (
            ["teacher"] * 5 + [GENERAL] * 11
        )
        assert len(set(asked)) == 16

    @given(st.permutations([q.id for q in QUESTIONS if family_of(q) in ("teacher", GENERAL)]))
    def test_repeats_what_was_asked_longest_ago(self, asked: list[str]) -> None:
        brief = Brief(role="Teacher", kind=Kind.TECHNICAL, count=8)
        technical = {question.id for question in QUESTIONS if question.kind is T}
        oldest = [question_id for question_id in asked if question_id in technical][:8]
        assert [q.id for q in choose(brief, "seed", tuple(asked))] == oldest
        recent = (*asked, oldest[0])
        assert oldest[0] not in [q.id for q in choose(brief, "seed", recent)]

    @pytest.mark.parametrize(
        "brief",
        [
            Brief(
                role="Frontend Engineer", kind=Kind.TECHNICAL, count=3, skills=("Dialog design",)
            ),
            Brief(role="Frontend Engineer", kind=Kind.TECHNICAL, count=3, description="a\nDIALOG."),
            Brief(role="Frontend Engineer", kind=Kind.TECHNICAL, count=3, cv="Built a dialog"),
        ],
    )
    def test_prefers_what_shares_words_with_the_brief(self, brief: Brief) -> None:
        for seed in "abcdefgh":
            assert choose(brief, seed)[0].id == "frontend-engineer/accessible-dialog"

    @given(
        brief=st.builds(
            Brief,
            count=st.sampled_from((1, *QUESTION_COUNTS)),
            practise=st.sampled_from(("", *DIMENSIONS)) | st.text(),
        ),
        seed=st.text(alphabet=st.characters(exclude_categories=())),
        asked=st.lists(st.sampled_from([q.id for q in QUESTIONS]) | st.text()).map(tuple),
    )
    def test_always_gives_the_count(self, brief: Brief, seed: str, asked: tuple[str, ...]) -> None:
        chosen = choose(brief, seed, asked)
        assert len({question.id for question in chosen}) == len(chosen) == brief.count


class TestRubric:
    def test_has_five_short_anchors_a_dimension(self) -> None:
        assert tuple(dimension.id for dimension in rubric()) == DIMENSIONS
        anchors = [text for dimension in rubric() for text in dimension.anchors]
        assert len(set(anchors)) == 25
        assert all(len(text) <= 110 and text.endswith(".") for text in anchors)

    def test_tells_what_is_measured_from_what_is_judged(self) -> None:
        assert tuple(d.id for d in rubric() if not d.measured) == JUDGED
        (delivery,) = (dimension for dimension in rubric() if dimension.measured)
        assert delivery.title == "Delivery"
        assert all("measured, not judged" in text for text in delivery.anchors)

    def test_judges_words_and_not_persons(self) -> None:
        judged = re.compile(
            r"accent|confiden|nervous|emotion|feel|voice|personalit|smil|fluen|charm"
        )
        for dimension in rubric():
            assert not any(judged.search(text.lower()) for text in dimension.anchors)

    def test_gives_the_anchor_of_a_level(self) -> None:
        for dimension in rubric():
            assert tuple(anchor(dimension.id, level) for level in range(1, 6)) == dimension.anchors

    @pytest.mark.parametrize(
        ("dimension", "level"), [("content", 0), ("content", 6), ("content", -1), ("charm", 3)]
    )
    def test_has_no_other_levels(self, dimension: str, level: int) -> None:
        with pytest.raises(ValueError, match=rf"level {level} of '{dimension}'"):
            anchor(dimension, level)
