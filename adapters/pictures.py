"""A score sheet and somebody's progress as PNG pictures that read on a phone, on any background.

No colour stands alone: what is outside its range has another shape as well, and every mark its
value in figures. Colours are of Okabe and Ito's palette (2008), which colour-blind people tell
apart.
"""

import asyncio
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot import coaching_words as words
from bot.brief import clean_line
from bot.coaching import CHANGES_LIMIT, LEVELS, Point
from bot.delivery import Position, Reading
from bot.progress import LevelTrend, MeasureTrend, Progress
from bot.questions import dimension_title
from bot.scoresheet import ScoreSheet
from bot.wording import day

__all__ = ["PngPictures"]

WIDTH, MAX_HEIGHT = 1080, 1600  # pixels
MARGIN = 48
TEXT_LIMIT = 400  # characters of any one text that are looked at
CHANGE_LINES = 4

_PAPER, _EDGE = "#fbfaf6", "#8a8a85"
_INK, _SOFT = "#16181a", "#4a4d50"
_TRACK, _BAND = "#dcdcd6", "#9fd6c0"
_BLUE, _ORANGE = "#0072b2", "#c24a00"

_REGULAR, _BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
_NOT_A_CHARACTER = "\uffff"  # drawn as the font draws what it lacks

Box = tuple[int, int, int, int]  # left, top, right, bottom


class PngPictures:
    """The port Pictures."""

    async def of_summary(self, sheet: ScoreSheet) -> bytes:
        return await asyncio.to_thread(_summary, sheet)

    async def of_progress(self, progress: Progress) -> bytes:
        return await asyncio.to_thread(_progress, progress)


# The score sheet

_ROW, _MEASURE_ROW = 50, 62
_HEADING = 60
_LABEL_RIGHT, _MARKS, _VALUE_LEFT = 384, (404, 714), 742  # columns
_CHANGE_LINE, _CHANGE_GAP = 38, 10


def _summary(sheet: ScoreSheet) -> bytes:
    page = _Page()
    _head(page, sheet)
    measured = [reading for reading in sheet.readings if reading.value is not None]
    if sheet.averages or sheet.rating is not None:
        page.heading(words.SCORES)
    for average in sheet.averages[:5]:
        _bar(page, dimension_title(average.dimension), average.level, _BLUE)
    if sheet.rating is not None:
        _bar(page, words.OWN_RATING, sheet.rating, _SOFT)
    page.heading(words.DELIVERY_MEASURED)
    for reading in measured:
        _measure(page, reading)
    if not measured:
        page.line(words.NOT_MEASURED, 30, _SOFT)
    if sheet.changes:
        page.heading(words.CHANGES)
        _changes(page, sheet.changes[:CHANGES_LIMIT])
    return page.png()


def _head(page: "_Page", sheet: ScoreSheet) -> None:
    """Title and date to the left, the overall score to the right."""
    top, left_of_score = page.y, 730
    title = _drawable(sheet.title) or words.UNTITLED
    bottom = page.wrapped(title, (MARGIN, top, left_of_score - 24, top + 120), 44, _BOLD, 2)
    answered = words.answered_line(sheet.answered, sheet.questions)
    for text in (day(sheet.started_at), answered):
        page.text(text, (MARGIN, bottom, left_of_score - 24, bottom + 42), 30, color=_SOFT)
        bottom += 42
    box = (left_of_score, top, WIDTH - MARGIN, top + 44)
    page.text(words.OVERALL, box, 30, color=_SOFT, align="right")
    overall = words.NO_SCORE if sheet.overall is None else words.level_of(sheet.overall)
    size = 48 if sheet.overall is None else 72
    page.text(overall, (left_of_score, top + 44, WIDTH - MARGIN, top + 136), size, _BOLD, "right")
    page.y = max(bottom, top + 136)


def _bar(page: "_Page", title: str, level: float, color: str) -> None:
    top, (left, right) = page.y, _MARKS
    middle = top + _ROW // 2
    page.text(title, (MARGIN, top, _LABEL_RIGHT, top + _ROW), 32)
    page.draw.rounded_rectangle((left, middle - 13, right, middle + 13), 6, fill=_TRACK)
    share = min(max(level / LEVELS[-1], 0), 1)
    end = left + round(share * (right - left))
    if end - left > 12:  # noqa: PLR2004 - narrower than its own corners
        page.draw.rounded_rectangle((left, middle - 13, end, middle + 13), 6, fill=color)
    box = (_VALUE_LEFT, top, WIDTH - MARGIN, top + _ROW)
    page.text(words.level_of(level), box, 32, _BOLD)
    page.y += _ROW


