"""Pictures are PNG files that fit a phone, whatever stands in them."""

from dataclasses import replace
from importlib.resources import files
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from adapters.pictures import MARGIN, MAX_HEIGHT, WIDTH, PngPictures
from benchmarks.pictures import DAYS, PRACTISED, SHEET
from bot.coaching import Point
from bot.delivery import Measure, mean_readings
from bot.progress import progress_of
from bot.scoresheet import Average, ScoreSheet

PICTURES = PngPictures()
NOW = PRACTISED[-1].answered_at
EMPTY = ScoreSheet("", 0.0, 5, 0, None, (), mean_readings(()), ())


def opened(data: bytes) -> Image.Image:
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    image = Image.open(BytesIO(data))
    image.load()
    assert image.width == WIDTH
    assert 150 < image.height <= MAX_HEIGHT
    return image


def is_blank(image: Image.Image) -> bool:
    return len(image.getcolors(1 << 20) or ()) == 1


def has_free_margins(image: Image.Image) -> bool:
    """Nothing but paper between the frame and the margins."""
    inner, height = MARGIN - 16, image.height
    edges = (
        (4, 4, inner, height - 4),
        (WIDTH - inner, 4, WIDTH - 4, height - 4),
        (4, height - 12, WIDTH - 4, height - 4),
    )
    return all(is_blank(image.crop(edge)) for edge in edges)


async def test_a_score_sheet_is_a_picture() -> None:
    assert has_free_margins(opened(await PICTURES.of_summary(SHEET)))


async def test_the_same_is_drawn_the_same() -> None:
    assert await PICTURES.of_summary(SHEET) == await PICTURES.of_summary(SHEET)
    progress = progress_of(PRACTISED, NOW)
    assert await PICTURES.of_progress(progress) == await PICTURES.of_progress(progress)


@pytest.mark.parametrize(
    "changed",
    [
        replace(SHEET, overall=2.0),
        replace(SHEET, title="Nurse"),
        replace(SHEET, rating=None),
        replace(SHEET, averages=SHEET.averages[1:]),
        replace(SHEET, readings=SHEET.readings[1:]),
        replace(SHEET, changes=SHEET.changes[:2]),
        replace(SHEET, started_at=0.0),
        replace(SHEET, answered=5),
    ],
)
async def test_everything_of_a_score_sheet_is_seen(changed: ScoreSheet) -> None:
    assert await PICTURES.of_summary(changed) != await PICTURES.of_summary(SHEET)


async def test_the_fullest_score_sheet_fits() -> None:
    long = "and then you could say much more about it " * 7
    sheet = replace(
        SHEET,
        title="W" * 300,
        averages=(*SHEET.averages, Average("x" * 300, 1.0, 1)),
        readings=tuple(replace(r, value=1e9) for r in SHEET.readings),
        changes=(Point(long, "so"),) * 5,
    )
    assert has_free_margins(opened(await PICTURES.of_summary(sheet)))


async def test_without_scores_and_recordings_there_is_still_a_picture() -> None:
    assert has_free_margins(opened(await PICTURES.of_summary(EMPTY)))


@pytest.mark.parametrize("interviews", [0, 1, 2, len(DAYS)])
async def test_progress_is_a_picture(interviews: int) -> None:
    progress = progress_of(PRACTISED[: 2 * interviews], NOW)
    assert has_free_margins(opened(await PICTURES.of_progress(progress)))


async def test_progress_over_many_interviews_and_far_values_fits() -> None:
    takes = tuple(
        replace(
            take, session=f"{n}/{take.session}", answered_at=take.answered_at + n, rating=1 + n % 5
        )
        for n in range(20)
        for take in PRACTISED
    )
    progress = progress_of(takes, NOW)
    far = tuple(
        replace(found, points=(*found.points[1:], replace(found.latest, value=1e9)))
        for found in progress.measures
    )
    assert {found.measure for found in far} == set(Measure)
    assert has_free_margins(opened(await PICTURES.of_progress(replace(progress, measures=far))))


TITLES = st.text(max_size=300) | st.text(
    "ا\u0628שلé\u0301Ж한字🎓\u202e\n\t\x00\ud800W ", max_size=300
)


@settings(max_examples=25, deadline=None)
@given(TITLES)
async def test_any_title_is_drawn_inside_its_box(title: str) -> None:
    drawn = opened(await PICTURES.of_summary(replace(EMPTY, title=title)))
    # To the right of the title, the overall score is as it is beside any other.
    plain = opened(await PICTURES.of_summary(EMPTY))
    box = (712, 4, WIDTH - 4, 170)
    assert ImageChops.difference(drawn.crop(box), plain.crop(box)).getbbox() is None
    assert has_free_margins(drawn)


async def test_what_the_font_lacks_is_left_out() -> None:
    plain = await PICTURES.of_summary(replace(SHEET, title="Nurse in Seoul"))
    assert await PICTURES.of_summary(replace(SHEET, title="Nurse 🎓 in\n서울Seoul\x00")) == plain
    assert await PICTURES.of_summary(replace(SHEET, title="Медсестра")) != plain


async def test_a_title_without_a_glyph_is_replaced() -> None:
    unnamed = await PICTURES.of_summary(replace(SHEET, title=""))
    assert await PICTURES.of_summary(replace(SHEET, title="数据工程师")) == unnamed
    assert await PICTURES.of_summary(replace(SHEET, title="Practice interview")) == unnamed


def test_the_fonts_come_with_their_licence() -> None:
    folder = files("adapters") / "fonts"
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        assert (folder / name).read_bytes().startswith(b"\x00\x01\x00\x00")
    assert "Bitstream" in (folder / "LICENSE").read_text(encoding="utf-8")
