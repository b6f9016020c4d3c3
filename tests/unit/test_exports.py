"""The whole interview as files: what stands in them, and that nobody's words become markup."""

import re
from base64 import b64encode
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters import exports
from adapters.exports import FileExports
from benchmarks.example_export import RECORD
from bot import export_words, wording
from bot.brief import Brief, Mode, clean_text
from bot.coaching import Review, Reviewer, Score, Summary, Transcript, Unscorable, Word
from bot.coaching_words import measure_line
from bot.delivery import readings
from bot.history import AnswerRecord, Ending, SessionRecord
from bot.problems import Fault
from bot.questions import anchor
from bot.report import report_of

DOCS = Path(__file__).parents[2] / "docs"
EXPORTS = FileExports()


# Hostile words in every field

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title></p></blockquote>&lt;b&gt;&#60;i&#62;",
    "{{ 7 * 7 }}{% raw %}",
    "[a](https://example.org) ![b](x.png) <https://example.org>",
    "https://example.org www.example.org ann@example.org @everyone",
    "# heading\n## another\n- item\n+ item\n1. item\n2) item\n> quote\n---\n===\n```\n~~~",
    "*em* **strong** __strong__ ~~struck~~ `code` a\\*b\\\\*c\\",
    "|a|b|\n|-|-|\n|c|d|",
    "a\n    code\n\tcode\n[a]: https://example.org\n<!-- \n-->",
    "- - - 1. 2) + #",
    "\u202eevil\u202c \0 \x1b[31m \ud800 \u2028 # x",
)
hostile = st.one_of(
    st.sampled_from(NASTY),
    st.text("\\`*_{}[]()#+-.!|<>&\"'~$:=@/ \n\t1ab", max_size=40),
    st.text(max_size=40),
)


def everywhere(value: Any, text: str) -> Any:
    """`value` with `text` in the place of every text."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    if isinstance(value, tuple):
        return tuple(everywhere(item, text) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: everywhere(getattr(value, f.name), text) for f in fields(value)}
        return replace(value, **changed)
    return value


MEASURED = replace(
    RECORD.answers[0],
    turn=4,
    number=4,
    review=Review(Reviewer.MEASURES),
    unscored_quote="ask why",
    late=12.0,
)
FULL = replace(RECORD, answers=(*RECORD.answers, MEASURED))


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.others: list[str] = []
        self.pieces: list[str] = []
        self.feed(data.decode())
        self.close()

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def but_marks(page: Page) -> list[tuple[str, list[tuple[str, str | None]]]]:
    return [tag for tag in page.tags if tag[0] != "mark"]


async def html_of(record: SessionRecord) -> Page:
    return Page((await EXPORTS.export(record))[0].data)


async def markdown_of(record: SessionRecord) -> str:
    return (await EXPORTS.export(record))[1].data.decode()


@settings(max_examples=60, deadline=None)
@given(hostile)
@example("".join(NASTY))
async def test_nobodys_words_are_html(text: str) -> None:
    page = await html_of(everywhere(FULL, f"a {text} z"))
    plain = await html_of(everywhere(FULL, "word"))
    assert but_marks(page) == but_marks(plain)
    assert page.others == ["doctype html"]
    shown = " ".join(clean_text(f"a {text} z", 1_000).split())
    assert page.text.count(shown[:60]) >= 20


BLOCKS = {
    "heading_open",
    "list_item_open",
    "ordered_list_open",
    "bullet_list_open",
    "blockquote_open",
}
WORDS = {"text", "em_open", "em_close", "strong_open", "strong_close"}
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def blocks(text: str) -> list[str]:
    """The kinds of block, but for the paragraphs, that the quotes have one of for each line."""
    kinds = [(token.type, token.markup) for token in PARSER.parse(text) if token.nesting >= 0]
    return [f"{kind} {mark}" for kind, mark in kinds if kind not in ("paragraph_open", "inline")]


@settings(max_examples=60, deadline=None)
@given(hostile)
@example("\n".join(NASTY))
async def test_nobodys_words_are_markdown(text: str) -> None:
    markdown = await markdown_of(everywhere(FULL, f"{text} z"))
    assert blocks(markdown) == blocks(await markdown_of(everywhere(FULL, "word")))
    said = [child for token in PARSER.parse(markdown) for child in token.children or ()]
    assert {child.type for child in said} <= WORDS
    shown = "".join(child.content for child in said).replace("\u2060", "")
    first = " ".join(clean_text(f"{text} z", 1_000).split("\n")[0].split())
    assert shown.count(first[:60]) >= 20


OWN = re.compile(r"^(?:#{1,5} |> ?|- |\d\. |   > )?")


@settings(max_examples=60, deadline=None)
@given(hostile)
@example("\n".join(NASTY))
@example("1.*a")
async def test_no_special_character_is_left_unescaped(text: str) -> None:
    for line in (await markdown_of(everywhere(FULL, f"{text} z"))).splitlines():
        # What is escaped stands between its neighbours: leaving it out would join them.
        left = re.sub(r"\\[!-/:-@\[-`{-~]|&(?:amp|lt|gt);", "·", OWN.sub("", line, count=1))
        assert not re.search(r"[\\`_{}\[\]<>#|~$&]", left), line
        assert not re.match(r"[-+=:]|\d+[.)](?:\s|$)", OWN.sub("", line, count=1)), line
        assert not re.search(r"://|\w\.[A-Za-z]", left), line
        assert not re.search(r"@\w", line), line


# What stands in them


@pytest.fixture
async def texts() -> tuple[str, str]:
    """The example as a page's text, and as Markdown without its escapes and marks."""
    markdown = re.sub(r"\\(.)", r"\1", await markdown_of(RECORD)).replace("*", "")
    markdown = " ".join(re.sub(r"(?m)^(?: *> ?|#+ |- )", "", markdown).split())
    return (await html_of(RECORD)).text, markdown


