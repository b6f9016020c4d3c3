"""A screen as a Discord message: one embed with fields, and buttons whose ids carry the facts."""

import discord

from adapters.discord.sheet import (
    DANGER,
    DONE,
    GOOD,
    OPEN,
    PRIMARY,
    SECONDARY,
    Card,
    Labelled,
    Sheet,
    bold,
    draw,
    italic,
    plain,
    quoted,
    rows_of,
)
from bot import wording
from bot.brief import Brief, Detail
from bot.buttons import Practise, Press, ReadAnswers, SaveSession, ShowPicture, ShowProgress
from bot.coaching import Delivery, Point, Review
from bot.coaching_words import comparison_lines
from bot.events import Control, Move
from bot.questions import dimension_title
from bot.screens import (
    CorrectingScreen,
    FeedbackScreen,
    ListeningScreen,
    PreparingScreen,
    QuestionScreen,
    RatingScreen,
    ReadyScreen,
    Screen,
    SetupScreen,
    StoppedScreen,
    StuckScreen,
    SummaryScreen,
    SummingScreen,
    ThinkingScreen,
    UnscoredScreen,
    WrappingUpScreen,
)

_WITH_ANSWER = (
    ThinkingScreen,
    RatingScreen,
    CorrectingScreen,
    StuckScreen,
    UnscoredScreen,
    FeedbackScreen,
)


def render(screen: Screen, owner: int, now: float) -> Card:
    rows = _summary_rows(screen) if isinstance(screen, SummaryScreen) else []
    rows += _control_rows(screen)
    answer = screen.text if isinstance(screen, _WITH_ANSWER) else ""
    return draw(_sheet(screen, now), owner, rows, answer=answer)


def put_review(sheet: Sheet, review: Review) -> None:
    """The judgement without what is behind it: levels on one line, and what rests on a quote."""
    levels = [f"{dimension_title(s.dimension)} {s.level}/5" for s in review.scores]
    if levels:
        sheet.lines.append(f"**{' · '.join(levels)}**")
    if review.star is not None:
        sheet.lines.append(wording.star_line(review.star))
    _put_point(sheet, f"👍 {wording.STRENGTH}", review.strength)
    _put_point(sheet, f"🔧 {wording.FIX}", review.fix)
    nothing = wording.no_points(review)
    if nothing:
        sheet.lines.append(italic(nothing))


def put_delivery(sheet: Sheet, delivery: Delivery | None) -> None:
    if delivery is not None:
        sheet.put(f"🎙 {wording.DELIVERY}", [wording.delivery_line(delivery)])


def point_lines(point: Point) -> list[str]:
    """What is said, and the answer's own words that it rests on, where there are any."""
    return [plain(point.text), quoted(point.quote) if point.quote else ""]


def _put_point(sheet: Sheet, title: str, point: Point | None) -> None:
    if point is not None:
        sheet.put(title, point_lines(point))


def _control_rows(screen: Screen) -> list[list[Labelled]]:
    """The person's own rating, what can be chosen, what moves on, what can be opened."""
    rating: list[Labelled] = []
    choosing: list[Labelled] = []
    moving: list[Labelled] = []
    opening: list[Labelled] = []
    places = {Move.RATE: rating, Move.CHOOSE: choosing, Move.OPEN: opening}
    for control in () if isinstance(screen, StoppedScreen) else screen.controls:
        button = (wording.label(control, screen), Press(control), _style(control))
        places.get(control.move, moving).append(button)
    kinds = (rating, choosing, moving, opening)
    return [row for buttons in kinds for row in rows_of(buttons)]


def _style(control: Control) -> discord.ButtonStyle:
    match control.move:
        case Move.START | Move.NEXT | Move.RETRY:
            return PRIMARY
        case Move.STOP:
            return DANGER
        case _:
            return SECONDARY


def _summary_rows(screen: SummaryScreen) -> list[list[Labelled]]:
    if not screen.takes:
        return []
    session = screen.session
    rows: list[list[Labelled]] = [
        [
            (wording.EACH_ANSWER, ReadAnswers(session), SECONDARY),
            (wording.PICTURE, ShowPicture(session), SECONDARY),
            (wording.SAVE, SaveSession(session), SECONDARY),
        ],
        [
            (wording.MY_PROGRESS, ShowProgress(), SECONDARY),
            (wording.PRACTISE_NEXT, Practise(), PRIMARY),
        ],
    ]
    return rows


