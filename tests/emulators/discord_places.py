"""What Discord keeps: users, guilds, channels, threads, DMs and their messages as shown now."""

import copy
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import TYPE_CHECKING, Any, TypeVar

from . import discord_rules as rules
from .discord_gateway import Intent

if TYPE_CHECKING:
    from .discord import DiscordEmulator
    from .discord_people import Interaction, Person

T = TypeVar("T")
EPHEMERAL, LOADING, IS_VOICE_MESSAGE = 1 << 6, 1 << 7, rules.IS_VOICE_MESSAGE
TEXT_CHANNEL, DM_CHANNEL, PRIVATE_THREAD = 0, 1, 12
REPLY, COMMAND_REPLY = 19, 20
_EPOCH = 1_420_070_400_000
_MENTION = re.compile(r"<@!?(\d+)>")


class Permission(IntFlag):
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MANAGE_THREADS = 1 << 34
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    SEND_VOICE_MESSAGES = 1 << 46


EVERYTHING = Permission(sum(Permission))


class Snowflakes:
    """Ids that rise, and tell the time."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> int:
        now = int(time.time() * 1000) - _EPOCH
        self._last = max(self._last + 1, now << 22)
        return self._last


def moment(snowflake: int) -> str:
    return datetime.fromtimestamp(((snowflake >> 22) + _EPOCH) / 1000, UTC).isoformat()


def now() -> str:
    return datetime.now(UTC).isoformat()


class User:
    def __init__(self, user_id: int, name: str, *, is_bot: bool = False) -> None:
        self.id, self.name, self.is_bot = user_id, name, is_bot

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "username": self.name.lower().replace(" ", "_"),
            "global_name": None if self.is_bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
            "bot": self.is_bot,
        }

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


@dataclass(eq=False)
class Attachment:
    id: int
    name: str
    mime: str
    data: bytes = field(repr=False)
    link: Callable[["Attachment"], str] = field(repr=False)
    description: str | None = None
    seconds: float | None = None
    waveform: str | None = field(default=None, repr=False)
    ephemeral: bool = False

    @property
    def url(self) -> str:
        """A link that works now, and no longer once it has expired."""
        return self.link(self)

    def json(self) -> dict[str, Any]:
        always = {"id": str(self.id), "filename": self.name, "size": len(self.data)}
        links = {"url": self.url, "proxy_url": self.url}
        more = {
            "content_type": self.mime,
            "description": self.description,
            "duration_secs": self.seconds,
            "waveform": self.waveform,
            "ephemeral": self.ephemeral or None,
        }
        return always | links | {name: value for name, value in more.items() if value is not None}


@dataclass(eq=False)
class Message:
    """One message as it is displayed now: edits change it in place."""

    id: int
    place: "Place" = field(repr=False)
    author: User
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list, repr=False)
    components: list[dict[str, Any]] = field(default_factory=list, repr=False)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    reply_to: "Message | None" = field(default=None, repr=False)
    interaction: "Interaction | None" = field(default=None, repr=False)
    reactions: dict[str, list[User]] = field(default_factory=dict)
    nonce: str | int | None = field(default=None, repr=False)
    edits: int = 0
    edited_at: str | None = field(default=None, repr=False)
    history: list[str] = field(default_factory=list, repr=False)
    deleted: bool = False

    @property
    def from_bot(self) -> bool:
        return self.author.is_bot

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """The bot "is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def is_voice(self) -> bool:
        return bool(self.flags & IS_VOICE_MESSAGE)

    @property
    def text(self) -> str:
        """All that can be read in it: content, embeds and text displays."""
        lines = [self.content]
        for embed in self.embeds:
            lines += [embed.get("author", {}).get("name", ""), embed.get("title", "")]
            lines.append(embed.get("description", ""))
            lines += [f"{part['name']}: {part['value']}" for part in embed.get("fields", ())]
            lines.append(embed.get("footer", {}).get("text", ""))
        lines += [c["content"] for _, c in rules.walk(self.components) if "content" in c]
        return "\n".join(line for line in lines if line)

    @property
    def buttons(self) -> list[list[str]]:
        """The labels, row by row."""
        rows = [
            [label_of(part) for part in component["components"] if part["type"] == rules.BUTTON]
            for _, component in rules.walk(self.components)
            if component["type"] == rules.ROW
        ]
        return [row for row in rows if row]

    @property
    def menus(self) -> list[list[str]]:
        """The labels of each select menu's options."""
        return [
            [option["label"] for option in component.get("options", ())]
            for _, component in rules.walk(self.components)
            if component["type"] in rules.SELECTS
        ]

    def mark_edited(self, before: str) -> None:
        if before != self.text:
            self.history.append(before)
        self.edits += 1
        self.edited_at = now()

    def mentions(self) -> list[User]:
        ids = [int(found) for found in _MENTION.findall(self.content)]
        users = [user for user in self.place.users() if user.id in ids]
        if self.reply_to and self.reply_to.author not in users:
            users.append(self.reply_to.author)
        return users

    def json(self, *, whole: bool = True) -> dict[str, Any]:
        """As the API answers; `whole` is false for those who may not read its content."""
        shape: dict[str, Any] = {
            "id": str(self.id),
            "type": self._kind(),
            "channel_id": str(self.place.id),
            "author": self.author.json(),
            "content": self.content if whole else "",
            "embeds": copy.deepcopy(self.embeds) if whole else [],
            "components": copy.deepcopy(self.components) if whole else [],
            "attachments": [a.json() for a in self.attachments] if whole else [],
            "timestamp": moment(self.id),
            "edited_timestamp": self.edited_at,
            "flags": self.flags,
            "mentions": [user.json() for user in self.mentions()],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
        }
        if self.reactions:
            shape["reactions"] = [self._reaction(emoji) for emoji in self.reactions]
        if self.nonce is not None:
            shape["nonce"] = self.nonce
        if self.interaction:
            application = str(self.place.emulator.application_id)
            shape |= {"application_id": application, "webhook_id": application}
            shape["interaction_metadata"] = self.interaction.metadata()
            if self._answers_command():
                shape["interaction"] = self.interaction.named()
        if self.reply_to:
            shape["message_reference"] = {
                "type": 0,
                "channel_id": str(self.place.id),
                "message_id": str(self.reply_to.id),
            }
            shape["referenced_message"] = None
            if not self.reply_to.deleted:
                shown = self.reply_to.json(whole=whole or self.reply_to.from_bot)
                shown.pop("referenced_message", None)
                shown.pop("reactions", None)
                shape["referenced_message"] = shown
        return shape

    def event(self, intents: Intent) -> dict[str, Any]:
        """As the gateway tells it to one who identified with these intents."""
        shape = self.json(whole=self.readable(granted=bool(intents & Intent.MESSAGE_CONTENT)))
        if guild := self.place.guild:
            member = guild.member_json(self.author)
            del member["user"]
            shape |= {"guild_id": str(guild.id), "member": member}
        return shape

    def readable(self, *, granted: bool) -> bool:
        """What a bot may read without being granted the content of messages."""
        mentioned = any(user.is_bot for user in self.mentions())
        return granted or self.place.guild is None or self.from_bot or mentioned

    def _kind(self) -> int:
        if self.reply_to:
            return REPLY
        return COMMAND_REPLY if self._answers_command() else 0

    def _answers_command(self) -> bool:
        return self.interaction is not None and self.interaction.command_reply is self

    def _reaction(self, emoji: str) -> dict[str, Any]:
        users = self.reactions[emoji]
        return {
            "emoji": {"id": None, "name": emoji},
            "count": len(users),
            "count_details": {"burst": 0, "normal": len(users)},
            "burst_colors": [],
            "me": any(user.is_bot for user in users),
            "me_burst": False,
        }