async def test_both_have_everything(texts: tuple[str, str]) -> None:
    summary = RECORD.summary
    assert summary is not None
    wanted = [
        "Data Engineer at Acme",
        "24 Nov 2026",
        "Feedback after each answer",
        "3 questions, mixed",
        summary.headline,
        *(part for change in summary.changes for part in (change.text, change.quote)),
        "Content",
        "4.3 of 5 over 3 answers",
        "5.0 of 5 over 3 answers",
        "Mean of these: 4.4 of 5",
        "Question 1 of 3",
        "Follow-up to question 1",
        "Question 3 of 3",
        "Your answer, take 2 of 2",
        "Your own rating: 3/5",
        export_words.HEARD,
        export_words.CORRECTED,
        wording.unscored(Unscorable.TOO_SHORT),
        "✓ Situation ✗ Task ✓ Action ✗ Result",
    ]
    for answer in RECORD.answers:
        assert answer.delivery is not None
        wanted += [answer.question.text, wording.delivery_line(answer.delivery)]
        wanted += [measure_line(reading) for reading in readings(answer.delivery)]
        if answer.review is not None:
            wanted += [anchor(score.dimension, score.level) for score in answer.review.scores]
            for point in (answer.review.strength, answer.review.fix):
                assert point is not None
                wanted += [point.text, point.quote]
            wanted.append(answer.review.better)
    for text in texts:
        assert [found for found in wanted if found not in text] == []
        assert RECORD.answers[3].text in text
        assert "re compute" in text


async def test_fillers_and_pauses_are_marked() -> None:
    html, markdown = (file.data.decode() for file in await EXPORTS.export(RECORD))
    assert '<mark class="filler" title="filler">Um</mark>, so at my last job' in html
    assert 'load, <mark class="pause" title="pause">1.8 s</mark> and it was' in html
    assert "> *Um*, so at my last job we had a nightly load, \\[1.8 s\\] and it was" in markdown


def one(answer: AnswerRecord, summary: Summary | None = None) -> SessionRecord:
    return replace(RECORD, answers=(answer,), summary=summary, ending=Ending.OPEN)


BARE = replace(
    RECORD.answers[0], review=None, transcripts=(), text="", delivery=None, rating=None, notes=()
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (replace(BARE, text="I fixed it."), [export_words.NO_FEEDBACK_YET, "I fixed it."]),
        (replace(BARE, unscored=Fault.SILENT), [wording.unscored(Fault.SILENT), "No words were"]),
        (
            replace(BARE, review=Review(Reviewer.MEASURES), text="I fixed it."),
            [export_words.MEASURED_ONLY, "3 words: short for an interview answer"],
        ),
        (replace(BARE, review=Review(Reviewer.MEASURES)), [export_words.NOT_TRANSCRIBED]),
        (
            replace(BARE, review=Review(Reviewer.COACH), text="I did."),
            ["No remark could be backed"],
        ),
        (replace(BARE, unscored=Unscorable.UNCLEAR, unscored_quote="er what"), ["er what"]),
        (replace(BARE, late=75.0), ["1:15 over time"]),
    ],
)
async def test_what_is_missing_is_said(answer: AnswerRecord, said: list[str]) -> None:
    for text in ((await html_of(one(answer))).text, await markdown_of(one(answer))):
        assert [found for found in said if found not in text] == []
        assert "Not finished" in text
        assert wording.AVERAGES not in text
        assert wording.SUMMARY not in text


