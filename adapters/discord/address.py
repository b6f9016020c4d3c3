"""A conversation on Discord is one person in one channel: a direct message, or a private thread."""

from dataclasses import dataclass

PLATFORM = "discord"


@dataclass(frozen=True, slots=True)
class Address:
    channel: int
    user: int

    @property
    def conversation(self) -> str:
        return f"{PLATFORM}:{self.channel}:{self.user}"

    @property
    def person(self) -> str:
        return person_of(self.user)


def person_of(user: int) -> str:
    return f"{PLATFORM}:{user}"


def read_address(conversation: str) -> Address:
    _, channel, user = conversation.split(":")
    return Address(int(channel), int(user))