class Place:
    """Where messages are: `messages` are the ones that everyone there sees now."""

    kind = TEXT_CHANNEL

    def __init__(self, emulator: "DiscordEmulator", place_id: int, name: str) -> None:
        self.id, self.name = place_id, name
        self.guild: Guild | None = None
        self.everything: list[Message] = []
        self.typing = 0
        self.deleted = False
        self.emulator = emulator

    @property
    def messages(self) -> list[Message]:
        return [m for m in self.everything if not m.deleted and not m.ephemeral]

    @property
    def cards(self) -> list[Message]:
        """The bot's messages."""
        return [message for message in self.messages if message.from_bot]

    @property
    def last(self) -> Message:
        if messages := self.messages:
            return messages[-1]
        raise LookupError("nothing is shown")

    def find(self, text: str) -> Message:
        """The last message of the bot's that shows the text."""
        for message in reversed(self.cards):
            if text in message.text:
                return message
        raise LookupError(f"the bot shows no {text!r}\n{self.screen()}")

    def users(self) -> list[User]:
        raise NotImplementedError

    def visible_to(self, user: User) -> bool:
        return not self.deleted and user in self.users()

    @property
    def permissions(self) -> Permission:
        return self.guild.permissions if self.guild else EVERYTHING

    @property
    def bot_listens(self) -> bool:
        return bool(self.permissions & Permission.VIEW_CHANNEL) and not self.deleted

    def json(self) -> dict[str, Any]:
        last = str(self.everything[-1].id) if self.everything else None
        return {"id": str(self.id), "type": self.kind, "flags": 0, "last_message_id": last}

    async def wait_for(
        self,
        predicate: Callable[["Place"], T],
        timeout: float = 10,  # noqa: ASYNC109 - reads best at the call
    ) -> T:
        """The predicate's value once it is true; a LookupError inside it means "not yet"."""
        return await self.emulator.wait(lambda: predicate(self), timeout, self.screen)

    def screen(self) -> str:
        """What is to be seen, with a note at what only one person sees."""
        lines = [f"--- {self.title} ---"]
        for message in self.everything:
            if not message.deleted:
                lines += _drawn(message)
        return "\n".join(lines)

    @property
    def title(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.title}>"


