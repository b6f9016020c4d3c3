"""What becomes an embed with rows of buttons, within every limit that Discord has."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import discord

from bot.buttons import Button, write_button
from bot.ports import File

# https://docs.discord.com/developers/resources/message#embed-object-embed-limits
TITLE_LIMIT = 256
DESCRIPTION_LIMIT = 4096
FIELDS_LIMIT = 25
VALUE_LIMIT = 1024
TOTAL_LIMIT = 6000
DESCRIPTION_KEPT = 1_000  # characters that the fields leave to the description
LABEL_LIMIT = 80
ROW = 5
ROWS = 5
MARK = "…"
SHOWN_TEXT = 1_500  # characters of an answer; the whole of a longer one is a file beside it
NO_NAME = "\u200b"  # a field must have a name, which the rest of a long one goes without

CALM = discord.Colour.blurple()
GOOD = discord.Colour.green()
OPEN = discord.Colour.gold()
DONE = discord.Colour.dark_grey()

PRIMARY = discord.ButtonStyle.primary
SECONDARY = discord.ButtonStyle.secondary
DANGER = discord.ButtonStyle.danger

Labelled: TypeAlias = tuple[str, Button, discord.ButtonStyle]


@dataclass(frozen=True, slots=True)
class Card:
    """`files` are its attachments; one that the embed shows is the first."""

    embed: discord.Embed
    view: discord.ui.View | None
    files: tuple[File, ...] = ()


@dataclass(slots=True)
class Sheet:
    """What becomes an embed; somebody's words are made plain() before they are put on it."""

    title: str
    colour: discord.Colour = CALM
    lines: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    footer: str = ""

    def put(self, name: str, lines: Iterable[str], *, folded: bool = False) -> None:
        """A field; what is too long for one goes on in the next. `folded`: shown when tapped."""
        for piece in _pieces("\n".join(line for line in lines if line)):
            self.fields.append((name, f"||{piece}||" if folded else piece))
            name = NO_NAME


def draw(
    sheet: Sheet,
    owner: int,
    rows: Iterable[list[Labelled]] = (),
    *,
    answer: str = "",
    picture: File | None = None,
) -> Card:
    """`answer`: it is shown on the sheet, and is a file beside it where that cannot be whole."""
    embed = _embed(sheet)
    files = []
    if picture is not None:
        embed.set_image(url=f"attachment://{picture.name}")
        files.append(picture)
    if len(answer) > SHOWN_TEXT:
        files.append(File("answer.txt", "text/plain", encodable(answer).encode()))
    return Card(embed, _view(owner, rows), tuple(files))


def rows_of(buttons: list[Labelled]) -> list[list[Labelled]]:
    """As few rows as hold them, as even as can be."""
    count = -(-len(buttons) // ROW)
    width = -(-len(buttons) // count) if count else ROW
    return [buttons[at : at + width] for at in range(0, len(buttons), width)]


def bold(text: str) -> str:
    return f"**{plain(text)}**"


def italic(text: str) -> str:
    return f"*{plain(text)}*"


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in plain(_cut(text, SHOWN_TEXT)).splitlines())


def plain(text: str) -> str:
    """Somebody's words, which neither format nor mention anything."""
    escaped = discord.utils.escape_markdown(encodable(text))
    return discord.utils.escape_mentions(escaped)


def _embed(sheet: Sheet) -> discord.Embed:
    """Within every limit; the description is shortened so that all the fields have their place."""
    embed = discord.Embed(title=_cut(plain(sheet.title), TITLE_LIMIT), colour=sheet.colour)
    if sheet.footer:
        embed.set_footer(text=_cut(encodable(sheet.footer), VALUE_LIMIT))
    for name, value in sheet.fields[:FIELDS_LIMIT]:
        shown = _cut(name, TITLE_LIMIT)
        room = TOTAL_LIMIT - DESCRIPTION_KEPT - len(embed) - len(shown)
        if room > 0:
            limit = min(VALUE_LIMIT, room)
            embed.add_field(name=shown, value=_cut(value, limit).strip() or MARK, inline=False)
    embed.description = _fitted(sheet.lines, min(DESCRIPTION_LIMIT, TOTAL_LIMIT - len(embed)))
    return embed


def _pieces(text: str) -> list[str]:
    """Of a field's length each, cut between words; at most what an embed can hold."""
    return textwrap.wrap(
        text[:TOTAL_LIMIT],
        VALUE_LIMIT - len("||||"),
        expand_tabs=False,
        replace_whitespace=False,
        break_on_hyphens=False,
    )


def _fitted(lines: Iterable[str], room: int) -> str:
    """The lines under one another; the longest gives way."""
    kept = [line for line in lines if line]
    if not kept:
        return ""
    spare = room - sum(len(line) + 1 for line in kept)
    if spare < 0:
        place = max(range(len(kept)), key=lambda at: len(kept[at]))
        kept[place] = _cut(kept[place], max(len(kept[place]) + spare, 1))
    return _cut("\n".join(kept), room)


def _view(owner: int, rows: Iterable[list[Labelled]]) -> discord.ui.View | None:
    """Its presses come to the client's own listener, before and after a restart alike."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate([row for row in rows if row][:ROWS]):
        for label, button, style in row:
            view.add_item(
                discord.ui.Button(
                    label=_cut(encodable(label), LABEL_LIMIT) or MARK,
                    custom_id=write_button(owner, button),
                    style=style,
                    row=number,
                )
            )
    if not view.children:
        return None
    view.stop()
    return view


def encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + MARK
