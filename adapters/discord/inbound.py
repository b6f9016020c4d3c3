"""A message becomes what somebody meant by it; pure, and total over whatever Discord delivers."""

import discord

from adapters.discord.refs import OfCommand, OfMessage, write_ref
from bot.events import Document, DocumentSent, Event, TextSent, VoiceNote, VoiceSent

SOUND_TYPES = ("audio/", "video/", "application/ogg")


def read_message(message: discord.Message, at: float) -> Event | None:
    """What was sent; None where there is nothing in it that we may see."""
    for attachment in message.attachments:
        ref = write_ref(OfMessage(message.channel.id, message.id, attachment.id))
        return read_attachment(attachment, ref, at)
    if message.content.strip():
        return TextSent(at=at, text=message.content)
    return None


def read_attachment(attachment: discord.Attachment, ref: str | None, at: float) -> Event:
    """A recording or a document; without `ref`, it is a slash command's."""
    place = ref or write_ref(OfCommand(attachment.url))
    if (attachment.content_type or "").startswith(SOUND_TYPES):
        return VoiceSent(at=at, note=VoiceNote(place, attachment.duration))
    return DocumentSent(at=at, document=Document(place, attachment.filename))


def read_document(attachment: discord.Attachment) -> Document:
    """Whatever is attached to a slash command as a document is tried as one."""
    return Document(write_ref(OfCommand(attachment.url)), attachment.filename)