def _sheet(screen: Screen, now: float) -> Sheet:
    match screen:
        case SetupScreen():
            return _setup(screen)
        case PreparingScreen():
            sheet = _brief(screen.brief)
            sheet.lines.append(f"⏳ {wording.PREPARING}…")
            return sheet
        case ReadyScreen():
            sheet = _brief(screen.brief)
            sheet.put(f"⏱ {wording.READY}", wording.ready_lines(screen))
            return sheet
        case QuestionScreen():
            return _question(screen)
        case ListeningScreen():
            notes = f" ({wording.count(screen.notes, 'note')})" if screen.notes > 1 else ""
            sheet = Sheet(wording.heading(screen.place), lines=[f"👂 {wording.LISTENING}{notes}…"])
            _ask_rating(sheet, screen)
            return sheet
        case ThinkingScreen():
            sheet = Sheet(wording.heading(screen.place), lines=[quoted(screen.text)])
            _ask_rating(sheet, screen)
            put_delivery(sheet, screen.delivery)
            sheet.footer = f"⏳ {wording.THINKING}…"
            return sheet
        case RatingScreen():
            asked = f"⭐ {wording.RATE_FIRST}"
            return Sheet(wording.heading(screen.place), OPEN, [quoted(screen.text), asked])
        case CorrectingScreen():
            asked = f"✏️ {wording.CORRECT_HERE}"
            return Sheet(wording.heading(screen.place), OPEN, [quoted(screen.text), asked])
        case StuckScreen():
            said = f"⚠️ {wording.stuck(screen, now)}"
            return Sheet(wording.heading(screen.place), OPEN, [quoted(screen.text), said])
        case UnscoredScreen():
            said = f"🔁 {wording.unscored(screen.why)}"
            sheet = Sheet(wording.heading(screen.place), OPEN, [quoted(screen.text), said])
            sheet.put(wording.RESTS_ON, [quoted(screen.quote)])
            return sheet
        case FeedbackScreen():
            return _feedback(screen)
        case WrappingUpScreen():
            sign = "⏳" if screen.problem is None else "⚠️"
            return Sheet(wording.SUMMARY, lines=[f"{sign} {wording.wrapping_up(screen, now)}"])
        case SummingScreen():
            return Sheet(f"⏳ {wording.SUMMING}…")
        case SummaryScreen():
            return _summary(screen)
        case StoppedScreen():
            return Sheet(wording.STOPPED, DONE, [wording.stopped(screen.answered)])


def _setup(screen: SetupScreen) -> Sheet:
    sheet = Sheet(wording.NAME) if screen.detail is Detail.ROLE else _brief(screen.brief)
    if screen.fault is not None:
        sheet.lines.append(f"⚠️ {wording.document_fault(screen.fault)}")
    sheet.lines.append(wording.ask_detail(screen))
    return sheet


def _brief(brief: Brief) -> Sheet:
    title, *others = wording.brief_lines(brief)
    return Sheet(title, lines=[plain(other) for other in others])


def _question(screen: QuestionScreen) -> Sheet:
    sheet = Sheet(wording.heading(screen.place), lines=[bold(screen.question.text)])
    clock = wording.clock_line(screen)
    if clock is not None:
        ends = "" if screen.ends is None else f" ⏳ <t:{round(screen.ends)}:R>"
        sheet.lines.append(f"⏱ {clock}{ends}")
    sheet.lines.append(f"🎙 {wording.ANSWER_HERE}")
    practised = wording.practise_lines(screen.brief)
    if practised:
        sheet.put(f"🎯 {practised[0]}", practised[1:])
    focus = wording.focus_line(screen.focus)
    if focus is not None:
        sheet.lines.append(italic(focus))
    sheet.footer = wording.question_source(screen) or ""
    return sheet


def _feedback(screen: FeedbackScreen) -> Sheet:
    sheet = Sheet(wording.heading(screen.place), GOOD)
    if screen.text:
        sheet.lines.append(quoted(screen.text))
    if screen.left_out is not None:
        sheet.lines.append(f"⚠️ {wording.left_out(screen.left_out)}")
    source = wording.feedback_source(screen)
    if source:
        sheet.lines.append(italic(source))
    if screen.checklist is not None:
        listed = [f"• {line}" for line in wording.checklist_lines(screen.checklist)]
        sheet.put(wording.CHECKLIST, listed)
    put_review(sheet, screen.review)
    rated = wording.rating_line(screen)
    if rated is not None:
        sheet.lines.append(f"⭐ {rated}")
    _ask_rating(sheet, screen)
    put_delivery(sheet, screen.delivery)
    if screen.comparison is not None:
        sheet.put(f"📈 {wording.COMPARED}", comparison_lines(screen.comparison))
    if screen.opened is not None:
        panel = [plain(line) for line in wording.panel_lines(screen)]
        sheet.put(wording.panel_title(screen.opened), panel)
    sheet.footer = wording.ANSWER_MORE
    return sheet


def _ask_rating(sheet: Sheet, screen: ListeningScreen | ThinkingScreen | FeedbackScreen) -> None:
    if any(control.move is Move.RATE for control in screen.controls):
        sheet.lines.append(f"⭐ {wording.RATE_IT}")


def _summary(screen: SummaryScreen) -> Sheet:
    sheet = Sheet(wording.summary_heading(screen), GOOD)
    sheet.lines.append(" · ".join(wording.summary_lines(screen)))
    overall = wording.overall_line(screen.sheet)
    if overall is not None:
        sheet.lines.append(f"**{overall}**")
    source = wording.summary_source(screen)
    if source:
        sheet.lines.append(italic(source))
    if screen.summary.headline:
        sheet.lines.append(plain(screen.summary.headline))
    averages = screen.sheet.averages
    levels = [f"{dimension_title(a.dimension)} {a.level:.1f}/5" for a in averages]
    sheet.put(wording.AVERAGES, [" · ".join(levels)])
    changes = [point_lines(change) for change in screen.sheet.changes]
    numbered = [
        line
        for number, (said, quote) in enumerate(changes, 1)
        for line in (f"{number}. {said}", quote)
    ]
    sheet.put(wording.WHAT_TO_CHANGE, numbered)
    sheet.footer = wording.summary_next()
    return sheet
