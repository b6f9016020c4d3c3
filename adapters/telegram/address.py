"""A conversation on Telegram is one person in one chat (and one topic of it)."""

from dataclasses import dataclass

PLATFORM = "telegram"


@dataclass(frozen=True, slots=True)
class Address:
    """`thread` is the forum topic's id, 0 where there is none."""

    chat: int
    user: int
    thread: int = 0

    @property
    def conversation(self) -> str:
        return f"{PLATFORM}:{self.chat}:{self.user}:{self.thread}"

    @property
    def person(self) -> str:
        return f"{PLATFORM}:{self.user}"

    @property
    def is_private(self) -> bool:
        return self.chat == self.user

    @property
    def alone(self) -> "Address":
        """The same person where nobody else is."""
        return self if self.is_private else Address(self.user, self.user)


def read_address(conversation: str) -> Address:
    _, chat, user, thread = conversation.split(":")
    return Address(int(chat), int(user), int(thread))