class Channel(Place):
    def __init__(
        self, emulator: "DiscordEmulator", place_id: int, name: str, guild: "Guild"
    ) -> None:
        super().__init__(emulator, place_id, name)
        self.guild: Guild = guild

    def users(self) -> list[User]:
        return [*self.guild.members, self.emulator.bot]

    @property
    def title(self) -> str:
        return f"#{self.name} ({self.guild.name})"

    def json(self) -> dict[str, Any]:
        return super().json() | {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": self.guild.channels.index(self),
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "permission_overwrites": [],
        }


class Thread(Channel):
    """A private thread; `people` are the ones who were added to it."""

    kind = PRIVATE_THREAD

    def __init__(self, parent: Channel, place_id: int, name: str, owner: User) -> None:
        super().__init__(parent.emulator, place_id, name, parent.guild)
        self.parent, self.owner = parent, owner
        self.people: dict[int, User] = {owner.id: owner}
        self.archived = self.locked = False
        self.invitable = True
        self.minutes = 4320
        self.changed_at = now()

    def users(self) -> list[User]:
        return list(self.people.values())

    @property
    def bot_listens(self) -> bool:
        joined = self.emulator.bot.id in self.people
        return super().bot_listens and (
            joined or bool(self.permissions & Permission.MANAGE_THREADS)
        )

    def json(self) -> dict[str, Any]:
        shape = Place.json(self) | {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "parent_id": str(self.parent.id),
            "owner_id": str(self.owner.id),
            "rate_limit_per_user": 0,
            "message_count": len(self.messages),
            "total_message_sent": len(self.everything),
            "member_count": len(self.people),
            "thread_metadata": {
                "archived": self.archived,
                "archive_timestamp": self.changed_at,
                "auto_archive_duration": self.minutes,
                "locked": self.locked,
                "create_timestamp": moment(self.id),
                "invitable": self.invitable,
            },
        }
        if self.emulator.bot.id in self.people:
            shape["member"] = self.member_json(self.emulator.bot)
        return shape

    def member_json(self, user: User) -> dict[str, Any]:
        ids = {"id": str(self.id), "user_id": str(user.id)}
        return ids | {"join_timestamp": moment(self.id), "flags": 1}


class DM(Place):
    kind = DM_CHANNEL

    def __init__(self, emulator: "DiscordEmulator", place_id: int, person: "Person") -> None:
        super().__init__(emulator, place_id, person.name)
        self.person = person

    def users(self) -> list[User]:
        return [self.person, self.emulator.bot]

    @property
    def title(self) -> str:
        return f"@{self.name}"

    def json(self) -> dict[str, Any]:
        return super().json() | {"recipients": [self.person.json()]}


