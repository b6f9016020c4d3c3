"""Where an attachment is: by ids that outlive its link, or by the link where there are no ids."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class OfMessage:
    """An attachment of a message, which is fetched again for a link that works."""

    channel: int
    message: int
    attachment: int


@dataclass(frozen=True, slots=True)
class OfCommand:
    """An attachment of a slash command has no message; its link works for about a day."""

    url: str


Ref: TypeAlias = OfMessage | OfCommand


def write_ref(ref: Ref) -> str:
    match ref:
        case OfMessage():
            return f"message:{ref.channel}:{ref.message}:{ref.attachment}"
        case OfCommand():
            return f"command:{ref.url}"


def read_ref(text: str) -> Ref:
    kind, _, rest = text.partition(":")
    if kind == "command":
        return OfCommand(rest)
    channel, message, attachment = rest.split(":")
    return OfMessage(int(channel), int(message), int(attachment))
