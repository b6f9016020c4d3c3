"""The bank keeps what it promises, and a file that would break a promise is not read."""

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
    GENERAL,
    Family,
    Question,
    QuestionKind,
    anchor,
    bank,
    choose,
    family_for,
    is_builtin,
    popular_roles,
    read_bank,
    read_family,
    read_rubric,
    rubric,
)

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
                    assert set(kinds) == {B, T, S}
                    assert kinds[0] is B

    def test_is_the_same_for_the_same_seed(self) -> None:
        brief = Brief(role="Data Engineer", count=8)
        assert choose(brief, "one") == choose(brief, "one")

    def test_differs_between_seeds(self) -> None:
        brief = Brief(role="Data Engineer")
        assert len({choose(brief, str(seed)) for seed in range(20)}) > 15

    def test_takes_from_the_general_family_only_what_is_lacking(self) -> None:
        chosen = choose(Brief(role="Teacher", kind=Kind.TECHNICAL, count=8), "seed")
        assert [family_of(question) for question in chosen] == ["teacher"] * 5 + [GENERAL] * 3

    def test_avoids_what_was_asked_before(self) -> None:
        brief = Brief(role="Teacher", count=8)
        first = choose(brief, "one")
        avoid = frozenset(question.id for question in first)
        second = choose(brief, "two", avoid)
        assert avoid.isdisjoint(question.id for question in second)
        assert kinds_of(second) == kinds_of(first)

    def test_repeats_rather_than_comes_short(self) -> None:
        brief = Brief(role="Teacher", kind=Kind.TECHNICAL, count=8)
        everything = frozenset(question.id for question in QUESTIONS)
        kept = next(q.id for q in QUESTIONS if q.kind is T and family_of(q) == GENERAL)
        chosen = [question.id for question in choose(brief, "seed", everything - {kept})]
        assert len(set(chosen)) == 8
        assert chosen[0] == kept

    @pytest.mark.parametrize(
        "brief",
        [
            Brief(
                role="Frontend Engineer", kind=Kind.TECHNICAL, count=3, skills=("Dialog design",)
            ),
            Brief(role="Frontend Engineer", kind=Kind.TECHNICAL, count=3, description="a\nDIALOG."),
        ],
    )
    def test_prefers_what_shares_words_with_the_brief(self, brief: Brief) -> None:
        for seed in "abcdefgh":
            assert choose(brief, seed)[0].id == "frontend-engineer/accessible-dialog"

    @given(
        brief=st.builds(Brief, count=st.sampled_from(QUESTION_COUNTS)),
        seed=st.text(alphabet=st.characters(exclude_categories=())),
        avoid=st.frozensets(st.sampled_from([question.id for question in QUESTIONS])),
    )
    def test_always_gives_the_count(self, brief: Brief, seed: str, avoid: frozenset[str]) -> None:
        chosen = choose(brief, seed, avoid)
        assert len({question.id for question in chosen}) == len(chosen) == brief.count


class TestRubric:
    def test_has_five_short_anchors_a_dimension(self) -> None:
        assert tuple(dimension.id for dimension in rubric()) == DIMENSIONS
        anchors = [text for dimension in rubric() for text in dimension.anchors]
        assert len(set(anchors)) == 20
        assert all(len(text) <= 110 and text.endswith(".") for text in anchors)

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
    return f'title = "{title}"\naliases = {aliases}\n' + "".join(asked)


GENERAL_TOML = family_toml("Any role", of_a_kind=8, aliases="[]")
RUBRIC_TOML = "".join(
    f'[[dimensions]]\nid = "{name}"\ntitle = "{name}"\nanchors = ["1", "2", "3", "4", "5"]\n'
    for name in DIMENSIONS
)


class TestSchema:
    def test_reads_what_is_right(self) -> None:
        read = read_bank({"general.toml": GENERAL_TOML, "baker.toml": family_toml()})
        assert read.families["baker"].questions[0] == Question(
            "baker/behavioural-0", "What is Baker behavioural 0?", B, ("one", "two")
        )
        assert len(read_rubric("rubric.toml", RUBRIC_TOML)) == 4

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('title = "Baker"', "title = ", r"baker\.toml: Invalid value"),
            ('title = "Baker"\n', "", r"baker\.toml: title: missing"),
            ('"Baker"', f'"{"B" * 25}"', r"baker\.toml: title: must be of 24 characters at most"),
            ('"Baker"', "7", r"baker\.toml: title: must be one line"),
            ('title = "Baker"', 'title = "Baker"\nmotto = "x"', r"baker\.toml: motto: not known"),
            ('["baker"]', "[]", r"baker\.toml: aliases: must not be empty"),
            ('["baker"]', '"baker"', r"baker\.toml: aliases: must be a list"),
            ('["baker"]', '["Baker"]', r"baker\.toml: alias 'Baker': must be lowercase"),
            ('["baker"]', '["pastry-chef"]', r"alias 'pastry-chef': must be lowercase words"),
            ('["baker"]', '["baker", "baker"]', r"baker\.toml: aliases: must not repeat"),
            ('["baker"]', '["baker", 1]', r"baker\.toml: aliases: must be one line"),
            ('["baker"]', '[""]', r"baker\.toml: aliases: must be one line"),
            ('"behavioural-0"', '"A b"', r"baker\.toml: question 1 'A b': id: must be a slug"),
            (
                '"behavioural-1"',
                '"behavioural-0"',
                r"baker\.toml: question 'baker/behavioural-0': must be there once",
            ),
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
        ],
    )
    def test_names_the_place_of_a_fault(self, old: str, new: str, fault: str) -> None:
        right = family_toml()
        assert old in right
        with pytest.raises(ValueError, match=fault):
            read_family("baker.toml", right.replace(old, new, 1))

    def test_wants_tables_for_questions(self) -> None:
        text = 'title = "Baker"\naliases = ["baker"]\nquestions = ["Why?"]\n'
        with pytest.raises(ValueError, match=r"baker\.toml: question 1: must be a table"):
            read_family("baker.toml", text)

    def test_wants_a_slug_for_a_file_name(self) -> None:
        with pytest.raises(ValueError, match=r"My Bakers\.toml: file name: must be a slug"):
            read_family("My Bakers.toml", family_toml())

    def test_wants_more_of_the_general_family(self) -> None:
        with pytest.raises(ValueError, match=r"general\.toml: questions: must be 8 or more"):
            read_family("general.toml", family_toml(of_a_kind=7))

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

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('id = "content"', 'id = "charm"', r"rubric\.toml: dimensions: must be content, "),
            ('"4", "5"', '"4"', r"rubric\.toml: dimension 1: anchors: must be five"),
            ('"4", "5"', '"4", "4"', r"rubric\.toml: dimension 1: anchors: must not repeat"),
            ('"5"', f'"{"x" * 111}"', r"dimension 1: anchors: must be of 110 characters at most"),
            ("[[dimensions]]", "[[sizes]]", r"rubric\.toml: sizes: not known"),
        ],
    )
    def test_names_the_place_of_a_fault_in_the_rubric(self, old: str, new: str, fault: str) -> None:
        with pytest.raises(ValueError, match=fault):
            read_rubric("rubric.toml", RUBRIC_TOML.replace(old, new, 1))