class Guild:
    """`permissions` are the bot's; change them by `allow` and `deny`."""

    def __init__(self, emulator: "DiscordEmulator", guild_id: int, name: str) -> None:
        self.id, self.name = guild_id, name
        self.channels: list[Channel] = []
        self.threads: list[Thread] = []
        self.members: list[Person] = []
        self.permissions = EVERYTHING
        self.emulator = emulator

    def channel(self, name: str) -> Channel:
        return next(channel for channel in self.channels if channel.name == name)

    def allow(self, *names: str) -> None:
        self._set(self.permissions | _permissions(names))

    def deny(self, *names: str) -> None:
        self._set(self.permissions & ~_permissions(names))

    def _set(self, permissions: Permission) -> None:
        self.permissions = permissions
        change = {"guild_id": str(self.id), "role": self._role()}
        self.emulator.gateway.dispatch("GUILD_ROLE_UPDATE", change, Intent.GUILDS)

    def member_json(self, user: User) -> dict[str, Any]:
        return {
            "user": user.json(),
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": [],
            "joined_at": moment(self.id),
            "premium_since": None,
            "communication_disabled_until": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
        }

    def json(self) -> dict[str, Any]:
        nothing = dict.fromkeys(
            (
                "icon",
                "description",
                "home_header",
                "splash",
                "discovery_splash",
                "banner",
                "application_id",
                "afk_channel_id",
                "system_channel_id",
                "widget_channel_id",
                "max_presences",
                "vanity_url_code",
                "rules_channel_id",
                "safety_alerts_channel_id",
                "public_updates_channel_id",
                "incidents_data",
            )
        )
        zeros = dict.fromkeys(
            (
                "system_channel_flags",
                "verification_level",
                "default_message_notifications",
                "mfa_level",
                "explicit_content_filter",
                "max_stage_video_channel_users",
                "max_video_channel_users",
                "premium_tier",
                "premium_subscription_count",
                "nsfw_level",
            ),
            0,
        )
        return (
            nothing
            | zeros
            | {
                "id": str(self.id),
                "name": self.name,
                "owner_id": str(self.members[0].id if self.members else self.emulator.bot.id),
                "region": "deprecated",
                "preferred_locale": "en-US",
                "afk_timeout": 300,
                "max_members": 250_000,
                "widget_enabled": False,
                "premium_progress_bar_enabled": False,
                "nsfw": False,
                "features": [],
                "roles": [self._role()],
                "emojis": [],
                "stickers": [],
            }
        )

    def event(self, intents: Intent) -> dict[str, Any]:
        """GUILD_CREATE: members other than the bot are told to those who may know them."""
        known: list[User] = [self.emulator.bot]
        if intents & Intent.GUILD_MEMBERS:
            known += self.members
        threads = [t for t in self.threads if not t.archived and t.bot_listens]
        return self.json() | {
            "joined_at": moment(self.id),
            "large": False,
            "unavailable": False,
            "member_count": len(self.members) + 1,
            "members": [self.member_json(user) for user in known],
            "channels": [channel.json() for channel in self.channels],
            "threads": [thread.json() for thread in threads],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def _role(self) -> dict[str, Any]:
        """@everyone, which is all the roles there are."""
        return {
            "id": str(self.id),
            "name": "@everyone",
            "permissions": str(int(self.permissions)),
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }

    def __repr__(self) -> str:
        return f"<Guild {self.name}>"


def _permissions(names: Iterable[str]) -> Permission:
    return Permission(sum(Permission[name] for name in names))


def label_of(component: dict[str, Any]) -> str:
    return str(component.get("label") or component.get("emoji", {}).get("name", ""))


def _drawn(message: Message) -> list[str]:
    notes = " (edited)" if message.edits else ""
    if message.ephemeral and message.interaction:
        notes += f" (only {message.interaction.person.name} sees this)"
    shown = message.text.split("\n") if message.text else []
    if message.loading:
        shown.append("(is thinking...)")
    for attachment in message.attachments:
        if message.is_voice and attachment.seconds is not None:
            seconds = round(attachment.seconds)
            shown.append(f"<voice message {seconds // 60}:{seconds % 60:02}>")
        else:
            shown.append(f"<{attachment.name}, {len(attachment.data)} bytes>")
    first, *rest = shown or [""]
    lines = [f"{message.author.name}{notes}: {first}".rstrip()]
    lines += [f"  {line}".rstrip() for line in rest]
    for _, component in rules.walk(message.components):
        if component["type"] == rules.ROW:
            lines.append("  " + " ".join(map(_control, component["components"])))
    if message.reactions:
        lines.append("  " + " ".join(message.reactions))
    return lines


def _control(component: dict[str, Any]) -> str:
    off = " (off)" if component.get("disabled") else ""
    if component["type"] == rules.BUTTON:
        return f"[{label_of(component)}{off}]"
    options = ", ".join(option["label"] for option in component.get("options", ()))
    return f"[{component.get('placeholder', 'Choose')}: {options}{off}]"