def _measure(page: "_Page", reading: Reading) -> None:
    top, (left, right) = page.y, _MARKS
    middle = top + _MEASURE_ROW // 2
    page.text(
        words.measure_title(reading.measure), (MARGIN, top, _LABEL_RIGHT, top + _MEASURE_ROW), 30
    )
    low, high = _axis([reading])

    def place(value: float) -> int:
        return left + round(min(max((value - low) / (high - low), 0), 1) * (right - left))

    start = left if reading.low is None else place(reading.low)
    end = right if reading.high is None else place(reading.high)
    page.draw.rounded_rectangle((left, middle - 4, right, middle + 4), 4, fill=_TRACK)
    page.draw.rectangle((start, middle - 15, end, middle + 15), fill=_BAND)
    page.mark(place(reading.value or 0), middle, reading.position)
    page.text(words.measure_value(reading), (_VALUE_LEFT, top, WIDTH - MARGIN, top + 40), 28, _BOLD)
    page.text(
        words.range_words(reading),
        (_VALUE_LEFT, top + 34, WIDTH - MARGIN, top + _MEASURE_ROW),
        23,
        color=_SOFT,
    )
    page.y += _MEASURE_ROW


def _axis(readings: Iterable[Reading]) -> tuple[float, float]:
    """The least and the most that is shown: the range, as much again around it, and the values.

    Values far outside count as three ranges away, for otherwise the range would shrink to a line.
    """
    found = list(readings)
    low, high = found[0].low, found[0].high
    if high is None:  # the share of speech
        return 0, 1
    span = high - (low or 0)
    least = 0 if low is None else max(low - span, 0)
    values = [reading.value for reading in found if reading.value is not None]
    return least, min(max(high + 0.6 * span, *values), high + 3 * span)


def _changes(page: "_Page", changes: tuple[Point, ...]) -> None:
    room = MAX_HEIGHT - MARGIN // 2 - page.y
    numbered = [(f"{number}", point.text) for number, point in enumerate(changes, start=1)]
    left = MARGIN + 44
    lines: list[list[str]] = []
    for most in range(CHANGE_LINES, 0, -1):
        lines = [
            _lines(text, _font(_REGULAR, 29), WIDTH - MARGIN - left, most) for _, text in numbered
        ]
        if sum(len(each) * _CHANGE_LINE + _CHANGE_GAP for each in lines) <= room:
            break
    for (number, _), each in zip(numbered, lines, strict=True):
        page.text(number, (MARGIN, page.y, left, page.y + _CHANGE_LINE), 29, _BOLD, color=_BLUE)
        for line in each:
            page.text(line, (left, page.y, WIDTH - MARGIN, page.y + _CHANGE_LINE), 29)
            page.y += _CHANGE_LINE
        page.y += _CHANGE_GAP


# Progress

_PANEL_GAP = 32
_PANEL_WIDTH = (WIDTH - 2 * MARGIN - _PANEL_GAP) // 2
_PANEL_HEIGHT = 184
_CHART = (84, 160)  # top and bottom within the panel
_GUTTER = 100  # for the value beside the first and the last mark


