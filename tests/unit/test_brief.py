"""Whatever is typed, a brief is one that could be read aloud: visible, bounded, or not there."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.brief import (
    DESCRIPTION_LIMIT,
    NAME_LIMIT,
    QUESTION_COUNTS,
    ROLE_LIMIT,
    SKILLS_LIMIT,
    Brief,
    Kind,
    Mode,
    Seniority,
    clean_line,
    clean_role,
    clean_skills,
    clean_text,
    read_brief,
    seniority_of,
)

DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ODD = (
    f"\x00\x07\x1b\x7f\x85\r\n\t \u2028\u2029\u200b\u200d\ufeff\ud800\ue000\ufffe,;•<&>{DIRECTIONS}"
)
OPTIONS = ("3", "8 questions", "mixed", "real", "coach", "no follow-ups", "rate first", "Nurse")
ANYTHING = st.text(st.characters(exclude_categories=()) | st.sampled_from(ODD))


def is_hidden(character: str) -> bool:
    return character in DIRECTIONS or unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn")


class TestCleanLine:
    @given(ANYTHING, st.integers(1, 30))
    def test_makes_one_visible_line_within_its_limit(self, text: str, limit: int) -> None:
        line = clean_line(text, limit)
        assert len(line) <= limit
        assert not any(map(is_hidden, line))
        assert line == " ".join(line.split())
        assert len(line.splitlines()) <= 1

    @given(ANYTHING, st.integers(1, 30))
    def test_changes_nothing_the_second_time(self, text: str, limit: int) -> None:
        line = clean_line(text, limit)
        assert clean_line(line, limit) == line

    @pytest.mark.parametrize(
        "text",
        [
            "Zoë Müller & Söhne",
            "e\u0301cole",
            "מהנדסת תוכנה",
            "مهندس نرم\u200cافزار",
            "सॉफ्टवेयर इंजीनियर",
            "软件工程师",
            "👩\u200d💻 Engineer",
            "<b>Editor</b> &amp; ${{7*7}} %s",
        ],
    )
    def test_leaves_real_text_and_markup_as_they_are(self, text: str) -> None:
        assert clean_line(text, 100) == text

    def test_a_direction_override_cannot_turn_the_rest_of_a_card_around(self) -> None:
        assert clean_line("Editor\u202egnp.exe\u2066x\u2069", 80) == "Editor gnp.exe x"

    def test_bells_escapes_and_halves_of_characters_go(self) -> None:
        assert clean_line("Edi\x07tor \x1b[31mred\x00 \ud83d", 80) == "Edi tor [31mred"


class TestCleanText:
    @given(ANYTHING, st.integers(1, 60))
    def test_makes_visible_lines_within_its_limit(self, text: str, limit: int) -> None:
        cleaned = clean_text(text, limit)
        assert len(cleaned) <= limit
        assert not any(map(is_hidden, cleaned.replace("\n", "")))
        assert "\n\n\n" not in cleaned
        assert all(line == " ".join(line.split()) for line in cleaned.split("\n"))
        assert cleaned == cleaned.strip()

    @given(ANYTHING, st.integers(1, 60))
    def test_changes_nothing_the_second_time(self, text: str, limit: int) -> None:
        cleaned = clean_text(text, limit)
        assert clean_text(cleaned, limit) == cleaned

    def test_keeps_lines_and_one_empty_line_in_a_row(self) -> None:
        text = "  About   us\r\n\r\n\r\n\n\tWe sell \t shoes.\nRemote  "
        assert clean_text(text, 100) == "About us\n\nWe sell shoes.\nRemote"

    def test_a_hundred_thousand_characters_become_the_first_twenty_thousand(self) -> None:
        text = clean_text("Shoes!" * 20_000, DESCRIPTION_LIMIT)
        assert len(text) == DESCRIPTION_LIMIT == 20_000
        assert text.startswith("Shoes!Shoes!")


class TestCleanRole:
    @pytest.mark.parametrize(
        "text", ["Editor", "QA", "  C++ dev\n", "编辑", "مهندس", "UX 🎨", "a1b"]
    )
    def test_takes_what_somebody_could_be(self, text: str) -> None:
        assert clean_role(text) == text.strip()

    @pytest.mark.parametrize(
        "text", ["", " \n\t", "?", "12345", "C", "👍👍👍", "\u202e\u200b", "\x00\x01", "-- 7 --"]
    )
    def test_takes_nothing_without_two_letters(self, text: str) -> None:
        assert clean_role(text) is None

    def test_cuts_an_absurd_one(self) -> None:
        assert clean_role("Editor" * 1_000) == "Editor" * (ROLE_LIMIT // 6)


class TestCleanSkills:
    def test_splits_at_commas_semicolons_bullets_and_lines(self) -> None:
        skills = ("SQL", "Python", "dbt", "Airflow", "C", "C++")
        assert clean_skills("SQL, Python;dbt\n• Airflow • C, C++") == skills

    def test_names_each_once_in_the_order_given(self) -> None:
        assert clean_skills("SQL,, ,Python, SQL ,sql") == ("SQL", "Python", "sql")

    @given(ANYTHING)
    def test_are_few_short_and_visible(self, text: str) -> None:
        skills = clean_skills(text)
        assert len(skills) <= SKILLS_LIMIT
        for skill in skills:
            assert skill == clean_line(skill, NAME_LIMIT) != ""

    def test_keeps_the_first_twenty_of_very_many(self) -> None:
        many = [f"skill {number}" for number in range(10_000)]
        assert clean_skills(",".join(many)) == tuple(many[:20])


class TestSeniorityOf:
    @pytest.mark.parametrize(
        ("role", "seniority"),
        [
            ("Senior Data Engineer", Seniority.SENIOR),
            ("sr. backend developer", Seniority.SENIOR),
            ("Jr. Editor", Seniority.JUNIOR),
            ("Graduate Nurse", Seniority.JUNIOR),
            ("Marketing Internship", Seniority.INTERN),
            ("Mid-Level Designer", Seniority.MID),
            ("PRINCIPAL ENGINEER", Seniority.LEAD),
            ("Head of Sales", Seniority.MANAGER),
            ("Junior Director", Seniority.JUNIOR),
            ("Data Engineer", None),
            ("International Leader", None),
            ("", None),
        ],
    )
    def test_reads_whole_words_the_first_one_first(
        self, role: str, seniority: Seniority | None
    ) -> None:
        assert seniority_of(role) is seniority


class TestReadBrief:
    @pytest.mark.parametrize(
        ("text", "brief"),
        [
            (
                "Senior Backend Engineer at Spotify, 3 questions, technical",
                Brief(
                    role="Senior Backend Engineer",
                    company="Spotify",
                    seniority=Seniority.SENIOR,
                    kind=Kind.TECHNICAL,
                    count=3,
                ),
            ),
            ("Editor", Brief(role="Editor")),
            ("  editor \n AT  The Times ", Brief(role="editor", company="The Times")),
            ("Nurse @ St. Mary’s, 8", Brief(role="Nurse", company="St. Mary’s", count=8)),
            ("Nurse,BEHAVIORAL,", Brief(role="Nurse", kind=Kind.BEHAVIOURAL)),
            (
                "Expert at Large at Acme, mixed, 3 question",
                Brief(role="Expert at Large", company="Acme", count=3),
            ),
        ],
    )
    def test_reads_one_line(self, text: str, brief: Brief) -> None:
        assert read_brief(text) == brief

    @pytest.mark.parametrize("kind", Kind)
    def test_reads_every_kind(self, kind: Kind) -> None:
        assert read_brief(f"Editor, {kind}") == Brief(role="Editor", kind=kind)

    @pytest.mark.parametrize(
        ("option", "brief"),
        [
            ("real", Brief(role="Editor", mode=Mode.REAL)),
            (" REAL ", Brief(role="Editor", mode=Mode.REAL)),
            ("real, coach", Brief(role="Editor", mode=Mode.COACH)),
            ("no follow-ups", Brief(role="Editor", follow_ups=False)),
            ("No Follow Ups", Brief(role="Editor", follow_ups=False)),
            ("no-followups", Brief(role="Editor", follow_ups=False)),
            ("no follow\u2011up", Brief(role="Editor", follow_ups=False)),
            ("no follow-ups, Follow-Ups", Brief(role="Editor", follow_ups=True)),
            ("rate first", Brief(role="Editor", rate_first=True)),
            ("Rate-First", Brief(role="Editor", rate_first=True)),
            ("technical-questions", Brief(role="Editor", kind=Kind.TECHNICAL)),
            (
                "8-questions, real, rate first, no follow-ups",
                Brief(role="Editor", count=8, mode=Mode.REAL, rate_first=True, follow_ups=False),
            ),
        ],
    )
    def test_reads_every_option(self, option: str, brief: Brief) -> None:
        assert read_brief(f"Editor, {option}") == brief
        assert read_brief(f"{option}, Editor") == brief

    def test_a_coach_is_also_somebody(self) -> None:
        assert read_brief("Coach") == Brief(role="Coach")
        assert read_brief("3 questions, coach, real") == Brief(
            role="coach", count=3, mode=Mode.REAL
        )
        assert read_brief("Coach at Acme, real") == Brief(
            role="Coach", company="Acme", mode=Mode.REAL
        )

    @pytest.mark.parametrize(
        "text", ["Real Estate Agent", "Editor, rate the first", "Follow-up nurse"]
    )
    def test_words_of_an_option_are_no_option(self, text: str) -> None:
        assert read_brief(text) == Brief(role=text)

    @pytest.mark.parametrize("count", QUESTION_COUNTS)
    @pytest.mark.parametrize("written", ["{}", "{} questions", "{}questions", "{}-Questions"])
    def test_reads_every_count(self, count: int, written: str) -> None:
        text = f"Editor at Acme, {written.format(count)}"
        assert read_brief(text) == Brief(role="Editor", company="Acme", count=count)

    @pytest.mark.parametrize(
        ("wanted", "count"), [(0, 3), (1, 3), (4, 3), (6, 5), (50, 8), (100, 8)]
    )
    def test_a_count_that_is_not_offered_becomes_the_nearest(self, wanted: int, count: int) -> None:
        brief = Brief(role="Editor", company="Acme", count=count)
        assert read_brief(f"Editor at Acme, {wanted} questions") == brief

    def test_options_are_no_part_of_the_role(self) -> None:
        assert read_brief("3 questions") is None
        read = read_brief("Software Engineer, iOS at Acme, technical questions")
        assert read == Brief(role="Software Engineer, iOS", company="Acme", kind=Kind.TECHNICAL)

    def test_invisible_characters_are_no_text(self) -> None:
        assert clean_role("\u3164\u3164") is None
        assert clean_line("\u200b\u2060\ufeff", 10) == ""
        assert clean_text("\u200b\n\u2800", 10) == ""

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "   ",
            ",",
            ", technical",
            "42",
            "??, 3 questions",
            "🙂",
            "real",
            "no follow-ups, real",
        ],
    )
    def test_reads_nothing_where_there_is_no_role(self, text: str) -> None:
        assert read_brief(text) is None

    def test_a_comma_inside_a_role_stays_in_it(self) -> None:
        brief = read_brief("Vice president, sales, 3 questions")
        assert brief == Brief(role="Vice president, sales", count=3)

    @given(
        ANYTHING
        | st.lists(ANYTHING, max_size=4).map(" at ".join)
        | st.lists(ANYTHING | st.sampled_from(OPTIONS), max_size=6).map(",".join)
    )
    def test_reads_anything_into_bounds(self, text: str) -> None:
        brief = read_brief(text)
        if brief is not None:
            assert brief.role == clean_role(brief.role)
            assert brief.company == clean_line(brief.company, NAME_LIMIT)
            assert brief.count in QUESTION_COUNTS
            assert (brief.description, brief.skills, brief.cv, brief.practise) == ("", (), "", "")

    def test_reads_a_pasted_novel_into_bounds(self) -> None:
        brief = read_brief("Editor at " + "The Times " * 10_000)
        assert brief is not None
        assert brief.role == "Editor"
        assert len(brief.company) <= NAME_LIMIT
