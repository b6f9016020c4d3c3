"""Whatever is drawn is a message that Telegram takes, and it says what it is there to say."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.address import Address
from adapters.telegram.history import (
    PAGE,
    picture_caption,
    progress_cards,
    session_list,
    session_page,
)
from adapters.telegram.keyboard import ROW, WIDEST
from adapters.telegram.markup import (
    BUTTON_LIMIT,
    CAPTION_LIMIT,
    TEXT_LIMIT,
    Span,
    Style,
    button_text,
    cut,
    to_html,
)
from adapters.telegram.render import Audience, Card, render, welcome
from bot import wording
from bot.brief import NAME_LIMIT, ROLE_LIMIT, Brief, Detail, Focus, Mode
from bot.buttons import Press, write_button
from bot.coaching import (
    BETTER_LIMIT,
    POINT_LIMIT,
    QUOTE_LIMIT,
    Point,
    Reviewer,
    Score,
    Summary,
    Transcript,
    Unscorable,
)
from bot.coaching_words import progress_lines
from bot.events import VoiceNote
from bot.history import Ending, SessionLine, record_of
from bot.interview import (
    Asking,
    Deferred,
    Finished,
    Gathering,
    Heard,
    Interview,
    Note,
    Panel,
    Reviewed,
    Reviewing,
    ReviewStuck,
    SettingUp,
    Stage,
    Unscored,
    WrappingUp,
)
from bot.progress import Practised, progress_of
from bot.questions import Question, QuestionKind, anchor
from bot.scoresheet import sheet_of
from bot.screens import FeedbackScreen, QuestionScreen, Screen, SummaryScreen
from tests import screens, strategies
from tests.emulators import specs, telegram_html, telegram_rules
from tests.emulators.telegram_html import units
from tests.screens import (
    ASKED,
    CORRECTING,
    DIMENSIONS,
    DOWN,
    FEEDBACK,
    INTERVIEW,
    LISTENING,
    MEASURED,
    PREPARING,
    QUESTION,
    RATING,
    READY,
    REVIEW,
    SETUP,
    SETUP_KIND,
    SOUND,
    STOPPED,
    STUCK,
    SUMMARY,
    THINKING,
    UNSCORED,
    WRAPPING_UP,
    answered,
    awkward,
    characters,
    controls_of,
    for_long_texts,
    in_phase,
    judged,
    long_texts,
    wild,
)

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

PRIVATE = Audience(Address(chat=7, user=7), "persona_bot")
GROUP = Audience(Address(chat=-1_001, user=7, thread=3), "persona_bot")
NOW = 100.0
QUESTION_LIMIT = 400  # characters that a coach's question has at most
# Text that is shown as it is: in whole characters, and without what Telegram drops.
whole_texts = st.builds(
    lambda piece, length: (piece * length)[:length],
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    st.integers(1, 100_000),
)


def shown(card: Card) -> str:
    """The text of a card that Telegram takes."""
    body = {"chat_id": 1, "text": card.html, "parse_mode": "HTML"}
    if card.keyboard is not None:
        body["reply_markup"] = card.keyboard.to_dict()
    spec = specs.telegram()
    assert spec is None or spec.check("sendMessage", body) == []
    assert list(telegram_rules.check("sendMessage", body)) == []
    text, _ = telegram_html.parse(card.html)
    assert text.strip()
    assert 1 <= units(text) <= 4096
    return text


def drawn(screen: Screen, audience: Audience = PRIVATE) -> str:
    return read(render(screen, audience, NOW))


def read(card: Card) -> str:
    """A card as one text, its buttons last."""
    shown(card)
    rows = card.keyboard.inline_keyboard if card.keyboard else ()
    return "\n".join([card.html, *("".join(f"[{b.text}]" for b in row) for row in rows)])


# Any text


@settings(max_examples=300, deadline=None)
@given(screens.screens(awkward), st.sampled_from([PRIVATE, GROUP]), strategies.TIMES)
def test_any_screen_is_a_message_that_telegram_takes(
    screen: Screen, audience: Audience, now: float
) -> None:
    shown(render(screen, audience, now))


@for_long_texts
@given(screens.screens(long_texts), st.sampled_from([PRIVATE, GROUP]))
def test_a_screen_of_any_length_is_a_message_that_telegram_takes(
    screen: Screen, audience: Audience
) -> None:
    shown(render(screen, audience, NOW))


@for_long_texts
@given(screens.answered_interviews(wild), st.integers(0, 9))
def test_any_past_answer_is_a_message_that_telegram_takes(interview: Interview, place: int) -> None:
    record = record_of(interview)
    assert record is not None
    shown(session_page(7, record, place))


lines = st.builds(
    SessionLine,
    session=screens.sessions,
    role=wild,
    company=wild,
    started_at=strategies.TIMES,
    ending=st.sampled_from(Ending),
    answered=st.integers(0, 8),
)


@for_long_texts
@given(st.lists(lines, max_size=PAGE + 1).map(tuple), st.integers(0, 10_000))
def test_any_list_of_interviews_is_a_message_that_telegram_takes(
    listed: tuple[SessionLine, ...], offset: int
) -> None:
    shown(session_list(2**52 - 1, listed, offset))


def test_the_welcome_is_a_message_that_telegram_takes() -> None:
    assert wording.WELCOME in shown(welcome(7))


# Nothing that matters is cut away


@for_long_texts
@given(whole_texts, screens.wild, st.sampled_from([PRIVATE, GROUP]))
def test_a_question_is_shown_whole_or_nearly_fills_the_message(
    text: str, other: str, audience: Audience
) -> None:
    assert isinstance(ASKED, QuestionScreen)
    question = Question("llm/1", text, QuestionKind.BEHAVIOURAL, looks_for=(other,))
    brief = Brief(role=other, company=other, description=other)
    screen = replace(ASKED, question=question, brief=brief)
    said = shown(render(screen, audience, NOW))
    assert text[:1_800].rstrip() in said
    assert units(text) > 3_600 or text.strip() in said
    assert "Question 1 of 3" in said


@for_long_texts
@given(whole_texts, whole_texts)
def test_a_past_question_is_shown_whole_beside_an_answer_of_any_length(
    asked: str, said: str
) -> None:
    question = Question("llm/1", asked[:QUESTION_LIMIT].strip(), QuestionKind.BEHAVIOURAL)
    heard = Note(VoiceNote("file"), Heard(Transcript(said), SOUND))
    point = Point("p" * POINT_LIMIT, "q" * QUOTE_LIMIT)
    review = replace(REVIEW, strength=point, fix=point, better="b" * BETTER_LIMIT)
    brief = Brief(role="r" * ROLE_LIMIT, company="c" * NAME_LIMIT)
    interview = replace(
        INTERVIEW, brief=brief, questions=(question,), takes=(judged(Reviewed(review), heard),)
    )
    record = record_of(interview)
    assert record is not None
    page = shown(session_page(7, record, 0))
    assert question.text in page
    assert min(page.count(point.text), page.count(point.quote)) >= 2


@pytest.mark.parametrize("panel", [None, *Panel])
def test_a_long_answer_leaves_room_for_all_of_its_feedback(panel: Panel | None) -> None:
    transcript = "and then <we> & they, " * 5_000
    assert isinstance(FEEDBACK, FeedbackScreen)
    screen = replace(FEEDBACK, text=transcript, opened=panel)
    said = shown(render(screen, PRIVATE, NOW))
    for kept in ("You name the result.", "“kept failing”", "✓ Situation"):
        assert kept in said
    assert "\n".join(wording.panel_lines(screen)) in said
    assert transcript[:2_000] in said
    assert units(said) > TEXT_LIMIT - 10


# Rows


@settings(max_examples=300, deadline=None)
@given(screens.screens(), st.sampled_from([PRIVATE, GROUP]))
def test_the_buttons_of_any_screen_fit_a_phone(screen: Screen, audience: Audience) -> None:
    keyboard = render(screen, audience, NOW).keyboard
    rows = keyboard.inline_keyboard if keyboard else ()
    for row in rows:
        labels = [button.text for button in row]
        assert labels == ["1", "2", "3", "4", "5"] or len(row) <= WIDEST
        assert len(row) == 1 or len(row) * max(map(len, labels)) <= ROW
    pressed = [button.callback_data for row in rows for button in row if button.callback_data]
    assert len(set(pressed)) == len(pressed)
    written = {write_button(7, Press(control)) for control in controls_of(screen)}
    assert written <= set(pressed)


# Captions


@for_long_texts
@given(screens.answered_interviews(wild))
def test_the_caption_of_any_picture_is_one_that_telegram_takes(interview: Interview) -> None:
    record = record_of(interview)
    assert record is not None
    captioned(picture_caption(sheet_of(record)))


def captioned(card: Card) -> str:
    """The caption of a picture that Telegram takes."""
    body = {"chat_id": 1, "photo": "file", "caption": card.html, "parse_mode": "HTML"}
    if card.keyboard is not None:
        body["reply_markup"] = card.keyboard.to_dict()
    spec = specs.telegram()
    assert spec is None or spec.check("sendPhoto", body) == []
    assert list(telegram_rules.check("sendPhoto", body)) == []
    text, _ = telegram_html.parse(card.html)
    assert units(text) <= CAPTION_LIMIT
    return text


takes = st.builds(
    Practised,
    session=screens.sessions,
    answered_at=strategies.TIMES,
    question=wild,
    take=st.integers(1, 9),
    scores=st.lists(
        st.builds(Score, st.sampled_from(DIMENSIONS), st.integers(1, 5)), max_size=5
    ).map(tuple),
    delivery=st.none() | strategies.deliveries,
    rating=st.none() | st.integers(1, 5),
)


@for_long_texts
@given(st.lists(takes, min_size=1, max_size=40).map(tuple))
def test_all_of_anybodys_progress_is_told(practised: tuple[Practised, ...]) -> None:
    progress = progress_of(practised, NOW)
    caption, *others = progress_cards(7, progress)
    told = [captioned(caption), *map(shown, others)]
    assert len(told) <= 2
    lines = "\n".join(progress_lines(progress)).replace("\0", "")
    heading, _, fitting = told[0].partition("\n")
    assert heading == "Your progress"
    whole = "\n".join(part for part in (fitting, *told[1:]) if part)
    assert whole == lines.encode("utf-8", "replace").decode()
    keyboards = [card.keyboard for card in (caption, *others)]
    assert not any(keyboards[:-1])
    practising = progress.practise_next.dimension is not None
    assert (keyboards[-1] is not None) == practising


# Markup


spans = st.lists(
    st.builds(Span, wild, st.sampled_from(Style), st.booleans()), min_size=1, max_size=8
)


@for_long_texts
@given(spans, st.integers(100, TEXT_LIMIT))
def test_any_spans_fit_any_limit(drawn_spans: list[Span], limit: int) -> None:
    text, _ = telegram_html.parse(to_html(drawn_spans, limit))
    assert units(text) <= limit


@given(st.lists(st.builds(Span, st.text(st.characters(codec="utf-8"), max_size=40)), max_size=8))
def test_short_text_is_shown_as_it_is(drawn_spans: list[Span]) -> None:
    text, _ = telegram_html.parse(to_html(drawn_spans))
    assert text == "".join(span.text for span in drawn_spans).replace("\0", "")


@given(st.text(characters).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_what_is_cut_is_the_beginning_and_is_marked(text: str) -> None:
    for limit in (1, 2, 7):
        short = cut(text, limit)
        assert units(short) <= limit
        assert short == text or (text.startswith(short[:-1]) and short.endswith("…"))


@given(wild)
def test_a_button_says_something_in_one_line(text: str) -> None:
    label = button_text(text)
    assert label.strip()
    assert len(label.splitlines()) == 1
    assert units(label) <= BUTTON_LIMIT


def test_elastic_text_is_shortened_first() -> None:
    parts = [Span("a" * 60, elastic=True), Span("b" * 70), Span("c" * 50, elastic=True)]
    text, _ = telegram_html.parse(to_html(parts, 100))
    assert text == "…" + "b" * 70 + "c" * 28 + "…"


# The cards, to be read


def test_the_set_up() -> None:
    assert drawn(SETUP) == (
        "Which role are you interviewing for? Type it, or pick one.\n"
        "[Software Engineer][Data Analyst]\n"
        "[Product Manager][Sales Representative]\n"
        "[Customer Support Agent][Registered Nurse]\n"
        "[Start now][Cancel]"
    )
    assert drawn(SETUP_KIND) == (
        "<b>Data Engineer at Acme</b>\n"
        "Level: senior\n"
        "3 questions, mixed\n"
        "\n"
        "What kind of questions?\n"
        "[Behavioural][Technical][Mixed]\n"
        "[Skip][Back]\n"
        "[Start now][Cancel]"
    )


def test_what_can_be_switched_has_a_row_each() -> None:
    brief = replace(INTERVIEW.brief, rate_first=True)
    screen = in_phase(SettingUp(Detail.EXTRAS), brief=brief)
    assert drawn(screen).splitlines()[-5:] == [
        "Anything else? Tap to switch, then go on.",
        "[☑ Follow-up questions]",
        "[☑ I rate myself first]",
        "[Go on][Back]",
        "[Start now][Cancel]",
    ]


def test_in_a_group_one_types_by_replying_or_goes_private() -> None:
    assert drawn(SETUP, GROUP).startswith(
        "Which role are you interviewing for? Type it, or pick one.\n"
        "<i>Reply to this message to type.</i>\n"
    )
    assert drawn(SETUP, GROUP).endswith("\n[Practise in private]")
    keyboard = render(SETUP, GROUP, NOW).keyboard
    assert keyboard is not None
    assert keyboard.inline_keyboard[-1][0].url == "https://t.me/persona_bot?start=interview"
    assert "Reply to this message with a voice note, or in writing." in drawn(ASKED, GROUP)


def test_a_question() -> None:
    assert drawn(ASKED) == (
        "<b>Question 1 of 3</b>\n"
        "\n"
        "<b>Tell me about a pipeline that broke.</b>\n"
        "\n"
        "🎙 Answer with a voice note, or type.\n"
        "[Skip question][Stop]"
    )


def test_a_question_says_what_it_rests_on_and_what_it_is_to_train() -> None:
    assert isinstance(ASKED, QuestionScreen)
    focus = Focus(skills=("Airflow", "<SQL>"), themes=("on-call",))
    brief = replace(ASKED.brief, practise="structure")
    question = replace(ASKED.question, id="general/g01")
    asked = replace(ASKED, focus=focus, brief=brief, builtin=True, question=question)
    assert drawn(asked).splitlines()[3:7] == [
        "",
        "<i>From the built-in question bank</i>",
        "<i>From your material: Airflow, &lt;SQL&gt;, on-call</i>",
        "<i>To practise: Structure</i>",
    ]
    assert "<i>5/5: Opens with the point, moves in clear steps" in drawn(asked)


def ticking(moment: int, text: str) -> str:
    return f'<tg-time unix="{moment}" format="r">{text}</tg-time>'


@pytest.mark.parametrize(
    ("stage", "since", "lines"),
    [
        (
            Stage.PREPARING,
            70.0,
            [
                "<b>⏱ 30 seconds to prepare, then 2:00 to answer. You may start early.</b>",
                f"Your time to answer begins {ticking(100, 'at 00:01:40 UTC')}.",
            ],
        ),
        (
            Stage.ANSWERING,
            70.0,
            [
                "<b>⏱ Answer now: 2:00, one try.</b>",
                f"Your time ends {ticking(220, 'at 00:03:40 UTC')}.",
            ],
        ),
        (
            Stage.OVER,
            70.0,
            ["<b>⏱ The time is over. Send what you have, or skip the question.</b>"],
        ),
    ],
)
def test_the_clock_of_a_question_runs_by_itself(
    stage: Stage, since: float, lines: list[str]
) -> None:
    brief = replace(INTERVIEW.brief, mode=Mode.REAL)
    screen = in_phase(Asking(turn=0, since=since, stage=stage, ticket=1), brief=brief)
    assert drawn(screen).splitlines()[4:] == [
        *lines,
        "",
        "🎙 Answer with a voice note, or type.",
        "[Skip question][Stop]",
    ]


def test_against_the_clock_it_begins_when_one_says_so() -> None:
    said = drawn(READY)
    assert "• You have 30 seconds to prepare and 2:00 to answer." in said
    assert said.endswith("\n[Begin][Stop]")


def test_what_has_to_be_waited_for_at_the_end() -> None:
    waiting = "⏳ All questions are asked. Feedback: 0 of 1 ready…\n[Stop]"
    assert drawn(WRAPPING_UP) == waiting
    stuck = in_phase(WrappingUp(), [judged(ReviewStuck(DOWN, Reviewing(ticket=3), until=160.0))])
    assert drawn(stuck) == (
        "⚠️ 0 of 1 answers are worked through; a service that the others need is not answering. "
        "Your recordings are kept. I try again in about 1 minute.\n"
        "[Retry now][Go on without it]\n"
        "[Stop]"
    )


def test_ones_own_rating() -> None:
    row = "[1][2][3][4][5]"
    assert drawn(RATING).splitlines()[-3:] == [
        "<b>Your feedback is ready. First: how good was your answer, from 1 to 5?</b>",
        row,
        "[Just show it][Stop]",
    ]
    brief = replace(INTERVIEW.brief, rate_first=True)
    for verdict, done in ((Gathering(), "👂"), (Reviewing(ticket=3), "⏳"), (Deferred(), "🎙")):
        screen = in_phase(Asking(turn=0), [judged(verdict)], brief=brief)
        assert row in drawn(screen).splitlines()
        assert f"<b>\n{wording.RATE_IT}</b>" in drawn(screen)
        assert done in drawn(screen)
        rated = in_phase(Asking(turn=0), [replace(judged(verdict), rating=3)], brief=brief)
        assert row not in drawn(rated)
        assert wording.RATE_IT not in drawn(rated)
    feedback = in_phase(Asking(turn=0), [replace(judged(Reviewed(REVIEW)), rating=3)], brief=brief)
    assert "🙋 You rated it 3/5; the mean score is 3.5." in drawn(feedback)


def test_what_was_heard_can_be_put_right() -> None:
    assert drawn(CORRECTING) == (
        "<b>Question 1 of 3</b>\n"
        "\n"
        "<blockquote>Um, the nightly load kept failing, so I added a check of the columns &amp; "
        "failures fell by 90%.</blockquote>\n"
        f"✍️ {wording.CORRECT_IT}\n"
        "[Back][Stop]"
    )


def test_what_is_being_done() -> None:
    assert drawn(PREPARING) == (
        "<b>Data Engineer at Acme</b>\n"
        "Level: senior\n"
        "3 questions, mixed\n"
        "\n"
        "⏳ Preparing your questions…\n"
        "[Stop]"
    )
    assert drawn(LISTENING) == "<b>Question 1 of 3</b>\n\n👂 Listening…\n[Stop]"
    assert drawn(THINKING) == (
        "<b>Question 1 of 3</b>\n"
        "\n"
        "<blockquote expandable>Um, the nightly load kept failing, so I added a check of the "
        "columns &amp; failures fell by 90%.</blockquote>\n"
        "🎙 0:32 · 1 filler · 1 pause of 1 s or more, longest 2.5 s\n"
        "⏳ Thinking about your answer…\n"
        "[Stop]"
    )


def test_what_cannot_be_done() -> None:
    assert drawn(STUCK).splitlines()[-3:] == [
        (
            "⚠️ I cannot score your answer just now: the service is not answering. Your answer "
            "is kept. I try again by myself in about 1 minute."
        ),
        "[Retry now][Go on without it]",
        "[Stop]",
    ]
    assert drawn(UNSCORED).splitlines()[-3:] == [
        "🔁 Not scored: under 8 words is too little to judge. Say a bit more.",
        "[Next question][Try again]",
        "[I was misheard][Stop]",
    ]


def test_a_refusal_to_score_shows_the_words_that_it_rests_on() -> None:
    refused = answered(Unscored(Unscorable.OFF_TOPIC, "a check of the <columns>"))
    assert drawn(refused).splitlines()[-4:-2] == [
        "🔁 Not scored: this does not answer the question.",
        "This rests on: <i>“a check of the &lt;columns&gt;”</i>",
    ]


def test_feedback() -> None:
    assert drawn(FEEDBACK) == (
        "<b>Question 1 of 3</b>\n"
        "\n"
        "<blockquote expandable>Um, the nightly load kept failing, so I added a check of the "
        "columns &amp; failures fell by 90%.</blockquote>\n"
        "<b>Content 4/5 · Structure 3/5</b>\n"
        "✓ Situation ✗ Task ✓ Action ✓ Result\n"
        "👍 <b>Strength: </b>You name the result. <i>“failures fell by 90%”</i>\n"
        "🔧 <b>One thing to change: </b>Say why it failed. <i>“kept failing”</i>\n"
        "🎙 0:32 · 1 filler · 1 pause of 1 s or more, longest 2.5 s\n"
        "<i>Another note is another try.</i>\n"
        "[Next question][Try again]\n"
        "[Model answer][Delivery]\n"
        "[What the scores mean]\n"
        "[I was misheard][Stop]"
    )


def test_the_panel_that_is_open() -> None:
    opened = in_phase(Asking(turn=0, opened=Panel.SCORES), [judged(Reviewed(REVIEW))])
    content, structure = (anchor(score.dimension, score.level) for score in REVIEW.scores)
    assert drawn(opened).splitlines()[8:] == [
        "<b>",
        "What the scores mean</b>",
        f"<blockquote>Content 4/5: {content}",
        f"Structure 3/5: {structure}</blockquote>",
        "<i>Another note is another try.</i>",
        "[Next question][Try again]",
        "[Model answer][Delivery]",
        "[Hide what the scores mean]",
        "[I was misheard][Stop]",
    ]


def test_a_second_take_stands_against_the_first() -> None:
    better = replace(REVIEW, scores=(Score("content", 4), Score("structure", 5)))
    takes = [judged(Reviewed(REVIEW)), replace(judged(Reviewed(better)), number=2)]
    said = drawn(in_phase(Asking(turn=0, asked=1), takes))
    assert said.startswith("<b>Question 1 of 3 · take 2</b>")
    assert "<b>Against your last try</b>\n• Structure 3 → 5\n" in said


def test_feedback_that_nobody_judged_says_so_and_has_no_score() -> None:
    said = drawn(MEASURED)
    assert "<i>Measured only, not scored: the AI interviewer is not answering</i>" in said
    assert "<b>Checklist (counted, not judged)</b>\n• 18 words" in said
    assert "/5" not in said


def test_the_summary() -> None:
    assert drawn(SUMMARY).splitlines() == [
        "<b>Done: Data Engineer at Acme</b>",
        "1 of 3 questions answered · 18 words in all · 0:28 of speech",
        "<b>Overall 3.6/5, by what counts most in this role</b>",
        "",
        "Concrete results.",
        "<b>",
        "Average scores</b>",
        "Content 4.0/5 · Structure 3.0/5",
        "<b>",
        "What to change next time</b>",
        "1. Name the cause.",
        "<i>“kept failing”</i>",
        "2. Slow down.",
        "",
        "/history shows every answer again. /interview starts the next one.",
        "[Each answer][Picture]",
        "[Save as a file][My progress]",
        "[Practise next]",
    ]
    assert drawn(STOPPED) == ("Stopped. 1 answer kept in /history. /interview starts a new one.")


def test_a_summary_of_nothing_offers_nothing() -> None:
    nothing = in_phase(Finished(9.0, Summary(REVIEW.by)))
    assert drawn(nothing).splitlines()[-1] == (
        "/history shows every answer again. /interview starts the next one."
    )


def test_a_summary_that_nobody_wrote_can_be_asked_for_again() -> None:
    finished = Finished(9.0, Summary(Reviewer.MEASURES), stand_in=DOWN)
    said = drawn(in_phase(finished, [judged(Reviewed(REVIEW))]))
    assert "<i>Only what was measured: the AI interviewer is not answering</i>" in said
    assert said.splitlines()[-4:-2] == ["[Retry now]", "[Each answer][Picture]"]


def test_a_picture_says_in_words_what_it_shows() -> None:
    assert isinstance(SUMMARY, SummaryScreen)
    assert picture_caption(SUMMARY.sheet).html.splitlines() == [
        "<b>Data Engineer at Acme · 1 Jan 1970</b>",
        "Overall 3.6/5, by what counts most in this role",
        "1. Name the cause.",
        "2. Slow down.",
    ]


# History


def line(number: int) -> SessionLine:
    return SessionLine(f"s{number}", "Nurse", "Mercy", 86_400.0 * number, Ending.FINISHED, 3)


@pytest.mark.parametrize(
    ("listed", "offset", "turning"),
    [(1, 0, ""), (PAGE, 0, ""), (PAGE + 1, 0, "[Older ›]"), (1, PAGE, "[‹ Newer]")],
)
def test_interviews_are_listed_in_pages(listed: int, offset: int, turning: str) -> None:
    first, *rows = read(
        session_list(7, tuple(line(number) for number in range(listed)), offset)
    ).splitlines()
    assert first == "<b>Your interviews</b>"
    assert rows[0] == "[1 Jan 1970 · Nurse at Mercy · 3 answered]"
    assert rows[min(listed, PAGE) :] == [turning] * bool(turning)


def test_no_interviews_are_said_to_be_none() -> None:
    assert read(session_list(7, (), 0)) == wording.NO_HISTORY


def test_a_past_answer_and_the_way_to_the_others() -> None:
    takes = [replace(judged(Reviewed(REVIEW)), turn=turn) for turn in range(3)]
    finished = Finished(9.0, Summary(REVIEW.by, "Concrete results."))
    record = record_of(replace(INTERVIEW, phase=finished, takes=tuple(takes)))
    assert record is not None
    pages = [read(session_page(7, record, place)) for place in (0, 1, 2, 9)]
    assert pages[0].startswith(
        "<b>Data Engineer at Acme · 1 Jan 1970</b>\n"
        "\n"
        "Question 1 of 3\n"
        "<b>Tell me about a pipeline that broke.</b>\n"
        "\n"
        "<blockquote expandable>Um, the nightly load"
    )
    keeping = "[Picture][Save as a file]"
    assert [page.splitlines()[-4:] for page in pages[:3]] == [
        ["[Hear your answer]", "[2 ›]", keeping, "[Back]"],
        ["[Hear your answer]", "[‹ 1][3 ›]", keeping, "[Back]"],
        ["[Hear your answer]", "[‹ 2]", keeping, "[Back]"],
    ]
    assert ["Concrete results." in page for page in pages] == [False, False, True, True]


def test_a_past_answer_says_what_became_of_it() -> None:
    corrected = replace(judged(Reviewed(REVIEW)), correction="I fixed the load.", rating=2)
    refused = replace(judged(Unscored(Unscorable.OFF_TOPIC, "kept <failing>")), turn=1)
    follow_up = replace(QUESTION, text="And why?", follows=True)
    interview = replace(
        INTERVIEW, takes=(corrected, refused), questions=(QUESTION, follow_up, QUESTION)
    )
    record = record_of(interview)
    assert record is not None
    first, second = (read(session_page(7, record, place)) for place in (0, 1))
    assert first.splitlines()[5:8] == [
        "<blockquote expandable>I fixed the load.</blockquote>",
        "<i>As you put it right</i>",
        "You rated it 2/5; the mean score is 3.5.",
    ]
    assert "What the scores mean" not in first
    assert "Content: Says what was done" in first
    assert REVIEW.better in first
    assert "Question 1 of 3 · follow-up\n<b>And why?</b>" in second
    assert (
        "Not scored: this does not answer the question.\n"
        "This rests on: <i>“kept &lt;failing&gt;”</i>"
    ) in second