def _progress(progress: Progress) -> bytes:
    page = _Page()
    page.line(words.PROGRESS, 44, _INK, _BOLD)
    if progress.sessions:
        page.line(words.counts_line(progress), 30, _SOFT)
        page.line(words.streak_line(progress.streak), 30, _SOFT)
    for line in (
        words.no_trend_line(progress),
        words.no_scores_line(progress),
        words.practise_next_line(progress.practise_next),
    ):
        if line is not None:
            page.line(line, 30, _INK)
    page.y += 16
    trends: tuple[LevelTrend | MeasureTrend, ...] = (*progress.levels, *progress.measures)
    for number, found in enumerate(trends):
        left = MARGIN + number % 2 * (_PANEL_WIDTH + _PANEL_GAP)
        _panel(page, left, page.y + number // 2 * _PANEL_HEIGHT, found)
    page.y += (len(trends) + 1) // 2 * _PANEL_HEIGHT
    return page.png()


def _panel(page: "_Page", left: int, top: int, found: LevelTrend | MeasureTrend) -> None:
    """One trend: its title, where it goes, and its points between the first and the last value."""
    right = left + _PANEL_WIDTH
    positions: list[Position | None]
    if isinstance(found, LevelTrend):
        title, points = dimension_title(found.dimension), list(found.trend.points)
        positions = [None] * len(points)
        low, high = float(LEVELS[0]), float(LEVELS[-1])
        band = None
        ends = [f"{point:.1f}" for point in (found.trend.first, found.trend.latest)]
    else:
        title = words.measure_title(found.measure)
        points = [reading.value or 0 for reading in found.points]
        positions = [reading.position for reading in found.points]
        low, high = _axis(found.points)
        band = (found.latest.low, found.latest.high)
        ends = [words.measure_number(reading) for reading in (found.first, found.latest)]
    page.text(title, (left, top, right, top + 38), 28, _BOLD)
    page.text(words.trend_caption(found), (left, top + 34, right, top + 64), 24, color=_SOFT)
    start, end = left + _GUTTER, right - _GUTTER
    upper, lower = top + _CHART[0], top + _CHART[1]

    def height(value: float) -> int:
        return lower - round(min(max((value - low) / (high - low), 0), 1) * (lower - upper))

    page.draw.rectangle((start - 14, upper - 8, end + 14, lower + 8), outline=_TRACK, width=2)
    if band is not None:
        bottom = lower + 8 if band[0] is None else height(band[0])
        ceiling = upper - 8 if band[1] is None else height(band[1])
        page.draw.rectangle((start - 14, ceiling, end + 14, bottom), fill=_BAND)
    steps = max(len(points) - 1, 1)
    places = [
        (start + round(number * (end - start) / steps), height(point))
        for number, point in enumerate(points)
    ]
    if len(places) == 1:
        places = [((start + end) // 2, places[0][1])]
    else:
        page.draw.line(places, fill=_BLUE, width=4, joint="curve")
        y = places[0][1]
        page.text(ends[0], (left, y - 18, start - 24, y + 18), 25, align="right")
    for (x, y), position in zip(places, positions, strict=True):
        page.mark(x, y, position)
    y = places[-1][1]
    page.text(ends[-1], (end + 24, y - 18, right, y + 18), 25, _BOLD)


# Drawing


class _Page:
    """A sheet of paper that is filled from the top down and cut off where it ends."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH, MAX_HEIGHT), _PAPER)
        self.draw = ImageDraw.Draw(self._image)
        self.y = 40

    def text(
        self,
        text: str,
        box: Box,
        size: int,
        face: str = _REGULAR,
        align: str = "left",
        color: str = _INK,
    ) -> None:
        """One line, in the middle of the box's height; nothing is drawn outside of the box."""
        left, top, right, bottom = box
        font = _font(face, size)
        line = next(iter(_lines(text, font, right - left, 1)), "")
        mask = Image.new("L", (right - left, bottom - top))
        # In the middle by the line's height and not by its letters', so that baselines agree.
        ascent, descent = font.getmetrics()
        y = (bottom - top - ascent - descent) // 2
        x = max(right - left - round(font.getlength(line)), 0) if align == "right" else 0
        ImageDraw.Draw(mask).text((x, y), line, fill=255, font=font)
        self._image.paste(color, box, mask)

    def wrapped(self, text: str, box: Box, size: int, face: str, most: int) -> int:
        """The same in up to `most` lines; where the last one ends."""
        left, top, right, bottom = box
        height = (bottom - top) // most
        for line in _lines(text, _font(face, size), right - left, most):
            self.text(line, (left, top, right, top + height), size, face)
            top += height
        return top

    def line(self, text: str, size: int, color: str, face: str = _REGULAR) -> None:
        height = size * 3 // 2
        box = (MARGIN, self.y, WIDTH - MARGIN, self.y + height)
        self.text(text, box, size, face, color=color)
        self.y += height

    def heading(self, text: str) -> None:
        box = (MARGIN, self.y + 12, WIDTH - MARGIN, self.y + _HEADING)
        self.text(text, box, 34, _BOLD)
        self.y += _HEADING

    def mark(self, x: int, y: int, position: Position | None) -> None:
        """A dot, or a diamond where a value is outside its range."""
        if position in (None, Position.WITHIN):
            self.draw.ellipse((x - 10, y - 10, x + 10, y + 10), fill=_BLUE, outline=_PAPER, width=2)
        else:
            corners = ((x, y - 14), (x + 14, y), (x, y + 14), (x - 14, y))
            self.draw.polygon(corners, fill=_ORANGE, outline=_PAPER, width=2)

    def png(self) -> bytes:
        height = min(self.y + 24, MAX_HEIGHT)
        image = self._image.crop((0, 0, WIDTH, height))
        frame = (0, 0, WIDTH - 1, height - 1)
        ImageDraw.Draw(image).rectangle(frame, outline=_EDGE, width=3)
        data = BytesIO()
        image.save(data, "PNG", optimize=True)
        return data.getvalue()


@cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    data = (files("adapters") / "fonts" / face).read_bytes()
    return ImageFont.truetype(BytesIO(data), size)


@cache
def _probe() -> tuple[ImageFont.FreeTypeFont, bytes]:
    """A font to look glyphs up in, and what it draws for those that it lacks."""
    data = (files("adapters") / "fonts" / _REGULAR).read_bytes()
    font = ImageFont.truetype(BytesIO(data), 24, layout_engine=ImageFont.Layout.BASIC)
    return font, bytes(font.getmask(_NOT_A_CHARACTER))


def _drawable(text: str) -> str:
    """One line of what the font has glyphs for."""
    font, lacking = _probe()
    line = clean_line(text, TEXT_LIMIT)
    kept = "".join(c for c in line if c.isspace() or bytes(font.getmask(c)) != lacking)
    return " ".join(kept.split())


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    """`text` in up to `most` lines of `width` pixels; what is left over ends in an ellipsis."""
    lines: list[str] = []
    left = _drawable(text)
    while left:
        fits = _fitting(left, font, width)
        if fits < len(left) and len(lines) == most - 1:
            fits = _fitting(left, font, width - font.getlength("…"))
            lines.append(f"{left[:fits].rstrip()}…")
            break
        if fits < len(left):
            space = left.rfind(" ", 1, fits + 1)
            fits = space if space > 0 else max(fits, 1)
        lines.append(left[:fits].strip())
        left = left[fits:].strip()
    return lines


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: float) -> int:
    """How many characters of `text`, from its beginning, are no wider than `width`."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= width else (low, middle - 1)
    return low