async def test_a_dimension_that_the_rubric_has_not_goes_without_its_anchor() -> None:
    review = Review(Reviewer.COACH, (Score("charm", 3),))
    page = await html_of(one(replace(BARE, text="I did it.", review=review)))
    assert "charm ●●●●● 3/5" in page.text
    assert "3.0 of 5 over 1 answer" in page.text


async def test_the_mode_and_the_measures_of_a_summary_are_said() -> None:
    record = replace(
        RECORD, brief=replace(RECORD.brief, mode=Mode.REAL), summary=Summary(Reviewer.MEASURES)
    )
    text = (await html_of(record)).text
    assert "Against the clock" in text
    assert export_words.ONLY_MEASURES in text


def test_only_the_last_scored_take_counts_in_the_averages() -> None:
    refused = replace(RECORD.answers[1], take=3, unscored=Unscorable.NO_WORDS, review=None)
    answers = (*RECORD.answers[:2], refused)
    report = report_of(replace(RECORD, answers=answers), 1_000)
    assert [(mean.title, mean.level) for mean in report.averages] == [
        ("Content", 4.0),
        ("Structure", 5.0),
        ("Evidence", 5.0),
        ("Relevance", 5.0),
    ]
    assert report.mean == "Mean of these: 4.8 of 5"


@pytest.mark.parametrize(
    ("language", "attributes"),
    [("de", [("lang", "de")]), ("pt-BR", [("lang", "pt-BR")]), ("", []), ('" x="', [])],
)
async def test_the_language_of_what_was_heard_is_given(
    language: str, attributes: list[tuple[str, str]]
) -> None:
    heard = Transcript("Ich war es.", language=language)
    page = await html_of(one(replace(BARE, text=heard.text, transcripts=(heard,))))
    said = [attrs for tag, attrs in page.tags if ("class", "said") in attrs]
    assert said == [[("class", "said"), ("dir", "auto"), *attributes]]


# The files


async def test_the_page_loads_and_runs_nothing() -> None:
    data = (await EXPORTS.export(FULL))[0].data.decode()
    styles = re.findall(r"<style>(.*?)</style>", data, re.DOTALL)
    assert len(styles) == 1
    digest = b64encode(sha256(styles[0].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    page = Page(data.encode())
    assert ("meta", [("http-equiv", "Content-Security-Policy"), ("content", policy)]) in page.tags
    assert ("html", [("lang", "en")]) in page.tags
    assert not {"script", "link", "img", "a", "iframe", "form"} & {tag for tag, _ in page.tags}
    assert not {"style", "src", "href"} & {name for _, attrs in page.tags for name, _ in attrs}
    assert not re.search(r"url\(|@import|https?:", data)


async def test_headings_go_down_one_level_at_a_time() -> None:
    page = await html_of(FULL)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("Data Engineer", "interview-data-engineer-2026-11-24"),
        ("../../etc/passwd\0", "interview-etc-passwd-2026-11-24"),
        ("Ingénieur·e C++", "interview-ingenieur-e-c-2026-11-24"),
        ("数据工程师", "interview-2026-11-24"),
        ("", "interview-2026-11-24"),
        ("a" * 120, f"interview-{'a' * 60}-2026-11-24"),
    ],
)
async def test_names_are_safe(role: str, name: str) -> None:
    files = await EXPORTS.export(replace(RECORD, brief=Brief(role=role)))
    assert [file.name for file in files] == [f"{name}.html", f"{name}.md"]
    assert [file.mime for file in files] == ["text/html", "text/markdown"]


async def test_the_same_interview_makes_the_same_files() -> None:
    assert await EXPORTS.export(FULL) == await FileExports().export(FULL)


async def test_a_long_answer_is_there_in_full() -> None:
    long = " ".join(f"word{number}" for number in range(8_000))
    assert 70_000 < len(long) < exports.ANSWER_LIMIT
    assert long in (await html_of(one(replace(BARE, text=long)))).text


async def test_files_are_bounded() -> None:
    words = tuple(Word(text, n, n + 0.1, 0.9) for n, text in enumerate(("um", "<&") * 13_000))
    heard = Transcript(" ".join(word.text for word in words), words)
    answer = replace(BARE, text='"' * exports.ANSWER_LIMIT, transcripts=(heard,), corrected=True)
    answers = tuple(replace(answer, turn=turn) for turn in range(20))
    for file in await EXPORTS.export(replace(RECORD, answers=answers)):
        assert 400_000 < len(file.data) <= exports.MAX_BYTES


@pytest.mark.parametrize("ending", ["html", "md"])
async def test_the_example_is_what_the_code_makes(ending: str) -> None:
    made = {file.name.rpartition(".")[2]: file.data for file in await EXPORTS.export(RECORD)}
    kept = (DOCS / f"example-interview.{ending}").read_bytes()
    assert kept == made[ending], "docs/example-interview.* is old: make example"
